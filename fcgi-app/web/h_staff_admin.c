/* Stuck work and the audit trail. */
#include <string.h>

#include "base/text.h"
#include "flow/admin.h"
#include "store/trail.h"
#include "web/page.h"
#include "web/routes.h"

struct items {
    struct list items;
};

/* ---- stuck work ---- */

static const char *const work_kinds[] = {"", "stuck", NULL};
struct work_query {
    int kind;
};
static const struct field work_query_fields[] = {
    ENUM(struct work_query, kind, work_kinds, .flags = F_OPT),
    {.type = F_END},
};
static const struct field work_fields[] = {
    LIST(struct items, items, work_row_fields, struct work_row, 0, 200),
    {.type = F_END},
};

static enum err
h_work(struct call *c, const void *in, void *out)
{
    (void)in;
    return admin_work(c->op, &((struct items *)out)->items);
}

static enum err
h_retry(struct call *c, const void *in, void *out)
{
    int64_t job;

    (void)in;
    (void)out;
    if (!text_int(c->args[0], &job))
        return op_fail(c->op, E_NOT_FOUND, "job %.40s", c->args[0]);
    return admin_retry_work(c->op, job);
}

/* ---- the trail ---- */

static const struct field trail_query_fields[] = {
    STR(struct trail_query, stream, 1, 100, .flags = F_OPT),
    STR(struct trail_query, order_no, 17, 17, .flags = F_OPT, .label = "订单号"),
    STR(struct trail_query, actor_role, 1, 40, .flags = F_OPT, .label = "身份"),
    STR(struct trail_query, actor, 1, 40, .flags = F_OPT, .label = "操作人"),
    STR(struct trail_query, action, 1, 60, .flags = F_OPT, .label = "操作"),
    STR(struct trail_query, from, 10, 10, .flags = F_OPT, .format = "date", .label = "起始日期"),
    STR(struct trail_query, to, 10, 10, .flags = F_OPT, .format = "date", .label = "截止日期"),
    STR(struct trail_query, cursor, 1, 250, .flags = F_OPT),
    INT(struct trail_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};
struct trail_page {
    struct list items;
    const char *next_cursor;
};
static const struct field trail_page_fields[] = {
    LIST(struct trail_page, items, trail_event_fields, struct trail_event, 0, 100),
    STR(struct trail_page, next_cursor, 1, 250, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_audit(struct call *c, const void *in, void *out)
{
    struct trail_query q = *(const struct trail_query *)c->query;
    struct trail_page *page = out;
    int64_t day;

    (void)in;
    q.limit = page_limit(q.limit);
    if (q.from != NULL && !text_date(q.from, &day))
        op_fault(c->op, "?from", FAULT_DATE);
    if (q.to != NULL && !text_date(q.to, &day))
        op_fault(c->op, "?to", FAULT_DATE);
    TRY(op_faults(c->op));
    return trail_list(c->op, &q, &page->items, &page->next_cursor);
}

struct verification {
    bool intact;
    int64_t events;
    const char *first_bad;
};
static const struct field verification_fields[] = {
    BOOL(struct verification, intact),
    INT(struct verification, events, 0, INT64_MAX),
    STR(struct verification, first_bad, 0, 500, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_verify(struct call *c, const void *in, void *out)
{
    struct verification *v = out;
    enum err e = trail_verify(c->op, &v->events);

    (void)in;
    v->intact = e == OK;
    if (e != E_CONFLICT)
        return e;
    v->first_bad = c->op->note;
    return OK;
}

#define ITEMS(table) .out = table##_fields, .out_size = sizeof(struct items)
enum { PUSHERS = STAFF_PRODUCTION | STAFF_FINANCE | STAFF_ADMINISTRATOR };
const struct route h_staff_admin_routes[] = {
    {"GET", "/api/admin/v1/work", POOL_STAFF, PUSHERS, BODY(query, work_query), ITEMS(work),
        .run = h_work, .summary = "停滞的任务"},
    {"POST", "/api/admin/v1/work/{id}/retry", POOL_STAFF, PUSHERS, .status = 204, .run = h_retry,
        .summary = "重试停滞的任务"},
    {"GET", "/api/admin/v1/audit", POOL_STAFF, STAFF_AUDITOR, BODY(query, trail_query),
        BODY(out, trail_page), .run = h_audit, .summary = "审计记录"},
    {"GET", "/api/admin/v1/audit/verification", POOL_STAFF, STAFF_AUDITOR, BODY(out, verification),
        .run = h_verify, .summary = "核验审计记录"},
    {.method = NULL},
};
