#include "web/fcgi.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/conf.h"
#include "io/confine.h"
#include "web/fcgi_worker.h"
#include "web/waiter.h"

enum {
    TICK_MS = 100,
    SWAMPED_MS = 500,
    UNEVEN = 8, /* connections more than another process has */
    POLITE_US = 300,
    AT_ONCE = 32,
    DRAIN_US = 5000,
    NEWS_MS = 1000,
    NEWS_PAUSE_MS = 200,
    LET_GO_MS = 3500,
    DRAIN_SLACK_MS = 1000,
    STUCK_MS = 15000,
    BACKLOG = 4096,
    STACK = 2 << 20,
};

static void *
listen_for_news(void *arg)
{
    struct pool *p = arg;
    struct op op = {.arena = arena_new(FCGI_ARENA), .conf = p->conf}, fresh;
    bool heard = true;

    p->hooks->open(&op);
    for (fresh = op;; op = fresh) {
        const char *topic = NULL;
        bool gap = false;
        enum err e;

        arena_reset(op.arena);
        op.now = clock_now();
        op.deadline_ms = op_monotonic_ms() + p->conf->request_ms;
        e = p->hooks->news(&op, NEWS_MS, &topic, &gap);
        if (gap || topic != NULL)
            waiter_wake(p->conns, gap ? NULL : topic);
        if (e != OK && heard)
            log_warn(&op, "no news", "why", op.note, NULL);
        if (e != OK)
            usleep(NEWS_PAUSE_MS * 1000);
        heard = e == OK;
    }
    return NULL;
}

static bool
start(void *(*run)(void *), void *arg)
{
    pthread_attr_t attr;
    pthread_t t;
    bool started;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    started = pthread_create(&t, &attr, run, arg) == 0;
    pthread_attr_destroy(&attr);
    return started;
}

