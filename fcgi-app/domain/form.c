#include "domain/form.h"

#include <string.h>

#include "domain/bankno.h"
#include "domain/idno.h"
#include "domain/mobile.h"
#include "domain/uscc.h"
#include "domain/words.h"

const char *const certificate_types[] = {"organisation", "natural_person", NULL};
const char *const licence_kinds[] = {"", "business_licence", "public_institution",
    "social_organisation", "private_non_enterprise", "law_firm", "other", NULL};
const char *const natures[] = {"", "enterprise", "self_employed", "government",
    "public_institution", "social_organisation", "other", NULL};
const char *const id_kinds[] = {"", "resident_id_card", "residence_permit", "passport", NULL};
const char *const invoice_kinds[] = {"", "ordinary", "special", NULL};

const struct form_member form_members[] = {
#define MEMBER(group, name, kind, least, most, rule, organisation, natural, flags)            \
    {#group, #name, FORM_##kind, offsetof(struct form, group.name), least, most, RULE_##rule, \
        {FORM_##organisation, FORM_##natural}, flags},
#include "domain/form.def"
};
const int form_members_n = sizeof(form_members) / sizeof(*form_members);

bool
certificate_type_parse(const char *name, enum certificate_type *out)
{
    for (int i = 0; certificate_types[i] != NULL; i++)
        if (strcmp(certificate_types[i], name) == 0) {
            *out = (enum certificate_type)i;
            return true;
        }
    return false;
}

const char *
certificate_type_label(enum certificate_type t, enum lang lang)
{
    static const char *const labels[][LANG_MAX] = {
        {"机构证书", "Organisation certificate"}, {"自然人证书", "Personal certificate"}};

    return labels[t][lang];
}

const char *
licence_kind_label(int kind, enum lang lang)
{
    static const char *const labels[][LANG_MAX] = {{"", ""}, {"营业执照", "Business licence"},
        {"事业单位法人证书", "Certificate of a public institution"},
        {"社会团体登记证书", "Certificate of a social organisation"},
        {"民办非企业登记证书", "Certificate of a private non-enterprise unit"},
        {"律师事务所执业许可证", "Licence of a law firm"}, {"其他", "Other"}};

    return labels[kind][lang];
}

const char *
nature_label(int nature, enum lang lang)
{
    static const char *const labels[][LANG_MAX] = {{"", ""}, {"企业", "Enterprise"},
        {"个体工商户", "Self-employed business"}, {"机关", "Government body"},
        {"事业单位", "Public institution"}, {"社会组织", "Social organisation"}, {"其他", "Other"}};

    return labels[nature][lang];
}

const char *
id_kind_label(int kind, enum lang lang)
{
    static const char *const labels[][LANG_MAX] = {{"", ""}, {"居民身份证", "Resident ID card"},
        {"港澳台居民居住证", "Residence permit of Hong Kong, Macao or Taiwan residents"},
        {"护照", "Passport"}};

    return labels[kind][lang];
}

const char *
form_group(enum certificate_type type, const char *group)
{
    if (strcmp(group, "person") != 0)
        return group;
    return type == CERTIFICATE_ORGANISATION ? "handler" : "applicant";
}

const char *
form_pointer(struct arena *a, enum certificate_type type, const struct form_member *m)
{
    return arena_printf(a, "/%s/%s", form_group(type, m->group), m->name);
}

const char *
form_text(const struct form *f, const struct form_member *m)
{
    const char *s = *(const char *const *)((const char *)f + m->offset);

    return s == NULL || *s == '\0' ? NULL : s;
}

int
form_enum(const struct form *f, const struct form_member *m)
{
    return *(const int *)((const char *)f + m->offset);
}

bool
form_is_absent(const struct form *f, const struct form_member *m)
{
    switch (m->type) {
    case FORM_TEXT:
        return form_text(f, m) == NULL;
    case FORM_ENUM:
        return form_enum(f, m) <= 0;
    case FORM_BOOL:
        break;
    }
    return !*(const bool *)((const char *)f + m->offset);
}

static const char *
clean(struct arena *a, enum form_rule rule, const char *s)
{
    const char *words = words_clean(a, s), *number;

    switch (rule) {
    case RULE_PERSON_NAME:
        return words_clean_name(a, s);
    case RULE_USCC:
        return uscc_clean(a, words);
    case RULE_ID_NUMBER:
    case RULE_TAX_NUMBER:
        return idno_clean(a, words);
    case RULE_MOBILE:
        return mobile_clean(a, words);
    case RULE_PHONE:
        number = mobile_clean(a, words);
        return mobile_check(number) ? number : words;
    case RULE_BANK_CODE:
    case RULE_ACCOUNT_NUMBER:
        return bankno_clean(a, words);
    case RULE_NOTHING:
    case RULE_ENUM:
    case RULE_CLEAN:
    case RULE_REGION:
    case RULE_VALID_TO:
    case RULE_EMAIL:
    case RULE_POSTCODE:
        break;
    }
    return words;
}

static void
clean_group(struct arena *a, struct form *f, const char *group)
{
    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++) {
        const char **at = (const char **)((char *)f + m->offset);

        if (m->type != FORM_TEXT || (group != NULL && strcmp(m->group, group) != 0))
            continue;
        if (*at != NULL)
            *at = clean(a, m->rule, *at);
        if (*at != NULL && **at == '\0')
            *at = NULL;
    }
}

void
form_clean(struct arena *a, struct form *f)
{
    clean_group(a, f, NULL);
}

void
form_clean_bank_account(struct arena *a, struct bank_account *b)
{
    struct form f = {.bank_account = *b};

    clean_group(a, &f, "bank_account");
    *b = f.bank_account;
}

struct form
form_only(enum certificate_type type, const struct form *f, enum form_flag flag)
{
    struct form out = *f;

    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++) {
        char *at = (char *)&out + m->offset;

        if (m->need[type] != FORM_NONE && (m->flags & flag))
            continue;
        if (m->type == FORM_TEXT)
            *(const char **)at = NULL;
        else if (m->type == FORM_ENUM)
            *(int *)at = 0;
        else
            *(bool *)at = false;
    }
    return out;
}

