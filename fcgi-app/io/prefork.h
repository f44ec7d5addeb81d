/* A small parent of several processes: keeps them alive, whatever happens to them. */
#ifndef HALL_IO_PREFORK_H
#define HALL_IO_PREFORK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { PREFORK_PROCESSES = 16, PREFORK_THREADS = 64 };

/* What a child tells its parent through shared memory; CLOCK_MONOTONIC in milliseconds. */
struct beat {
    int number;                               /* of the process, from 0; its successor's too */
    _Atomic int64_t alive_ms;                 /* its first thread ticked */
    _Atomic int64_t busy_ms[PREFORK_THREADS]; /* since when at this request, 0 when idle */
};

struct prefork {
    const char *name;
    int processes; /* 1 to PREFORK_PROCESSES */
    int stuck_ms;  /* a thread this long at one request is stuck: its process is killed */
    int drain_ms;  /* how long a child may take to end after SIGTERM or SIGINT */
    /* On SIGTERM the parent leaves at once and its children end by themselves: so a supervisor can
     * start a successor while they still serve. On SIGINT it always waits for them. */
    bool hand_over;
    /* Runs in the child with SIGTERM and SIGINT blocked (take them by sigtimedwait); returns its
     * exit status. */
    int (*child)(void *arg, struct beat *beat);
    void *arg;
};

/* Until SIGTERM or SIGINT. Call while there is one thread. The children give up what they never
 * need: core dumps, being traced, new privileges. Returns the exit status of the program. */
int prefork_run(const struct prefork *p);

#endif
