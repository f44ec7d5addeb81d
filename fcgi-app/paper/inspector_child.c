#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "io/conf.h"
#include "paper/cage.h"
#include "paper/inspect.h"
#include "paper/inspector.h"
#include "paper/wire.h"

enum { CONTROL = 3, NO_CAGE = 3 };

/* One message with one descriptor; -1 when it is anything else. */
static int
receive_fd(int from, void *message, size_t size)
{
    struct iovec iov = {message, size};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    struct msghdr m = {.msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof(control)};
    struct cmsghdr *c;
    int fd;

    if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) != (ssize_t)size)
        return -1;
    c = CMSG_FIRSTHDR(&m);
    if (c == NULL || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
        c->cmsg_len != CMSG_LEN(sizeof(int)))
        return -1;
    memcpy(&fd, CMSG_DATA(c), sizeof(fd));
    return fd;
}

/* A copy, not a mapping: nobody can then pull the pages away. */
static void *
read_all(int fd, size_t *size)
{
    off_t end = lseek(fd, 0, SEEK_END);
    char *data;

    if (end < 0 || end > WIRE_SIZE_MAX)
        return NULL;
    *size = (size_t)end;
    data = malloc(*size + 1);
    for (size_t n = 0; data != NULL && n < *size;) {
        ssize_t more = pread(fd, data + n, *size - n, (off_t)n);

        if (more <= 0)
            return NULL;
        n += (size_t)more;
    }
    return data;
}

static void
keep_only(int control)
{
    int null = open("/dev/null", O_RDWR);

    /* What libraries print about strangers' files belongs nowhere. */
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
        dup2(control, CONTROL) < 0 || close_range(CONTROL + 1, ~0U, 0) != 0)
        _exit(NO_CAGE);
}

static void
start_timer(int ms)
{
    struct itimerval t = {.it_value = {ms / 1000, ms % 1000 * 1000}};

    setitimer(ITIMER_REAL, &t, NULL);
}

static bool
send_all(int connection, const unsigned char *p, size_t size)
{
    while (size > 0) {
        size_t n = size < WIRE_CHUNK ? size : WIRE_CHUNK;

        if (write(connection, p, n) != (ssize_t)n)
            return false;
        p += n;
        size -= n;
    }
    return true;
}

static bool
answer(int connection, const struct wire_request *request, const void *data, size_t size)
{
    static struct wire_reply reply = {.magic = WIRE_MAGIC};
    unsigned char *jpeg = NULL;
    size_t n = 0;

    if (request->page == 0)
        inspect(request->kind, data, size, &reply.result);
    else
        inspect_show(data, size, request->page, &reply.result, &jpeg, &n);
    reply.picture = (int)n;
    return write(connection, &reply, sizeof(reply)) == (ssize_t)sizeof(reply) &&
           send_all(connection, jpeg, n);
}

_Noreturn void
inspector_child(const struct conf *conf, int control)
{
    struct cage cage = {conf->inspect_memory_mib << 20, (int)(conf->inspect_ms + 999) / 1000};
    struct wire_request request;
    char why[128], token;
    sigset_t none;
    size_t size = 0;
    void *data = NULL;
    int connection, file;

    keep_only(control);
    signal(SIGALRM, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (cage_close(&cage, why, sizeof(why)) != OK)
        _exit(NO_CAGE);
    connection = receive_fd(CONTROL, &token, sizeof(token));
    if (connection < 0)
        _exit(INSPECTOR_ANSWERED);
    file = receive_fd(connection, &request, sizeof(request));
    if (file < 0 || request.magic != WIRE_MAGIC || (unsigned)request.kind >= SCAN_KIND_MAX ||
        request.page < 0 || request.budget_ms < 1)
        _exit(INSPECTOR_NO_REQUEST);
    start_timer(request.budget_ms < conf->inspect_ms ? request.budget_ms : (int)conf->inspect_ms);
    data = read_all(file, &size);
    if (data == NULL)
        _exit(INSPECTOR_NO_REQUEST);
    _exit(answer(connection, &request, data, size) ? INSPECTOR_ANSWERED : INSPECTOR_NO_REQUEST);
}
