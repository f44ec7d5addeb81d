#include "store/payment.h"

#include <string.h>

#include "base/secret.h"
#include "domain/order_no.h"
#include "io/conf.h"
#include "io/db.h"

enum { NAME_LENGTH = 20 };

static enum err
fill(struct op *op, rows r, struct payment *p)
{
    *p = (struct payment){
        .id = row_int(r, 0, "id"),
        .order_id = row_int(r, 0, "order_id"),
        .attempt = row_int(r, 0, "attempt"),
        .payment_id = row_str(op, r, 0, "payment_id"),
        .closing = row_bool(r, 0, "closing"),
        .amount_fen = row_int(r, 0, "amount_fen"),
        .received_fen = row_int(r, 0, "received_fen"),
        .returned_fen = row_int(r, 0, "returned_fen"),
        .out_trade_no = row_str(op, r, 0, "out_trade_no"),
        .code_url = row_str(op, r, 0, "code_url"),
        .transaction_id = row_str(op, r, 0, "transaction_id"),
        .created_at = row_int(r, 0, "created_at"),
        .expires_at = row_int(r, 0, "expires_at"),
        .paid_at = row_int(r, 0, "paid_at"),
        .payer_name = row_str(op, r, 0, "payer_name"),
        .typed_fen = row_int(r, 0, "typed_fen"),
        .transferred_on = row_str(op, r, 0, "transferred_on"),
        .bank_reference = row_str(op, r, 0, "bank_reference"),
        .refusal_reason = row_str(op, r, 0, "refusal_reason"),
    };
    if (!payment_method_parse(row_str(op, r, 0, "method"), &p->method) ||
        !payment_state_parse(row_str(op, r, 0, "state"), &p->state) ||
        !payment_purpose_parse(row_str(op, r, 0, "purpose"), &p->purpose))
        return op_fail(op, E_INTERNAL, "payment %lld is of no kind known here", (long long)p->id);
    return OK;
}

enum err
payment_get(struct op *op, int64_t id, struct payment *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_GET, &r, db_int(op, id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "payment with id %lld", (long long)id);
    return fill(op, r, out);
}

enum err
payment_find(struct op *op, const char *payment_id, struct payment_key *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_FIND, &r, payment_id));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "payment %.40s", payment_id);
    *out = (struct payment_key){row_int(r, 0, "id"), row_int(r, 0, "order_id")};
    return OK;
}

enum err
payment_by_number(
    struct op *op, enum payment_method method, const char *out_trade_no, struct payment_key *out)
{
    ROWS r = NULL;

    *out = (struct payment_key){0};
    TRY(RUN(op, Q_PAYMENT_BY_NUMBER, &r,
        method == PAYMENT_METHOD_MAX ? NULL : payment_methods[method], out_trade_no));
    if (row_count(r) == 1)
        *out = (struct payment_key){row_int(r, 0, "id"), row_int(r, 0, "order_id")};
    return OK;
}

enum err
payment_open(struct op *op, int64_t order_id, struct list *out)
{
    struct payment *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_OPEN, &r, db_int(op, order_id)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct payment);
    for (int i = 0; i < row_count(r); i++)
        TRY(payment_get(op, row_int(r, i, "id"), &items[i]));
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
payment_of_order(struct op *op, int64_t order_id, struct payment *out)
{
    ROWS r = NULL;

    *out = (struct payment){0};
    TRY(RUN(op, Q_PAYMENT_OF_ORDER, &r, db_int(op, order_id)));
    return row_count(r) == 0 ? OK : payment_get(op, row_int(r, 0, "id"), out);
}

enum err
payment_was_refused(struct op *op, int64_t order_id, bool *refused)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_WAS_REFUSED, &r, db_int(op, order_id)));
    *refused = row_bool(r, 0, "refused");
    return OK;
}

enum err
payment_add(struct op *op, const struct order *o, enum payment_method method, int64_t expires_s,
    struct payment *out)
{
    char name[NAME_LENGTH + 1];
    ROWS next = NULL, r = NULL;
    const char *number;
    int64_t attempt;

