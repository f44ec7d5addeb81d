/* Ways and states of paying, and what money that has come in means for its order. */
#ifndef HALL_DOMAIN_PAYMENT_H
#define HALL_DOMAIN_PAYMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/order.h"

enum payment_method {
    PAYMENT_WECHAT_PAY,
    PAYMENT_ALIPAY,
    PAYMENT_BANK_TRANSFER,
    PAYMENT_METHOD_MAX
};
extern const char *const payment_methods[]; /* words of JSON by value, NULL-ended */

enum payment_state {
    PAYMENT_PREPARING, /* the provider has not given a code yet */
    PAYMENT_PENDING,   /* the code is shown, or the transfer awaited */
    PAYMENT_PAID,
    PAYMENT_CLOSED,
    PAYMENT_AWAITING_CONFIRMATION, /* the voucher is in, finance looks for the money */
    PAYMENT_REFUSED,
    PAYMENT_REFUNDING,
    PAYMENT_REFUNDED,
    PAYMENT_STATE_MAX
};
extern const char *const payment_states[];
bool payment_state_parse(const char *code, enum payment_state *out);
bool payment_method_parse(const char *code, enum payment_method *out);

enum payment_purpose { PAYMENT_FOR_ORDER, PAYMENT_LATE, PAYMENT_DUPLICATE, PAYMENT_MISMATCH };
extern const char *const payment_purposes[];
bool payment_purpose_parse(const char *code, enum payment_purpose *out);

enum {
    PAYMENT_CODE_SECONDS = 1800,        /* an online attempt can be paid for so long */
    PAYMENT_REOPEN_SECONDS = 72 * 3600, /* T51a: after expiry, money still revives the order */
    PAYMENT_SWITCH_SECONDS = 10         /* a new code waits so long for the old one's closing */
};

/* Money on its way back. */
enum return_state {
    RETURN_REQUESTED, /* waits for a second person */
    RETURN_CREATED,   /* to be sent */
    RETURN_SUBMITTED, /* somebody outside may have heard of it: asked about before it is repeated */
    RETURN_UNKNOWN,   /* the same, and the last answer told nothing */
    RETURN_SUCCEEDED,
    RETURN_FAILED,
    RETURN_WITHDRAWN,
    RETURN_STATE_MAX
};
extern const char *const return_states[]; /* words of JSON by value, NULL-ended */
bool return_state_parse(const char *code, enum return_state *out);

/* What is known when a provider says that an attempt was paid. */
struct payment_facts {
    enum order_state order;
    int64_t due_fen;      /* of the attempt */
    int64_t quote_fen;    /* of the order now */
    int64_t received_fen; /* as the provider says */
    bool yuan;            /* the currency is CNY */
    bool other_paid;      /* another payment covers the order, or is being confirmed */
    int64_t expired_s;    /* since the order expired; 0 unless it has */
    bool still_valid;     /* documents and identity check hold, nobody else has an open order */
};
enum payment_meaning {
    PAYMENT_PAYS,    /* T09, T09b */
    PAYMENT_REVIVES, /* T51a */
    PAYMENT_RETURNS, /* T51: the order was over, it follows its refund */
    PAYMENT_IS_LATE, /* goes back, the order stays as it is */
    PAYMENT_IS_DUPLICATE,
    PAYMENT_IS_WRONG /* amount or currency */
};
enum payment_meaning payment_judge(const struct payment_facts *f);
/* How the money of such a payment is booked. */
enum payment_purpose payment_purpose_of(enum payment_meaning m);

/* Seconds until a refund is asked about again, by its age. */
int64_t payment_retry_gap(int64_t age_s);

/* Seconds until a question that got no answer is put again, by the tries so far: a provider that
 * hangs must not keep the worker busy. */
int64_t payment_failed_gap(int64_t tries);

/* Seconds until an open attempt is asked about again, by its age: often while somebody looks at
 * the code, then rarely. */
int64_t payment_poll_gap(int64_t age_s);

/* Whether finance may give back so much of an order's payment now. What is not wholly returned may
 * go at any time; the whole only where nothing depends on it: before the approval, where the order
 * then asks for new money, or once everything is over. */
bool payment_may_return(enum order_state order, bool whole);

#endif
