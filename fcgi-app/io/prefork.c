#include "io/prefork.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

/* The sanitizers need terabytes of addresses and /proc/self. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

enum {
    TICK_MS = 100,
    SHORT_LIFE_MS = 1000, /* a child that ends sooner is restarted less eagerly */
    FIRST_PAUSE_MS = 10,
    LONGEST_PAUSE_MS = 500,
    ALL_DATA = 1 << 30, /* bytes of private memory of one child */
};

struct child {
    pid_t pid; /* 0: none */
    int64_t born_ms, due_ms;
    int pause_ms;
};

struct parent {
    const struct prefork *p;
    struct beat *beats;
    struct child children[PREFORK_PROCESSES];
    int64_t ticked_ms;
    int64_t awake_ms; /* since when it has ticked without a gap */
    bool draining;
};

static void
give_up_privileges(pid_t parent)
{
    struct rlimit none = {0, 0}, data = {ALL_DATA, ALL_DATA}, files;

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    setrlimit(RLIMIT_CORE, &none);
    umask(0002); /* what is for a group says so by its mode */
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (SANITIZED)
        return;
    /* Not RLIMIT_AS: malloc reserves much more address space per thread than it uses. */
    setrlimit(RLIMIT_DATA, &data);
    prctl(PR_SET_DUMPABLE, 0);
}

static void
spawn(struct parent *m, int i)
{
    struct child *c = &m->children[i];
    struct beat *beat = &m->beats[i];
    pid_t self = getpid();

    c->born_ms = op_monotonic_ms();
    beat->number = i;
    beat->alive_ms = c->born_ms;
    for (int t = 0; t < PREFORK_THREADS; t++)
        beat->busy_ms[t] = 0;
    c->pid = fork();
    if (c->pid == 0) {
        give_up_privileges(self);
        _exit(m->p->child(m->p->arg, beat));
    }
    if (c->pid < 0) {
        log_warn(NULL, "no new process", "pool", m->p->name, NULL);
        c->pid = 0;
        c->due_ms = c->born_ms + LONGEST_PAUSE_MS;
    }
}

static void
buried(struct parent *m, struct child *c, int status)
{
    int64_t now = op_monotonic_ms();
    char pid[24], how[48];

    snprintf(pid, sizeof(pid), "%d", (int)c->pid);
    snprintf(how, sizeof(how), WIFSIGNALED(status) ? "signal %d" : "status %d",
        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    (m->draining ? log_info : log_warn)(
        NULL, "process ended", "pool", m->p->name, "pid", pid, "by", how, NULL);
    if (now - c->born_ms >= SHORT_LIFE_MS)
        c->pause_ms = 0;
    c->pid = 0;
    c->due_ms = now + c->pause_ms;
    c->pause_ms = c->pause_ms == 0                     ? FIRST_PAUSE_MS
                  : c->pause_ms < LONGEST_PAUSE_MS / 2 ? c->pause_ms * 2
                                                       : LONGEST_PAUSE_MS;
}

static void
reap(struct parent *m)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < m->p->processes; i++)
            if (m->children[i].pid == pid)
                buried(m, &m->children[i], status);
}

static bool
stuck(const struct parent *m, const struct beat *beat, int64_t now)
{
    int64_t oldest = beat->alive_ms;

    /* While the whole machine or pool stood still nobody could have beaten. */
    if (now - m->awake_ms <= m->p->stuck_ms)
        return false;
    for (int t = 0; t < PREFORK_THREADS; t++) {
        int64_t since = beat->busy_ms[t];

        if (since != 0 && since < oldest)
            oldest = since;
    }
    return now - oldest > m->p->stuck_ms;
}

static void
tick(struct parent *m)
{
    int64_t now = op_monotonic_ms();

    if (now - m->ticked_ms > 10 * TICK_MS)
        m->awake_ms = now;
    m->ticked_ms = now;
    for (int i = 0; i < m->p->processes; i++) {
        struct child *c = &m->children[i];

        if (c->pid == 0 && now >= c->due_ms)
            spawn(m, i);
        else if (c->pid != 0 && stuck(m, &m->beats[i], now)) {
            log_warn(NULL, "process stuck", "pool", m->p->name, NULL);
            kill(c->pid, SIGKILL);
        }
    }
}

static int
signal_all(struct parent *m, int sig)
{
    int alive = 0;

    for (int i = 0; i < m->p->processes; i++)
        if (m->children[i].pid != 0) {
            kill(m->children[i].pid, sig);
            alive++;
        }
    return alive;
}

static void
drain(struct parent *m, const sigset_t *signals, int sig)
{
    int64_t end = op_monotonic_ms() + m->p->drain_ms;
    struct timespec pause = {0, 20 * 1000000};

    m->draining = true;
    signal_all(m, sig);
    if (sig == SIGTERM && m->p->hand_over)
        return;
    while (signal_all(m, 0) > 0 && op_monotonic_ms() < end) {
        sigtimedwait(signals, NULL, &pause);
        reap(m);
    }
    if (signal_all(m, SIGKILL) > 0)
        log_warn(NULL, "process killed while draining", "pool", m->p->name, NULL);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
}

int
prefork_run(const struct prefork *p)
{
    static const struct timespec pause = {0, TICK_MS * 1000000};
    struct parent m = {.p = p};
    sigset_t signals;
    int sig;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    m.beats = mmap(NULL, sizeof(*m.beats) * PREFORK_PROCESSES, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (m.beats == MAP_FAILED)
        return 1;
    m.ticked_ms = m.awake_ms = op_monotonic_ms();
    do {
        reap(&m);
        tick(&m);
        sig = sigtimedwait(&signals, NULL, &pause);
    } while (sig != SIGTERM && sig != SIGINT);
    drain(&m, &signals, sig);
    return 0;
}
