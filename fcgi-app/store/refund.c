#include "store/refund.h"

#include <string.h>

#include "base/secret.h"
#include "domain/order_no.h"
#include "io/db.h"
#include "io/vault.h"

enum { NAME_LENGTH = 20 };

static const struct field account_fields[] = {
    STR(struct bank_account, account_name, 0, 200, .flags = F_OPT),
    STR(struct bank_account, bank_code, 0, 12, .flags = F_OPT),
    STR(struct bank_account, account_number, 0, 40, .flags = F_OPT),
    {.type = F_END},
};

static const char *
context(struct op *op, const char *out_refund_no)
{
    return arena_printf(op->arena, "refunds/%s", out_refund_no);
}

static enum err
seal(struct op *op, const char *out_refund_no, const struct bank_account *a, const char **hex)
{
    const char *text = record_text(op, account_fields, a);
    const void *sealed;
    size_t n;

    TRY(vault_seal(
        op, VAULT_PERSONAL, context(op, out_refund_no), text, strlen(text), &sealed, &n));
    *hex = db_bytes(op, sealed, n);
    return OK;
}

enum err
refund_get(struct op *op, int64_t id, struct refund *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REFUND_GET, &r, db_int(op, id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "refund with id %lld", (long long)id);
    *out = (struct refund){
        .id = row_int(r, 0, "id"),
        .payment_id = row_int(r, 0, "payment_id"),
        .order_id = row_int(r, 0, "order_id"),
        .refund_id = row_str(op, r, 0, "refund_id"),
        .out_refund_no = row_str(op, r, 0, "out_refund_no"),
        .amount_fen = row_int(r, 0, "amount_fen"),
        .reason = row_str(op, r, 0, "reason"),
        .closes_order = row_bool(r, 0, "closes_order"),
        .by_transfer = strlen(row_str(op, r, 0, "out_refund_no")) == BANK_REFERENCE_MAX,
        .failure = row_str(op, r, 0, "failure"),
        .requested_by = row_int(r, 0, "requested_by"),
        .approved_by = row_int(r, 0, "approved_by"),
        .created_at = row_int(r, 0, "created_at"),
        .submitted_at = row_int(r, 0, "submitted_at"),
        .finished_at = row_int(r, 0, "finished_at"),
    };
    if (!return_state_parse(row_str(op, r, 0, "state"), &out->state))
        return op_fail(op, E_INTERNAL, "refund %s is in a state unknown here", out->refund_id);
    return OK;
}

/* The number says how the money goes: one made of the order's number is a bank reference. */
static enum err
make_number(struct op *op, const struct new_refund *n, const char **number)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REFUND_NUMBERS, &r, db_int(op, n->payment->id), db_int(op, n->order->id)));
    if (n->account != NULL || n->payment->method == PAYMENT_BANK_TRANSFER)
        return bank_refund_no_make(op, n->order->order_no, row_int(r, 0, "of_order"), number);
    return out_refund_no_make(op, n->payment->out_trade_no, row_int(r, 0, "of_payment"), number);
}

static enum err
insert(struct op *op, const struct new_refund *n, int64_t *id)
{
    const char *number, *account = NULL;
    char name[NAME_LENGTH + 1];
    ROWS r = NULL;

    TRY(make_number(op, n, &number));
    if (n->account != NULL)
        TRY(seal(op, number, n->account, &account));
    secret_text("23456789ABCDEFGHJKMNPQRSTUVWXYZ", name, NAME_LENGTH);
    TRY(RUN(op, Q_REFUND_ADD, &r, name, db_int(op, n->payment->id), db_int(op, n->order->id),
        number, db_int(op, n->amount_fen), n->reason,
        return_states[n->asked_by != 0 ? RETURN_REQUESTED : RETURN_CREATED],
        db_bool(n->closes_order), n->asked_by == 0 ? NULL : db_int(op, n->asked_by), n->key,
        account));
    *id = row_int(r, 0, "id");
    return OK;
}

enum err
refund_add(struct op *op, const struct new_refund *n, struct refund *out, bool *was_new)
{
    ROWS r = NULL;
    int64_t id;

    TRY(RUN(op, Q_REFUND_BY_KEY, &r, db_int(op, n->payment->id), n->key));
    *was_new = row_count(r) == 0;
    if (*was_new)
        TRY(insert(op, n, &id));
    else
        id = row_int(r, 0, "id");
    return refund_get(op, id, out);
}

enum err
refund_find(struct op *op, const char *refund_id, struct refund_key *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REFUND_FIND, &r, refund_id));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "refund %.40s", refund_id);
    *out = (struct refund_key){row_int(r, 0, "id"), row_int(r, 0, "order_id")};
    return OK;
}

enum err
refund_by_number(struct op *op, const char *out_refund_no, struct refund_key *out)
{
    ROWS r = NULL;

    *out = (struct refund_key){0};
    TRY(RUN(op, Q_REFUND_BY_NUMBER, &r, out_refund_no));
    if (row_count(r) == 1)
        *out = (struct refund_key){row_int(r, 0, "id"), row_int(r, 0, "order_id")};
    return OK;
}

enum err
refund_failed_of(struct op *op, int64_t order_id, struct refund *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REFUND_FAILED_OF_ORDER, &r, db_int(op, order_id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "no failed refund");
    return refund_get(op, row_int(r, 0, "id"), out);
}

enum err
refund_sent_again(struct op *op, const struct refund *f, bool *again)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REFUND_AGAIN, &r, db_int(op, f->payment_id), db_int(op, f->id)));
    *again = row_bool(r, 0, "again");
    return OK;
}

enum err
refund_withdraw_requested(struct op *op, int64_t payment_id)
{
    return DO(op, Q_REFUND_WITHDRAW_REQUESTED, NULL, db_int(op, payment_id));
}

