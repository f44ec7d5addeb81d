#include "store/admin.h"

#include "domain/form.h"
#include "io/db.h"

const char *const courier_payers[] = {"sender", "recipient", NULL};
const char *const agreement_langs[] = {"zh-CN", "en", NULL};

const struct field work_row_fields[] = {
    STR(struct work_row, id, 1, 20),
    STR(struct work_row, kind, 1, 40),
    STR(struct work_row, key, 1, 200),
    STR(struct work_row, order_no, 17, 17, .flags = F_OPT),
    STR(struct work_row, state, 1, 20),
    INT(struct work_row, attempts, 0, INT64_MAX),
    STR(struct work_row, failure, 0, 600, .flags = F_OPT),
    TIME(struct work_row, due_at),
    TIME(struct work_row, created_at),
    {.type = F_END},
};

const struct field admin_project_fields[] = {
    STR(struct admin_project, project, 2, 40),
    STR(struct admin_project, name_zh, 1, 100),
    STR(struct admin_project, name_en, 1, 100),
    BOOL(struct admin_project, active),
    STR(struct admin_project, supplier_url, 0, 200, .flags = F_OPT),
    STR(struct admin_project, courier_payer, 1, 20),
    STR(struct admin_project, agreement_version, 1, 40),
    RAW(struct admin_project, agreements, NULL),
    RAW(struct admin_project, return_reasons, NULL),
    RAW(struct admin_project, second_review, NULL),
    RAW(struct admin_project, certificate_types, NULL),
    INT(struct admin_project, version, 1, INT64_MAX),
    {.type = F_END},
};