struct form
form_printed(enum certificate_type type, const struct form *f)
{
    return form_only(type, f, FORM_PRINTED);
}

static bool
differs(const struct form *a, const struct form *b, const struct form_member *m)
{
    const char *s, *t;

    if (m->type == FORM_ENUM)
        return form_enum(a, m) != form_enum(b, m);
    if (m->type == FORM_BOOL)
        return form_is_absent(a, m) != form_is_absent(b, m);
    s = form_text(a, m);
    t = form_text(b, m);
    return s == NULL || t == NULL ? s != t : strcmp(s, t) != 0;
}

unsigned
form_needs_redo(enum certificate_type type, const struct form *old, const struct form *changed)
{
    static const struct {
        unsigned flag, redo;
    } rows[] = {
        {FORM_PRINTED, REDO_APPLICATION_FORM},
        {FORM_IDENTIFIES, REDO_LIVENESS},
        {FORM_STAMPED, REDO_LICENCE | REDO_SEAL_SHEET},
        {FORM_BANK, REDO_BANK_VERIFICATION},
        {FORM_PRICED, REDO_FEE},
    };
    unsigned flags = 0, out = 0;

    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++)
        if (m->need[type] != FORM_NONE && differs(old, changed, m))
            flags |= m->flags;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (flags & rows[i].flag)
            out |= rows[i].redo;
    return type == CERTIFICATE_ORGANISATION ? out : out & ~(unsigned)REDO_LICENCE;
}

const char *const *
form_changes(
    struct arena *a, enum certificate_type type, const struct form *old, const struct form *changed)
{
    const char **out = NEW_N(a, (size_t)form_members_n + 1, const char *);
    size_t n = 0;

    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++)
        if (m->need[type] != FORM_NONE && differs(old, changed, m))
            out[n++] = form_pointer(a, type, m);
    return out;
}
