/* Attempts to pay an order. Whoever changes one holds the lock of its order. */
#ifndef HALL_STORE_PAYMENT_H
#define HALL_STORE_PAYMENT_H

#include "domain/payment.h"
#include "io/record.h"
#include "store/order.h"

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
    int64_t created_at, expires_at, paid_at;                  /* UTC seconds, 0 for none */
    const char *payer_name, *transferred_on, *bank_reference; /* of the voucher, as typed */
    int64_t typed_fen;
    const char *refusal_reason;
};

enum err payment_get(struct op *op, int64_t id, struct payment *out) MUST_USE;

/* The keys of a payment, for whoever must lock its order first. */
struct payment_key {
    int64_t id, order_id; /* id 0: there is none */
};
enum err payment_find(struct op *op, const char *payment_id, struct payment_key *out) MUST_USE;
/* method PAYMENT_METHOD_MAX: whichever. */
enum err payment_by_number(struct op *op, enum payment_method method, const char *out_trade_no,
    struct payment_key *out) MUST_USE;

/* Items are struct payment: attempts that could still be paid, and transfers without a voucher. */
enum err payment_open(struct op *op, int64_t order_id, struct list *out) MUST_USE;
/* The payment that covers the order or is being confirmed; id 0 when there is none. */
enum err payment_of_order(struct op *op, int64_t order_id, struct payment *out) MUST_USE;
enum err payment_was_refused(struct op *op, int64_t order_id, bool *refused) MUST_USE;

/* A new attempt for the order's quote; expires_s 0: not by itself. E_TOO_MANY after 99. */
enum err payment_add(struct op *op, const struct order *o, enum payment_method method,
    int64_t expires_s, struct payment *out) MUST_USE;

/* We no longer want it; `closing` when its provider has to be told. */
enum err payment_give_up(struct op *op, int64_t id, bool closing) MUST_USE;
/* Nobody can pay it any more. reason may be NULL. */
enum err payment_shut(struct op *op, int64_t id, const char *reason) MUST_USE;
/* *taken is false when the attempt was given up meanwhile. */
enum err payment_code(struct op *op, int64_t id, const char *code_url, bool *taken) MUST_USE;

/* Opened at the provider after we had given it up: to be closed there. */
enum err payment_reclose(struct op *op, int64_t id) MUST_USE;
/* Whether another attempt of the order is still being closed. */
enum err payment_in_the_way(struct op *op, const struct payment *p, bool *closing) MUST_USE;

/* What came in, for what. E_CONFLICT when the provider's number is that of another payment, or the
 * order is paid already. */
struct payment_receipt {
    enum payment_purpose purpose;
    int64_t received_fen, paid_at;
    const char *transaction_id; /* NULL for transfers */
};
enum err payment_received(
    struct op *op, const struct payment *p, const struct payment_receipt *r) MUST_USE;
enum err payment_set_state(struct op *op, int64_t id, enum payment_state state) MUST_USE;

/* The typed voucher; E_CONFLICT when the order is paid or being confirmed already. */
enum err payment_voucher(
    struct op *op, const struct payment *p, const char *voucher_sha256) MUST_USE;
/* Hash of the voucher that is uploaded now, NULL when there is none that can be used. */
enum err payment_voucher_document(struct op *op, int64_t order_id, const char **sha256) MUST_USE;

/* "辽宁政府采购证书新办" */
enum err payment_subject(struct op *op, int64_t order_id, const char **subject) MUST_USE;

/* Fills what the database knows of the facts: other_paid, expired_s, still_valid. */
enum err payment_facts(struct op *op, const struct payment *p, struct payment_facts *out) MUST_USE;

/* Columns of the order that paying decides. */
enum err order_pin_channel(struct op *op, struct order *o, const char *channel) MUST_USE;
enum err order_close_reason(struct op *op, const struct order *o, const char *reason) MUST_USE;
enum err order_unlease(struct op *op, struct order *o) MUST_USE;

/* An attempt as its payer sees it. */
struct beneficiary {
    const char *account_name, *account_number, *bank, *memo;
};
struct payment_view {
    const char *payment_id, *method, *state, *code_url, *reason;
    int64_t amount_fen, expires_at, paid_at;
    struct beneficiary *beneficiary; /* bank transfer, else NULL */
    struct typed_voucher *voucher;   /* NULL before it is handed in */
    const char *order_no;
    int64_t version; /* of the order: grows with every change of the payment */
};
extern const struct field payment_view_fields[];
enum err payment_view(struct op *op, const char *payment_id, const char *order_no, int64_t account,
    struct payment_view *out) MUST_USE;

#endif
