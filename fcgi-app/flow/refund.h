/* Money on its way back (states.md, T24 to T51). Every refund is a row, then a job, then a move. */
#ifndef HALL_FLOW_REFUND_H
#define HALL_FLOW_REFUND_H

#include "store/job.h"
#include "store/order.h"
#include "store/payment.h"

/*
 * Begins to give back everything the order has paid, within the caller's transaction, on a locked
 * order. *amount_fen is how much; 0 when nothing is in, and then nothing was done. With money the
 * caller moves the order to ORDER_REFUNDING and tells people (N14 or N09, N15E); the refund's end
 * moves it on (T48, T49). `reason` is for provider and staff: no personal data.
 */
enum err refund_begin(
    struct op *op, const struct order *o, const char *reason, int64_t *amount_fen) MUST_USE;

#endif
