#include "paper/inspector.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/conf.h"
#include "paper/inspect.h"
#include "paper/wire.h"

enum {
    CHILDREN = 16,
    BACKLOG = 64,
    CLIENT_MS = 2000, /* a client that has connected sends its file at once */
    GRACE_MS = 1000,  /* after the child's own timer should have ended it */
    UNCAGED = 5,      /* children that may fail to start in a row */
};

struct child {
    pid_t pid;      /* 0: no child */
    int control;    /* the child has the other end; closed when it ends */
    int connection; /* of the client it serves, -1 while it waits */
    int64_t since;  /* when it got the connection */
    bool by_time;
};

struct inspector {
    const struct conf *conf;
    void (*died)(const struct inspector_death *);
    int listener, signals, uncaged;
    bool stopping;
    size_t n;
    struct child children[CHILDREN];
};

static enum err
open_listener(struct inspector *in, char *why, size_t why_size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    mode_t old;
    int bound;

    if (in->conf->inspect[0] == '\0' || strlen(in->conf->inspect) >= sizeof(address.sun_path)) {
        snprintf(why, why_size, "the setting `inspect` is no path of a socket");
        return E_INTERNAL;
    }
    strncpy(address.sun_path, in->conf->inspect, sizeof(address.sun_path) - 1);
    in->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(address.sun_path);
    old = umask(0117); /* the pool's group may connect, nobody else */
    bound = bind(in->listener, (const struct sockaddr *)&address, sizeof(address));
    umask(old);
    if (bound != 0 || listen(in->listener, BACKLOG) != 0) {
        snprintf(why, why_size, "%s: %s", address.sun_path, strerror(errno));
        return E_INTERNAL;
    }
    return OK;
}

static enum err
open_signals(struct inspector *in, char *why, size_t why_size)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    in->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (in->signals < 0) {
        snprintf(why, why_size, "signalfd: %s", strerror(errno));
        return E_INTERNAL;
    }
    return OK;
}

static void
start_child(struct inspector *in, struct child *c)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return;
    *c = (struct child){.pid = fork(), .control = pair[0], .connection = -1};
    if (c->pid == 0)
        inspector_child(in->conf, pair[1]);
    close(pair[1]);
    if (c->pid < 0) {
        close(pair[0]);
        c->pid = 0;
    }
}

static void
answer_unreadable(int connection)
{
    struct wire_reply reply = {.magic = WIRE_MAGIC, .result = {.problem = SCAN_UNREADABLE}};

    if (send(connection, &reply, sizeof(reply), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return; /* the client has gone */
}

static bool
left_in_order(int status)
{
    return WIFEXITED(status) && (WEXITSTATUS(status) == INSPECTOR_ANSWERED ||
                                    WEXITSTATUS(status) == INSPECTOR_NO_REQUEST);
}

/* The child has closed its end: it is gone. */
static void
bury_child(struct inspector *in, struct child *c)
{
    bool busy = c->connection >= 0;
    int status = 0;

    close(c->control);
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (busy && !left_in_order(status)) {
        int s = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        struct inspector_death d = {.signal = s,
            .by_time = c->by_time || s == SIGALRM || s == SIGXCPU,
            .after = op_monotonic_ms() - c->since};

        answer_unreadable(c->connection);
        in->died(&d);
    }
    if (!busy && !in->stopping)
        in->uncaged++;
    if (busy)
        close(c->connection);
    c->pid = 0;
}

static bool
hand_over(struct child *c, int connection)
{
    char token = 'c';
    struct iovec iov = {&token, 1};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
    struct msghdr m = {.msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof(control)};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);

    h->cmsg_level = SOL_SOCKET;
    h->cmsg_type = SCM_RIGHTS;
    h->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(h), &connection, sizeof(connection));
    if (sendmsg(c->control, &m, MSG_NOSIGNAL) != 1)
        return false;
    c->connection = connection;
    c->since = op_monotonic_ms();
    return true;
}

static void
accept_one(struct inspector *in, struct child *idle)
{
    struct timeval wait = {CLIENT_MS / 1000, CLIENT_MS % 1000 * 1000};
    int connection = accept4(in->listener, NULL, NULL, SOCK_CLOEXEC);

    if (connection < 0)
        return;
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    if (!hand_over(idle, connection))
        close(connection);
    else
        in->uncaged = 0;
}

static struct child *
find_idle(struct inspector *in)
{
    for (struct child *c = in->children; c < in->children + in->n; c++)
        if (c->pid != 0 && c->connection < 0)
            return c;
    return NULL;
}

static bool
is_busy(const struct inspector *in)
{
    for (const struct child *c = in->children; c < in->children + in->n; c++)
        if (c->pid != 0 && c->connection >= 0)
            return true;
    return false;
}

static void
end_the_slow(struct inspector *in)
{
    int64_t limit = CLIENT_MS + in->conf->inspect_ms + GRACE_MS, now = op_monotonic_ms();

    for (struct child *c = in->children; c < in->children + in->n; c++) {
        if (c->pid != 0 && c->connection >= 0 && now - c->since > limit && !c->by_time) {
            c->by_time = true;
            kill(c->pid, SIGKILL);
        }
    }
}

static void
wait_and_act(struct inspector *in)
{
    struct pollfd p[2 + CHILDREN] = {{.fd = in->signals, .events = POLLIN}};
    struct child *idle = in->stopping ? NULL : find_idle(in);

    p[1] = (struct pollfd){.fd = idle != NULL ? in->listener : -1, .events = POLLIN};
    for (size_t i = 0; i < in->n; i++)
        p[2 + i].fd = in->children[i].pid != 0 ? in->children[i].control : -1;
    if (poll(p, 2 + in->n, 500) < 0)
        return;
    for (size_t i = 0; i < in->n; i++)
        if ((p[2 + i].revents & (POLLHUP | POLLERR)) != 0)
            bury_child(in, &in->children[i]);
    if ((p[1].revents & POLLIN) != 0 && idle->pid != 0)
        accept_one(in, idle);
    in->stopping |= (p[0].revents & POLLIN) != 0;
    end_the_slow(in);
}

static enum err
serve(struct inspector *in, char *why, size_t why_size)
{
    while (!in->stopping || is_busy(in)) {
        for (struct child *c = in->children; c < in->children + in->n && !in->stopping; c++)
            if (c->pid == 0)
                start_child(in, c);
        wait_and_act(in);
        if (in->uncaged >= UNCAGED) {
            snprintf(why, why_size, "children end before they have work: no cage");
            return E_INTERNAL;
        }
    }
    return OK;
}

enum err
inspector_serve(const struct conf *conf, void (*died)(const struct inspector_death *), char *why,
    size_t why_size)
{
    struct inspector in = {.conf = conf, .died = died, .listener = -1, .signals = -1};
    enum err e;

    in.n = conf->processes > CHILDREN ? CHILDREN : (size_t)conf->processes;
    TRY(open_signals(&in, why, why_size));
    TRY(open_listener(&in, why, why_size));
    inspect_prepare();
    e = serve(&in, why, why_size);
    for (struct child *c = in.children; c < in.children + in.n; c++)
        if (c->pid != 0)
            kill(c->pid, SIGKILL);
    close(in.listener);
    close(in.signals);
    unlink(conf->inspect);
    return e;
}
