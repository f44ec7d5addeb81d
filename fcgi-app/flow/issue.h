/*
 * The making of a certificate (states.md T32 to T38; section 5): what is to be signed is committed
 * before any signature exists, and a retry signs the same bytes again. However often the worker or
 * the signer dies, an order gets one certificate.
 */
#ifndef HALL_FLOW_ISSUE_H
#define HALL_FLOW_ISSUE_H

#include "store/job.h"
#include "store/order.h"

enum { ISSUE_TRIES = 5 };

/* Queues the making of the order's certificate: for whoever moves an order to accepted or
 * bank_verified, within that transaction. Asking twice is asking once. */
enum err issue_queue(struct op *op, const struct order *o) MUST_USE;

/* The order is given up with an intent that may have been signed: a job makes sure that it never
 * counts. Within the caller's transaction. */
enum err issue_give_up(struct op *op, const struct order *o) MUST_USE;

/* Kind ISSUE, payload {"reissue_no"}. */
enum err issue_job(struct op *op, const struct job *j) MUST_USE;

/* Kind INTENT_DROP, payload {"reissue_no"}. */
enum err issue_drop_job(struct op *op, const struct job *j) MUST_USE;

/* Kind ISSUE_SWEEP, a clock: orders that should be made but that no job leads. */
enum err issue_sweep_job(struct op *op, const struct job *j) MUST_USE;

#endif
