/* Answers kept by Idempotency-Key, so that a repeated POST is answered and not done again. */
#ifndef HALL_STORE_IDEMPOTENCY_H
#define HALL_STORE_IDEMPOTENCY_H

#include <stddef.h>

#include "base/op.h"

struct kept_reply {
    int64_t status;   /* 0: nothing is kept, the request is the caller's to do */
    const char *etag; /* "" for none */
    const char *body;
};

/*
 * scope is who, method and path; request the bytes that must be the same. E_KEY_REUSED for another
 * request under the same key, E_IN_PROGRESS while the first is being done.
 */
enum err idempotency_begin(struct op *op, const char *scope, const char *key, const void *request,
    size_t n, struct kept_reply *out) MUST_USE;
/* Keeps the answer of a success for a day. */
enum err idempotency_keep(
    struct op *op, const char *scope, const char *key, const struct kept_reply *reply) MUST_USE;
/* Nothing came of it: the key is free again. */
enum err idempotency_drop(struct op *op, const char *scope, const char *key) MUST_USE;
/* Forgets answers older than a day. */
enum err idempotency_sweep(struct op *op) MUST_USE;

#endif
