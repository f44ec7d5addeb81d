/* The invoice: for the buyer, and at the finance desk. */
#include "flow/invoice.h"
#include "web/page.h"
#include "web/routes.h"

static enum err
h_invoice(struct call *c, const void *in, void *out)
{
    (void)in;
    return invoice_shown(c->op, c->args[0], c->who.account, out);
}

static enum err
h_file(struct call *c, const void *in, void *out)
{
    struct shown s;

    (void)in;
    (void)out;
    TRY(invoice_file(c->op, c->who.account, c->args[0], &s));
    c->etag = s.sha256;
    c->reply->body = s.data;
    c->reply->size = s.size;
    c->reply->content_type = s.content_type;
    http_reply_header(c->reply, "Content-Disposition",
        arena_printf(c->op->arena, "attachment; filename=\"%s\"", s.name));
    return OK;
}

/* ---- the desk ---- */

struct invoice_query {
    const char *state, *cursor;
    int64_t limit;
    bool open;
};
static const struct field invoice_query_fields[] = {
    STR(struct invoice_query, state, 1, 20, .flags = F_OPT),
    BOOL(struct invoice_query, open, .flags = F_OPT),
    STR(struct invoice_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct invoice_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

struct invoice_page {
    struct list items;
    const char *next_cursor;
};
static const struct field invoice_page_fields[] = {
    LIST(struct invoice_page, items, invoice_row_fields, struct invoice_row, 0, 100),
    STR(struct invoice_page, next_cursor, 1, 40, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_invoices(struct call *c, const void *in, void *out)
{
    const struct invoice_query *q = c->query;
    struct invoice_wish wish = {.state = q->state,
        .before = page_before(c->op, q->cursor),
        .limit = page_limit(q->limit),
        .open = q->open};
    struct invoice_page *page = out;
    const struct invoice_row *rows;
    enum invoice_state state;

    (void)in;
    if (q->state != NULL && !invoice_state_parse(q->state, &state))
        op_fault(c->op, "?state", FAULT_CHOICE);
    TRY(op_faults(c->op));
    TRY(invoice_list(c->op, &wish, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(c->op, &page->items, wish.limit,
        (int64_t)page->items.n > wish.limit ? rows[wish.limit - 1].id : 0);
    return OK;
}

static enum err
answer_invoice(struct call *c, const char *invoice_id, void *out)
{
    struct list found;

    TRY(invoice_list(c->op, &(struct invoice_wish){.invoice_id = invoice_id, .limit = 1}, &found));
    if (found.n != 1)
        return op_fail(c->op, E_NOT_FOUND, "invoice %.40s", invoice_id);
    *(struct invoice_row *)out = *(const struct invoice_row *)found.items;
    return OK;
}

static const struct field correction_fields[] = {
    ENUM(struct invoice, kind, invoice_kinds, .flags = F_OPT, .label = "发票类型"),
    STR(struct invoice, title, 2, 100, .flags = F_OPT, .label = "发票抬头"),
    STR(struct invoice, tax_number, 15, 20, .flags = F_OPT, .label = "纳税人识别号"),
    STR(struct invoice, email, 5, 100, .flags = F_OPT, .label = "收票邮箱"),
    STR(struct invoice, mobile, 11, 11, .flags = F_OPT, .label = "收票手机"),
    STR(struct invoice, address_phone, 5, 100, .flags = F_OPT, .label = "注册地址、电话"),
    STR(struct invoice, bank_account, 5, 100, .flags = F_OPT, .label = "开户行及账号"),
    {.type = F_END},
};

static enum err
h_retry(struct call *c, const void *in, void *out)
{
    const char *invoice_id;

    TRY(invoice_retry(c->op, c->args[0], in, &invoice_id));
    return answer_invoice(c, invoice_id, out);
}

struct invoice_record {
    const char *number;
};
static const struct field invoice_record_fields[] = {
    STR(struct invoice_record, number, 20, 20, .label = "发票号码"),
    {.type = F_END},
};

static enum err
h_record(struct call *c, const void *in, void *out)
{
    const struct invoice_record *r = in;

    TRY(invoice_record(c->op, c->args[0], r->number));
    return answer_invoice(c, c->args[0], out);
}

#define ORDER   "/api/v1/orders/{order_no}"
#define ADMIN   "/api/admin/v1"
#define INVOICE ADMIN "/invoices/{invoice_id}"
const struct route h_invoice_routes[] = {
    {"GET", ORDER "/invoice", POOL_APPLICANT, SIGNED_IN, BODY(out, invoice_view), .run = h_invoice,
        .summary = "电子发票的状态"},
    {"GET", ORDER "/invoice.pdf", POOL_APPLICANT, SIGNED_IN, R_ETAG, .types = "application/pdf",
        .run = h_file, .summary = "电子发票版式文件"},
    {"GET", ADMIN "/invoices", POOL_STAFF, STAFF_FINANCE, BODY(query, invoice_query),
        BODY(out, invoice_page), .run = h_invoices, .summary = "电子发票"},
    {"POST", INVOICE "/retry", POOL_STAFF, STAFF_FINANCE, R_IDEMPOTENT | R_MAY_BE_EMPTY,
        .in = correction_fields, .in_size = sizeof(struct invoice), BODY(out, invoice_row),
        .run = h_retry, .summary = "更正后重新开具，或再次红冲", REFUSES(E_STATE)},
    {"POST", INVOICE "/record", POOL_STAFF, STAFF_FINANCE, R_IDEMPOTENT, BODY(in, invoice_record),
        BODY(out, invoice_row), .run = h_record, .summary = "登记线下开具或红冲的发票号码",
        REFUSES(E_STATE)},
    {.method = NULL},
};
