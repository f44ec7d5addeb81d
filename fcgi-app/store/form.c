#include "store/form.h"

#include <pthread.h>
#include <string.h>

#include "domain/mask.h"
#include "io/db.h"
#include "io/hash.h"
#include "io/vault.h"

/*
 * Record tables made once from domain/form.def, so that a member is written down in one place.
 * Group and member offsets both count from struct form, so a group itself stands at offset 0.
 */
enum { GROUPS = 6, MEMBERS = 12 };
static struct field tables[2][GROUPS + 1], groups[2][GROUPS][MEMBERS + 1];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *const *
names_of(const struct form_member *m)
{
    if (strcmp(m->name, "licence_kind") == 0)
        return licence_kinds;
    if (strcmp(m->name, "nature") == 0)
        return natures;
    return strcmp(m->name, "id_kind") == 0 ? id_kinds : invoice_kinds;
}

static struct field
member_field(const struct form_member *m)
{
    static const enum field_type types[] = {
        [FORM_TEXT] = F_STR, [FORM_ENUM] = F_ENUM, [FORM_BOOL] = F_BOOL};

    /* Lengths belong to the rules of the form: they count after cleaning. */
    return (struct field){
        .name = m->name,
        .type = types[m->type],
        .flags = F_OPT,
        .off = m->offset,
        .min = 1,
        .max = 400,
        .of = m->type == FORM_ENUM ? names_of(m) : NULL,
    };
}

static void
make_table(enum certificate_type type)
{
    int g = -1, n = 0;
    const char *group = "";

    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++) {
        bool person = strcmp(m->group, "person") == 0;

        if (m->need[type] == FORM_NONE)
            continue;
        if (strcmp(m->group, group) != 0) {
            group = m->group;
            n = 0;
            g++;
            tables[type][g] = (struct field){
                .name = !person                            ? group
                        : type == CERTIFICATE_ORGANISATION ? "handler"
                                                           : "applicant",
                .type = F_OBJ,
                .flags = F_OPT,
                .of = groups[type][g],
            };
        }
        groups[type][g][n++] = member_field(m);
    }
}

static void
make_tables(void)
{
    make_table(CERTIFICATE_ORGANISATION);
    make_table(CERTIFICATE_NATURAL_PERSON);
}

const struct field *
form_fields(enum certificate_type type)
{
    pthread_once(&once, make_tables);
    return tables[type];
}

void
form_decode(struct op *op, enum certificate_type type, const json_t *in, struct form *out)
{
    memset(out, 0, sizeof(*out));
    /* What was wrong is in op->faults, and the rules shall add theirs. */
    (void)!record_decode(op, form_fields(type), in, "", out, NULL);
    form_clean(op->arena, out);
}

static const char *
context(struct op *op, const char *order_no)
{
    return arena_printf(op->arena, "orders/%s/form", order_no);
}

static const char **
text_at(struct form *f, const struct form_member *m)
{
    return (const char **)((char *)f + m->offset);
}

static bool
is_secret(const struct form_member *m, enum certificate_type type)
{
    return (m->flags & FORM_SECRET) && m->need[type] != FORM_NONE;
}

/* What may stand open: the same form without its P3 members. */
static const char *
open_part(struct op *op, enum certificate_type type, const struct form *f)
{
    struct form open = *f;

    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++)
        if (is_secret(m, type))
            *text_at(&open, m) = NULL;
    return record_text(op, form_fields(type), &open);
}

enum err
form_split(struct op *op, enum certificate_type type, const struct form *f, const char *order_no,
    const char **open_text, const char **sealed_hex)
{
    const char *whole = form_whole(op, type, f);
    const void *sealed;
    size_t n;

    *open_text = open_part(op, type, f);
    TRY(vault_seal(op, VAULT_PERSONAL, context(op, order_no), whole, strlen(whole), &sealed, &n));
    *sealed_hex = db_bytes(op, sealed, n);
    return OK;
}

enum err
form_text_whole(
    struct op *op, const char *order_no, const void *sealed, size_t sealed_n, const char **text)
{
    const void *plain;
    size_t n;

    *text = "{}";
    if (sealed == NULL)
        return OK;
    TRY(vault_unseal(op, VAULT_PERSONAL, context(op, order_no), sealed, sealed_n, &plain, &n));
    *text = plain;
    return OK;
}

/* Somebody who changes the open column behind our back is found out. */
static enum err
same_open_part(
    struct op *op, enum certificate_type type, const struct form *f, const char *open_text)
{
    json_auto_t *stored = NULL;

    TRY(record_parse(op, open_text, strlen(open_text), &stored));
    if (strcmp(record_dump(op, stored), open_part(op, type, f)) != 0)
        return op_fail(op, E_INTERNAL, "a stored form is not what was sealed");
    return OK;
}

enum err
form_join(struct op *op, enum certificate_type type, const char *order_no, const char *open_text,
    const void *sealed, size_t sealed_n, struct form *out)
{
    const char *text;

    memset(out, 0, sizeof(*out));
    if (sealed == NULL)
        return OK;
    TRY(form_text_whole(op, order_no, sealed, sealed_n, &text));
    TRY(record_read(op, form_fields(type), text, out));
    return same_open_part(op, type, out, open_text);
}

const char *
form_whole(struct op *op, enum certificate_type type, const struct form *f)
{
    return record_text(op, form_fields(type), f);
}

const char *
form_masked(struct op *op, enum certificate_type type, const struct form *f)
{
    struct form shown = *f;

    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++)
        if (is_secret(m, type) && form_text(f, m) != NULL)
            *text_at(&shown, m) = strcmp(m->name, "id_number") == 0
                                      ? mask_id_number(op->arena, form_text(f, m))
                                      : mask_account(op->arena, form_text(f, m));
    return form_whole(op, type, &shown);
}

const char *
form_digest(struct op *op, enum certificate_type type, const struct form *f)
{
    const char *text = form_whole(op, type, f);

    return hash_sha256_hex(op->arena, text, strlen(text));
}

const char *
form_print_digest(struct op *op, enum certificate_type type, const struct form *f)
{
    const struct form printed = form_printed(type, f);

    return form_digest(op, type, &printed);
}

const char *
form_stamped_digest(struct op *op, enum certificate_type type, const struct form *f)
{
    const struct form stamped = form_only(type, f, FORM_STAMPED);

    return form_digest(op, type, &stamped);
}
