#include "io/confine.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* Each act answers 0 when it was possible, else the errno. */
static int
act_internet(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : errno;
}

static int
act_internet6(void)
{
    return socket(AF_INET6, SOCK_DGRAM, 0) >= 0 ? 0 : errno;
}

static int
act_unix(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 0 : errno;
}

static void *
nothing(void *arg)
{
    return arg;
}

static int
act_thread(void)
{
    pthread_t t;

    return pthread_create(&t, NULL, nothing, NULL) == 0 ? pthread_join(t, NULL) : EAGAIN;
}

static int
act_program(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return errno;
}

static int
act_process(void)
{
    return fork() >= 0 ? 0 : errno;
}

static int
act_look(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : errno;
}

static int
act_unshare(void)
{
    return unshare(CLONE_NEWNET) == 0 ? 0 : errno;
}

enum { KILLED = -1, CONFINE_FAILED = 255 };

/* What becomes of an act in a confined process. */
static int
confined(bool network, int (*act)(void))
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        _exit(confine(network) != OK ? CONFINE_FAILED : act());
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? KILLED : WEXITSTATUS(status);
}

int
main(void)
{
    ok(confined(false, act_unix) == 0, "unix sockets can be made");
    ok(confined(false, act_thread) == 0, "threads can be made");
    ok(confined(false, act_internet) == EAFNOSUPPORT, "there is no network");
    ok(confined(false, act_internet6) == EAFNOSUPPORT, "of the new kind neither");
    ok(confined(true, act_internet) == 0, "unless it is wanted");
    for (int network = 0; network < 2; network++) {
        ok(confined(network, act_program) == KILLED, "to run a program is the end");
        ok(confined(network, act_process) == KILLED, "to make a process is the end");
        ok(confined(network, act_look) == KILLED, "to trace is the end");
        ok(confined(network, act_unshare) == KILLED, "to leave a namespace is the end");
    }
    return done();
}
