/* Figures for those who answer for the whole. */
#include "base/text.h"
#include "store/statistics.h"
#include "web/routes.h"

struct span {
    const char *from, *to;
};
static const struct field span_fields[] = {
    STR(struct span, from, 10, 10, .format = "date", .label = "起始日期"),
    STR(struct span, to, 10, 10, .format = "date", .label = "截止日期"),
    {.type = F_END},
};
struct figures {
    const char *from, *to;
    struct statistics figures;
};
static const struct field figures_fields[] = {
    STR(struct figures, from, 10, 10, .format = "date"),
    STR(struct figures, to, 10, 10, .format = "date"),
    OBJ(struct figures, figures, statistics_fields),
    {.type = F_END},
};

static enum err
h_statistics(struct call *c, const void *in, void *out)
{
    const struct span *s = c->query;
    struct figures *f = out;
    int64_t from = 0, to = 0;

    (void)in;
    if (!text_date(s->from, &from))
        op_fault(c->op, "?from", FAULT_DATE);
    if (!text_date(s->to, &to) || to < from)
        op_fault(c->op, "?to", FAULT_DATE);
    else if (c->op->faults == NULL && to - from >= STATISTICS_DAYS)
        op_fault(c->op, "?to", FAULT_SPAN, (long long)STATISTICS_DAYS);
    TRY(op_faults(c->op));
    f->from = s->from;
    f->to = s->to;
    return statistics_view(c->op, s->from, s->to, &f->figures);
}

const struct route h_staff_statistics_routes[] = {
    {"GET", "/api/admin/v1/statistics", POOL_STAFF, STAFF_ADMINISTRATOR | STAFF_AUDITOR,
        BODY(query, span), BODY(out, figures), .run = h_statistics,
        .summary = "统计：受理、审核时效、退回原因、收支、制证"},
    {.method = NULL},
};
