#include "domain/form_check.h"

#include <string.h>

#include "base/text.h"
#include "domain/bankno.h"
#include "domain/contact.h"
#include "domain/idno.h"
#include "domain/mobile.h"
#include "domain/uscc.h"
#include "domain/words.h"

enum { ADULT = 18 };

struct check {
    struct op *op;
    const struct form *f;
    const struct form_context *ctx;
    bool flat; /* the group alone is the body: pointers have no group */
};

static const char *
pointer(const struct check *c, const char *group, const char *name)
{
    if (c->flat)
        return arena_printf(c->op->arena, "/%s", name);
    return arena_printf(c->op->arena, "/%s/%s", form_group(c->ctx->type, group), name);
}

static void
fault(const struct check *c, const char *group, const char *name, enum fault_code code)
{
    op_fault(c->op, pointer(c, group, name), code);
}

/* The kind of identity document that stands in the same group. */
static int
id_kind_of(const struct form *f, const char *group)
{
    return strcmp(group, "person") == 0 ? f->person.id_kind : f->legal_representative.id_kind;
}

static bool
check_words(const struct form_member *m, const char *s, enum fault_code *why)
{
    *why = FAULT_CHARACTERS;
    if (!words_check(s))
        return false;
    *why = FAULT_NAME;
    return m->rule != RULE_PERSON_NAME || words_is_name(s);
}

static bool
check_number(
    const struct check *c, const struct form_member *m, const char *s, enum fault_code *why)
{
    int kind;

    switch (m->rule) {
    case RULE_USCC:
        return uscc_check(s, why);
    case RULE_ID_NUMBER:
        kind = id_kind_of(c->f, m->group);
        return kind == ID_ABSENT || idno_check(kind, s, c->ctx->today, why);
    case RULE_TAX_NUMBER:
        return taxno_check(s, c->ctx->today, why);
    case RULE_ACCOUNT_NUMBER:
        if (c->ctx->type == CERTIFICATE_NATURAL_PERSON)
            return bankno_personal(s, why);
        *why = FAULT_ACCOUNT_FORMAT;
        return bankno_corporate(s);
    default:
        *why = FAULT_BANK_CODE;
        return bankno_branch(s);
    }
}

static bool
is_long_term(const char *s)
{
    return strcmp(s, "long_term") == 0;
}

/* What one member holds against its own rule; *why is set where it does not. */
static bool
holds(const struct check *c, const struct form_member *m, const char *s, enum fault_code *why)
{
    int64_t days;

    switch (m->rule) {
    case RULE_NOTHING:
    case RULE_ENUM:
        return true;
    case RULE_CLEAN:
    case RULE_PERSON_NAME:
        return check_words(m, s, why);
    case RULE_REGION:
        *why = FAULT_REGION;
        return region_check(s);
    case RULE_VALID_TO:
        *why = FAULT_DATE_OR_LONG_TERM;
        return is_long_term(s) || text_date(s, &days);
    case RULE_PHONE:
        *why = FAULT_PHONE;
        return mobile_check(s) || landline_check(s);
    case RULE_MOBILE:
        *why = FAULT_MOBILE;
        return mobile_check(s);
    case RULE_EMAIL:
        *why = FAULT_EMAIL;
        return email_check(s);
    case RULE_POSTCODE:
        *why = FAULT_POSTCODE;
        return postcode_check(s);
    case RULE_USCC:
    case RULE_ID_NUMBER:
    case RULE_BANK_CODE:
    case RULE_ACCOUNT_NUMBER:
    case RULE_TAX_NUMBER:
        break;
    }
    return check_number(c, m, s, why);
}

/* Where a rule speaks of the shape itself, its sentence says more than a length. */
static bool
check_length(const struct check *c, const struct form_member *m, const char *s)
{
    int64_t n = text_length(s);

    if ((m->rule != RULE_CLEAN && m->rule != RULE_PERSON_NAME) || (n >= m->least && n <= m->most))
        return true;
    op_fault(c->op, pointer(c, m->group, m->name), FAULT_LENGTH, (long long)m->least,
        (long long)m->most);
    return false;
}

static bool
is_needed(const struct check *c, const struct form_member *m)
{
    if (c->ctx->legal_mobile_needed && c->ctx->type == CERTIFICATE_ORGANISATION &&
        m->offset == offsetof(struct form, legal_representative.mobile))
        return true;
    return m->need[c->ctx->type] == FORM_NEED ||
           (m->need[c->ctx->type] == FORM_WITH && c->f->invoice.wanted);
}

/* True when the member is there and right, so that it may be compared with others. */
static bool
check_member(const struct check *c, const struct form_member *m)
{
    const char *s = m->type == FORM_TEXT ? form_text(c->f, m) : NULL;
    enum fault_code why;

    if (form_is_absent(c->f, m)) {
        if (is_needed(c, m) && !c->ctx->draft)
            fault(c, m->group, m->name, FAULT_REQUIRED);
        return false;
    }
    if (m->need[c->ctx->type] == FORM_NONE) {
        fault(c, m->group, m->name, FAULT_UNKNOWN);
        return false;
    }
    if (s == NULL)
        return true;
    if (!check_length(c, m, s))
        return false;
    if (!holds(c, m, s, &why)) {
        fault(c, m->group, m->name, why);
        return false;
    }
    return true;
}

/* Which members are there and right: a bit each, in the order of form_members. */
static uint64_t
check_members(const struct check *c, const char *group)
{
    uint64_t right = 0;

    for (int i = 0; i < form_members_n; i++)
        if ((group == NULL || strcmp(form_members[i].group, group) == 0) &&
            check_member(c, &form_members[i]))
            right |= UINT64_C(1) << i;
    return right;
}

