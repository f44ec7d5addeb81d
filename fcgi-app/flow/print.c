#include "flow/print.h"

#include <string.h>

#include "domain/form_check.h"
#include "store/revision.h"

enum { ROWS_MOST = 12, GROUPS_MOST = 6 };

/* One line of flow/print.def; a group's own line has no member. */
static const struct label {
    const char *group, *member, *word[2];
} labels[] = {
#define GROUP(group, organisation, person)         {#group, NULL, {organisation, person}},
#define PRINT(group, member, organisation, person) {#group, #member, {organisation, person}},
#include "flow/print.def"
};
enum { LABELS = sizeof(labels) / sizeof(*labels) };

enum word {
#define WORD(name, text) WORD_##name,
#include "flow/print.def"
    WORD_MAX
};
static const char *const words[WORD_MAX] = {
#define WORD(name, text) [WORD_##name] = text,
#include "flow/print.def"
};

/* What is printed: the form, and under which number and digest. */
struct copy {
    struct form form;
    int64_t no, at;
    const char *digest, *region, *bank;
};

/* A correction is not confirmed before it is handed in, but its paper must be signed before. */
static enum err
take_saved(struct op *op, const struct paper_case *c, const char *digest, struct copy *out)
{
    const struct form_context context = {.type = c->type, .years = (int)c->years};
    const char *const *missing = form_incomplete(op->arena, &c->form, &context);

    for (; *missing != NULL; missing++)
        op_fault(op, *missing, FAULT_REQUIRED);
    TRY(op_faults(op));
    out->form = c->form;
    out->no = c->revision_no + 1;
    out->digest = digest;
    out->at = op->now;
    return OK;
}

static enum err
take(struct op *op, const struct paper_case *c, struct copy *out)
{
    const char *digest = form_print_digest(op, c->type, &c->form);
    struct revision r;

    TRY(revision_read(op, c->id, c->type, c->order_no, &r));
    if (r.no == 0)
        return op_state(op, order_state_code(c->state), "printing");
    if (c->state == ORDER_RETURNED && strcmp(digest, r.print_sha256) != 0)
        return take_saved(op, c, digest, out);
    out->form = r.form;
    out->no = r.no;
    out->digest = r.print_sha256;
    out->at = r.confirmed_at;
    return OK;
}

static const struct form_member *
member_of(const struct label *l)
{
    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++)
        if (strcmp(m->group, l->group) == 0 && strcmp(m->name, l->member) == 0)
            return m;
    return NULL;
}

static const char *
enum_word(const struct form *f, const struct form_member *m)
{
    int value = form_enum(f, m);

    if (strcmp(m->name, "licence_kind") == 0)
        return licence_kind_label(value, LANG_ZH);
    if (strcmp(m->name, "nature") == 0)
        return nature_label(value, LANG_ZH);
    return id_kind_label(value, LANG_ZH);
}

/* A code is printed as what it means. */
static const char *
value_of(struct op *op, const struct copy *c, const struct form_member *m)
{
    const char *text;

    if (m->type == FORM_ENUM)
        return enum_word(&c->form, m);
    text = form_text(&c->form, m);
    if (text == NULL)
        return "";
    if (m->rule == RULE_VALID_TO && strcmp(text, "long_term") == 0)
        return words[WORD_LONG_TERM];
    if (m->rule == RULE_REGION && c->region != NULL)
        return c->region;
    if (m->rule == RULE_BANK_CODE && c->bank != NULL)
        return arena_printf(op->arena, "%s（%s）", c->bank, text);
    return text;
}

static struct paper_group
business(struct op *op, const struct paper_case *c)
{
    struct paper_row *rows = NEW_N(op->arena, 3, struct paper_row);

    rows[0] = (struct paper_row){words[WORD_PROJECT], c->project};
    rows[1] = (struct paper_row){words[WORD_TYPE], certificate_type_label(c->type, LANG_ZH)};
    rows[2] =
        (struct paper_row){words[WORD_YEARS], arena_printf(op->arena, "%lld", (long long)c->years)};
    return (struct paper_group){words[WORD_BUSINESS], rows, 3};
}

static size_t
application_groups(
    struct op *op, const struct paper_case *c, const struct copy *copy, struct paper_group *out)
{
    struct paper_row *rows = NULL;
    size_t n = 0;

    out[n++] = business(op, c);
    for (const struct label *l = labels; l < labels + LABELS; l++) {
        if (*l->word[c->type] == '\0')
            continue;
        if (l->member == NULL) {
            rows = NEW_N(op->arena, ROWS_MOST, struct paper_row);
            out[n++] = (struct paper_group){l->word[c->type], rows, 0};
            continue;
        }
        rows[out[n - 1].n++] =
            (struct paper_row){l->word[c->type], value_of(op, copy, member_of(l))};
    }
    return n;
}

static const char *
label_of(const char *group, const char *member, enum certificate_type type)
{
    for (const struct label *l = labels; l < labels + LABELS; l++)
        if (strcmp(l->group, group) == 0 && l->member != NULL && strcmp(l->member, member) == 0)
            return l->word[type];
    return "";
}

/* Whose seal it is. */
static size_t
seal_groups(
    struct op *op, const struct paper_case *c, const struct copy *copy, struct paper_group *out)
{
    const struct form *f = &copy->form;
    const struct paper_row rows[] = {
        {label_of("organisation", "name", c->type), f->organisation.name},
        {label_of("organisation", "uscc", c->type), f->organisation.uscc},
        {label_of("person", "name", c->type), f->person.name},
        {label_of("person", "mobile", c->type), f->person.mobile},
        {words[WORD_TYPE], certificate_type_label(c->type, LANG_ZH)},
    };
    struct paper_row *kept = arena_alloc(op->arena, sizeof(rows));

    memcpy(kept, rows, sizeof(rows));
    out[0] = (struct paper_group){words[WORD_OWNER], kept, sizeof(rows) / sizeof(*rows)};
    return 1;
}

enum err
print_paper(
    struct op *op, int64_t account, const char *order_no, enum print_what what, struct pdf *out)
{
    struct paper_group groups[GROUPS_MOST];
    struct paper_case c;
    struct copy copy;
    struct form_paper p;

    TRY(paper_case(op, order_no, account, &c));
    TRY(take(op, &c, &copy));
    TRY(paper_words(op, copy.form.organisation.region, copy.form.bank_account.bank_code,
        &copy.region, &copy.bank));
    p = (struct form_paper){
        .kind = c.type == CERTIFICATE_ORGANISATION ? PAPER_ORGANISATION : PAPER_NATURAL_PERSON,
        .authority = words[WORD_AUTHORITY],
        .project = c.project,
        .order_no = c.order_no,
        .revision = copy.no,
        .sha256 = copy.digest,
        .created_at = copy.at,
        .groups = groups,
    };
    if (what == PRINT_SEAL) {
        p.n = seal_groups(op, &c, &copy, groups);
        return form_pdf_seal(op, &p, out);
    }
    p.n = application_groups(op, &c, &copy, groups);
    return form_pdf_application(op, &p, out);
}
