#include "store/catalogue.h"

#include <string.h>

#include "io/db.h"

const struct field project_fields[] = {
    STR(struct project, project, 2, 40),
    STR(struct project, name, 1, 100),
    STR(struct project, supplier_url, 1, 200, .flags = F_OPT),
    STR(struct project, courier_payer, 1, 20),
    RAW(struct project, certificate_types, NULL),
    RAW(struct project, agreements, NULL),
    {.type = F_END},
};
const struct field agreement_text_fields[] = {
    STR(struct agreement, id, 1, 40),
    STR(struct agreement, version, 1, 40),
    STR(struct agreement, title, 1, 100),
    STR(struct agreement, text, 1, 100000),
    STR(struct agreement, sha256, 64, 64),
    {.type = F_END},
};
const struct field bank_fields[] = {
    STR(struct bank, code, 12, 12),
    STR(struct bank, name, 1, 200),
    {.type = F_END},
};
const struct field region_fields[] = {
    STR(struct region, code, 6, 6),
    STR(struct region, name, 1, 60),
    STR(struct region, parent, 6, 6, .flags = F_OPT),
    INT(struct region, level, 1, 3),
    BOOL(struct region, is_leaf),
    {.type = F_END},
};

static const char *
language(const struct op *op)
{
    return op->lang == LANG_EN ? "en" : "zh-CN";
}

enum err
catalogue_projects(struct op *op, const char *code, struct list *out)
{
    struct project *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_PROJECT_LIST, &r, code, language(op)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct project);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct project){
            .project = row_str(op, r, i, "code"),
            .name = row_str(op, r, i, "name"),
            .supplier_url = row_str(op, r, i, "supplier_url"),
            .courier_payer = row_str(op, r, i, "courier_payer"),
            .certificate_types = row_str(op, r, i, "certificate_types"),
            .agreements = row_str(op, r, i, "agreements"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
catalogue_agreement(struct op *op, const char *id, struct agreement *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_AGREEMENT_GET, &r, id, language(op)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "agreement %.40s", id);
    *out = (struct agreement){row_str(op, r, 0, "id"), row_str(op, r, 0, "version"),
        row_str(op, r, 0, "title"), row_str(op, r, 0, "body"), row_str(op, r, 0, "sha256")};
    return OK;
}

/* {"word","word"} with the escapes of array literals; LIKE's own are escaped as well. */
static const char *
words_array(struct op *op, const char *q)
{
    size_t n = strlen(q);
    char *out = arena_alloc(op->arena, n * 4 + 8), *p = out;
    bool in = false;

    *p++ = '{';
    for (; *q != '\0'; q++) {
        if (*q == ' ') {
            if (in)
                *p++ = '"';
            in = false;
            continue;
        }
        if (!in) {
            if (p[-1] == '"')
                *p++ = ',';
            *p++ = '"';
            in = true;
        }
        if (*q == '%' || *q == '_') {
            *p++ = '\\';
            *p++ = '\\';
        } else if (*q == '"') {
            *p++ = '\\';
        } else if (*q == '\\') {
            memcpy(p, "\\\\\\", 3);
            p += 3;
        }
        *p++ = *q;
    }
    if (in)
        *p++ = '"';
    memcpy(p, "}", 2);
    return out;
}

enum err
catalogue_banks(struct op *op, const char *q, const char *province, int64_t limit, struct list *out)
{
    struct bank *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_BANK_SEARCH, &r, words_array(op, q), db_int(op, limit), province));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct bank);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct bank){row_str(op, r, i, "code"), row_str(op, r, i, "name")};
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
catalogue_regions(struct op *op, struct list *out)
{
    struct region *items;
    ROWS r = NULL;

    TRY(RUN0(op, Q_REGION_LIST, &r));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct region);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct region){
            .code = row_str(op, r, i, "code"),
            .name = row_str(op, r, i, "name"),
            .parent = row_str(op, r, i, "parent"),
            .level = row_int(r, i, "level"),
            .is_leaf = row_bool(r, i, "is_leaf"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
catalogue_courier_fee(
    struct op *op, const char *project, const char *region, struct courier_fee *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_COURIER_FEE, &r, project, region));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "project or region");
    out->payer = row_str(op, r, 0, "courier_payer");
    out->served = !row_null(r, 0, "fee_fen");
    out->fee_fen = row_int(r, 0, "fee_fen");
    return OK;
}
