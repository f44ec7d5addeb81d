/*
 * Requests that wait for news hold no thread: what is left of one is its connection and a small
 * copy of what was asked. The waker and the worker may meet at any moment, so a waiter is told
 * apart by whether it is parked (nobody looks at it) or being looked at, and news that come during
 * a look make the worker look again.
 */
#ifndef HALL_WEB_WAITER_H
#define HALL_WEB_WAITER_H

#include "web/conn.h"
#include "web/http.h"

struct waiter {
    struct arena *arena; /* holds the waiter itself */
    struct http_request in;
    const char *trace;
    uint64_t topic;             /* hash */
    int64_t began_ms, until_ms; /* CLOCK_MONOTONIC */
    bool parked, news;
};

/* Begins to watch turn->topic for a request without a body. From here on no news are missed. */
void waiter_new(struct conns *all, struct conn *c, const struct op *op,
    const struct http_request *in, const struct http_turn *turn);

/* Before each look. */
void waiter_look(struct conns *all, struct conn *c);

/* After a look that found nothing: lets the connection go. False when there were news meanwhile;
 * then the caller still owns it and looks again. */
bool waiter_park(struct conns *all, struct conn *c);

/* The wait is over, the caller owns the connection. */
void waiter_free(struct conns *all, struct conn *c);

/* Has some worker look at whoever waits for a topic, for NULL at all, or whose time is up. */
void waiter_wake(struct conns *all, const char *topic);
void waiter_wake_late(struct conns *all, int64_t now_ms);

#endif