/* A kept connection on which the next request is not already under way. */
static void
close_idle(struct pool *p)
{
    for (uint32_t i = 0; i < p->conns->high; i++) {
        struct conn *c = &p->conns->all[i];
        char byte;

        if (!conn_seize(c))
            continue;
        if (c->waiter != NULL)
            conn_arm(p->conns, c, EPOLLOUT);
        else if (recv(c->fcgx.ipcFd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
            conn_arm(p->conns, c, EPOLLIN);
        else
            conn_drop(p->conns, c);
    }
}

/* Closes the door, and each connection as soon as nothing is under way on it. */
static void
let_go(struct pool *p)
{
    if (!p->closing) {
        while (fcgi_admit(p))
            ;
        close(p->listener);
        p->closing = true;
    }
    close_idle(p);
}

/* Where every thread is long at something, other processes serve new connections sooner. */
static bool
swamped(struct pool *p, int64_t now)
{
    for (int i = 0; i < p->conf->threads; i++) {
        int64_t since = p->beat->busy_ms[i];

        if (since == 0 || now - since < SWAMPED_MS)
            return false;
    }
    return true;
}

/* Who has many connections lets the others go first. */
static void
be_polite(struct pool *p)
{
    uint32_t least = p->conns->open;

    p->open[p->beat->number] = p->conns->open;
    for (int i = 0; i < p->conf->processes; i++)
        if (p->open[i] < least)
            least = p->open[i];
    if (p->conns->open > least + UNEVEN)
        usleep(POLITE_US);
}

/* One turn of the first thread: takes in who stands at the door, and looks after the time. */
static void
tick(struct pool *p, int signals)
{
    struct pollfd at[] = {{.fd = signals, .events = POLLIN}, {.fd = p->listener, .events = POLLIN}};
    int64_t now = op_monotonic_ms();
    int ready = poll(at, p->closing || swamped(p, now) ? 1 : 2, TICK_MS);

    if (ready > 0 && at[1].revents != 0) {
        be_polite(p);
        for (int i = 0; i < AT_ONCE && fcgi_admit(p); i++)
            ;
    }
    now = op_monotonic_ms();
    if (now - p->beat->alive_ms < TICK_MS)
        return;
    p->beat->alive_ms = now;
    p->open[p->beat->number] = p->conns->open;
    fcgi_cut_dawdlers(p, now);
    waiter_wake_late(p->conns, now);
}

/*
 * SIGINT: what is under way is finished. SIGTERM, also when the parent was killed: a successor will
 * take over the socket's name, and until then the door stays open. nginx is not told that a
 * connection will end, and what it has sent on one that is being closed is lost unless it may send
 * it again; so requests are served until nginx has let its connections go by itself (keepalive_time
 * in nginx/hall.conf), and only then those that are left are closed.
 */
static int
drain(struct pool *p, int sig)
{
    int64_t now = op_monotonic_ms();
    int64_t close_ms = now + (sig == SIGTERM ? LET_GO_MS : 0);
    int64_t end_ms = close_ms + p->conf->request_ms;

    p->ending = true;
    waiter_wake(p->conns, NULL);
    while ((p->conns->open > 0 || !p->closing) && now < end_ms) {
        if (now >= close_ms)
            let_go(p);
        if (p->closing)
            usleep(DRAIN_US);
        else
            tick(p, -1);
        now = op_monotonic_ms();
        p->beat->alive_ms = now;
        fcgi_cut_dawdlers(p, now);
    }
    return p->conns->open > 0;
}

static bool
start_threads(struct pool *p)
{
    for (int i = 0; i < p->conf->threads; i++) {
        struct worker *w = &p->workers[i];

        *w = (struct worker){.pool = p, .io_fd = -1, .busy_ms = &p->beat->busy_ms[i]};
        pthread_mutex_init(&w->lock, NULL);
        if (!start(fcgi_work, w))
            return false;
    }
    return p->hooks->news == NULL || start(listen_for_news, p);
}

static int
child(void *arg, struct beat *beat)
{
    struct pool *p = arg;
    struct signalfd_siginfo got;
    sigset_t end;
    int signals;

    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigaddset(&end, SIGINT);
    signals = signalfd(-1, &end, SFD_CLOEXEC | SFD_NONBLOCK);
    p->beat = beat;
    p->open[beat->number] = 0;
    p->conns = conns_new();
    if (signals < 0 || p->conns == NULL || confine(false) != OK || FCGX_Init() != 0 ||
        !start_threads(p))
        return 1;
    while (read(signals, &got, sizeof(got)) != sizeof(got))
        tick(p, signals);
    return drain(p, (int)got.ssi_signo);
}

/* Made under another name and moved, so that a successor takes over without a gap. */
static int
open_listener(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int n = snprintf(a.sun_path, sizeof(a.sun_path), "%s.%d", path, (int)getpid());

    if (fd < 0 || path[0] == '\0' || n >= (int)sizeof(a.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    unlink(a.sun_path);
    if (bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && chmod(a.sun_path, 0660) == 0 &&
        listen(fd, BACKLOG) == 0 && rename(a.sun_path, path) == 0)
        return fd;
    close(fd);
    return -1;
}

int
fcgi_serve(const struct conf *conf, http_handler *handler, const struct fcgi_hooks *hooks)
{
    static struct pool p;
    int stuck_ms = conf->request_ms * 2 > STUCK_MS ? (int)conf->request_ms * 2 : STUCK_MS;
    struct prefork parent = {
        .name = conf->name,
        .processes = (int)conf->processes,
        .stuck_ms = stuck_ms,
        .drain_ms = LET_GO_MS + (int)conf->request_ms + DRAIN_SLACK_MS,
        .hand_over = true,
        .child = child,
        .arg = &p,
    };

    p = (struct pool){.conf = conf, .hooks = hooks, .handler = handler};
    p.listener = open_listener(conf->listen);
    if (p.listener < 0) {
        log_warn(NULL, "cannot listen", "socket", conf->listen, "why", strerror(errno), NULL);
        return 1;
    }
    p.open = mmap(NULL, sizeof(*p.open) * PREFORK_PROCESSES, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p.open == MAP_FAILED)
        return 1;
    clock_open(conf->sandbox != 0 ? conf->clock_file : "");
    log_info(NULL, "pool serves", "pool", conf->name, "socket", conf->listen, NULL);
    return prefork_run(&parent);
}
