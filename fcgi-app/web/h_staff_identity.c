/* Identity checks without a face: who waits for one, and what two members of staff found. */
#include "flow/identify.h"
#include "web/desk_order.h"
#include "web/page.h"
#include "web/routes.h"

static const char *const check_states[] = {"", "manual_requested", NULL};
struct check_query {
    int state;
    const char *cursor;
    int64_t limit;
};
static const struct field check_query_fields[] = {
    ENUM(struct check_query, state, check_states, .flags = F_OPT),
    STR(struct check_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct check_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

static const struct field request_fields[] = {
    STR(struct identity_request, order_no, 17, 17),
    STR(struct identity_request, project, 1, 40),
    STR(struct identity_request, certificate_type, 1, 20),
    STR(struct identity_request, order_state, 1, 40),
    STR(struct identity_request, subject_name, 0, 100, .flags = F_OPT),
    STR(struct identity_request, person_name, 0, 40, .flags = F_OPT),
    STR(struct identity_request, id_kind, 0, 40, .flags = F_OPT),
    STR(struct identity_request, first_result, 1, 20, .flags = F_OPT),
    STR(struct identity_request, first_note, 0, 1100, .flags = F_OPT),
    STR(struct identity_request, first_staff, 0, 40, .flags = F_OPT),
    INT(struct identity_request, first_staff_id, 0, INT64_MAX, .flags = F_OPT),
    TIME(struct identity_request, requested_at),
    {.type = F_END},
};
struct check_page {
    struct list items;
    const char *next_cursor;
};
static const struct field check_page_fields[] = {
    LIST(struct check_page, items, request_fields, struct identity_request, 0, 100),
    STR(struct check_page, next_cursor, 1, 40, .flags = F_OPT),
    {.type = F_END},
};

/* Who asks first is served first. */
static enum err
h_requests(struct call *c, const void *in, void *out)
{
    const struct check_query *q = c->query;
    int64_t after, limit = page_limit(q->limit);
    const struct identity_request *rows;
    struct check_page *page = out;

    (void)in;
    after = page_before(c->op, q->cursor);
    TRY(op_faults(c->op));
    TRY(identity_requests(c->op, after, limit, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(
        c->op, &page->items, limit, (int64_t)page->items.n > limit ? rows[limit - 1].id : 0);
    return OK;
}

static const char *const results[] = {"passed", "failed", NULL};
struct result {
    int result;
    const char *note;
};
static const struct field result_fields[] = {
    ENUM(struct result, result, results, .label = "核验结果"),
    STR(struct result, note, 2, 500, .flags = F_LINES, .label = "核验经过"),
    {.type = F_END},
};

static enum err
h_record(struct call *c, const void *in, void *out)
{
    const struct result *r = in;
    bool done;

    TRY(identify_record(c->op, c->args[0], results[r->result], r->note, &done));
    if (!done)
        c->reply->status = 202; /* somebody else has to say it too */
    return answer_desk_order(c, c->args[0], out);
}

const struct route h_staff_identity_routes[] = {
    {"GET", "/api/admin/v1/identity-checks", POOL_STAFF, STAFF_REVIEWER | STAFF_ADMINISTRATOR,
        BODY(query, check_query), BODY(out, check_page), .run = h_requests,
        .summary = "待人工核验身份的申请"},
    {"POST", "/api/admin/v1/orders/{order_no}/identity-check/result", POOL_STAFF,
        STAFF_REVIEWER | STAFF_ADMINISTRATOR, R_TWO_PEOPLE, BODY(in, result), BODY(out, desk_order),
        .run = h_record, .summary = "人工核验身份的结果，须两人",
        REFUSES(E_STATE, E_SECOND_PERSON)},
    {.method = NULL},
};
