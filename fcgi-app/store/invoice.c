#include "store/invoice.h"

#include <string.h>

#include "base/secret.h"
#include "domain/order_no.h"
#include "io/db.h"
#include "io/vault.h"

enum { NAME_LENGTH = 20 };

static const struct field buyer_fields[] = {
    ENUM(struct invoice, kind, invoice_kinds),
    STR(struct invoice, title, 1, 200),
    STR(struct invoice, tax_number, 0, 40, .flags = F_OPT),
    STR(struct invoice, email, 0, 200, .flags = F_OPT),
    STR(struct invoice, mobile, 0, 40, .flags = F_OPT),
    STR(struct invoice, address_phone, 0, 200, .flags = F_OPT),
    STR(struct invoice, bank_account, 0, 200, .flags = F_OPT),
    {.type = F_END},
};

static const char *
context(struct op *op, const char *number)
{
    return arena_printf(op->arena, "invoices/%s", number);
}

static enum err
seal(struct op *op, const char *number, const struct invoice *buyer, const char **hex)
{
    const char *text = record_text(op, buyer_fields, buyer);
    const void *sealed;
    size_t n;

    TRY(vault_seal(op, VAULT_PERSONAL, context(op, number), text, strlen(text), &sealed, &n));
    *hex = db_bytes(op, sealed, n);
    return OK;
}

enum err
invoice_add(struct op *op, const struct new_invoice *n, struct invoice_sheet *out)
{
    const char *number, *sealed;
    char name[NAME_LENGTH + 1];
    ROWS counts = NULL, r = NULL;

    TRY(RUN(op, Q_INVOICE_COUNTS, &counts, db_int(op, n->order->id)));
    TRY(invoice_no_make(op, INVOICE_BLUE, n->order->order_no, row_int(counts, 0, "blue"), &number));
    TRY(seal(op, number, n->buyer, &sealed));
    secret_text("23456789ABCDEFGHJKMNPQRSTUVWXYZ", name, NAME_LENGTH);
    TRY(RUN(op, Q_INVOICE_ADD, &r, name, db_int(op, n->order->id),
        db_int(op, row_int(counts, 0, "blue")), number, invoice_kinds[n->buyer->kind],
        n->buyer->title, sealed, db_int(op, n->amount_fen), db_int(op, n->excluded_fen),
        db_int(op, n->tax_fen), invoice_state_code(n->state)));
    return invoice_get(op, row_int(r, 0, "id"), out);
}

enum err
invoice_get(struct op *op, int64_t id, struct invoice_sheet *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_INVOICE_GET, &r, db_int(op, id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "invoice with id %lld", (long long)id);
    *out = (struct invoice_sheet){
        .id = row_int(r, 0, "id"),
        .order_id = row_int(r, 0, "order_id"),
        .attempt = row_int(r, 0, "attempt"),
        .invoice_id = row_str(op, r, 0, "invoice_id"),
        .number = row_str(op, r, 0, "number"),
        .kind =
            strcmp(row_str(op, r, 0, "kind"), "special") == 0 ? INVOICE_SPECIAL : INVOICE_ORDINARY,
        .title = row_str(op, r, 0, "title"),
        .amount_fen = row_int(r, 0, "amount_fen"),
        .excluded_fen = row_int(r, 0, "excluded_fen"),
        .tax_fen = row_int(r, 0, "tax_fen"),
        .failure = row_str(op, r, 0, "failure"),
        .created_at = row_int(r, 0, "created_at"),
        .submitted_at = row_int(r, 0, "submitted_at"),
        .invoice_number = row_str(op, r, 0, "invoice_number"),
        .issued_at = row_int(r, 0, "issued_at"),
        .red_number = row_str(op, r, 0, "red_number"),
        .red_submitted_at = row_int(r, 0, "red_submitted_at"),
    };
    if (!invoice_state_parse(row_str(op, r, 0, "state"), &out->state))
        return op_fail(op, E_INTERNAL, "invoice %s is in a state unknown here", out->number);
    return OK;
}

enum err
invoice_current(struct op *op, int64_t order_id, struct invoice_sheet *out)
{
    ROWS r = NULL;

    *out = (struct invoice_sheet){0};
    TRY(RUN(op, Q_INVOICE_CURRENT, &r, db_int(op, order_id)));
    return row_count(r) == 0 ? OK : invoice_get(op, row_int(r, 0, "id"), out);
}

