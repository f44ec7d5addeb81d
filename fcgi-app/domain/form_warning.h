/* What a form may say but somebody should look at: to the applicant beside the field, to the
 * reviewer as a hint (forms.md). */
#ifndef HALL_DOMAIN_FORM_WARNING_H
#define HALL_DOMAIN_FORM_WARNING_H

#include "domain/form_check.h"

struct form_warning {
    const char *pointer, *code;
    const char *text; /* in op->lang */
    const struct form_warning *next;
};

/* NULL when there is nothing to say; the list is in the arena. The form has passed form_check(), or
 * is a draft: members with faults are passed over. */
const struct form_warning *form_warnings(
    struct op *op, const struct form *f, const struct form_context *ctx);

/* What the warning of that code says; NULL for a code of none. */
const char *form_warning_text(const char *code, enum lang lang);

#endif
