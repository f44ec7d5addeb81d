/* Guide, 支付: choosing how to pay, the voucher of a transfer, and cancelling. */
#ifndef HALL_FLOW_PAY_H
#define HALL_FLOW_PAY_H

#include "io/db.h"
#include "store/job.h"
#include "store/order.h"
#include "store/payment.h"

/*
 * T07, T07c, or a bank transfer: an attempt of this method, the open one where there is one. An
 * open attempt of another method is given up and closed at its provider by a job. E_STATE unless
 * the order waits for money.
 */
enum err pay_begin(struct op *op, int64_t account, const char *order_no, enum payment_method method,
    const char **payment_id) MUST_USE;

struct voucher {
    const char *payer_name;
    int64_t amount_fen;
    const char *transferred_on; /* YYYY-MM-DD */
    const char *bank_reference; /* NULL when not given */
};
/* T10, T10b: the applicant says that the transfer was made; the document payment_voucher shows it.
 */
enum err pay_voucher(struct op *op, int64_t account, const char *order_no, const char *payment_id,
    const struct voucher *v) MUST_USE;

/* T24a to T24d. E_PAYMENT_PENDING while an online attempt may still be paid: it is being closed,
 * and the next try will do. */
enum err pay_cancel(
    struct op *op, int64_t account, const char *order_no, const char *reason) MUST_USE;

/* Before what must not happen while an online attempt may still be paid (T04, T10, T24a): begins to
 * close it, commits that, and answers E_PAYMENT_PENDING; the next try will do. */
enum err pay_close_first(struct op *op, const struct order *o, struct tx *tx) MUST_USE;

/*
 * Gives up every open online attempt of a locked order, within the caller's transaction: jobs ask
 * and close at the provider. *open is whether one may still be paid, until the provider has
 * confirmed. For clocks that want to expire an order (T25): commit, and come back later.
 */
enum err pay_give_up(struct op *op, const struct order *o, bool *open) MUST_USE;

#endif
