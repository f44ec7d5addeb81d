/* Inside a pool's process: its threads and what they share. For web/fcgi.c only. */
#ifndef HALL_WEB_FCGI_WORKER_H
#define HALL_WEB_FCGI_WORKER_H

#include "io/prefork.h"
#include "web/conn.h"
#include "web/fcgi.h"

enum { FCGI_ARENA = 64 << 10 };

struct worker {
    struct pool *pool;
    struct op op, fresh; /* fresh: as every request finds it */
    pthread_mutex_t lock;
    int io_fd; /* guarded by lock: libfcgi is reading or writing here since then; -1 */
    int64_t io_since_ms;
    _Atomic int64_t *busy_ms;
};

struct pool {
    const struct conf *conf;
    const struct fcgi_hooks *hooks;
    http_handler *handler;
    struct conns *conns;
    struct beat *beat;
    int listener;
    _Atomic uint32_t *open; /* connections of each process of the pool, shared by all */
    _Atomic bool ending;    /* nobody waits for news any more */
    _Atomic bool closing;   /* an answer is the last on its connection */
    struct worker workers[PREFORK_THREADS];
};

/* A thread: serves one event after the other for ever. arg is its struct worker. */
void *fcgi_work(void *arg);

/* Takes in one new connection; false when nobody is at the door. */
bool fcgi_admit(struct pool *p);

/* Ends the reading and writing that takes too long: libfcgi knows no time-out. */
void fcgi_cut_dawdlers(struct pool *p, int64_t now_ms);

#endif
