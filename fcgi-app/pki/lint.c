#include "pki/lint.h"

#include <string.h>

#include "pki/certificate.h"
#include "pki/lint_rule.h"

const struct lint lints[LINTS] = {
#define LINT(id, severity, clause, zh, en) [LINT_##id] = {#id, clause, LINT_##severity, {zh, en}},
#include "pki/lint.def"
};

static bool (*const rules[LINTS])(const struct lint_view *) = {
#define LINT(id, severity, clause, zh, en) [LINT_##id] = lint_##id,
#include "pki/lint.def"
};

static void
note_failure(struct lint_report *out, enum lint_id id)
{
    out->failed[out->errors + out->warnings] = &lints[id];
    if (lints[id].severity == LINT_ERROR)
        out->errors++;
    else
        out->warnings++;
}

static enum err
sign_throw_away(struct op *op, enum algorithm a, struct blob tbs, struct blob *der)
{
    struct blob signature;
    KEY(key);

    TRY(key_generate(op, a, &key));
    TRY(key_sign(op, key, tbs, &signature));
    *der = certificate_assemble(op->arena, a, tbs, signature);
    return OK;
}

enum err
certificate_lint(struct op *op, const struct certificate_profile_input *in,
    const struct issuer *issuer, struct blob tbs, struct lint_report *out)
{
    struct certificate_parts parts;
    struct lint_view v = {.op = op, .in = in, .issuer = issuer, .c = &parts};

    memset(out, 0, sizeof(*out));
    v.signer = issuer != NULL ? issuer->algorithm : in->algorithm;
    TRY(sign_throw_away(op, v.signer, tbs, &v.der));
    if (certificate_parts_read(op, v.der, &parts) != OK) {
        note_failure(out, LINT_encoding); /* the other rules would have nothing to look at */
    } else {
        for (int i = 0; i < LINTS; i++)
            if (!rules[i](&v))
                note_failure(out, (enum lint_id)i);
    }
    for (size_t i = 0; i < out->errors + out->warnings; i++)
        if (out->failed[i]->severity == LINT_ERROR)
            return op_fail(op, E_CERTIFICATE_LINT, "lint %s (%s), %zu in all", out->failed[i]->id,
                out->failed[i]->clause, out->errors);
    return OK;
}

const char *
lint_report_json(struct arena *arena, const struct lint_report *report)
{
    const char *text = "[";

    /* Ids and clauses come from the table and need no escapes. */
    for (size_t i = 0; i < report->errors + report->warnings; i++) {
        const struct lint *l = report->failed[i];

        text = arena_printf(arena, "%s%s{\"id\":\"%s\",\"severity\":\"%s\",\"clause\":\"%s\"}",
            text, i == 0 ? "" : ",", l->id, l->severity == LINT_ERROR ? "error" : "warning",
            l->clause);
    }
    return arena_printf(arena, "%s]", text);
}