enum err
invoice_find(struct op *op, const char *invoice_id, struct invoice_key *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_INVOICE_FIND, &r, invoice_id));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "invoice %.40s", invoice_id);
    *out = (struct invoice_key){row_int(r, 0, "id"), row_int(r, 0, "order_id")};
    return OK;
}

enum err
invoice_by_number(struct op *op, const char *number, struct invoice_key *out)
{
    ROWS r = NULL;

    *out = (struct invoice_key){0};
    TRY(RUN(op, Q_INVOICE_BY_NUMBER, &r, number));
    if (row_count(r) == 1)
        *out = (struct invoice_key){row_int(r, 0, "id"), row_int(r, 0, "order_id")};
    return OK;
}

enum err
invoice_buyer(struct op *op, const struct invoice_sheet *i, struct invoice *out)
{
    const void *sealed, *plain;
    size_t n, plain_n;
    ROWS r = NULL;

    TRY(RUN(op, Q_INVOICE_BUYER, &r, db_int(op, i->id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "invoice %s", i->number);
    sealed = row_bytes(op, r, 0, "buyer_sealed", &n);
    TRY(vault_unseal(op, VAULT_PERSONAL, context(op, i->number), sealed, n, &plain, &plain_n));
    *out = (struct invoice){.wanted = true};
    return record_read(op, buyer_fields, plain, out);
}

enum err
invoice_set_state(
    struct op *op, struct invoice_sheet *i, enum invoice_state state, const char *failure)
{
    TRY(DO(op, Q_INVOICE_STATE, NULL, db_int(op, i->id), invoice_state_code(state), failure));
    i->state = state;
    i->failure = failure;
    return OK;
}

enum err
invoice_issued(
    struct op *op, struct invoice_sheet *i, const char *invoice_number, int64_t issued_at)
{
    TRY(DO(op, Q_INVOICE_ISSUED, NULL, db_int(op, i->id), invoice_number, db_int(op, issued_at)));
    i->state = INVOICE_ISSUED;
    i->invoice_number = invoice_number;
    i->issued_at = issued_at;
    return OK;
}

enum err
invoice_recorded(struct op *op, struct invoice_sheet *i, const char *invoice_number)
{
    TRY(DO(op, Q_INVOICE_RECORDED, NULL, db_int(op, i->id), invoice_number));
    i->state = INVOICE_SENT;
    return OK;
}

enum err
invoice_filed(struct op *op, struct invoice_sheet *i, const char *pdf_sha256)
{
    TRY(DO(op, Q_INVOICE_FILED, NULL, db_int(op, i->id), pdf_sha256));
    i->state = INVOICE_SENT;
    return OK;
}

enum err
invoice_reverse(struct op *op, const struct order *o, struct invoice_sheet *i)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_INVOICE_COUNTS, &r, db_int(op, o->id)));
    TRY(invoice_no_make(op, INVOICE_RED_ONE, o->order_no, row_int(r, 0, "red"), &i->red_number));
    TRY(DO(op, Q_INVOICE_REVERSE, NULL, db_int(op, i->id), i->red_number));
    i->state = INVOICE_REVERSING;
    return OK;
}

enum err
invoice_red_submitted(struct op *op, const struct invoice_sheet *i)
{
    return DO(op, Q_INVOICE_RED_SUBMITTED, NULL, db_int(op, i->id));
}

enum err
invoice_red(struct op *op, struct invoice_sheet *i, const char *red_number)
{
    TRY(DO(op, Q_INVOICE_RED, NULL, db_int(op, i->id), red_number));
    i->state = INVOICE_RED;
    return OK;
}

/* ---- what people see ---- */

const struct field invoice_view_fields[] = {
    STR(struct invoice_view, invoice_id, 1, 40),
    STR(struct invoice_view, state, 1, 20),
    STR(struct invoice_view, state_label, 1, 60),
    STR(struct invoice_view, kind, 1, 20),
    STR(struct invoice_view, title, 1, 200),
    STR(struct invoice_view, number, 0, 40, .flags = F_OPT),
    INT(struct invoice_view, amount_fen, 1, INT64_MAX),
    INT(struct invoice_view, excluded_fen, 1, INT64_MAX),
    INT(struct invoice_view, tax_fen, 0, INT64_MAX),
    TIME(struct invoice_view, issued_at, .flags = F_OPT),
    BOOL(struct invoice_view, has_file),
    STR(struct invoice_view, red_number, 0, 40, .flags = F_OPT),
    TIME(struct invoice_view, red_at, .flags = F_OPT),
    STR(struct invoice_view, fault, 0, 500, .flags = F_OPT),
    {.type = F_END},
};