enum err
refund_set_state(struct op *op, struct refund *f, enum return_state state, const char *failure,
    const char *provider_id)
{
    TRY(DO(
        op, Q_REFUND_STATE, NULL, db_int(op, f->id), return_states[state], failure, provider_id));
    f->state = state;
    f->failure = failure;
    return OK;
}

enum err
refund_approve(struct op *op, struct refund *f, int64_t staff)
{
    int64_t n;

    TRY(DO(op, Q_REFUND_APPROVE, &n, db_int(op, f->id), db_int(op, staff)));
    if (n != 1)
        return op_fail(op, E_CONFLICT, "refund %s was decided meanwhile", f->refund_id);
    f->state = RETURN_CREATED;
    f->approved_by = staff;
    return OK;
}

enum err
refund_set_account(struct op *op, struct refund *f, const struct bank_account *a)
{
    const char *sealed;

    TRY(seal(op, f->out_refund_no, a, &sealed));
    return DO(op, Q_REFUND_ACCOUNT, NULL, db_int(op, f->id), sealed);
}

enum err
refund_account(struct op *op, const struct refund *f, struct bank_account *out)
{
    const void *sealed, *plain;
    size_t n, plain_n;
    ROWS r = NULL;

    *out = (struct bank_account){0};
    TRY(RUN(op, Q_REFUND_GET, &r, db_int(op, f->id)));
    if (row_count(r) != 1 || row_null(r, 0, "account_sealed"))
        return OK;
    sealed = row_bytes(op, r, 0, "account_sealed", &n);
    TRY(vault_unseal(
        op, VAULT_PERSONAL, context(op, f->out_refund_no), sealed, n, &plain, &plain_n));
    return record_read(op, account_fields, plain, out);
}

enum err
refund_payer(struct op *op, const struct payment *p, struct bank_account *out)
{
    const void *sealed, *plain;
    size_t n, plain_n;
    ROWS r = NULL;

    *out = (struct bank_account){0};
    TRY(RUN(op, Q_REFUND_LINE, &r, db_int(op, p->id)));
    if (row_count(r) == 0 || row_null(r, 0, "payer_account_sealed"))
        return OK;
    sealed = row_bytes(op, r, 0, "payer_account_sealed", &n);
    TRY(vault_unseal(op, VAULT_PERSONAL,
        arena_printf(op->arena, "bank_lines/%s", row_str(op, r, 0, "serial")), sealed, n, &plain,
        &plain_n));
    out->account_name = row_str(op, r, 0, "payer_name");
    out->account_number = plain;
    return OK;
}

enum err
refund_sums(struct op *op, int64_t payment_id, struct refund_sums *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REFUND_SUMS, &r, db_int(op, payment_id)));
    *out = (struct refund_sums){
        row_int(r, 0, "back"), row_int(r, 0, "open"), row_int(r, 0, "leaving")};
    return OK;
}

/* ---- what staff see ---- */

const struct field refund_row_fields[] = {
    STR(struct refund_row, refund_id, 1, 40),
    STR(struct refund_row, payment_id, 1, 40),
    STR(struct refund_row, order_no, 17, 17),
    STR(struct refund_row, order_state, 1, 40),
    STR(struct refund_row, subject_name, 0, 100, .flags = F_OPT),
    STR(struct refund_row, method, 1, 20),
    STR(struct refund_row, purpose, 1, 20),
    STR(struct refund_row, out_refund_no, 1, 40),
    INT(struct refund_row, amount_fen, 1, INT64_MAX),
    STR(struct refund_row, reason, 1, 200),
    STR(struct refund_row, state, 1, 20),
    STR(struct refund_row, failure, 0, 500, .flags = F_OPT),
    BOOL(struct refund_row, closes_order),
    BOOL(struct refund_row, has_account),
    BOOL(struct refund_row, mine),
    STR(struct refund_row, requested_by, 1, 40, .flags = F_OPT),
    STR(struct refund_row, approved_by, 1, 40, .flags = F_OPT),
    TIME(struct refund_row, created_at),
    TIME(struct refund_row, finished_at, .flags = F_OPT),
    {.type = F_END},
};

enum err
refund_list(struct op *op, const char *state, const char *refund_id, int64_t before, int64_t limit,
    struct list *out)
{
    struct refund_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_REFUND_LIST, &r, state, before == 0 ? NULL : db_int(op, before),
        db_int(op, limit + 1), refund_id, db_int(op, op->actor.id)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct refund_row);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct refund_row){
            .id = row_int(r, i, "id"),
            .refund_id = row_str(op, r, i, "refund_id"),
            .out_refund_no = row_str(op, r, i, "out_refund_no"),
            .reason = row_str(op, r, i, "reason"),
            .state = row_str(op, r, i, "state"),
            .failure = row_str(op, r, i, "failure"),
            .payment_id = row_str(op, r, i, "payment_id"),
            .method = row_str(op, r, i, "method"),
            .purpose = row_str(op, r, i, "purpose"),
            .order_no = row_str(op, r, i, "order_no"),
            .order_state = row_str(op, r, i, "order_state"),
            .subject_name = row_str(op, r, i, "subject_name"),
            .requested_by = row_str(op, r, i, "requested_by"),
            .approved_by = row_str(op, r, i, "approved_by"),
            .amount_fen = row_int(r, i, "amount_fen"),
            .created_at = row_int(r, i, "created_at"),
            .finished_at = row_int(r, i, "finished_at"),
            .closes_order = row_bool(r, i, "closes_order"),
            .has_account = row_bool(r, i, "has_account"),
            .mine = row_bool(r, i, "mine"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}
