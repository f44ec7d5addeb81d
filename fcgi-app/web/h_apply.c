/* Orders: opening one, its form, its confirmation, and what its owner sees of it. */
#include <string.h>

#include "base/text.h"
#include "flow/apply.h"
#include "store/order_view.h"
#include "web/page.h"
#include "web/routes.h"

static const struct field agreement_fields[] = {
    STR(struct agreement_ref, id, 1, 40),
    STR(struct agreement_ref, version, 1, 40),
    {.type = F_END},
};

struct order_begin {
    const char *project;
    int certificate_type;
    int64_t years;
    struct list agreements;
    bool supplier_registered;
};
static const struct field order_begin_fields[] = {
    STR(struct order_begin, project, 2, 40, .label = "业务项目"),
    ENUM(struct order_begin, certificate_type, certificate_types, .label = "证书类型"),
    INT(struct order_begin, years, 1, 10, .label = "办理年限"),
    LIST(struct order_begin, agreements, agreement_fields, struct agreement_ref, 0, 20,
        .label = "已同意的协议"),
    BOOL(struct order_begin, supplier_registered, .label = "已注册并审核通过"),
    {.type = F_END},
};

struct draft_query {
    bool draft;
};
static const struct field draft_query_fields[] = {
    BOOL(struct draft_query, draft, .flags = F_OPT),
    {.type = F_END},
};

enum err
answer_order(struct call *c, const char *order_no, void *out)
{
    struct order_view *view = out;

    TRY(order_view(c->op, order_no, c->who.account, view));
    c->etag = view->etag;
    c->topic = view->order_no;
    return OK;
}

static enum err
h_begin(struct call *c, const void *in, void *out)
{
    const struct order_begin *b = in;
    const struct apply_start start = {
        .project = b->project,
        .certificate_type = certificate_types[b->certificate_type],
        .years = b->years,
        .agreements = b->agreements,
        .supplier_registered = b->supplier_registered,
        .key = c->key,
    };
    const char *order_no;

    TRY(apply_begin(c->op, c->who.account, &start, &order_no));
    return answer_order(c, order_no, out);
}

static enum err
h_order(struct call *c, const void *in, void *out)
{
    (void)in;
    return answer_order(c, c->args[0], out);
}

struct order_query {
    const char *q, *state, *cursor;
    int64_t limit;
};
static const struct field order_query_fields[] = {
    STR(struct order_query, q, 1, 60, .flags = F_OPT, .label = "关键字"),
    STR(struct order_query, state, 1, 40, .flags = F_OPT),
    STR(struct order_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct order_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

struct order_page {
    struct list items;
    const char *next_cursor;
};
static const struct field order_page_fields[] = {
    LIST(struct order_page, items, order_row_fields, struct order_row, 0, 100),
    STR(struct order_page, next_cursor, 1, 40, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_orders(struct call *c, const void *in, void *out)
{
    const struct order_query *q = c->query;
    struct order_page *page = out;
    const struct order_row *rows;
    enum order_state state;
    int64_t before, limit = page_limit(q->limit);

    (void)in;
    if (q->state != NULL && !order_state_parse(q->state, &state))
        op_fault(c->op, "?state", FAULT_CHOICE);
    before = page_before(c->op, q->cursor);
    TRY(op_faults(c->op));
    TRY(order_list(c->op, c->who.account, q->state, q->q, before, limit, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(
        c->op, &page->items, limit, (int64_t)page->items.n > limit ? rows[limit - 1].id : 0);
    return OK;
}

static enum err
h_save_form(struct call *c, const void *in, void *out)
{
    const struct draft_query *q = c->query;

    (void)in;
    TRY(apply_fill(c->op, c->who.account, c->args[0], c->if_match, c->json, q->draft));
    return answer_order(c, c->args[0], out);
}

static enum err
h_confirm(struct call *c, const void *in, void *out)
{
    (void)in;
    TRY(apply_confirm_form(c->op, c->who.account, c->args[0]));
    return answer_order(c, c->args[0], out);
}

static enum err
h_reopen(struct call *c, const void *in, void *out)
{
    (void)in;
    TRY(apply_reopen_form(c->op, c->who.account, c->args[0]));
    return answer_order(c, c->args[0], out);
}

struct timeline {
    struct list items;
};
static const struct field timeline_fields[] = {
    LIST(struct timeline, items, order_event_fields, struct order_event, 0, 1000),
    {.type = F_END},
};

static enum err
h_events(struct call *c, const void *in, void *out)
{
    (void)in;
    return order_events(c->op, c->args[0], c->who.account, &((struct timeline *)out)->items);
}

#define ORDER "/api/v1/orders/{order_no}"
const struct route h_apply_routes[] = {
    {"POST", "/api/v1/orders", POOL_APPLICANT, SIGNED_IN, R_IDEMPOTENT, BODY(in, order_begin),
        BODY(out, order_view), .status = 201, .run = h_begin, .summary = "选择项目，新建业务单"},
    {"GET", "/api/v1/orders", POOL_APPLICANT, SIGNED_IN, BODY(query, order_query),
        BODY(out, order_page), .run = h_orders, .summary = "我的业务单"},
    {"GET", ORDER, POOLS_WAIT, SIGNED_IN, R_WAIT, BODY(out, order_view), .run = h_order,
        .summary = "业务单详情"},
    {"PUT", ORDER "/form", POOL_APPLICANT, SIGNED_IN, R_IF_MATCH | R_OWN_BODY,
        BODY(query, draft_query), BODY(out, order_view), .run = h_save_form,
        .summary = "保存申请信息", REFUSES(E_STATE)},
    {"POST", ORDER "/form/confirmation", POOL_APPLICANT, SIGNED_IN, BODY(out, order_view),
        .run = h_confirm, .summary = "确认申请信息", REFUSES(E_STATE, E_DUPLICATE_ORDER)},
    {"POST", ORDER "/form/reopening", POOL_APPLICANT, SIGNED_IN, BODY(out, order_view),
        .run = h_reopen, .summary = "返回修改申请信息", REFUSES(E_STATE, E_PAYMENT_PENDING)},
    {"GET", ORDER "/events", POOL_APPLICANT, SIGNED_IN, BODY(out, timeline), .run = h_events,
        .summary = "办理进度"},
    {.method = NULL},
};
