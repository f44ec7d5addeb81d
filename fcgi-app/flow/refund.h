/* Money on its way back (states.md, T24 to T51). Every refund is a row, then a job, then a move. */
#ifndef HALL_FLOW_REFUND_H
#define HALL_FLOW_REFUND_H

#include "store/job.h"
#include "store/order.h"
#include "store/refund.h"

/*
 * Begins to give back everything the order has paid, within the caller's transaction, on a locked
 * order. *amount_fen is how much; 0 when nothing is in, and then nothing was done. With money the
 * caller moves the order to ORDER_REFUNDING and tells people (N14 or N09, N15E); the refund's end
 * moves it on (T48, T49). `reason` is for provider and staff: no personal data.
 */
enum err refund_begin(
    struct op *op, const struct order *o, const char *reason, int64_t *amount_fen) MUST_USE;

/* One refund of one payment, within the caller's transaction, on a locked order: queued at once, or
 * waiting for a second person when n->asked_by says that somebody asked. */
enum err refund_start(struct op *op, const struct new_refund *n, struct refund *out) MUST_USE;
/* The second person has said yes. */
enum err refund_queue(struct op *op, struct refund *f, const struct payment *p) MUST_USE;

/* Names the account that a failed refund shall go to instead (N28): the applicant's own. */
enum err refund_name_account(
    struct op *op, int64_t account, const char *order_no, const struct bank_account *a) MUST_USE;

/* Job REFUND: sends, or asks what became of it; ends with T48 or T49. */
enum err refund_job(struct op *op, const struct job *j) MUST_USE;

/* Compares a refund that has ended with what its provider says now, for the books. A transfer that
 * came back has failed after all; an order that was closed by it stays closed. */
enum err refund_compare(struct op *op, int64_t id, int64_t order_id) MUST_USE;

#endif
