/*
 * Work for after the commit: the outbox and the worker's queue are one table. A job is led to its
 * end by whoever holds its lease; the fence keeps out a worker that lost it.
 */
#ifndef HALL_STORE_JOB_H
#define HALL_STORE_JOB_H

#include <stddef.h>

#include "base/op.h"

struct job {
    int64_t id, order_id; /* order_id 0: none */
    const char *kind, *key;
    const char *payload; /* JSON object */
    const char *secret;  /* opened text, NULL when there is none */
    int64_t attempts;    /* this one included */
    int64_t fence;
};

struct job_order {
    const char *kind;
    const char *key;     /* names the work: adding the same twice adds it once */
    int64_t order_id;    /* 0: none */
    const char *payload; /* JSON object without secrets, NULL for {} */
    const char *secret;  /* sealed in the row until the job is done; NULL for none */
    int64_t in_s;        /* seconds from now */
};

/* Within the caller's transaction; the worker wakes when it commits. */
enum err job_add(struct op *op, const struct job_order *j) MUST_USE;

/* Claims for lease_s seconds; out->id is 0 when nothing is due. */
enum err job_claim(
    struct op *op, const char *const *kinds, int64_t lease_s, struct job *out) MUST_USE;

/* The ends of one try. E_STALE when the lease has gone to somebody else. job_done belongs into the
 * transaction that writes what the job achieved. */
enum err job_done(struct op *op, const struct job *j) MUST_USE;
/* failure NULL: nothing went wrong, it is just not yet time; the tries are counted anew. */
enum err job_later(struct op *op, const struct job *j, int64_t in_s, const char *failure) MUST_USE;
enum err job_park(struct op *op, const struct job *j, const char *failure) MUST_USE;

/* For a job that looks after many orders: one that cannot be handled is logged as `what` and does
 * not hold up the others. E_UNAVAILABLE, which is about all of them, stays. */
enum err job_skip(struct op *op, const char *what, const char *order_no, enum err e) MUST_USE;

/* What a waiting job waits for has happened: it is due now. Nothing when there is no such job. */
enum err job_hurry(struct op *op, const char *key) MUST_USE;

/* The same for every job of one kind that an order has. */
enum err job_hurry_kind(struct op *op, int64_t order_id, const char *kind) MUST_USE;

/* At the start of a transaction whose result only the holder may write: E_STALE when the lease has
 * gone to somebody else. */
enum err job_hold(struct op *op, const struct job *j) MUST_USE;

/* A job of this key that has ended or waits runs again, now. Nothing happens where there is none,
 * or while somebody is at it. */
enum err job_again(struct op *op, const char *key) MUST_USE;

/* Seconds until the next job is due, at most most_s. */
enum err job_next_due(struct op *op, int64_t most_s, int64_t *s) MUST_USE;

/* A person lets a parked job run again: E_NOT_FOUND when it is not parked. */
enum err job_wake(struct op *op, int64_t id) MUST_USE;

#endif