    TRY(RUN(op, Q_PAYMENT_ATTEMPT, &next, db_int(op, o->id)));
    attempt = row_int(next, 0, "attempt");
    TRY(out_trade_no_make(op, o->order_no, attempt, &number));
    secret_text("23456789ABCDEFGHJKMNPQRSTUVWXYZ", name, NAME_LENGTH);
    TRY(RUN(op, Q_PAYMENT_ADD, &r, name, db_int(op, o->id), db_int(op, attempt),
        payment_methods[method], db_int(op, o->certificate_fen + o->courier_fen),
        payment_states[method == PAYMENT_BANK_TRANSFER ? PAYMENT_PENDING : PAYMENT_PREPARING],
        number, expires_s == 0 ? NULL : db_int(op, expires_s)));
    return payment_get(op, row_int(r, 0, "id"), out);
}

enum err
payment_give_up(struct op *op, int64_t id, bool closing)
{
    return DO(op, Q_PAYMENT_GIVE_UP, NULL, db_int(op, id), db_bool(closing));
}

enum err
payment_shut(struct op *op, int64_t id, const char *reason)
{
    return DO(op, Q_PAYMENT_SHUT, NULL, db_int(op, id), reason);
}

enum err
payment_code(struct op *op, int64_t id, const char *code_url, bool *taken)
{
    int64_t n;

    TRY(DO(op, Q_PAYMENT_CODE, &n, db_int(op, id), code_url));
    *taken = n == 1;
    return OK;
}

enum err
payment_reclose(struct op *op, int64_t id)
{
    return DO(op, Q_PAYMENT_RECLOSE, NULL, db_int(op, id));
}

enum err
payment_in_the_way(struct op *op, const struct payment *p, bool *closing)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_IN_THE_WAY, &r, db_int(op, p->order_id), db_int(op, p->id)));
    *closing = row_bool(r, 0, "closing");
    return OK;
}

enum err
payment_received(struct op *op, const struct payment *p, const struct payment_receipt *r)
{
    return DO(op, Q_PAYMENT_RECEIVED, NULL, db_int(op, p->id), payment_purposes[r->purpose],
        db_int(op, r->received_fen), r->transaction_id, db_int(op, r->paid_at));
}

enum err
payment_set_state(struct op *op, int64_t id, enum payment_state state)
{
    return DO(op, Q_PAYMENT_STATE, NULL, db_int(op, id), payment_states[state]);
}

enum err
payment_voucher(struct op *op, const struct payment *p, const char *voucher_sha256)
{
    return DO(op, Q_PAYMENT_VOUCHER, NULL, db_int(op, p->id), p->payer_name,
        db_int(op, p->typed_fen), p->transferred_on, p->bank_reference, voucher_sha256);
}

enum err
payment_voucher_document(struct op *op, int64_t order_id, const char **sha256)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_VOUCHER_DOCUMENT, &r, db_int(op, order_id)));
    *sha256 = row_count(r) == 0 ? NULL : row_str(op, r, 0, "sha256");
    return OK;
}

enum err
payment_subject(struct op *op, int64_t order_id, const char **subject)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_SUBJECT, &r, db_int(op, order_id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "order with id %lld", (long long)order_id);
    *subject = arena_printf(op->arena, "%s证书新办", row_str(op, r, 0, "name_zh"));
    return OK;
}

enum err
payment_facts(struct op *op, const struct payment *p, struct payment_facts *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_FACTS, &r, db_int(op, p->order_id), db_int(op, p->id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "order with id %lld", (long long)p->order_id);
    out->other_paid = row_bool(r, 0, "other_paid");
    out->expired_s = row_int(r, 0, "expired_s");
    out->still_valid = row_bool(r, 0, "still_valid");
    return OK;
}

enum err
order_pin_channel(struct op *op, struct order *o, const char *channel)
{
    o->pin_channel = channel;
    return DO(op, Q_ORDER_PAID_BY, NULL, db_int(op, o->id), channel);
}

