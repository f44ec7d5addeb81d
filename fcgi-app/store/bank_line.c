#include "store/bank_line.h"

#include <string.h>

#include "io/db.h"
#include "io/vault.h"

enum err
bank_line_add(struct op *op, const struct bank_credit *c)
{
    const char *context = arena_printf(op->arena, "bank_lines/%s", c->serial), *account = NULL;
    const void *sealed;
    size_t n;

    if (*c->payer_account != '\0') {
        TRY(vault_seal(
            op, VAULT_PERSONAL, context, c->payer_account, strlen(c->payer_account), &sealed, &n));
        account = db_bytes(op, sealed, n);
    }
    return DO(op, Q_BANK_LINE_ADD, NULL, c->serial, db_int(op, c->at), db_int(op, c->amount_fen),
        c->payer_name, account, c->memo);
}

enum err
bank_line_get(struct op *op, int64_t id, struct bank_line_free *out)
{
    ROWS r = NULL;

    *out = (struct bank_line_free){0};
    TRY(RUN(op, Q_BANK_LINE_GET, &r, db_int(op, id)));
    if (row_count(r) == 1)
        *out = (struct bank_line_free){
            .id = id,
            .at = row_int(r, 0, "at"),
            .amount_fen = row_int(r, 0, "amount_fen"),
            .free_fen = row_int(r, 0, "free_fen"),
            .payer_name = row_str(op, r, 0, "payer_name"),
        };
    return OK;
}

enum err
bank_line_for(struct op *op, const struct payment *p, struct bank_line_free *out)
{
    ROWS r = NULL;

    *out = (struct bank_line_free){0};
    TRY(RUN(op, Q_BANK_LINE_FOR, &r, db_int(op, p->id)));
    return row_count(r) == 1 ? bank_line_get(op, row_int(r, 0, "id"), out) : OK;
}

enum err
bank_match_add(struct op *op, int64_t line_id, const struct payment *p, int64_t staff)
{
    return DO(op, Q_BANK_MATCH_ADD, NULL, db_int(op, line_id), db_int(op, p->id),
        db_int(op, p->amount_fen), db_int(op, staff));
}

enum err
bank_match_later(struct op *op)
{
    return DO0(op, Q_BANK_MATCH_LATER, NULL);
}

enum err
payment_confirm(
    struct op *op, const struct payment *p, const struct transfer_verdict *v, bool *done)
{
    int64_t n;

    TRY(DO(op, Q_PAYMENT_CONFIRM, &n, db_int(op, p->id), payment_purposes[v->purpose],
        db_int(op, v->received_fen), db_int(op, v->staff), v->note, db_int(op, v->paid_at)));
    *done = n == 1;
    return OK;
}

enum err
payment_refuse(struct op *op, const struct payment *p, const struct transfer_verdict *v, bool *done)
{
    int64_t n;

    TRY(DO(op, Q_PAYMENT_REFUSE, &n, db_int(op, p->id), v->reason, db_int(op, v->staff), v->note));
    *done = n == 1;
    return OK;
}

/* ---- what finance sees ---- */

static const struct field match_fields[] = {
    {.name = "order_no", .type = F_STR, .min = 17, .max = 17},
    {.name = "payment_id", .type = F_STR, .min = 1, .max = 40},
    {.name = "amount_fen", .type = F_INT, .min = 1, .max = INT64_MAX},
    {.type = F_END},
};

const struct field bank_line_row_fields[] = {
    STR(struct bank_line_row, bank_line_id, 1, 20),
    TIME(struct bank_line_row, at),
    INT(struct bank_line_row, amount_fen, 1, INT64_MAX),
    INT(struct bank_line_row, free_fen, 0, INT64_MAX),
    STR(struct bank_line_row, payer_name, 0, 200),
    STR(struct bank_line_row, memo, 0, 500),
    RAW(struct bank_line_row, orders, match_fields, .max = 100),
    {.type = F_END},
};

