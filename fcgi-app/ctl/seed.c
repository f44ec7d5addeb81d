#include "ctl/seed.h"

#include <stdio.h>
#include <string.h>

#include "ctl/textfile.h"
#include "io/db.h"

/* In the order in which they refer to each other. */
static const struct {
    const char *file, *header;
    enum query query;
} tables[] = {
    {"region.tsv", "code\tname\tlevel\tparent_code\n", Q_CTL_SEED_REGION},
    {"bank_branch.tsv", "code\tname\tbank_name\tprovince_code\tcity_code\n",
        Q_CTL_SEED_BANK_BRANCH},
    {"holiday.tsv", "date\tkind\tname\n", Q_CTL_SEED_HOLIDAY},
    {"courier_tariff.tsv", "province_code\tfee_fen\tvalid_from\n", Q_CTL_SEED_COURIER_TARIFF},
};

/* *text is NULL when there is no such file. */
static enum err
read_optional(struct op *op, const char *path, const char **text)
{
    enum err e = textfile_read(op, path, text);

    if (e == E_NOT_FOUND) {
        *text = NULL;
        return OK;
    }
    return e;
}

static enum err
load_table(struct op *op, const char *dir, size_t i)
{
    const char *path = arena_printf(op->arena, "%s/%s", dir, tables[i].file), *text;
    int64_t n;

    TRY(read_optional(op, path, &text));
    if (text == NULL)
        return OK;
    if (strncmp(text, tables[i].header, strlen(tables[i].header)) != 0)
        return op_fail(op, E_INVALID, "%s: has not the columns %.*s", path,
            (int)strlen(tables[i].header) - 1, tables[i].header);
    TRY(DO(op, tables[i].query, &n, text));
    printf("%s: %lld rows\n", tables[i].file, (long long)n);
    return OK;
}

static enum err
load_agreements(struct op *op, const char *dir, const char *projects)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_CTL_SEED_TEXTS, &r, projects));
    for (int i = 0; i < row_count(r); i++) {
        const char *path = arena_printf(op->arena, "%s/%s", dir, row_str(op, r, i, "file")), *body;
        int64_t n;

        TRY(textfile_read(op, path, &body));
        TRY(DO(op, Q_CTL_SEED_AGREEMENT, &n, row_str(op, r, i, "id"), row_str(op, r, i, "version"),
            row_str(op, r, i, "lang"), row_str(op, r, i, "title"), body));
        if (n != 1)
            return op_fail(op, E_CONFLICT, "%s: version %s was published with another text", path,
                row_str(op, r, i, "version"));
    }
    return OK;
}

static enum err
load_projects(struct op *op, const char *dir)
{
    const char *text;
    int64_t n;

    TRY(read_optional(op, arena_printf(op->arena, "%s/project.json", dir), &text));
    if (text == NULL)
        return OK;
    TRY(load_agreements(op, dir, text));
    TRY(DO(op, Q_CTL_SEED_PROJECT, &n, text));
    printf("project.json: %lld new projects\n", (long long)n);
    return DO(op, Q_CTL_SEED_PROJECT_TYPE, NULL, text);
}

enum err
seed_load(struct op *op, const char *dir)
{
    TX(tx, op);

    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
        TRY(load_table(op, dir, i));
    TRY(load_projects(op, dir));
    return tx_commit(&tx);
}
