/* What is on offer: projects with their fees and agreements, and what couriers take. */
#include <string.h>

#include "domain/form.h"
#include "flow/admin.h"
#include "web/routes.h"

struct items {
    struct list items;
};

static const struct field projects_fields[] = {
    LIST(struct items, items, admin_project_fields, struct admin_project, 0, 1000),
    {.type = F_END},
};

static enum err
h_projects(struct call *c, const void *in, void *out)
{
    (void)in;
    return admin_projects(c->op, NULL, &((struct items *)out)->items);
}

static const struct field year_fields[] = {
    INT(struct year_offer, years, 1, 10),
    {.type = F_END},
};
static const struct field type_fields[] = {
    ENUM(struct project_type_change, certificate_type, certificate_types, .label = "证书类型"),
    INT(struct project_type_change, fee_per_year_fen, 1, 100000000, .label = "每年费用（分）"),
    LIST(struct project_type_change, years, year_fields, struct year_offer, 1, 10),
    {.type = F_END},
};
static const struct field agreement_fields[] = {
    STR(struct agreement_change, id, 1, 40),
    ENUM(struct agreement_change, lang, agreement_langs),
    STR(struct agreement_change, title, 1, 100, .label = "协议名称"),
    STR(struct agreement_change, body, 1, 20000, .flags = F_LINES, .label = "协议正文"),
    {.type = F_END},
};
static const struct field project_change_fields[] = {
    BOOL(struct project_change, active, .label = "启用"),
    STR(struct project_change, supplier_url, 0, 200, .flags = F_OPT, .label = "供应商注册网址"),
    ENUM(struct project_change, courier_payer, courier_payers, .label = "快递费付款方式"),
    INT(struct project_change, version, 1, INT64_MAX),
    LIST(struct project_change, certificate_types, type_fields, struct project_type_change, 0, 2),
    STRS(struct project_change, return_reasons, 0, 100, .flags = F_OPT, .label = "退回原因"),
    LIST(struct project_change, agreements, agreement_fields, struct agreement_change, 0, 20,
        .flags = F_OPT, .label = "协议"),
    {.type = F_END},
};

static enum err
h_change_project(struct call *c, const void *in, void *out)
{
    struct list found;

    TRY(admin_change_project(c->op, c->args[0], in));
    TRY(admin_projects(c->op, c->args[0], &found));
    *(struct admin_project *)out = *(const struct admin_project *)found.items;
    return OK;
}

struct project_detail {
    struct admin_project project;
    struct list texts; /* struct agreement_row */
};
static const struct field project_detail_fields[] = {
    OBJ(struct project_detail, project, admin_project_fields),
    LIST(struct project_detail, texts, agreement_row_fields, struct agreement_row, 0, 100),
    {.type = F_END},
};

static enum err
h_project(struct call *c, const void *in, void *out)
{
    struct project_detail *detail = out;
    struct list found;

    (void)in;
    TRY(admin_projects(c->op, c->args[0], &found));
    if (found.n != 1)
        return op_fail(c->op, E_NOT_FOUND, "project %.40s", c->args[0]);
    detail->project = *(const struct admin_project *)found.items;
    return admin_agreements(c->op, c->args[0], &detail->texts);
}

/* ---- couriers ---- */

static const struct field tariffs_fields[] = {
    LIST(struct items, items, tariff_row_fields, struct tariff_row, 0, 10000),
    {.type = F_END},
};
struct tariff_page {
    struct list items, provinces;
};
static const struct field tariff_page_fields[] = {
    LIST(struct tariff_page, items, tariff_row_fields, struct tariff_row, 0, 10000),
    LIST(struct tariff_page, provinces, tariff_province_fields, struct tariff_province, 0, 100),
    {.type = F_END},
};
static const struct field new_tariff_fields[] = {
    INT(struct new_tariff, fee_fen, 0, 1000000, .label = "快递费（分）"),
    STR(struct new_tariff, valid_from, 10, 10, .format = "date", .label = "生效日期"),
    {.type = F_END},
};

static enum err
h_tariffs(struct call *c, const void *in, void *out)
{
    struct tariff_page *page = out;

    (void)in;
    TRY(tariff_list(c->op, NULL, &page->items));
    return tariff_provinces(c->op, &page->provinces);
}

static enum err
h_add_tariff(struct call *c, const void *in, void *out)
{
    TRY(admin_add_tariff(c->op, c->args[0], in));
    return tariff_list(c->op, c->args[0], &((struct items *)out)->items);
}

#define ADMIN        "/api/admin/v1"
#define ITEMS(table) .out = table##_fields, .out_size = sizeof(struct items)
#define READERS      POOL_STAFF, STAFF_ADMINISTRATOR | STAFF_AUDITOR
const struct route h_staff_project_routes[] = {
    {"GET", ADMIN "/projects", READERS, ITEMS(projects), .run = h_projects, .summary = "业务项目"},
    {"GET", ADMIN "/projects/{project}", READERS, BODY(out, project_detail), .run = h_project,
        .summary = "业务项目及其协议全文"},
    {"PUT", ADMIN "/projects/{project}", POOL_STAFF, STAFF_ADMINISTRATOR, BODY(in, project_change),
        BODY(out, admin_project), .run = h_change_project,
        .summary = "修改业务项目；协议改动即成为新版本", REFUSES(E_STALE)},
    {"GET", ADMIN "/courier-tariffs", READERS, BODY(out, tariff_page), .run = h_tariffs,
        .summary = "快递资费，按目的地和生效日期；以及全部目的地"},
    {"PUT", ADMIN "/courier-tariffs/{province}", POOL_STAFF, STAFF_ADMINISTRATOR,
        BODY(in, new_tariff), ITEMS(tariffs), .run = h_add_tariff, .summary = "自某日起的快递资费"},
    {.method = NULL},
};
