/* The finance desk: transfers confirmed or refused, refunds asked for and approved. op->actor is
 * the member of staff. */
#ifndef HALL_FLOW_FINANCE_H
#define HALL_FLOW_FINANCE_H

#include "domain/form.h"
#include "store/refund.h"

struct confirmation {
    const char *bank_line_id; /* NULL: the one line that fits, or none */
    const char *note; /* why, where payer or amount are not as they should be; may be NULL */
};
/* T20, T20b: the money of a voucher is there. For an order that is over meanwhile it goes back
 * (T51). E_STATE unless the payment waits for it. */
enum err finance_confirm(
    struct op *op, const char *payment_id, const struct confirmation *c) MUST_USE;

struct refusal {
    const char *reason; /* a code of the finance reasons, or words for the applicant */
    const char *note;   /* for ourselves; may be NULL */
};
/* T21, T21b */
enum err finance_refuse(struct op *op, const char *payment_id, const struct refusal *r) MUST_USE;

struct refund_wish {
    int64_t amount_fen;
    const char *reason;
    const char *key; /* Idempotency-Key or NULL */
};
/* One person asks … */
enum err finance_ask_refund(struct op *op, const char *payment_id, const struct refund_wish *w,
    const char **refund_id) MUST_USE;
/* … another says yes (T50 where the order waits for it); E_SECOND_PERSON for the same. */
enum err finance_approve_refund(struct op *op, const char *refund_id) MUST_USE;
/* … or it is taken back. */
enum err finance_withdraw_refund(struct op *op, const char *refund_id) MUST_USE;

/* A failed refund once more, by transfer; a NULL account stands for the one the payee has named.
 * Waits for approval like any other. */
enum err finance_resend_refund(struct op *op, const char *refund_id, const struct bank_account *a,
    const char **new_refund_id) MUST_USE;

#endif
