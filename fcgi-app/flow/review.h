/* Guide, 等待审核: staff take an order, look, and decide. Two pairs of eyes where the policy asks.
 */
#ifndef HALL_FLOW_REVIEW_H
#define HALL_FLOW_REVIEW_H

#include "io/record.h"
#include "store/job.h"
#include "store/review.h"

/* The next of the queue for op->actor (T11, T15); what they hold already comes first. *order_no is
 * NULL when the queue is empty. */
enum err review_next(struct op *op, const char **order_no) MUST_USE;
/* A certain one (T11, T15); renews a lease that is theirs. E_LEASE_HELD while they hold another. */
enum err review_claim(struct op *op, const char *order_no) MUST_USE;
/* Gives it back (T12, T16). */
enum err review_release(struct op *op, const char *order_no) MUST_USE;

/* T14, T18: the verdict is about exactly the content that was looked at; E_STALE otherwise. */
enum err review_approve(
    struct op *op, const char *order_no, const char *content_sha256, const char *note) MUST_USE;

struct review_reason {
    const char *target, *pointer, *code, *text;
};
/* T13, T17: back to the applicant, with coded reasons; items are struct review_reason. */
enum err review_return(struct op *op, const char *order_no, const struct list *reasons) MUST_USE;
/* The same for another move back (T40), within the caller's transaction, on a locked order: every
 * verdict ends, the promise stands still, the applicant is told. *array is the reasons as JSON. */
enum err review_send_back(struct op *op, struct order *o, enum order_move_id move,
    const struct list *reasons, const char **array) MUST_USE;

/* T19: the reviewer asks, somebody else confirms. *done tells which of the two it was. */
enum err review_deny(struct op *op, const char *order_no, const char *reason, bool *done) MUST_USE;

/* Kind LEASES, a clock: orders whose reviewer has gone return to the queue (T12, T16). */
enum err review_leases_job(struct op *op, const struct job *j) MUST_USE;

#endif
