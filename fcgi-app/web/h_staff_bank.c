/* 金融认证 at the desk: what became of the transfers, and results by hand. */
#include <string.h>

#include "base/text.h"
#include "flow/bank_verify.h"
#include "store/bank_verification.h"
#include "web/page.h"
#include "web/routes.h"

struct attempt_query {
    int state;
    const char *cursor;
    int64_t limit;
};
static const char *const states[] = {"", "queued", "sent", "unknown", "ok", "failed", NULL};
static const struct field attempt_query_fields[] = {
    ENUM(struct attempt_query, state, states, .flags = F_OPT),
    STR(struct attempt_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct attempt_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

struct attempt_page {
    struct list items;
    const char *next_cursor;
};
static const struct field attempt_page_fields[] = {
    LIST(struct attempt_page, items, attempt_row_fields, struct attempt_row, 0, 100),
    STR(struct attempt_page, next_cursor, 1, 40, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_attempts(struct call *c, const void *in, void *out)
{
    const struct attempt_query *q = c->query;
    int64_t limit = page_limit(q->limit), before = page_before(c->op, q->cursor);
    struct attempt_page *page = out;
    const struct attempt_row *rows;

    (void)in;
    TRY(op_faults(c->op));
    TRY(bank_verification_list(
        c->op, q->state == 0 ? NULL : states[q->state], before, limit, 0, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(
        c->op, &page->items, limit, (int64_t)page->items.n > limit ? rows[limit - 1].number : 0);
    return OK;
}

struct bank_result {
    int result;
    const char *note;
};
static const char *const results[] = {"ok", "failed", NULL};
static const struct field bank_result_fields[] = {
    ENUM(struct bank_result, result, results, .label = "结果"),
    STR(struct bank_result, note, 1, 500, .flags = F_LINES, .label = "依据"),
    {.type = F_END},
};

static enum err
h_result(struct call *c, const void *in, void *out)
{
    const struct bank_result *r = in;
    struct list found;
    int64_t id;
    bool done;

    if (!text_int(c->args[0], &id))
        return op_fail(c->op, E_NOT_FOUND, "bank verification %.40s", c->args[0]);
    TRY(bank_verification_judge(c->op, id, r->result == 0, r->note, &done));
    if (!done)
        c->reply->status = 202;
    TRY(bank_verification_list(c->op, NULL, 0, 1, id, &found));
    *(struct attempt_row *)out = *(const struct attempt_row *)found.items;
    return OK;
}

const struct route h_staff_bank_routes[] = {
    {"GET", "/api/admin/v1/bank-verifications", POOL_STAFF, STAFF_ANY, BODY(query, attempt_query),
        BODY(out, attempt_page), .run = h_attempts, .summary = "金融认证记录"},
    {"POST", "/api/admin/v1/bank-verifications/{id}/result", POOL_STAFF,
        STAFF_REVIEWER | STAFF_FINANCE | STAFF_ADMINISTRATOR, R_TWO_PEOPLE, BODY(in, bank_result),
        BODY(out, attempt_row), .run = h_result, .summary = "人工登记金融认证结果，须两人",
        REFUSES(E_STATE, E_SECOND_PERSON)},
    {.method = NULL},
};
