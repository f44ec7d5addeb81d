#include "domain/payment.h"

#include <stddef.h>
#include <string.h>

const char *const payment_methods[] = {
    [PAYMENT_WECHAT_PAY] = "wechat_pay",
    [PAYMENT_ALIPAY] = "alipay",
    [PAYMENT_BANK_TRANSFER] = "bank_transfer",
    NULL,
};

const char *const payment_states[] = {
    [PAYMENT_PREPARING] = "preparing",
    [PAYMENT_PENDING] = "pending",
    [PAYMENT_PAID] = "paid",
    [PAYMENT_CLOSED] = "closed",
    [PAYMENT_AWAITING_CONFIRMATION] = "awaiting_confirmation",
    [PAYMENT_REFUSED] = "refused",
    [PAYMENT_REFUNDING] = "refunding",
    [PAYMENT_REFUNDED] = "refunded",
    NULL,
};

const char *const payment_purposes[] = {
    [PAYMENT_FOR_ORDER] = "order",
    [PAYMENT_LATE] = "late",
    [PAYMENT_DUPLICATE] = "duplicate",
    [PAYMENT_MISMATCH] = "mismatch",
    NULL,
};

const char *const return_states[] = {
    [RETURN_REQUESTED] = "requested",
    [RETURN_CREATED] = "created",
    [RETURN_SUBMITTED] = "submitted",
    [RETURN_UNKNOWN] = "unknown",
    [RETURN_SUCCEEDED] = "succeeded",
    [RETURN_FAILED] = "failed",
    [RETURN_WITHDRAWN] = "withdrawn",
    NULL,
};

/* -1 when the list does not have it. */
static int
position(const char *const *names, const char *code)
{
    for (int i = 0; code != NULL && names[i] != NULL; i++)
        if (strcmp(names[i], code) == 0)
            return i;
    return -1;
}

bool
payment_state_parse(const char *code, enum payment_state *out)
{
    int i = position(payment_states, code);

    if (i >= 0)
        *out = (enum payment_state)i;
    return i >= 0;
}

bool
payment_method_parse(const char *code, enum payment_method *out)
{
    int i = position(payment_methods, code);

    if (i >= 0)
        *out = (enum payment_method)i;
    return i >= 0;
}

bool
payment_purpose_parse(const char *code, enum payment_purpose *out)
{
    int i = position(payment_purposes, code);

    if (i >= 0)
        *out = (enum payment_purpose)i;
    return i >= 0;
}

bool
return_state_parse(const char *code, enum return_state *out)
{
    int i = position(return_states, code);

    if (i >= 0)
        *out = (enum return_state)i;
    return i >= 0;
}

enum payment_meaning
payment_judge(const struct payment_facts *f)
{
    if (!f->yuan || f->received_fen != f->due_fen)
        return PAYMENT_IS_WRONG;
    switch (f->order) {
    case ORDER_AWAITING_PAYMENT:
        if (f->other_paid)
            return PAYMENT_IS_DUPLICATE;
        /* The form was reopened and the price is another one now. */
        return f->due_fen == f->quote_fen ? PAYMENT_PAYS : PAYMENT_IS_WRONG;
    case ORDER_EXPIRED:
        return f->still_valid && !f->other_paid && f->due_fen == f->quote_fen &&
                       f->expired_s <= PAYMENT_REOPEN_SECONDS
                   ? PAYMENT_REVIVES
                   : PAYMENT_RETURNS;
    case ORDER_CANCELLED:
    case ORDER_DENIED:
        return PAYMENT_RETURNS;
    default:
        return f->other_paid ? PAYMENT_IS_DUPLICATE : PAYMENT_IS_LATE;
    }
}

enum payment_purpose
payment_purpose_of(enum payment_meaning m)
{
    switch (m) {
    case PAYMENT_PAYS:
    case PAYMENT_REVIVES:
        return PAYMENT_FOR_ORDER;
    case PAYMENT_IS_DUPLICATE:
        return PAYMENT_DUPLICATE;
    case PAYMENT_IS_WRONG:
        return PAYMENT_MISMATCH;
    case PAYMENT_RETURNS:
    case PAYMENT_IS_LATE:
        break;
    }
    return PAYMENT_LATE;
}

int64_t
payment_retry_gap(int64_t age_s)
{
    if (age_s < 10)
        return 2;
    if (age_s < 60)
        return 5;
    if (age_s < 600)
        return 30;
    return age_s < 7200 ? 300 : 1800;
}

int64_t
payment_failed_gap(int64_t tries)
{
    int64_t gap = 1;

    while (tries-- > 0 && gap < 300)
        gap *= 2;
    return gap < 300 ? gap : 300;
}

int64_t
payment_poll_gap(int64_t age_s)
{
    if (age_s < 60)
        return 3;
    if (age_s < 300)
        return 10;
    return age_s < 900 ? 30 : 60;
}

bool
payment_may_return(enum order_state order, bool whole)
{
    if (!whole)
        return true;
    switch (order) {
    case ORDER_AWAITING_FUNDS:
    case ORDER_ACCEPTED:
    case ORDER_BANK_VERIFICATION_PENDING:
    case ORDER_BANK_VERIFICATION_FAILED:
    case ORDER_BANK_VERIFIED:
    case ORDER_ISSUING:
    case ORDER_ISSUANCE_FAILED:
    case ORDER_ISSUED:
    case ORDER_SHIPPED:
    case ORDER_DELIVERY_EXCEPTION:
        return false;
    default:
        return true;
    }
}
