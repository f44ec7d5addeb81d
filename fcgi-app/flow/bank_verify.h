/*
 * Guide, 缴费 and 常见问题 4: 金融认证. 0.01 yuan goes to the applicant's own account; the memo
 * carries the certificate's PIN (states.md T26 to T31b). The transfer itself is flow/bank_send.
 */
#ifndef HALL_FLOW_BANK_VERIFY_H
#define HALL_FLOW_BANK_VERIFY_H

#include "domain/form.h"
#include "store/job.h"
#include "store/order.h"

/* states.md 4: attempts of one order, by day (China) and in all. */
enum { BANK_TRIES_A_DAY = 3, BANK_TRIES_IN_ALL = 6 };

/*
 * Queues a transfer to the account of the order's form: the next attempt, with a PIN of its own;
 * an older PIN ends. For whoever moves an order to bank_verification_pending (T09b, T18, T31, T46),
 * within that transaction.
 */
enum err bank_verification_begin(struct op *op, const struct order *o) MUST_USE;

/* N07, for T18: where the 0.01 yuan will go. */
enum err bank_verification_announce(struct op *op, const struct order *o) MUST_USE;

/* Ends the live PIN of the order, so that no memo can open anything: for T24d, T41 and whoever
 * else gives the order up. Within the caller's transaction; nothing to burn is fine. */
enum err bank_verification_burn(struct op *op, const struct order *o) MUST_USE;

/* T31: another account, or the same again; reports wrong members. E_BANK_TRIES_TODAY and
 * E_BANK_TRIES_USED beyond the limits. */
enum err bank_verification_change(
    struct op *op, int64_t account, const char *order_no, const struct bank_account *b) MUST_USE;

/*
 * A result by hand, of two people: one says it, another one the same. Of a failed attempt it can
 * only be ok (T31b, the account was proved another way); of one whose fate is open, either, and
 * the worker writes it down. *done tells whether this was the second. E_SECOND_PERSON for the
 * first person again.
 */
enum err bank_verification_judge(
    struct op *op, int64_t id, bool ok, const char *note, bool *done) MUST_USE;

#endif