static bool
is_right(uint64_t right, size_t offset)
{
    for (int i = 0; i < form_members_n; i++)
        if (form_members[i].offset == offset)
            return (right >> i & 1) != 0;
    return false;
}

#define RIGHT(member) is_right(right, offsetof(struct form, member))

static bool
has_expired(const char *valid_to, int64_t today)
{
    int64_t days;

    return !is_long_term(valid_to) && text_date(valid_to, &days) && days < today;
}

static void
check_organisation(const struct check *c, uint64_t right)
{
    const struct organisation *o = &c->f->organisation;

    if (RIGHT(organisation.uscc) && RIGHT(organisation.licence_kind) &&
        !uscc_fits_licence(o->uscc, o->licence_kind))
        fault(c, "organisation", "licence_kind", FAULT_LICENCE_KIND);
    if (RIGHT(organisation.region) && !c->ctx->organisation_region_known)
        fault(c, "organisation", "region", FAULT_REGION_UNKNOWN);
    if (RIGHT(organisation.valid_to) && has_expired(o->valid_to, c->ctx->today))
        fault(c, "organisation", "valid_to", FAULT_LICENCE_EXPIRED);
}

static void
check_person(const struct check *c, uint64_t right)
{
    const struct person *p = &c->f->person;
    bool organisation = c->ctx->type == CERTIFICATE_ORGANISATION;
    int age;

    if (RIGHT(person.id_number) && RIGHT(person.id_kind)) {
        age = idno_age(p->id_kind, p->id_number, c->ctx->today);
        if (age >= 0 && age < ADULT)
            fault(c, "person", "id_number", organisation ? FAULT_HANDLER_AGE : FAULT_APPLICANT_AGE);
    }
    if (RIGHT(person.id_valid_to) && has_expired(p->id_valid_to, c->ctx->today))
        fault(c, "person", "id_valid_to", FAULT_ID_EXPIRED);
}

/* 个体工商户 have their accounts in other names too; a reviewer looks at those. */
static bool
is_self_employed(const struct organisation *o)
{
    return o->nature == NATURE_SELF_EMPLOYED || strncmp(o->uscc, "92", 2) == 0;
}

static void
check_account(const struct check *c, uint64_t right)
{
    const struct form *f = c->f;
    const char *account = f->bank_account.account_name;

    if (c->ctx->type == CERTIFICATE_NATURAL_PERSON) {
        if (RIGHT(bank_account.account_name) && RIGHT(person.name) &&
            !words_same(account, f->person.name))
            fault(c, "bank_account", "account_name", FAULT_ACCOUNT_NAME_PERSON);
    } else if (RIGHT(bank_account.account_name) && RIGHT(organisation.name) &&
               !words_same(account, f->organisation.name) &&
               !(RIGHT(organisation.uscc) && is_self_employed(&f->organisation))) {
        fault(c, "bank_account", "account_name", FAULT_ACCOUNT_NAME);
    }
    if (RIGHT(bank_account.bank_code) && !c->ctx->bank_known)
        fault(c, "bank_account", "bank_code", FAULT_BANK_UNKNOWN);
}

static void
check_delivery(const struct check *c, uint64_t right)
{
    if (!RIGHT(delivery.region))
        return;
    if (!c->ctx->delivery_region_known)
        fault(c, "delivery", "region", FAULT_REGION_UNKNOWN);
    else if (!c->ctx->delivery_served)
        fault(c, "delivery", "region", FAULT_REGION_NOT_SERVED);
}

static bool
lacks_invoice_address(const struct form *f)
{
    const struct invoice *i = &f->invoice;

    return i->wanted && (i->email == NULL || *i->email == '\0') &&
           (i->mobile == NULL || *i->mobile == '\0');
}

static void
check_invoice(const struct check *c)
{
    if (!c->f->invoice.wanted)
        return;
    if (c->f->invoice.kind == INVOICE_SPECIAL && c->ctx->type == CERTIFICATE_NATURAL_PERSON)
        fault(c, "invoice", "kind", FAULT_INVOICE_SPECIAL);
    if (lacks_invoice_address(c->f))
        fault(c, "invoice", "email", FAULT_INVOICE_DELIVERY);
}

void
form_check(struct op *op, const struct form *f, const struct form_context *ctx)
{
    struct check c = {.op = op, .f = f, .ctx = ctx};
    uint64_t right = check_members(&c, NULL);

    if (ctx->draft)
        return;
    check_organisation(&c, right);
    check_person(&c, right);
    check_account(&c, right);
    check_delivery(&c, right);
    check_invoice(&c);
}

const char *const *
form_incomplete(struct arena *a, const struct form *f, const struct form_context *ctx)
{
    struct check c = {.f = f, .ctx = ctx};
    const char **out = NEW_N(a, (size_t)form_members_n + 2, const char *);
    size_t n = 0;

    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++)
        if (form_is_absent(f, m) && is_needed(&c, m))
            out[n++] = form_pointer(a, ctx->type, m);
    if (lacks_invoice_address(f))
        out[n++] = "/invoice/email";
    return out;
}

void
form_check_bank_account(struct op *op, const struct bank_account *b, const struct form *f,
    const struct form_context *ctx)
{
    struct form whole = *f;
    struct check c = {.op = op, .f = &whole, .ctx = ctx, .flat = true};
    uint64_t right;

    whole.bank_account = *b;
    right = check_members(&c, "bank_account");
    /* The rest of the form was right when it was confirmed. */
    for (int i = 0; i < form_members_n; i++)
        if (strcmp(form_members[i].group, "bank_account") != 0 &&
            !form_is_absent(&whole, &form_members[i]))
            right |= UINT64_C(1) << i;
    check_account(&c, right);
}
