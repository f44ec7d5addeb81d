/*
 * hall-signer CONF: the process that alone holds the CA keys. It opens keys, journal and socket,
 * gives up every other power, and then answers one request after the other until SIGTERM. It may be
 * killed at any moment: what it answered is in the journal, what is not in the journal it never
 * answered.
 *
 * Settings: signer, ca_dir, ca_passphrase_file, journal, pki_url and the policies; the same ones as
 * the worker has, or nothing is signed.
 */
#include <errno.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/conf.h"
#include "pki/signer.h"

enum { REQUEST_MS = 5000, BACKLOG = 64 };

static volatile sig_atomic_t stop;

static void
on_stop(int sig)
{
    (void)sig;
    stop = 1;
}

/* Stop signals arrive only while poll waits, so that none comes between the look and the wait. */
static void
hold_signals(sigset_t *waiting)
{
    struct sigaction sa = {.sa_handler = on_stop};
    sigset_t held;

    sigemptyset(&sa.sa_mask);
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGINT, &sa, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigemptyset(&held);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGINT);
    sigprocmask(SIG_BLOCK, &held, waiting);
    sigdelset(waiting, SIGTERM);
    sigdelset(waiting, SIGINT);
}

/* A socket that the signer's user and group may open, nobody else. */
static int
listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t old;
    int bound;

    if (fd < 0 || strlen(path) == 0 || strlen(path) >= sizeof(address.sun_path))
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    unlink(path); /* left by a predecessor; the journal's lock says that it is gone */
    old = umask(0117);
    bound = bind(fd, (const struct sockaddr *)&address, sizeof(address));
    umask(old);
    if (bound != 0 || listen(fd, BACKLOG) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Before the first key: no core dump, no look into the memory, no new powers. */
static bool
give_up_early(void)
{
    struct rlimit none = {0, 0};

    return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/*
 * After the last file was opened: answering needs memory, the journal, the listening socket, the
 * clock, random numbers and standard error. What would reach beyond kills the process; anything
 * else that was not thought of fails.
 */
static bool
give_up_rest(void)
{
    static const int allowed[] = {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(pread64),
        SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(close), SCMP_SYS(accept4),
        SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(brk),
        SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
        SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom),
        SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(restart_syscall), SCMP_SYS(tgkill), SCMP_SYS(exit), SCMP_SYS(exit_group)};
    static const int deadly[] = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
        SCMP_SYS(vfork), SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),
        SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(open),
        SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(creat), SCMP_SYS(mount), SCMP_SYS(bpf),
        SCMP_SYS(userfaultfd), SCMP_SYS(keyctl), SCMP_SYS(init_module)};
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool right = ctx != NULL;

    for (size_t i = 0; right && i < sizeof(allowed) / sizeof(*allowed); i++)
        right = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    for (size_t i = 0; right && i < sizeof(deadly) / sizeof(*deadly); i++)
        right = seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, deadly[i], 0) == 0;
    right = right && seccomp_load(ctx) == 0;
    if (ctx != NULL)
        seccomp_release(ctx);
    return right;
}

static void
log_event(const struct op *op, const struct signer_event *e)
{
    const char *ask = e->ask < ASK_MAX ? signer_ask_name(e->ask) : "unreadable";

    if (e->refusal == REFUSAL_NONE && e->ask != ASK_STATUS)
        log_info(op, e->again ? "signed before" : "signed", "ask", ask, "order", e->order_no,
            "name", e->name, NULL);
    else if (e->refusal != REFUSAL_NONE && refusal_alarms(e->refusal))
        log_warn(op, "signer alarm", "ask", ask, "order", e->order_no, "name", e->name, "refusal",
            refusal_code(e->refusal), "note", e->note, NULL);
    else if (e->refusal != REFUSAL_NONE)
        log_info(op, "not signed", "ask", ask, "order", e->order_no, "name", e->name, "refusal",
            refusal_code(e->refusal), NULL);
}

/* One connection is one request and one reply. */
static void
serve(struct op *op, struct signer *s, int fd)
{
    struct signer_event event;
    struct blob request, reply;

    op->now = clock_now();
    op->deadline_ms = op_monotonic_ms() + REQUEST_MS;
    if (signer_message_receive(op, fd, &request) != OK)
        return; /* whoever it was went away */
    reply = signer_answer(op, s, (int64_t)time(NULL), request, &event);
    op->deadline_ms = op_monotonic_ms() + REQUEST_MS;
    if (signer_message_send(op, fd, reply) != OK)
        log_info(op, "nobody took the answer", NULL);
    log_event(op, &event);
}

static void
loop(struct op *op, struct signer *s, int listener, const sigset_t *waiting)
{
    struct pollfd p = {.fd = listener, .events = POLLIN};

    while (!stop && !signer_is_broken(s)) {
        int fd;

        if (ppoll(&p, 1, NULL, waiting) <= 0)
            continue;
        fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        serve(op, s, fd);
        close(fd);
        arena_reset(op->arena);
    }
}

static int
run(struct op *op, const struct conf *conf)
{
    struct signer *s = NULL;
    sigset_t waiting;
    size_t torn = 0;
    int listener;
    bool broken;

    if (signer_open(op, conf, &s, &torn) != OK) {
        log_warn(op, "signer cannot start", "note", op->note, NULL);
        return EXIT_FAILURE;
    }
    if (torn > 0)
        log_warn(op, "unfinished journal entry cut off", NULL);
    hold_signals(&waiting);
    listener = listen_at(conf->signer);
    if (listener < 0 || !give_up_rest()) {
        log_warn(op, "signer cannot start", "note", strerror(errno), NULL);
        signer_close(s);
        return EXIT_FAILURE;
    }
    log_info(op, "signer ready", NULL);
    loop(op, s, listener, &waiting);
    broken = signer_is_broken(s);
    log_info(op, broken ? "signer ends: the journal is broken" : "signer ends", NULL);
    signer_close(s);
    close(listener);
    return broken ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
    struct op op = {.actor.role = "system"};
    struct conf conf;
    char why[512];
    int status;

    if (argc != 2) {
        fprintf(stderr, "usage: hall-signer CONF\n");
        return EXIT_FAILURE;
    }
    if (conf_read(&conf, argv[1], why, sizeof(why)) != OK) {
        fprintf(stderr, "hall-signer: %s\n", why);
        return EXIT_FAILURE;
    }
    if (!give_up_early()) {
        fprintf(stderr, "hall-signer: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    clock_open(conf.sandbox ? conf.clock_file : "");
    key_lock_memory();
    op.arena = arena_new(64 * 1024);
    op.conf = &conf;
    op.now = clock_now();
    status = run(&op, &conf);
    arena_free(op.arena);
    return status;
}
