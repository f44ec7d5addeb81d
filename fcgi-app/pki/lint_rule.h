/* What the rules of pki/lint.def look at; for pki/lint*.c only. */
#ifndef HALL_PKI_LINT_RULE_H
#define HALL_PKI_LINT_RULE_H

#include "pki/issuer.h"
#include "pki/parts.h"
#include "pki/profile.h"

struct lint_view {
    struct op *op;
    const struct certificate_profile_input *in;
    const struct issuer *issuer;       /* NULL for a root */
    enum algorithm signer;             /* who signs */
    struct blob der;                   /* signed by the throw-away key */
    const struct certificate_parts *c; /* of der */
};

/* One rule a row: true when the certificate passes. */
#define LINT(id, severity, clause, zh, en) bool lint_##id(const struct lint_view *v);
#include "pki/lint.def"

#endif
