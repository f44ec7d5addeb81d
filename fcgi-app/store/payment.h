/* Attempts to pay an order. Whoever changes one holds the lock of its order. */
#ifndef HALL_STORE_PAYMENT_H
#define HALL_STORE_PAYMENT_H

#include "domain/payment.h"
#include "io/record.h"

struct payment {
    int64_t id, order_id, attempt;
    const char *payment_id; /* opaque name outside */
    enum payment_method method;
    enum payment_state state;
    enum payment_purpose purpose;
    bool closing; /* given up, but the provider may still take money for it */
    int64_t amount_fen, received_fen;
    int64_t returned_fen; /* given back, or on its way */
    const char *out_trade_no, *code_url, *transaction_id;
    int64_t created_at, expires_at, paid_at;
    const char *payer_name, *transferred_on, *bank_reference; /* of the voucher, as typed */
    int64_t typed_fen;
    const char *refusal_reason;
};

#endif
