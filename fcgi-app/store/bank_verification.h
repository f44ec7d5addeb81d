/* Attempts at 金融认证: one transfer of 0.01 yuan each, or an account proved another way. */
#ifndef HALL_STORE_BANK_VERIFICATION_H
#define HALL_STORE_BANK_VERIFICATION_H

#include "domain/form.h"
#include "io/record.h"
#include "store/order.h"

enum attempt_state { ATTEMPT_QUEUED, ATTEMPT_SENT, ATTEMPT_UNKNOWN, ATTEMPT_OK, ATTEMPT_FAILED };
/* "queued", …, NULL-ended; what the API shows. */
extern const char *const attempt_states[];

struct attempt {
    int64_t id, order_id, number;
    const char *order_no, *reference, *account_tail;
    enum attempt_state state;
    bool is_manual, is_last;
    struct bank_account account;
    int64_t pin_id;                    /* 0: none made yet */
    int64_t submitted_at, finished_at; /* 0: not yet */
    const char *manual_result;         /* "ok", "failed"; NULL: nobody said anything */
    int64_t first_staff, second_staff;
};

struct attempt_count {
    int64_t total, today, last; /* last: the highest number, 0 for none */
};
/* today counts from `since`, UTC seconds. */
enum err bank_verification_count(
    struct op *op, int64_t order_id, int64_t since, struct attempt_count *out) MUST_USE;

/* The next attempt, queued; *reference is its name at the bank, 20 characters. */
enum err bank_verification_add(struct op *op, const struct order *o, const struct bank_account *b,
    const char **reference) MUST_USE;

/* Both lock the row; the caller has locked the order before. E_NOT_FOUND. */
enum err bank_verification_lock(struct op *op, const char *reference, struct attempt *out) MUST_USE;
enum err bank_verification_lock_id(struct op *op, int64_t id, struct attempt *out) MUST_USE;

/* Written before the call. */
enum err bank_verification_sending(struct op *op, const struct attempt *a, int64_t pin) MUST_USE;
enum err bank_verification_state(
    struct op *op, const struct attempt *a, enum attempt_state state) MUST_USE;
/* state OK or FAILED; reason is a code of domain/reason.def or NULL, serial may be NULL. */
enum err bank_verification_finish(struct op *op, const struct attempt *a, enum attempt_state state,
    const char *reason, const char *serial) MUST_USE;

/* The words of the first and the consent of the second person. */
enum err bank_verification_ask(
    struct op *op, const struct attempt *a, const char *result, const char *note) MUST_USE;
enum err bank_verification_agree(struct op *op, const struct attempt *a) MUST_USE;
/* T31b: the account of a failed attempt was proved another way; the PIN goes by SMS. */
enum err bank_verification_prove(struct op *op, const struct attempt *a) MUST_USE;

/* Writes the form with its new account; the confirmed revision stays as it is. */
enum err bank_verification_account(
    struct op *op, const struct order *o, const struct form *f) MUST_USE;

/* For the desk. */
struct attempt_row {
    int64_t number;
    const char *id, *order_no, *order_state, *subject_name, *reference, *state, *reason,
        *reason_text, *account_tail, *kind, *bank_serial, *manual_result, *manual_note,
        *first_staff, *second_staff;
    int64_t attempt, created_at, submitted_at, finished_at, first_staff_id;
};
extern const struct field attempt_row_fields[];
/* Newest first from below `before` (0: the top), at most limit + 1; state NULL: all; id 0: all. */
enum err bank_verification_list(struct op *op, const char *state, int64_t before, int64_t limit,
    int64_t id, struct list *out) MUST_USE;

#endif
