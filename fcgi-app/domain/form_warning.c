#include "domain/form_warning.h"

#include <string.h>

#include "base/text.h"
#include "domain/bankno.h"
#include "domain/calendar.h"
#include "domain/idno.h"
#include "domain/mobile.h"
#include "domain/uscc.h"
#include "domain/words.h"

enum { ID_ENDS_SOON = 30 };

enum warning {
#define WARNING(name, code, zh, en) WARNING_##name,
#include "domain/form_warning.def"
    WARNING_MAX
};

static const struct {
    const char *code;
    const char *text[LANG_MAX];
} words[WARNING_MAX] = {
#define WARNING(name, code, zh, en) [WARNING_##name] = {code, {zh, en}},
#include "domain/form_warning.def"
};

const char *
form_warning_text(const char *code, enum lang lang)
{
    for (int w = 0; w < WARNING_MAX; w++)
        if (strcmp(words[w].code, code) == 0)
            return words[w].text[lang];
    return NULL;
}

struct look {
    struct op *op;
    const struct form *f;
    const struct form_context *ctx;
    const struct form_warning *first;
    const struct form_warning **end;
};

static void
warn(struct look *l, const char *group, const char *name, enum warning w)
{
    struct form_warning *new = NEW(l->op->arena, struct form_warning);

    new->pointer = arena_printf(l->op->arena, "/%s/%s", form_group(l->ctx->type, group), name);
    new->code = words[w].code;
    new->text = words[w].text[l->op->lang];
    *l->end = new;
    l->end = &new->next;
}

static bool
is_set(const char *s)
{
    return s != NULL && *s != '\0';
}

/* A date that is there and lies before the limit. */
static bool
ends_before(const char *valid_to, int64_t limit)
{
    int64_t days;

    return is_set(valid_to) && text_date(valid_to, &days) && days < limit;
}

static void
look_at_names(struct look *l)
{
    const struct form *f = l->f;

    if (is_set(f->organisation.name) && words_is_rare(f->organisation.name))
        warn(l, "organisation", "name", WARNING_RARE_NAME);
    if (is_set(f->person.name) && words_is_rare(f->person.name))
        warn(l, "person", "name", WARNING_RARE_NAME);
}

static void
look_at_organisation(struct look *l)
{
    const struct organisation *o = &l->f->organisation;
    enum fault_code why;

    if (is_set(o->uscc) && uscc_check(o->uscc, &why)) {
        if (!uscc_org_code_right(o->uscc))
            warn(l, "organisation", "uscc", WARNING_ORG_CODE);
        if (is_set(o->region) && !uscc_in_province(o->uscc, o->region))
            warn(l, "organisation", "region", WARNING_PROVINCE);
        if (o->nature != NATURE_ABSENT && o->nature != uscc_nature(o->uscc))
            warn(l, "organisation", "nature", WARNING_NATURE);
    }
    if (ends_before(o->valid_to, calendar_add_years(l->ctx->today, l->ctx->years)))
        warn(l, "organisation", "valid_to", WARNING_LICENCE_ENDS);
}

static void
look_at_person(struct look *l)
{
    const struct person *p = &l->f->person;

    if (ends_before(p->id_valid_to, l->ctx->today + ID_ENDS_SOON + 1))
        warn(l, "person", "id_valid_to", WARNING_ID_ENDS);
    if (p->id_kind == ID_PASSPORT)
        warn(l, "person", "id_kind", WARNING_PASSPORT);
    if (is_set(p->mobile) && mobile_is_unverifiable(p->mobile))
        warn(l, "person", "mobile", WARNING_MOBILE_RANGE);
}

static void
look_at_account(struct look *l)
{
    const struct form *f = l->f;
    const struct bank_account *b = &f->bank_account;

    if (l->ctx->type == CERTIFICATE_ORGANISATION && is_set(b->account_name) &&
        is_set(f->organisation.name) && !words_same(b->account_name, f->organisation.name))
        warn(l, "bank_account", "account_name", WARNING_ACCOUNT_NAME);
    if (l->ctx->type == CERTIFICATE_NATURAL_PERSON && is_set(b->account_number) &&
        !bankno_luhn(b->account_number))
        warn(l, "bank_account", "account_number", WARNING_CARD_CHECK);
}

static void
look_at_invoice(struct look *l)
{
    const struct form *f = l->f;
    const struct invoice *i = &f->invoice;
    bool named = is_set(f->organisation.name) && is_set(i->title) &&
                 words_same(i->title, f->organisation.name);
    bool own = l->ctx->type == CERTIFICATE_NATURAL_PERSON && is_set(f->person.name) &&
               is_set(i->title) && words_same(i->title, f->person.name);

    if (!i->wanted)
        return;
    if (is_set(i->title) && !named && !own)
        warn(l, "invoice", "title", WARNING_INVOICE_TITLE);
    if (i->kind == INVOICE_SPECIAL && (!is_set(i->address_phone) || !is_set(i->bank_account)))
        warn(l, "invoice", is_set(i->address_phone) ? "bank_account" : "address_phone",
            WARNING_INVOICE_DETAILS);
}

const struct form_warning *
form_warnings(struct op *op, const struct form *f, const struct form_context *ctx)
{
    struct look l = {.op = op, .f = f, .ctx = ctx};

    l.end = &l.first;
    look_at_names(&l);
    look_at_organisation(&l);
    look_at_person(&l);
    look_at_account(&l);
    if (is_set(f->delivery.address) && !words_has_place(f->delivery.address))
        warn(&l, "delivery", "address", WARNING_ADDRESS);
    look_at_invoice(&l);
    return l.first;
}
