#include "paper/cage.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* Memory, the descriptors at hand, the clock, an end. */
static const int allowed[] = {SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(write),
    SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(recvmsg), SCMP_SYS(brk), SCMP_SYS(munmap),
    SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times), SCMP_SYS(getrusage),
    SCMP_SYS(setitimer), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(exit),
    SCMP_SYS(exit_group)};

/* Whoever asks for these has been taken over: the end, at once. Everything else is refused with an
 * error, which libraries that look for a file or a font take for "not there". */
static const int deadly[] = {SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect),
    SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(execve),
    SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(clone), SCMP_SYS(clone3),
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd), SCMP_SYS(bpf), SCMP_SYS(io_uring_setup), SCMP_SYS(userfaultfd),
    SCMP_SYS(perf_event_open), SCMP_SYS(keyctl), SCMP_SYS(mount), SCMP_SYS(unshare),
    SCMP_SYS(setns)};

static const int opening[] = {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(creat),
    SCMP_SYS(open_by_handle_at)};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static int
add_all(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int e = seccomp_rule_add(f, action, calls[i], 0);

        if (e != 0)
            return e;
    }
    return 0;
}

/* Memory may be had, but never to run what was written into it. */
static int
add_memory(scmp_filter_ctx f)
{
    struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    int e = seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &no_code);

    return e != 0 ? e : seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &no_code);
}

/* abort() and nothing else. */
static int
add_own_end(scmp_filter_ctx f)
{
    struct scmp_arg_cmp self = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);

    return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self);
}

static int
load_filter(void)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int e;

    if (f == NULL)
        return -ENOMEM;
    e = add_all(f, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
    if (e == 0)
        e = add_all(f, SCMP_ACT_KILL_PROCESS, deadly, COUNT(deadly));
    if (e == 0)
        e = add_all(f, SCMP_ACT_ERRNO(EACCES), opening, COUNT(opening));
    if (e == 0)
        e = add_memory(f);
    if (e == 0)
        e = add_own_end(f);
    if (e == 0)
        e = seccomp_load(f);
    seccomp_release(f);
    return e;
}

static bool
limit(int what, rlim_t most)
{
    struct rlimit r = {most, most};

    return setrlimit((__rlimit_resource_t)what, &r) == 0;
}

bool
cage_limits_memory(void)
{
    return !SANITIZED;
}

enum err
cage_close(const struct cage *c, char *why, size_t why_size)
{
    int e;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        snprintf(why, why_size, "prctl: %s", strerror(errno));
        return E_INTERNAL;
    }
    if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_NPROC, 0) ||
        !limit(RLIMIT_NOFILE, 16) || !limit(RLIMIT_MEMLOCK, 0) ||
        !limit(RLIMIT_CPU, (rlim_t)c->cpu_seconds) ||
        (!SANITIZED && !limit(RLIMIT_AS, (rlim_t)c->memory))) {
        snprintf(why, why_size, "setrlimit: %s", strerror(errno));
        return E_INTERNAL;
    }
    e = load_filter();
    if (e != 0) {
        snprintf(why, why_size, "seccomp: %s", strerror(-e));
        return E_INTERNAL;
    }
    return OK;
}
