/* What forms choose from; open to everybody, and at the desk to those who need it. */
#include "store/catalogue.h"

#include "io/conf.h"
#include "web/routes.h"

struct items {
    struct list items;
};
#define ITEMS_OF(name, of, T)                                 \
    static const struct field name##_fields[] = {             \
        LIST(struct items, items, of##_fields, T, 0, 100000), \
        {.type = F_END},                                      \
    }
ITEMS_OF(projects, project, struct project);
ITEMS_OF(banks, bank, struct bank);
ITEMS_OF(regions, region, struct region);

static enum err
h_projects(struct call *c, const void *in, void *out)
{
    (void)in;
    return catalogue_projects(c->op, NULL, &((struct items *)out)->items);
}

static enum err
h_project(struct call *c, const void *in, void *out)
{
    struct list found;

    (void)in;
    TRY(catalogue_projects(c->op, c->args[0], &found));
    if (found.n == 0)
        return op_fail(c->op, E_NOT_FOUND, "project %.40s", c->args[0]);
    *(struct project *)out = *(const struct project *)found.items;
    return OK;
}

static enum err
h_agreement(struct call *c, const void *in, void *out)
{
    (void)in;
    return catalogue_agreement(c->op, c->args[0], out);
}

struct bank_query {
    const char *q, *province;
    int64_t limit;
};
static const struct field bank_query_fields[] = {
    STR(struct bank_query, q, 2, 60, .label = "关键字"),
    STR(struct bank_query, province, 2, 2, .flags = F_OPT),
    INT(struct bank_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_banks(struct call *c, const void *in, void *out)
{
    const struct bank_query *q = c->query;

    (void)in;
    return catalogue_banks(
        c->op, q->q, q->province, q->limit == 0 ? 20 : q->limit, &((struct items *)out)->items);
}

static enum err
h_regions(struct call *c, const void *in, void *out)
{
    (void)in;
    return catalogue_regions(c->op, &((struct items *)out)->items);
}

struct fee_query {
    const char *region, *project;
};
static const struct field fee_query_fields[] = {
    STR(struct fee_query, region, 6, 6, .label = "收件地区"),
    STR(struct fee_query, project, 2, 40, .label = "业务项目"),
    {.type = F_END},
};
static const struct field courier_fee_fields[] = {
    STR(struct courier_fee, payer, 1, 20),
    INT(struct courier_fee, fee_fen, 0, INT64_MAX),
    {.type = F_END},
};

static enum err
h_courier_fee(struct call *c, const void *in, void *out)
{
    const struct fee_query *q = c->query;
    struct courier_fee *fee = out;

    (void)in;
    TRY(catalogue_courier_fee(c->op, q->project, q->region, fee));
    if (!fee->served)
        op_fault(c->op, "?region", FAULT_REGION_NOT_SERVED);
    return op_faults(c->op);
}

struct service {
    const char *phone, *hours;
};
static const struct field service_fields[] = {
    STR(struct service, phone, 1, 40),
    STR(struct service, hours, 1, 100),
    {.type = F_END},
};

static enum err
h_service(struct call *c, const void *in, void *out)
{
    (void)in;
    *(struct service *)out =
        (struct service){c->op->conf->service_phone, c->op->conf->service_hours};
    return OK;
}

#define ITEMS(table) .out = table##_fields, .out_size = sizeof(struct items)
const struct route h_catalogue_routes[] = {
    {"GET", "/api/v1/projects", POOL_APPLICANT, ANYONE, ITEMS(projects), .run = h_projects,
        .summary = "业务项目"},
    {"GET", "/api/v1/projects/{project}", POOL_APPLICANT, ANYONE, BODY(out, project),
        .run = h_project, .summary = "一个业务项目，含协议全文"},
    {"GET", "/api/v1/agreements/{id}", POOL_APPLICANT, ANYONE, .out = agreement_text_fields,
        .out_size = sizeof(struct agreement), .run = h_agreement, .summary = "协议全文"},
    {"GET", "/api/v1/banks", POOL_APPLICANT, ANYONE, ITEMS(banks), BODY(query, bank_query),
        .run = h_banks, .summary = "按关键字查找开户行"},
    {"GET", "/api/admin/v1/banks", POOL_STAFF, STAFF_FINANCE, ITEMS(banks), BODY(query, bank_query),
        .run = h_banks, .summary = "按关键字查找开户行"},
    {"GET", "/api/v1/regions", POOL_APPLICANT, ANYONE, ITEMS(regions), .run = h_regions,
        .summary = "省、市、区县（GB/T 2260）"},
    {"GET", "/api/v1/courier-fees", POOL_APPLICANT, ANYONE, BODY(out, courier_fee),
        BODY(query, fee_query), .run = h_courier_fee, .summary = "快递费"},
    {"GET", "/api/v1/service", POOL_APPLICANT, ANYONE, BODY(out, service), .run = h_service,
        .summary = "服务电话与工作时间"},
    {.method = NULL},
};
