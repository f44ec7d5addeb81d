/* Credits on our own account, and what finance decides about transfers. */
#ifndef HALL_STORE_BANK_LINE_H
#define HALL_STORE_BANK_LINE_H

#include "io/record.h"
#include "store/payment.h"

struct bank_credit {
    const char *serial; /* the bank's, unique */
    int64_t at, amount_fen;
    const char *payer_name, *payer_account, *memo;
};
/* The account number is sealed. A line that is there already stays as it is. */
enum err bank_line_add(struct op *op, const struct bank_credit *c) MUST_USE;

struct bank_line_free {
    int64_t id; /* 0: there is none */
    int64_t at, amount_fen;
    int64_t free_fen; /* not yet matched */
    const char *payer_name;
};
enum err bank_line_get(struct op *op, int64_t id, struct bank_line_free *out) MUST_USE;
/* The one line that fits the payment in amount and payer; none when several do. */
enum err bank_line_for(struct op *op, const struct payment *p, struct bank_line_free *out) MUST_USE;

/* E_CONFLICT when the line has less left. */
enum err bank_match_add(
    struct op *op, int64_t line_id, const struct payment *p, int64_t staff) MUST_USE;

/* Lines that can only be those of transfers confirmed before they were seen become theirs. */
enum err bank_match_later(struct op *op) MUST_USE;

/* What finance found out. *done is false when somebody decided before. */
struct transfer_verdict {
    enum payment_purpose purpose;
    int64_t received_fen, paid_at;
    const char *reason; /* of a refusal, for the applicant */
    const char *note;   /* for us; may be NULL */
    int64_t staff;
};
enum err payment_confirm(
    struct op *op, const struct payment *p, const struct transfer_verdict *v, bool *done) MUST_USE;
enum err payment_refuse(
    struct op *op, const struct payment *p, const struct transfer_verdict *v, bool *done) MUST_USE;

/* As finance sees them; lists come newest first, limit + 1 rows. */
struct bank_line_row {
    int64_t id;
    const char *bank_line_id, *payer_name, *memo, *orders; /* orders: JSON */
    int64_t at, amount_fen, free_fen;
};
extern const struct field bank_line_row_fields[];
enum err bank_line_list(
    struct op *op, bool unmatched, int64_t before, int64_t limit, struct list *out) MUST_USE;

struct payment_row {
    int64_t id;
    const char *payment_id, *order_no, *order_state, *subject_name, *method, *state, *purpose;
    const char *out_trade_no, *payer_name, *transferred_on, *bank_reference, *voucher_sha256;
    const char *decided_by, *decision_note, *reason, *candidates; /* candidates: JSON */
    int64_t amount_fen, received_fen, returned_fen, typed_fen, paid_at, created_at;
};
extern const struct field payment_row_fields[];
/* state and payment_id NULL: all. */
enum err payment_list(struct op *op, const char *state, const char *payment_id, int64_t before,
    int64_t limit, struct list *out) MUST_USE;

#endif
