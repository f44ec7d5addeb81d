/*
 * Money that closes to zero: the bank's statement, work that lost its way, and our books against
 * the providers'. All three are clocks of the worker.
 */
#ifndef HALL_FLOW_RECONCILE_H
#define HALL_FLOW_RECONCILE_H

#include "store/job.h"

/* BANK_STATEMENT: takes in the credits of our account, of today and yesterday. It proposes only:
 * finance confirms. What finance confirmed before is matched with its line. */
enum err bank_statement_job(struct op *op, const struct job *j) MUST_USE;

/* RESCUE: whatever waits for an end without a job gets a new one. */
enum err rescue_job(struct op *op, const struct job *j) MUST_USE;

/* LEDGER: asks the providers about every payment and refund once its day is over. Money that we
 * did not know of is booked; what cannot be booked becomes a difference for finance. */
enum err ledger_job(struct op *op, const struct job *j) MUST_USE;

#endif
