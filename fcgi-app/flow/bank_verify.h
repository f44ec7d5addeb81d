/*
 * Guide, 常见问题 4 and note of 缴费: 金融认证. 0.01 yuan goes to the applicant's own account; the
 * memo carries the certificate's PIN (states.md T26 to T31b).
 */
#ifndef HALL_FLOW_BANK_VERIFY_H
#define HALL_FLOW_BANK_VERIFY_H

#include "store/job.h"
#include "store/order.h"

/*
 * Queues a transfer to the account of the order's form: the next attempt, with a PIN of its own.
 * For whoever moves an order to bank_verification_pending (T09b, T18, T31), within that
 * transaction.
 */
enum err bank_verification_begin(struct op *op, const struct order *o) MUST_USE;

/* Ends the live PIN of the order, so that no memo can open anything: for T24d, T40, T41 and
 * whoever else gives the order up. Within the caller's transaction; nothing to burn is fine. */
enum err bank_verification_burn(struct op *op, const struct order *o) MUST_USE;

/* Jobs BANK_SEND and BANK_QUERY. */
enum err bank_send_job(struct op *op, const struct job *j) MUST_USE;
enum err bank_query_job(struct op *op, const struct job *j) MUST_USE;

#endif
