/*
 * Checks of to-be-signed bytes before they are signed: with a throw-away key of the same algorithm
 * they become a whole certificate, which is read anew and judged by the rows of pki/lint.def. The
 * worker does it before it stores an intent, and the signer again before it signs.
 */
#ifndef HALL_PKI_LINT_H
#define HALL_PKI_LINT_H

#include "pki/issuer.h"
#include "pki/profile.h"

enum lint_severity { LINT_WARNING, LINT_ERROR };

enum lint_id {
#define LINT(id, severity, clause, zh, en) LINT_##id,
#include "pki/lint.def"
    LINTS
};

struct lint {
    const char *id, *clause;
    enum lint_severity severity;
    const char *text[LANG_MAX];
};
extern const struct lint lints[LINTS];

struct lint_report {
    size_t errors, warnings;
    const struct lint *failed[LINTS]; /* errors + warnings of them, in the order of the table */
};

/* in is what was reviewed and reserved, issuer as certificate_tbs has it. *out is filled also on
 * failure: E_CERTIFICATE_LINT when any row of severity ERROR failed (the note names the first). */
enum err certificate_lint(struct op *op, const struct certificate_profile_input *in,
    const struct issuer *issuer, struct blob tbs, struct lint_report *out) MUST_USE;

/* [{"id":"key_usage","severity":"error","clause":"RFC 5280 4.2.1.3"}] as stored with an intent. */
const char *lint_report_json(struct arena *arena, const struct lint_report *report);

#endif