enum err
admin_work(struct op *op, struct list *out)
{
    struct work_row *items;
    ROWS r = NULL;

    TRY(RUN0(op, Q_WORK_LIST, &r));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct work_row);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct work_row){
            .id = row_str(op, r, i, "id"),
            .kind = row_str(op, r, i, "kind"),
            .key = row_str(op, r, i, "key"),
            .order_no = row_str(op, r, i, "order_no"),
            .state = row_str(op, r, i, "state"),
            .attempts = row_int(r, i, "attempts"),
            .failure = row_str(op, r, i, "failure"),
            .due_at = row_int(r, i, "due_at"),
            .created_at = row_int(r, i, "created_at"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
admin_projects(struct op *op, const char *code, struct list *out)
{
    struct admin_project *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_ADMIN_PROJECTS, &r, code));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct admin_project);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct admin_project){
            .project = row_str(op, r, i, "code"),
            .name_zh = row_str(op, r, i, "name_zh"),
            .name_en = row_str(op, r, i, "name_en"),
            .active = row_bool(r, i, "active"),
            .supplier_url = row_str(op, r, i, "supplier_url"),
            .courier_payer = row_str(op, r, i, "courier_payer"),
            .agreement_version = row_str(op, r, i, "agreement_version"),
            .agreements = row_str(op, r, i, "agreements"),
            .return_reasons = row_str(op, r, i, "return_reasons"),
            .second_review = row_str(op, r, i, "second_review"),
            .certificate_types = row_str(op, r, i, "certificate_types"),
            .version = row_int(r, i, "version"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

static const char *
years_json(struct op *op, const struct list *years)
{
    const struct year_offer *y = years->items;
    const char *s = "";

    for (size_t i = 0; i < years->n; i++)
        s = arena_printf(op->arena, "%s%s%lld", s, i == 0 ? "" : ",", (long long)y[i].years);
    return arena_printf(op->arena, "[%s]", s);
}

/* NULL for none, which the database takes for all. */
static const char *
codes_json(struct op *op, const struct strings *codes)
{
    json_auto_t *a = json_array();

    for (size_t i = 0; i < codes->n; i++)
        json_array_append_new(a, json_string(codes->items[i]));
    return codes->n == 0 ? NULL : record_dump(op, a);
}

enum err
admin_project_save(struct op *op, const char *code, const struct project_change *c)
{
    const struct project_type_change *t = c->certificate_types.items;
    int64_t n;

    TRY(DO(op, Q_ADMIN_PROJECT_SAVE, &n, code, db_bool(c->active), c->supplier_url,
        courier_payers[c->courier_payer], db_int(op, c->version),
        codes_json(op, &c->return_reasons)));
    if (n != 1)
        return op_fail(op, E_STALE, "project %.40s changed meanwhile", code);
    for (size_t i = 0; i < c->certificate_types.n; i++) {
        TRY(DO(op, Q_ADMIN_PROJECT_TYPE_SAVE, &n, code, certificate_types[t[i].certificate_type],
            db_int(op, t[i].fee_per_year_fen), years_json(op, &t[i].years)));
        if (n != 1)
            return op_fail(op, E_NOT_FOUND, "project %.40s has no such type", code);
    }
    return OK;
}

const struct field agreement_row_fields[] = {
    STR(struct agreement_row, id, 1, 40),
    STR(struct agreement_row, version, 1, 40),
    STR(struct agreement_row, lang, 2, 5),
    STR(struct agreement_row, title, 1, 100),
    STR(struct agreement_row, body, 1, 100000, .flags = F_LINES),
    INT(struct agreement_row, accepted, 0, INT64_MAX),
    {.type = F_END},
};

enum err
admin_agreements(struct op *op, const char *code, struct list *out)
{
    struct agreement_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_ADMIN_AGREEMENTS, &r, code));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct agreement_row);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct agreement_row){
            .id = row_str(op, r, i, "id"),
            .version = row_str(op, r, i, "version"),
            .lang = row_str(op, r, i, "lang"),
            .title = row_str(op, r, i, "title"),
            .body = row_str(op, r, i, "body"),
            .accepted = row_int(r, i, "accepted"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
admin_agreements_publish(
    struct op *op, const char *code, const struct list *items, const char **version)
{
    const struct agreement_change *a = items->items;
    json_auto_t *list = json_array();
    ROWS r = NULL;

    for (size_t i = 0; i < items->n; i++)
        json_array_append_new(
            list, json_pack("{ss ss ss ss}", "id", a[i].id, "lang", agreement_langs[a[i].lang],
                      "title", a[i].title, "body", a[i].body));
    TRY(RUN0(op, Q_ADMIN_AGREEMENT_VERSION, &r));
    *version = row_str(op, r, 0, "version");
    TRY(DO(op, Q_ADMIN_AGREEMENT_PUBLISH, NULL, code, *version, record_dump(op, list)));
    return DO(op, Q_ADMIN_AGREEMENT_IN_FORCE, NULL, code, *version);
}

const struct field tariff_row_fields[] = {
    STR(struct tariff_row, province, 2, 2),
    STR(struct tariff_row, province_name, 1, 40),
    INT(struct tariff_row, fee_fen, 0, INT64_MAX),
    STR(struct tariff_row, valid_from, 10, 10, .format = "date"),
    STR(struct tariff_row, valid_to, 10, 10, .flags = F_OPT, .format = "date"),
    BOOL(struct tariff_row, is_current),
    {.type = F_END},
};

enum err
tariff_list(struct op *op, const char *province, struct list *out)
{
    struct tariff_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_TARIFF_LIST, &r, province));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct tariff_row);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct tariff_row){
            .province = row_str(op, r, i, "province"),
            .province_name = row_str(op, r, i, "province_name"),
            .fee_fen = row_int(r, i, "fee_fen"),
            .valid_from = row_str(op, r, i, "valid_from"),
            .valid_to = row_str(op, r, i, "valid_to"),
            .is_current = row_bool(r, i, "is_current"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

const struct field tariff_province_fields[] = {
    STR(struct tariff_province, province, 2, 2),
    STR(struct tariff_province, province_name, 1, 40),
    BOOL(struct tariff_province, served),
    {.type = F_END},
};

enum err
tariff_provinces(struct op *op, struct list *out)
{
    struct tariff_province *items;
    ROWS r = NULL;

    TRY(RUN0(op, Q_TARIFF_PROVINCES, &r));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct tariff_province);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct tariff_province){
            .province = row_str(op, r, i, "province"),
            .province_name = row_str(op, r, i, "province_name"),
            .served = row_bool(r, i, "is_served"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
tariff_add(struct op *op, const char *province, const struct new_tariff *t)
{
    ROWS r = NULL;

    TRY(DO(op, Q_TARIFF_END, NULL, province, t->valid_from));
    TRY(RUN(op, Q_TARIFF_ADD, &r, province, t->valid_from, db_int(op, t->fee_fen)));
    return row_count(r) == 1
               ? OK
               : op_fail(op, E_CONFLICT, "tariff of %s from %s", province, t->valid_from);
}