enum err
order_close_reason(struct op *op, const struct order *o, const char *reason)
{
    return DO(op, Q_ORDER_CLOSE_REASON, NULL, db_int(op, o->id), reason);
}

enum err
order_unlease(struct op *op, struct order *o)
{
    o->lease_staff = o->lease_until = 0;
    return DO(op, Q_ORDER_UNLEASE, NULL, db_int(op, o->id));
}

/* ---- what the payer sees ---- */

struct typed_voucher {
    const char *payer_name, *transferred_on, *bank_reference;
    int64_t amount_fen;
};
static const struct field voucher_fields[] = {
    STR(struct typed_voucher, payer_name, 1, 100),
    INT(struct typed_voucher, amount_fen, 1, INT64_MAX),
    STR(struct typed_voucher, transferred_on, 10, 10, .format = "date"),
    STR(struct typed_voucher, bank_reference, 1, 60, .flags = F_OPT),
    {.type = F_END},
};

static const struct field beneficiary_fields[] = {
    STR(struct beneficiary, account_name, 1, 100),
    STR(struct beneficiary, account_number, 1, 40),
    STR(struct beneficiary, bank, 1, 100),
    STR(struct beneficiary, memo, 1, 40),
    {.type = F_END},
};

const struct field payment_view_fields[] = {
    STR(struct payment_view, payment_id, 1, 40),
    STR(struct payment_view, method, 1, 20),
    INT(struct payment_view, amount_fen, 1, INT64_MAX),
    STR(struct payment_view, state, 1, 30),
    STR(struct payment_view, code_url, 1, 512, .flags = F_OPT),
    REF(struct payment_view, beneficiary, beneficiary_fields, struct beneficiary, .flags = F_OPT),
    REF(struct payment_view, voucher, voucher_fields, struct typed_voucher, .flags = F_OPT),
    STR(struct payment_view, reason, 1, 200, .flags = F_OPT),
    TIME(struct payment_view, expires_at, .flags = F_OPT),
    TIME(struct payment_view, paid_at, .flags = F_OPT),
    {.type = F_END},
};

static void
show_transfer(struct op *op, rows r, struct payment_view *out)
{
    out->beneficiary = NEW(op->arena, struct beneficiary);
    *out->beneficiary = (struct beneficiary){op->conf->bank_beneficiary_name,
        op->conf->bank_beneficiary_account, op->conf->bank_beneficiary_bank, out->order_no};
    if (row_null(r, 0, "typed_fen"))
        return;
    out->voucher = NEW(op->arena, struct typed_voucher);
    *out->voucher = (struct typed_voucher){
        row_str(op, r, 0, "payer_name"),
        row_str(op, r, 0, "transferred_on"),
        row_str(op, r, 0, "bank_reference"),
        row_int(r, 0, "typed_fen"),
    };
}

enum err
payment_view(struct op *op, const char *payment_id, const char *order_no, int64_t account,
    struct payment_view *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAYMENT_VIEW, &r, payment_id, order_no, db_int(op, account)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "payment %.40s", payment_id);
    *out = (struct payment_view){
        .payment_id = row_str(op, r, 0, "payment_id"),
        .method = row_str(op, r, 0, "method"),
        .amount_fen = row_int(r, 0, "amount_fen"),
        .state = row_str(op, r, 0, "state"),
        .reason = row_str(op, r, 0, "reason"),
        .expires_at = row_int(r, 0, "expires_at"),
        .paid_at = row_int(r, 0, "paid_at"),
        .order_no = row_str(op, r, 0, "order_no"),
        .version = row_int(r, 0, "version"),
    };
    /* A code is shown only while it may be paid. */
    if (strcmp(out->state, "pending") == 0)
        out->code_url = row_str(op, r, 0, "code_url");
    if (strcmp(out->method, "bank_transfer") == 0)
        show_transfer(op, r, out);
    return OK;
}