static enum err
label(struct op *op, const char *code, const char **out)
{
    enum invoice_state state;

    if (!invoice_state_parse(code, &state))
        return op_fail(op, E_INTERNAL, "state %.20s of an invoice", code);
    *out = invoice_state_label(state, op->lang);
    return OK;
}

enum err
invoice_shown(struct op *op, const char *order_no, int64_t account, struct invoice_view *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_INVOICE_SHOWN, &r, order_no, db_int(op, account)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "no invoice of %.20s", order_no);
    *out = (struct invoice_view){
        .invoice_id = row_str(op, r, 0, "invoice_id"),
        .state = row_str(op, r, 0, "state"),
        .kind = row_str(op, r, 0, "kind"),
        .title = row_str(op, r, 0, "title"),
        .number = row_str(op, r, 0, "invoice_number"),
        .red_number = row_str(op, r, 0, "red_invoice_number"),
        .fault = row_str(op, r, 0, "failure"),
        .amount_fen = row_int(r, 0, "amount_fen"),
        .excluded_fen = row_int(r, 0, "excluded_fen"),
        .tax_fen = row_int(r, 0, "tax_fen"),
        .issued_at = row_int(r, 0, "issued_at"),
        .red_at = row_int(r, 0, "red_at"),
        .pdf_sha256 = row_str(op, r, 0, "pdf_sha256"),
        .has_file = !row_null(r, 0, "pdf_sha256"),
    };
    return label(op, out->state, &out->state_label);
}

const struct field invoice_row_fields[] = {
    STR(struct invoice_row, invoice_id, 1, 40),
    STR(struct invoice_row, order_no, 17, 17),
    STR(struct invoice_row, subject_name, 0, 200, .flags = F_OPT),
    STR(struct invoice_row, own_number, 1, 20),
    STR(struct invoice_row, kind, 1, 20),
    STR(struct invoice_row, title, 1, 200),
    INT(struct invoice_row, amount_fen, 1, INT64_MAX),
    STR(struct invoice_row, state, 1, 20),
    STR(struct invoice_row, state_label, 1, 60),
    STR(struct invoice_row, fault, 0, 500, .flags = F_OPT),
    STR(struct invoice_row, number, 0, 40, .flags = F_OPT),
    STR(struct invoice_row, red_number, 0, 40, .flags = F_OPT),
    TIME(struct invoice_row, issued_at, .flags = F_OPT),
    TIME(struct invoice_row, created_at),
    {.type = F_END},
};

enum err
invoice_list(struct op *op, const struct invoice_wish *w, struct list *out)
{
    struct invoice_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_INVOICE_LIST, &r, w->state, w->before == 0 ? NULL : db_int(op, w->before),
        db_int(op, w->limit + 1), w->invoice_id, db_bool(w->open)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct invoice_row);
    for (int i = 0; i < row_count(r); i++) {
        items[i] = (struct invoice_row){
            .id = row_int(r, i, "id"),
            .invoice_id = row_str(op, r, i, "invoice_id"),
            .order_no = row_str(op, r, i, "order_no"),
            .subject_name = row_str(op, r, i, "subject_name"),
            .own_number = row_str(op, r, i, "number"),
            .kind = row_str(op, r, i, "kind"),
            .title = row_str(op, r, i, "title"),
            .state = row_str(op, r, i, "state"),
            .fault = row_str(op, r, i, "failure"),
            .number = row_str(op, r, i, "invoice_number"),
            .red_number = row_str(op, r, i, "red_invoice_number"),
            .amount_fen = row_int(r, i, "amount_fen"),
            .issued_at = row_int(r, i, "issued_at"),
            .created_at = row_int(r, i, "created_at"),
        };
        TRY(label(op, items[i].state, &items[i].state_label));
    }
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}
