/*
 * The kept connections of one process: who may touch which, when several threads share one epoll.
 *
 * Each time a connection is armed, whoever claims it first owns it alone, until it arms the
 * connection again or drops it. A claim that lost, or an event that is out of date, does nothing.
 */
#ifndef HALL_WEB_CONN_H
#define HALL_WEB_CONN_H

#include <fcgiapp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { CONNS_MAX = 8192 };

struct waiter;

struct conn {
    FCGX_Request fcgx;
    struct waiter *waiter; /* its request waits for news; guarded by conns.lock */
    struct conn *next_free;
    _Atomic uint32_t ticket, armed; /* equal while it can be claimed */
    bool known;                     /* to epoll */
};

struct conns {
    int epoll;
    _Atomic uint32_t open, high; /* how many there are; slots ever used */
    pthread_mutex_t lock;
    struct conn *free;
    struct conn all[CONNS_MAX];
};

struct conns *conns_new(void); /* NULL when the system gives no epoll */

/* A slot for a new descriptor, owned by the caller; NULL when all are taken. */
struct conn *conn_take(struct conns *all, int fd);

/* Lets go: the next of these events (EPOLLIN ...) goes to one thread. */
void conn_arm(struct conns *all, struct conn *c, uint32_t events);

/* The connection of an event, now owned by the caller; NULL when somebody else has it. */
struct conn *conn_claim(struct conns *all, uint64_t event);

/* The same without an event, of a connection that is armed. */
bool conn_seize(struct conn *c);

/* Closes and forgets a connection that the caller owns. */
void conn_drop(struct conns *all, struct conn *c);

#endif
