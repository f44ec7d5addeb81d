#include "paper/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "io/conf.h"
#include "paper/wire.h"

enum {
    MARGIN_MS = 150
}; /* between the inspector's end and ours: an answer in time is worth more */

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define FD __attribute__((cleanup(close_fd))) int

const char *
scan_type_name(enum scan_type t)
{
    static const char *const names[SCAN_TYPE_MAX] = {
        [SCAN_OTHER] = "application/octet-stream",
        [SCAN_JPEG] = "image/jpeg",
        [SCAN_PDF] = "application/pdf",
        [SCAN_MP4] = "video/mp4",
        [SCAN_WEBM] = "video/webm",
    };

    return names[t];
}

const char *
scan_problem_name(enum scan_problem p)
{
    static const char *const names[SCAN_PROBLEM_MAX] = {
        [SCAN_FINE] = "FINE",
#define PROBLEM(name, fault, answer) [SCAN_##name] = #name,
#include "paper/problem.def"
    };

    return names[p];
}

/* The bytes in memory that nobody can change any more, for the other side to read. */
static enum err
make_memfd(struct op *op, const void *data, size_t size, int *out)
{
    const char *p = data;
    FD fd = memfd_create("upload", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return op_fail(op, E_UNAVAILABLE, "memfd_create: %s", strerror(errno));
    while (size > 0) {
        ssize_t n = write(fd, p, size);

        if (n < 0)
            return op_fail(op, E_UNAVAILABLE, "memfd: %s", strerror(errno));
        p += n;
        size -= (size_t)n;
    }
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
        return op_fail(op, E_UNAVAILABLE, "memfd seals: %s", strerror(errno));
    *out = fd;
    fd = -1;
    return OK;
}

/* A full queue answers EAGAIN: try again until the deadline. */
static enum err
open_connection(struct op *op, int *out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    FD fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (op->conf == NULL || op->conf->inspect[0] == '\0' ||
        strlen(op->conf->inspect) >= sizeof(address.sun_path))
        return op_fail(op, E_UNAVAILABLE, "no socket of hall-inspect is set");
    strncpy(address.sun_path, op->conf->inspect, sizeof(address.sun_path) - 1);
    while (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        struct timespec pause = {0, 5000000};

        if (fd < 0 || (errno != EAGAIN && errno != EINTR) || op_left_ms(op) == 0)
            return op_fail(op, E_UNAVAILABLE, "hall-inspect: %s", strerror(errno));
        nanosleep(&pause, NULL);
    }
    *out = fd;
    fd = -1;
    return OK;
}

static enum err
send_request(struct op *op, int connection, struct wire_request *request, int memfd)
{
    int left = op_left_ms(op) - MARGIN_MS;
    struct iovec iov = {request, sizeof(*request)};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
    struct msghdr m = {.msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof(control)};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);

    request->magic = WIRE_MAGIC;
    request->budget_ms = left < 50 ? 50 : left;
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &memfd, sizeof(memfd));
    if (sendmsg(connection, &m, MSG_NOSIGNAL) != (ssize_t)sizeof(*request))
        return op_fail(op, E_UNAVAILABLE, "hall-inspect: %s", strerror(errno));
    return OK;
}

static bool
is_share(double v)
{
    return isfinite(v) && v >= 0 && v <= 1;
}

/* Whoever answers may have been taken over by the file: nothing out of range, no loose strings. */
static bool
is_sane(struct scan_result *r)
{
    bool good = (unsigned)r->type < SCAN_TYPE_MAX && (unsigned)r->problem < SCAN_PROBLEM_MAX &&
                r->width >= 0 && r->height >= 0 && r->pages >= 0 && r->dpi >= 0 &&
                r->seal.width >= 0 && r->seal.height >= 0 && is_share(r->red_share) &&
                is_share(r->ink_share) && is_share(r->glare) && isfinite(r->luminance) &&
                isfinite(r->sharpness) && r->codes >= 0 && r->codes <= SCAN_CODES;

    for (int i = 0; good && i < r->codes; i++) {
        size_t n = strnlen(r->code[i], sizeof(r->code[i]));

        good = n <= SCAN_CODE_MAX && text_is_utf8(r->code[i], n);
    }
    return good;
}

/* One message; -1 when the deadline passes or the other side is gone. */
static ssize_t
receive(struct op *op, int connection, void *to, size_t size)
{
    struct pollfd p = {.fd = connection, .events = POLLIN};

    while (poll(&p, 1, op_left_ms(op)) < 0 && errno == EINTR)
        ;
    return recv(connection, to, size, MSG_DONTWAIT);
}

static enum err
receive_reply(struct op *op, int connection, struct wire_reply *out)
{
    unsigned char round, cut_off;

    if (receive(op, connection, out, sizeof(*out)) != (ssize_t)sizeof(*out))
        return op_fail(op, E_UNAVAILABLE, "hall-inspect gave no answer");
    /* A bool that holds another byte than 0 or 1 is undefined to look at. */
    memcpy(&round, &out->result.seal.round, 1);
    memcpy(&cut_off, &out->result.seal.cut_off, 1);
    if (out->magic != WIRE_MAGIC || round > 1 || cut_off > 1 || !is_sane(&out->result) ||
        out->picture < 0 || out->picture > WIRE_PICTURE_MAX)
        return op_fail(op, E_UNAVAILABLE, "hall-inspect gave a strange answer");
    return OK;
}

static enum err
receive_picture(struct op *op, int connection, size_t size, const void **out)
{
    unsigned char *bytes = arena_alloc(op->arena, size);

    *out = bytes;
    while (size > 0) {
        size_t n = size < WIRE_CHUNK ? size : WIRE_CHUNK;

        if (receive(op, connection, bytes, n) != (ssize_t)n)
            return op_fail(op, E_UNAVAILABLE, "hall-inspect did not send the whole picture");
        bytes += n;
        size -= n;
    }
    return OK;
}

static enum err
ask(struct op *op, struct wire_request *request, const void *data, size_t size, int *connection)
{
    FD memfd = -1;

    if (size > WIRE_SIZE_MAX)
        return op_fail(op, E_TOO_LARGE, "%zu bytes to inspect", size);
    TRY(make_memfd(op, data, size, &memfd));
    TRY(open_connection(op, connection));
    return send_request(op, *connection, request, memfd);
}

enum err
scan_inspect(
    struct op *op, enum scan_kind kind, const void *data, size_t size, struct scan_result *out)
{
    struct wire_request request = {.kind = kind};
    struct wire_reply reply;
    FD connection = -1;

    TRY(ask(op, &request, data, size, &connection));
    TRY(receive_reply(op, connection, &reply));
    *out = reply.result;
    return OK;
}

enum err
scan_show(struct op *op, const void *data, size_t size, int page, struct scan_picture *out)
{
    struct wire_request request = {.kind = SCAN_DOCUMENT, .page = page};
    struct wire_reply reply;
    FD connection = -1;

    TRY(ask(op, &request, data, size, &connection));
    TRY(receive_reply(op, connection, &reply));
    *out = (struct scan_picture){.problem = reply.result.problem,
        .pages = reply.result.pages,
        .width = reply.result.width,
        .height = reply.result.height};
    if (reply.result.problem != SCAN_FINE || reply.picture == 0)
        return OK;
    out->size = (size_t)reply.picture;
    return receive_picture(op, connection, out->size, &out->jpeg);
}
