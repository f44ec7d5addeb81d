/*
 * The making of a certificate (states.md T32 to T41; section 5): what is to be signed is committed
 * before any signature exists, and a retry signs the same bytes again.
 */
#ifndef HALL_FLOW_ISSUE_H
#define HALL_FLOW_ISSUE_H

#include "store/job.h"
#include "store/order.h"

/* Queues the making of the order's certificate: for whoever moves an order to accepted or
 * bank_verified, within that transaction. Asking twice is asking once. */
enum err issue_queue(struct op *op, const struct order *o) MUST_USE;

/* Job ISSUE. */
enum err issue_job(struct op *op, const struct job *j) MUST_USE;

#endif
