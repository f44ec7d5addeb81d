/* The closed lists of reasons for which somebody is sent back, with their words. */
#ifndef HALL_DOMAIN_REASON_H
#define HALL_DOMAIN_REASON_H

#include <stdbool.h>

#include "domain/form.h"

enum reason_code {
#define REASON(name, code, use, target, pointer, zh, en) REASON_##name,
#include "domain/reason.def"
    REASON_MAX
};

enum reason_use {
    REASON_FOR_REVIEW,
    REASON_FOR_DENIAL,
    REASON_FOR_FINANCE,
    REASON_FOR_BANK,
    REASON_FOR_IDENTITY,
    REASON_FOR_PARCEL
};

const char *reason_code(enum reason_code r); /* "seal_unclear" */
const char *reason_text(enum reason_code r, enum lang lang);
/* false when this use has no such code; a code belongs to one use. */
bool reason_parse(enum reason_use use, const char *code, enum reason_code *out);
/* The words for a code as it is stored; NULL when code is NULL or unknown. */
const char *reason_code_text(enum reason_use use, const char *code, enum lang lang);
/* Whether a reviewer may name this target for this type of certificate: "form", "identity",
 * "documents/KIND" of a kind it has. */
bool reason_target_valid(const char *target, enum certificate_type type);

#endif
