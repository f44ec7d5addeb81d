/* The rules of the form: what is wrong with it and what is still missing (forms.md). */
#ifndef HALL_DOMAIN_FORM_CHECK_H
#define HALL_DOMAIN_FORM_CHECK_H

#include "domain/form.h"

/* What form_check() must know and cannot look up by itself. The *_known flags answer for the codes
 * that stand in the form and do not matter where those are absent or malformed. */
struct form_context {
    enum certificate_type type;
    int64_t today; /* civil day in China, counted from 1970-01-01 */
    int years;     /* of the certificate */
    bool draft;    /* what is missing is no fault (form_incomplete() names it) */
    bool organisation_region_known, delivery_region_known;
    bool delivery_served; /* there is a courier tariff for the region */
    bool bank_known;
    bool legal_mobile_needed; /* project setting: PIN or notices go to the legal representative */
};

/* Names every wrong member with op_fault(); op_faults() then says whether there was any. */
void form_check(struct op *op, const struct form *f, const struct form_context *ctx);

/* The pointers of required members that are absent, NULL-ended, in the order of the form. */
const char *const *form_incomplete(
    struct arena *a, const struct form *f, const struct form_context *ctx);

/* Checks a bank account alone, for PUT …/bank-account; pointers are "/account_name" and so on. */
void form_check_bank_account(struct op *op, const struct bank_account *b, const struct form *f,
    const struct form_context *ctx);

#endif
