/* The finance desk. */
#include <string.h>

#include "base/text.h"
#include "flow/finance.h"
#include "store/bank_line.h"
#include "store/ledger.h"
#include "store/refund.h"
#include "web/page.h"
#include "web/routes.h"

struct state_query {
    const char *state, *cursor;
    int64_t limit;
    bool unmatched;
};
static const struct field state_query_fields[] = {
    STR(struct state_query, state, 1, 40, .flags = F_OPT),
    STR(struct state_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct state_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};
static const struct field line_query_fields[] = {
    BOOL(struct state_query, unmatched, .flags = F_OPT),
    STR(struct state_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct state_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

struct finance_page {
    struct list items;
    const char *next_cursor;
};
#define PAGE_FIELDS(table, row)                                             \
    static const struct field table[] = {                                   \
        LIST(struct finance_page, items, row##_fields, struct row, 0, 100), \
        STR(struct finance_page, next_cursor, 1, 40, .flags = F_OPT),       \
        {.type = F_END},                                                    \
    }
PAGE_FIELDS(payments_fields, payment_row);
PAGE_FIELDS(refunds_fields, refund_row);
PAGE_FIELDS(lines_fields, bank_line_row);

/* ---- payments ---- */

static enum err
h_payments(struct call *c, const void *in, void *out)
{
    const struct state_query *q = c->query;
    int64_t before = page_before(c->op, q->cursor), limit = page_limit(q->limit);
    struct finance_page *page = out;
    const struct payment_row *rows;
    enum payment_state state;

    (void)in;
    if (q->state != NULL && !payment_state_parse(q->state, &state))
        op_fault(c->op, "?state", FAULT_CHOICE);
    TRY(op_faults(c->op));
    TRY(payment_list(c->op, q->state, NULL, before, limit, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(
        c->op, &page->items, limit, (int64_t)page->items.n > limit ? rows[limit - 1].id : 0);
    return OK;
}

static enum err
answer_payment(struct call *c, void *out)
{
    struct list found;

    TRY(payment_list(c->op, NULL, c->args[0], 0, 1, &found));
    if (found.n != 1)
        return op_fail(c->op, E_NOT_FOUND, "payment %.40s", c->args[0]);
    *(struct payment_row *)out = *(const struct payment_row *)found.items;
    return OK;
}

static const struct field confirmation_fields[] = {
    STR(struct confirmation, bank_line_id, 1, 20, .flags = F_OPT, .label = "到账记录"),
    STR(struct confirmation, note, 1, 500, .flags = F_OPT | F_LINES, .label = "说明"),
    {.type = F_END},
};

static enum err
h_confirm(struct call *c, const void *in, void *out)
{
    TRY(finance_confirm(c->op, c->args[0], in));
    return answer_payment(c, out);
}

static const struct field refusal_fields[] = {
    STR(struct refusal, reason, 1, 200, .label = "原因"),
    STR(struct refusal, note, 1, 500, .flags = F_OPT | F_LINES, .label = "说明"),
    {.type = F_END},
};

static enum err
h_refuse(struct call *c, const void *in, void *out)
{
    TRY(finance_refuse(c->op, c->args[0], in));
    return answer_payment(c, out);
}

/* ---- refunds ---- */

static enum err
h_refunds(struct call *c, const void *in, void *out)
{
    const struct state_query *q = c->query;
    int64_t before = page_before(c->op, q->cursor), limit = page_limit(q->limit);
    struct finance_page *page = out;
    const struct refund_row *rows;
    enum return_state state;

    (void)in;
    if (q->state != NULL && !return_state_parse(q->state, &state))
        op_fault(c->op, "?state", FAULT_CHOICE);
    TRY(op_faults(c->op));
    TRY(refund_list(c->op, q->state, NULL, before, limit, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(
        c->op, &page->items, limit, (int64_t)page->items.n > limit ? rows[limit - 1].id : 0);
    return OK;
}

static enum err
answer_refund(struct call *c, const char *refund_id, void *out)
{
    struct list found;

    TRY(refund_list(c->op, NULL, refund_id, 0, 1, &found));
    if (found.n != 1)
        return op_fail(c->op, E_NOT_FOUND, "refund %.40s", refund_id);
    *(struct refund_row *)out = *(const struct refund_row *)found.items;
    return OK;
}

static const struct field refund_wish_fields[] = {
    INT(struct refund_wish, amount_fen, 1, 1000000000000, .label = "退款金额（分）"),
    STR(struct refund_wish, reason, 1, 80, .label = "退款原因"),
    {.type = F_END},
};

static enum err
h_ask_refund(struct call *c, const void *in, void *out)
{
    struct refund_wish wish = *(const struct refund_wish *)in;
    const char *refund_id;

    wish.key = c->key;
    TRY(finance_ask_refund(c->op, c->args[0], &wish, &refund_id));
    return answer_refund(c, refund_id, out);
}

static enum err
h_approve_refund(struct call *c, const void *in, void *out)
{
    (void)in;
    TRY(finance_approve_refund(c->op, c->args[0]));
    return answer_refund(c, c->args[0], out);
}

static enum err
h_withdraw_refund(struct call *c, const void *in, void *out)
{
    (void)in;
    TRY(finance_withdraw_refund(c->op, c->args[0]));
    return answer_refund(c, c->args[0], out);
}

static const struct field resend_fields[] = {
    STR(struct bank_account, account_name, 1, 100, .flags = F_OPT, .label = "收款户名"),
    STR(struct bank_account, bank_code, 12, 12, .flags = F_OPT, .label = "开户行"),
    STR(struct bank_account, account_number, 1, 40, .flags = F_OPT, .label = "收款账号"),
    {.type = F_END},
};

static enum err
h_resend_refund(struct call *c, const void *in, void *out)
{
    const struct bank_account *a = in;
    const char *refund_id;
    bool named = a->account_name != NULL || a->bank_code != NULL || a->account_number != NULL;

    TRY(finance_resend_refund(c->op, c->args[0], named ? a : NULL, &refund_id));
    return answer_refund(c, refund_id, out);
}

/* ---- the bank's lines, and the books ---- */

static enum err
h_lines(struct call *c, const void *in, void *out)
{
    const struct state_query *q = c->query;
    int64_t before = page_before(c->op, q->cursor), limit = page_limit(q->limit);
    struct finance_page *page = out;
    const struct bank_line_row *rows;

    (void)in;
    TRY(op_faults(c->op));
    TRY(bank_line_list(c->op, q->unmatched, before, limit, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(
        c->op, &page->items, limit, (int64_t)page->items.n > limit ? rows[limit - 1].id : 0);
    return OK;
}

struct ledger_query {
    const char *from, *to;
};
static const struct field ledger_query_fields[] = {
    STR(struct ledger_query, from, 10, 10, .flags = F_OPT, .format = "date"),
    STR(struct ledger_query, to, 10, 10, .flags = F_OPT, .format = "date"),
    {.type = F_END},
};
static const struct field ledger_view_fields[] = {
    LIST(struct ledger_view, days, ledger_day_fields, struct ledger_day, 0, 10000),
    LIST(struct ledger_view, differences, ledger_difference_fields, struct ledger_difference, 0,
        200),
    INT(struct ledger_view, unmatched_lines, 0, INT64_MAX),
    INT(struct ledger_view, unmatched_fen, 0, INT64_MAX),
    {.type = F_END},
};

/* Thirty days unless asked. */
static enum err
h_reconciliation(struct call *c, const void *in, void *out)
{
    const struct ledger_query *q = c->query;
    const char *to = q->to != NULL ? q->to : text_date_cn(c->op->arena, c->op->now);
    const char *from =
        q->from != NULL ? q->from : text_date_cn(c->op->arena, c->op->now - 30 * 86400);
    int64_t first, last;

    (void)in;
    if (!text_date(from, &first))
        op_fault(c->op, "?from", FAULT_DATE);
    if (!text_date(to, &last))
        op_fault(c->op, "?to", FAULT_DATE);
    TRY(op_faults(c->op));
    return ledger_view(c->op, from, to, out);
}

#define ADMIN        "/api/admin/v1"
#define PAYMENT      ADMIN "/payments/{payment_id}"
#define REFUND       ADMIN "/refunds/{refund_id}"
#define ITEMS(table) .out = table##_fields, .out_size = sizeof(struct finance_page)
const struct route h_staff_finance_routes[] = {
    {"GET", ADMIN "/payments", POOL_STAFF, STAFF_FINANCE, BODY(query, state_query), ITEMS(payments),
        .run = h_payments, .summary = "支付记录与到账核对"},
    {"POST", PAYMENT "/confirmation", POOL_STAFF, STAFF_FINANCE, R_IDEMPOTENT | R_MAY_BE_EMPTY,
        BODY(in, confirmation), BODY(out, payment_row), .run = h_confirm, .summary = "确认到账",
        REFUSES(E_STATE)},
    {"POST", PAYMENT "/refusal", POOL_STAFF, STAFF_FINANCE, R_IDEMPOTENT, BODY(in, refusal),
        BODY(out, payment_row), .run = h_refuse, .summary = "未到账，退回凭证", REFUSES(E_STATE)},
    {"POST", PAYMENT "/refunds", POOL_STAFF, STAFF_FINANCE, R_IDEMPOTENT, BODY(in, refund_wish),
        BODY(out, refund_row), .status = 201, .run = h_ask_refund, .summary = "申请退款",
        REFUSES(E_STATE)},
    {"GET", ADMIN "/refunds", POOL_STAFF, STAFF_FINANCE, BODY(query, state_query), ITEMS(refunds),
        .run = h_refunds, .summary = "退款记录"},
    {"POST", REFUND "/approval", POOL_STAFF, STAFF_FINANCE, R_IDEMPOTENT, BODY(out, refund_row),
        .run = h_approve_refund, .summary = "批准退款", REFUSES(E_STATE, E_SECOND_PERSON)},
    {"POST", REFUND "/withdrawal", POOL_STAFF, STAFF_FINANCE, R_IDEMPOTENT, BODY(out, refund_row),
        .run = h_withdraw_refund, .summary = "撤回退款申请", REFUSES(E_STATE)},
    {"POST", REFUND "/resend", POOL_STAFF, STAFF_FINANCE, R_IDEMPOTENT | R_MAY_BE_EMPTY,
        .in = resend_fields, .in_size = sizeof(struct bank_account), BODY(out, refund_row),
        .status = 201, .run = h_resend_refund, .summary = "退款失败后汇至其他账户",
        REFUSES(E_STATE, E_CONFLICT)},
    {"GET", ADMIN "/bank-lines", POOL_STAFF, STAFF_FINANCE, .query = line_query_fields,
        .query_size = sizeof(struct state_query), ITEMS(lines), .run = h_lines,
        .summary = "银行到账流水"},
    {"GET", ADMIN "/reconciliation", POOL_STAFF, STAFF_FINANCE | STAFF_AUDITOR,
        BODY(query, ledger_query), BODY(out, ledger_view), .run = h_reconciliation,
        .summary = "按日对账"},
    {.method = NULL},
};
