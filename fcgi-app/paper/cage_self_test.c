#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "paper/cage.h"

/* Each act returns true when it was possible. */
static bool
read_a_file(void)
{
    return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
}

static bool
create_a_file(void)
{
    return open("/tmp/hall-inspect-self-test", O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0;
}

static bool
remove_a_file(void)
{
    return unlink("/tmp/hall-inspect-self-test") == 0 || errno == ENOENT;
}

static bool
look_for_a_file(void)
{
    return access("/etc/passwd", F_OK) == 0;
}

static bool
list_a_directory(void)
{
    return syscall(SYS_open, "/", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool
reach_the_network(void)
{
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static bool
reach_a_local_service(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static bool
run_a_program(void)
{
    char name[] = "/bin/true";
    char *argv[] = {name, NULL};

    execv(name, argv);
    return false;
}

static bool
start_a_process(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool
signal_the_parent(void)
{
    return kill(getppid(), 0) == 0;
}

static bool
trace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool
read_foreign_memory(void)
{
    char here[8];
    struct iovec iov = {here, sizeof(here)};

    return process_vm_readv(getpid(), &iov, 1, &iov, 1, 0) > 0;
}

static bool
make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
               0) != MAP_FAILED;
}

static bool
make_memory_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool
raise_its_limits(void)
{
    struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};

    return setrlimit(RLIMIT_AS, &r) == 0;
}

static bool
become_root(void)
{
    return setuid(0) == 0;
}

static bool
start_io_uring(void)
{
    return syscall(SYS_io_uring_setup, 1, NULL) >= 0 || errno == EFAULT;
}

static bool
take_all_memory(void)
{
    size_t n = (size_t)1 << 32;
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p != MAP_FAILED;
}

/* Ten times the limit of the self-test; the kernel should end it long before. */
static bool
compute_for_ever(void)
{
    struct timespec t;

    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    while (t.tv_sec < 10);
    return true;
}

static const struct act {
    const char *what;
    bool (*try)(void);
} acts[] = {
    {"read a file", read_a_file},
    {"create a file", create_a_file},
    {"remove a file", remove_a_file},
    {"look for a file", look_for_a_file},
    {"list a directory", list_a_directory},
    {"reach the network", reach_the_network},
    {"reach a local service", reach_a_local_service},
    {"run a program", run_a_program},
    {"start a process", start_a_process},
    {"signal its parent", signal_the_parent},
    {"be traced", trace},
    {"read foreign memory", read_foreign_memory},
    {"map memory as code", make_code},
    {"turn memory into code", make_memory_code},
    {"raise its limits", raise_its_limits},
    {"become root", become_root},
    {"set up io_uring", start_io_uring},
    {"take 4 GiB of memory", take_all_memory},
    {"compute for ever", compute_for_ever},
};

enum { POSSIBLE = 10, REFUSED, OPEN };

static bool
verdict(const struct act *a, int status)
{
    if (WIFSIGNALED(status)) {
        int s = WTERMSIG(status);

        printf("%s  %s (ended by %s)\n",
            s == SIGSYS || s == SIGXCPU || s == SIGKILL ? "refused " : "UNCLEAR ", a->what,
            strsignal(s));
        return s == SIGSYS || s == SIGXCPU || s == SIGKILL;
    }
    switch (WEXITSTATUS(status)) {
    case REFUSED:
        printf("refused   %s\n", a->what);
        return true;
    case OPEN:
        printf("UNCLEAR   %s: the cage could not be closed\n", a->what);
        return false;
    default:
        printf("ALLOWED   %s\n", a->what);
        return false;
    }
}

bool
cage_self_test(const struct cage *c)
{
    struct cage small = {c->memory, 1};
    bool good = true;

    for (const struct act *a = acts; a < acts + sizeof(acts) / sizeof(*acts); a++) {
        char why[128];
        pid_t pid;
        int status;

        if (a->try == take_all_memory && !cage_limits_memory()) {
            printf("skipped   %s: this build has no limit\n", a->what);
            continue;
        }
        fflush(stdout);
        pid = fork();
        if (pid == 0) {
            if (cage_close(&small, why, sizeof(why)) != OK)
                _exit(OPEN);
            _exit(a->try() ? POSSIBLE : REFUSED);
        }
        good &= pid > 0 && waitpid(pid, &status, 0) == pid && verdict(a, status);
    }
    fflush(stdout);
    return good;
}
