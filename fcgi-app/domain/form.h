/*
 * The application form as the applicant fills it in (forms.md; JSON names in api.md).
 * A text that is NULL or "" is absent. An enum that is 0 is absent: its table of names begins with
 * "", so that an empty struct is an empty form.
 */
#ifndef HALL_DOMAIN_FORM_H
#define HALL_DOMAIN_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/op.h"

enum certificate_type { CERTIFICATE_ORGANISATION, CERTIFICATE_NATURAL_PERSON };

enum licence_kind {
    LICENCE_ABSENT,
    LICENCE_BUSINESS,
    LICENCE_PUBLIC_INSTITUTION,
    LICENCE_SOCIAL_ORGANISATION,
    LICENCE_PRIVATE_NON_ENTERPRISE,
    LICENCE_LAW_FIRM,
    LICENCE_OTHER
};

enum nature {
    NATURE_ABSENT,
    NATURE_ENTERPRISE,
    NATURE_SELF_EMPLOYED,
    NATURE_GOVERNMENT,
    NATURE_PUBLIC_INSTITUTION,
    NATURE_SOCIAL_ORGANISATION,
    NATURE_OTHER
};

enum id_kind { ID_ABSENT, ID_RESIDENT_CARD, ID_RESIDENCE_PERMIT, ID_PASSPORT };

enum invoice_kind { INVOICE_ABSENT, INVOICE_ORDINARY, INVOICE_SPECIAL };

/* Words of JSON by value, NULL-ended. All but certificate_types begin with "" for "absent". */
extern const char *const certificate_types[];
extern const char *const licence_kinds[];
extern const char *const natures[];
extern const char *const id_kinds[];
extern const char *const invoice_kinds[];

/* What people call them: "营业执照"; "" for absent. */
/* false, and *out untouched, when name is none of certificate_types. */
bool certificate_type_parse(const char *name, enum certificate_type *out);
const char *certificate_type_label(enum certificate_type t, enum lang lang);
const char *licence_kind_label(int kind, enum lang lang);
const char *nature_label(int nature, enum lang lang);
const char *id_kind_label(int kind, enum lang lang);

struct organisation {
    const char *name;
    int licence_kind;
    const char *uscc;
    const char *region; /* six digits, GB/T 2260 */
    const char *address;
    const char *valid_to; /* YYYY-MM-DD or "long_term" */
    const char *phone;
    int nature;
};

struct person {
    const char *name;
    int id_kind;
    const char *id_number;
    const char *id_valid_to; /* YYYY-MM-DD or "long_term" */
    const char *mobile, *email, *department, *title;
};

struct legal_representative {
    const char *name;
    int id_kind;
    const char *id_number, *mobile;
};

struct bank_account {
    const char *account_name;
    const char *bank_code; /* twelve digits, 联行号 */
    const char *account_number;
};

struct delivery {
    const char *recipient;
    const char *mobile; /* or a landline */
    const char *region, *address, *postcode;
};

struct invoice {
    bool wanted;
    int kind;
    const char *title, *tax_number, *email, *mobile, *address_phone, *bank_account;
};

struct form {
    struct organisation organisation;
    struct person person; /* "handler" or "applicant" in JSON, by certificate type */
    struct legal_representative legal_representative;
    struct bank_account bank_account;
    struct delivery delivery;
    struct invoice invoice;
};

/* One row per member, for whoever walks the form: JSON tables, sealing, the printed form. The
 * members of a group follow one another. */
enum form_need { FORM_NONE, FORM_MAY, FORM_WITH, FORM_NEED };
enum form_type { FORM_TEXT, FORM_ENUM, FORM_BOOL };
enum form_flag {
    FORM_PRINTED = 1,    /* stands on the application form */
    FORM_SECRET = 2,     /* P3 */
    FORM_IDENTIFIES = 4, /* who is checked on the phone */
    FORM_STAMPED = 8,    /* stands on the licence and in the seal */
    FORM_BANK = 16,      /* where the PIN goes */
    FORM_PRICED = 32     /* decides over the courier fee */
};

/* What is checked besides presence. */
enum form_rule {
    RULE_NOTHING,
    RULE_ENUM,
    RULE_CLEAN,
    RULE_PERSON_NAME,
    RULE_USCC,
    RULE_REGION,
    RULE_VALID_TO,
    RULE_PHONE,
    RULE_MOBILE,
    RULE_EMAIL,
    RULE_POSTCODE,
    RULE_ID_NUMBER,
    RULE_BANK_CODE,
    RULE_ACCOUNT_NUMBER,
    RULE_TAX_NUMBER
};

struct form_member {
    const char *group, *name; /* group "person" stands for "handler" or "applicant" */
    enum form_type type;
    size_t offset;   /* in struct form: const char *, int or bool */
    int least, most; /* characters, after cleaning */
    enum form_rule rule;
    enum form_need need[2]; /* by certificate type */
    unsigned flags;
};

extern const struct form_member form_members[];
extern const int form_members_n;

/* "handler" or "applicant" for the group "person". */
const char *form_group(enum certificate_type type, const char *group);
/* "/handler/id_number"; in the arena. */
const char *form_pointer(struct arena *a, enum certificate_type type, const struct form_member *m);
/* The text of a FORM_TEXT member, NULL when absent. */
const char *form_text(const struct form *f, const struct form_member *m);
/* The value of a FORM_ENUM member, 0 when absent. */
int form_enum(const struct form *f, const struct form_member *m);
bool form_is_absent(const struct form *f, const struct form_member *m);

/* Cleans in place as forms.md says: spaces, full-width digits, case of check characters, +86 of
 * mobiles, blanks and hyphens of account numbers. New texts are in the arena. Run it before
 * anything else looks at the form. */
void form_clean(struct arena *a, struct form *f);
void form_clean_bank_account(struct arena *a, struct bank_account *b);

/* The form without the members that lack this flag. */
struct form form_only(enum certificate_type type, const struct form *f, enum form_flag flag);
/* The form without what is not printed: equal ones print the same form, so that the digest on paper
 * is taken over this. */
struct form form_printed(enum certificate_type type, const struct form *f);

/* Bits: what must be done again when a form changes (forms.md 7). */
enum form_redo {
    REDO_LIVENESS = 1,         /* and the real-name check of the phone */
    REDO_APPLICATION_FORM = 2, /* print, sign, stamp and upload again */
    REDO_LICENCE = 4,          /* only an organisation certificate has it */
    REDO_SEAL_SHEET = 8,
    REDO_BANK_VERIFICATION = 16, /* a new transfer and a new PIN */
    REDO_FEE = 32                /* the courier fee may differ */
};
unsigned form_needs_redo(
    enum certificate_type type, const struct form *old, const struct form *changed);
/* The pointers of members that differ, NULL-ended: what the reviewer is shown side by side. */
const char *const *form_changes(struct arena *a, enum certificate_type type, const struct form *old,
    const struct form *changed);

#endif
