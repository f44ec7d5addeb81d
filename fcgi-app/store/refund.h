/* Refunds. Whoever changes one holds the lock of its order. */
#ifndef HALL_STORE_REFUND_H
#define HALL_STORE_REFUND_H

#include "domain/form.h"
#include "domain/payment.h"
#include "io/record.h"
#include "store/payment.h"

struct refund {
    int64_t id, payment_id, order_id; /* payment_id: the row's */
    const char *refund_id;            /* opaque name outside */
    const char *out_refund_no;        /* never changes over retries */
    int64_t amount_fen;
    const char *reason;
    enum return_state state;
    bool closes_order;    /* the order stands in refunding and follows this refund */
    bool by_transfer;     /* to an account of its own instead of the way the money came */
    const char *failure;  /* of the last try; NULL when there was none */
    int64_t requested_by; /* staff; 0: nobody had to ask */
    int64_t approved_by;
    int64_t created_at, submitted_at, finished_at;
};

struct new_refund {
    const struct order *order;
    const struct payment *payment;
    int64_t amount_fen;
    const char *reason;
    bool closes_order;
    int64_t asked_by; /* staff: waits for another person's approval; 0: goes out */
    const char *key;  /* Idempotency-Key or NULL: the same is the same refund */
    const struct bank_account *account; /* NULL: the way it came */
};
/* *was_new is false when the key was there already. E_CONFLICT when more would go back than came
 * in. */
enum err refund_add(
    struct op *op, const struct new_refund *n, struct refund *out, bool *was_new) MUST_USE;

enum err refund_get(struct op *op, int64_t id, struct refund *out) MUST_USE;
struct refund_key {
    int64_t id, order_id; /* id 0: there is none */
};
enum err refund_find(struct op *op, const char *refund_id, struct refund_key *out) MUST_USE;
enum err refund_by_number(
    struct op *op, const char *out_refund_no, struct refund_key *out) MUST_USE;
/* The last one that failed and was not sent again, for which the payee may name an account;
 * E_NOT_FOUND. */
enum err refund_failed_of(struct op *op, int64_t order_id, struct refund *out) MUST_USE;
enum err refund_sent_again(struct op *op, const struct refund *f, bool *again) MUST_USE;

/* What somebody asked for and nobody approved yet. */
enum err refund_withdraw_requested(struct op *op, int64_t payment_id) MUST_USE;

/* failure and provider_id may be NULL. E_CONFLICT when more would go back than came in. */
enum err refund_set_state(struct op *op, struct refund *f, enum return_state state,
    const char *failure, const char *provider_id) MUST_USE;
/* E_CONFLICT when it does not wait for approval any more. */
enum err refund_approve(struct op *op, struct refund *f, int64_t staff) MUST_USE;

/* The account a refund goes to by transfer, sealed in its row. */
enum err refund_set_account(struct op *op, struct refund *f, const struct bank_account *a) MUST_USE;
/* All members NULL when none is known. */
enum err refund_account(struct op *op, const struct refund *f, struct bank_account *out) MUST_USE;
/* Name and number that the money of a transfer came from, by the matched line of our statement. */
enum err refund_payer(struct op *op, const struct payment *p, struct bank_account *out) MUST_USE;

struct refund_sums {
    int64_t back_fen, open; /* what has gone back; how many refunds are under way */
    int64_t leaving_fen;    /* gone back or on its way; what waits for a second person is not */
};
enum err refund_sums(struct op *op, int64_t payment_id, struct refund_sums *out) MUST_USE;

/* As staff see it. */
struct refund_row {
    int64_t id;
    const char *refund_id, *out_refund_no, *reason, *state, *failure, *payment_id, *method;
    const char *purpose, *order_no, *order_state, *subject_name, *requested_by, *approved_by;
    int64_t amount_fen, created_at, finished_at;
    bool closes_order, has_account;
    bool mine; /* op->actor asked for it: somebody else has to approve */
};
extern const struct field refund_row_fields[];
/* Newest first; limit + 1 rows. state and refund_id NULL: all. */
enum err refund_list(struct op *op, const char *state, const char *refund_id, int64_t before,
    int64_t limit, struct list *out) MUST_USE;

#endif
