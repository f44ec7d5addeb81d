/* Orders as staff see them: queue, search, one order, and a look at what is masked. */
#include <string.h>

#include "flow/note.h"
#include "flow/reveal.h"
#include "web/desk_order.h"
#include "web/page.h"
#include "web/routes.h"

enum err
answer_desk_order(struct call *c, const char *order_no, void *out)
{
    return desk_order(c->op, order_no, out);
}

enum desk_sort { NEWEST, QUEUE };
static const char *const desk_sorts[] = {"newest", "queue", NULL};
struct desk_query {
    const char *state, *q, *assigned, *cursor;
    int sort;
    int64_t limit;
};
static const struct field desk_query_fields[] = {
    STR(struct desk_query, state, 1, 40, .flags = F_OPT),
    STR(struct desk_query, q, 2, 60, .flags = F_OPT),
    STR(struct desk_query, assigned, 2, 2, .flags = F_OPT),
    ENUM(struct desk_query, sort, desk_sorts, .flags = F_OPT),
    STR(struct desk_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct desk_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

struct desk_page {
    struct list items;
    const char *next_cursor;
};
static const struct field desk_page_fields[] = {
    LIST(struct desk_page, items, desk_row_fields, struct desk_row, 0, 100),
    STR(struct desk_page, next_cursor, 1, 40, .flags = F_OPT),
    {.type = F_END},
};

/* Only what waits for review is taken in an order of its own, and all of it. */
static bool
is_queue(const struct desk_query *q)
{
    enum order_state s;

    return q->q == NULL && q->assigned == NULL && q->state != NULL &&
           order_state_parse(q->state, &s) &&
           (s == ORDER_PENDING_REVIEW || s == ORDER_PENDING_SECOND_REVIEW);
}

static enum err
h_orders(struct call *c, const void *in, void *out)
{
    const struct desk_query *q = c->query;
    struct desk_search search = {
        .state = q->state, .q = q->q, .limit = page_limit(q->limit), .queue = q->sort == QUEUE};
    struct desk_page *page = out;
    const struct desk_row *rows;
    enum order_state state;

    (void)in;
    if (q->state != NULL && !order_state_parse(q->state, &state))
        op_fault(c->op, "?state", FAULT_CHOICE);
    if (q->assigned != NULL && strcmp(q->assigned, "me") != 0)
        op_fault(c->op, "?assigned", FAULT_CHOICE);
    if (q->sort == QUEUE && !is_queue(q))
        op_fault(c->op, "?sort", FAULT_CHOICE);
    search.before = page_before(c->op, q->cursor);
    search.assigned = q->assigned != NULL ? c->who.staff : 0;
    TRY(op_faults(c->op));
    TRY(desk_list(c->op, &search, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(c->op, &page->items, search.limit,
        (int64_t)page->items.n > search.limit ? rows[search.limit - 1].id : 0);
    return OK;
}

static enum err
h_order(struct call *c, const void *in, void *out)
{
    (void)in;
    return answer_desk_order(c, c->args[0], out);
}

struct workbench {
    struct list waiting, today;
};
static const struct field workbench_fields[] = {
    LIST(struct workbench, waiting, desk_work_fields, struct desk_work, 0, 40),
    LIST(struct workbench, today, desk_work_fields, struct desk_work, 0, 40),
    {.type = F_END},
};

static enum err
h_workbench(struct call *c, const void *in, void *out)
{
    struct workbench *w = out;

    (void)in;
    return desk_work(c->op, &w->waiting, &w->today);
}

struct reveal {
    const char *pointer;
};
static const struct field reveal_fields[] = {
    STR(struct reveal, pointer, 1, 100, .label = "栏目"),
    {.type = F_END},
};
struct revealed {
    const char *value;
};
static const struct field revealed_fields[] = {
    STR(struct revealed, value, 1, 400),
    {.type = F_END},
};

static enum err
h_reveal(struct call *c, const void *in, void *out)
{
    const struct reveal *r = in;

    return reveal_member(c->op, c->args[0], r->pointer, &((struct revealed *)out)->value);
}

struct note {
    const char *text;
};
static const struct field note_fields[] = {
    STR(struct note, text, 1, 1000, .flags = F_LINES, .label = "留言"),
    {.type = F_END},
};

static enum err
h_note(struct call *c, const void *in, void *out)
{
    const struct note *n = in;

    TRY(note_write(c->op, c->args[0], n->text));
    return answer_desk_order(c, c->args[0], out);
}

#define ORDER "/api/admin/v1/orders/{order_no}"
const struct route h_staff_order_routes[] = {
    {"GET", "/api/admin/v1/workbench", POOL_STAFF, STAFF_ANY, BODY(out, workbench),
        .run = h_workbench, .summary = "工作台：待办数量与当日数字"},
    {"GET", "/api/admin/v1/orders", POOL_STAFF, STAFF_ANY, BODY(query, desk_query),
        BODY(out, desk_page), .run = h_orders, .summary = "订单队列与查询"},
    {"GET", ORDER, POOL_STAFF, STAFF_ANY, BODY(out, desk_order), .run = h_order,
        .summary = "订单全貌"},
    {"POST", ORDER "/reveals", POOL_STAFF, STAFF_REVIEWER | STAFF_FINANCE | STAFF_PRODUCTION,
        BODY(in, reveal), BODY(out, revealed), .run = h_reveal,
        .summary = "查看一项完整的敏感信息，留有记录"},
    {"POST", ORDER "/notes", POOL_STAFF, STAFF_ANY, BODY(in, note), BODY(out, desk_order),
        .status = 201, .run = h_note, .summary = "给同事留言，不可修改，申请人不可见"},
    {.method = NULL},
};
