/* The review queue, its leases and verdicts. */
#ifndef HALL_STORE_REVIEW_H
#define HALL_STORE_REVIEW_H

#include "store/order.h"

/* One order at a time: before review_held, and after the lock of an order if there is one. */
enum err review_alone(struct op *op, int64_t staff) MUST_USE;
/* *order_no is NULL when this member of staff holds none. */
enum err review_held(struct op *op, int64_t staff, const char **order_no) MUST_USE;
/* Leases the first of the queue; mine: only what this reviewer sent back and has returned. NULL
 * when there is none. */
enum err review_take_next(struct op *op, int64_t staff, bool mine, const char **order_no) MUST_USE;
enum err review_lease(struct op *op, int64_t order_id, int64_t staff) MUST_USE;
enum err review_unlease(struct op *op, int64_t order_id) MUST_USE;
/* Numbers of orders whose lease ran out, at most 50, NULL-ended. */
enum err review_expired(struct op *op, const char *const **order_nos) MUST_USE;

/* The first favourable verdict that still stands: *staff 0 when there is none. */
enum err review_first(
    struct op *op, int64_t order_id, int64_t *staff, const char **content_sha256) MUST_USE;
/* Who asked to deny it: 0 when nobody did. */
enum err review_denial_asked(struct op *op, int64_t order_id, int64_t *staff) MUST_USE;

struct verdict {
    int stage;                                   /* 1 or 2 */
    const char *verdict;                         /* approved, returned, denied, denial_asked */
    const char *content_sha256, *reasons, *note; /* reasons: JSON array, NULL for none */
};
enum err review_add(
    struct op *op, int64_t order_id, int64_t staff, const struct verdict *v) MUST_USE;

/* What a verdict leaves on the order. Each ends the lease. */
/* Codes that the order's project offers reviewers as a JSON array; NULL: all of them. */
enum err review_reasons_offered(struct op *op, int64_t order_id, const char **json) MUST_USE;
enum err review_mark_passed(struct op *op, int64_t order_id, const char *content_sha256) MUST_USE;
enum err review_mark_returned(struct op *op, int64_t order_id, const char *rejection) MUST_USE;
enum err review_mark_closed(struct op *op, int64_t order_id, const char *reason) MUST_USE;

enum money { MONEY_NONE, MONEY_ONLINE, MONEY_CONFIRMED, MONEY_WAITING };
/* How the order is paid now. */
enum err review_money(struct op *op, int64_t order_id, enum money *out) MUST_USE;

/* Whether an earlier 金融认证 still counts, with its PIN; and the end of that, when the account is
 * changed. */
enum err review_bank_holds(struct op *op, int64_t order_id, bool *out) MUST_USE;
enum err review_bank_void(struct op *op, int64_t order_id) MUST_USE;

#endif
