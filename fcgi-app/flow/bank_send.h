/*
 * The 0.01 yuan itself: a job a transfer, named by its reference. What the row says decides which
 * call is allowed: queued may be sent, anything later may only be asked about (states.md, T26 to
 * T29). The bank's final word moves the order.
 */
#ifndef HALL_FLOW_BANK_SEND_H
#define HALL_FLOW_BANK_SEND_H

#include "store/job.h"

/* "Not found" at the bank says nothing sooner than this after a transfer was sent. */
enum { BANK_GRACE_S = 900, BANK_WATCH_S = 7 * 86400 };

/* Kind BANK_SEND, payload {"reference"}. */
enum err bank_send_job(struct op *op, const struct job *j) MUST_USE;

/* Kind BANK_WATCH, payload {"reference"}: a transfer that arrived can come back for days (退票).
 * The success then no longer counts; an order that has its certificate is for staff to see. */
enum err bank_watch_job(struct op *op, const struct job *j) MUST_USE;

#endif