enum err
bank_line_list(struct op *op, bool unmatched, int64_t before, int64_t limit, struct list *out)
{
    struct bank_line_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_BANK_LINE_LIST, &r, db_bool(unmatched), before == 0 ? NULL : db_int(op, before),
        db_int(op, limit + 1)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct bank_line_row);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct bank_line_row){
            .id = row_int(r, i, "id"),
            .bank_line_id = row_str(op, r, i, "id"),
            .at = row_int(r, i, "at"),
            .amount_fen = row_int(r, i, "amount_fen"),
            .free_fen = row_int(r, i, "free_fen"),
            .payer_name = row_str(op, r, i, "payer_name"),
            .memo = row_str(op, r, i, "memo"),
            .orders = row_str(op, r, i, "orders"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

static const struct field candidate_fields[] = {
    {.name = "bank_line_id", .type = F_STR, .min = 1, .max = 20},
    {.name = "at", .type = F_TIME},
    {.name = "amount_fen", .type = F_INT, .min = 1, .max = INT64_MAX},
    {.name = "free_fen", .type = F_INT, .min = 1, .max = INT64_MAX},
    {.name = "payer_name", .type = F_STR, .min = 0, .max = 200},
    {.name = "memo", .type = F_STR, .min = 0, .max = 500},
    {.name = "same_payer", .type = F_BOOL},
    {.type = F_END},
};

const struct field payment_row_fields[] = {
    STR(struct payment_row, payment_id, 1, 40),
    STR(struct payment_row, order_no, 17, 17),
    STR(struct payment_row, order_state, 1, 40),
    STR(struct payment_row, subject_name, 0, 100, .flags = F_OPT),
    STR(struct payment_row, method, 1, 20),
    STR(struct payment_row, state, 1, 30),
    STR(struct payment_row, purpose, 1, 20),
    INT(struct payment_row, amount_fen, 1, INT64_MAX),
    INT(struct payment_row, received_fen, 0, INT64_MAX),
    INT(struct payment_row, returned_fen, 0, INT64_MAX),
    STR(struct payment_row, out_trade_no, 1, 64),
    STR(struct payment_row, payer_name, 1, 100, .flags = F_OPT),
    INT(struct payment_row, typed_fen, 0, INT64_MAX),
    STR(struct payment_row, transferred_on, 10, 10, .flags = F_OPT, .format = "date"),
    STR(struct payment_row, bank_reference, 1, 60, .flags = F_OPT),
    STR(struct payment_row, voucher_sha256, 64, 64, .flags = F_OPT),
    STR(struct payment_row, decided_by, 1, 40, .flags = F_OPT),
    STR(struct payment_row, decision_note, 0, 500, .flags = F_OPT),
    STR(struct payment_row, reason, 1, 200, .flags = F_OPT),
    RAW(struct payment_row, candidates, candidate_fields, .max = 5),
    TIME(struct payment_row, paid_at, .flags = F_OPT),
    TIME(struct payment_row, created_at),
    {.type = F_END},
};

static struct payment_row
payment_row(struct op *op, rows r, int i)
{
    return (struct payment_row){
        .id = row_int(r, i, "id"),
        .payment_id = row_str(op, r, i, "payment_id"),
        .order_no = row_str(op, r, i, "order_no"),
        .order_state = row_str(op, r, i, "order_state"),
        .subject_name = row_str(op, r, i, "subject_name"),
        .method = row_str(op, r, i, "method"),
        .state = row_str(op, r, i, "state"),
        .purpose = row_str(op, r, i, "purpose"),
        .amount_fen = row_int(r, i, "amount_fen"),
        .received_fen = row_int(r, i, "received_fen"),
        .returned_fen = row_int(r, i, "returned_fen"),
        .out_trade_no = row_str(op, r, i, "out_trade_no"),
        .payer_name = row_str(op, r, i, "payer_name"),
        .typed_fen = row_int(r, i, "typed_fen"),
        .transferred_on = row_str(op, r, i, "transferred_on"),
        .bank_reference = row_str(op, r, i, "bank_reference"),
        .voucher_sha256 = row_str(op, r, i, "voucher_sha256"),
        .decided_by = row_str(op, r, i, "decided_by"),
        .decision_note = row_str(op, r, i, "decision_note"),
        .reason = row_str(op, r, i, "reason"),
        .candidates = row_str(op, r, i, "candidates"),
        .paid_at = row_int(r, i, "paid_at"),
        .created_at = row_int(r, i, "created_at"),
    };
}

enum err
payment_list(struct op *op, const char *state, const char *payment_id, int64_t before,
    int64_t limit, struct list *out)
{
    struct payment_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_LIST, &r, state, before == 0 ? NULL : db_int(op, before),
        db_int(op, limit + 1), payment_id));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct payment_row);
    for (int i = 0; i < row_count(r); i++)
        items[i] = payment_row(op, r, i);
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}
