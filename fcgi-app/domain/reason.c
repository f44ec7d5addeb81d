#include "domain/reason.h"

#include <string.h>

#include "domain/material.h"

static const struct {
    const char *code;
    enum reason_use use;
    const char *text[LANG_MAX];
} reasons[REASON_MAX] = {
#define REASON(name, code, use, target, pointer, zh, en) \
    [REASON_##name] = {code, REASON_FOR_##use, {zh, en}},
#include "domain/reason.def"
};

const char *
reason_code(enum reason_code r)
{
    return reasons[r].code;
}

const char *
reason_text(enum reason_code r, enum lang lang)
{
    return reasons[r].text[lang];
}

bool
reason_parse(enum reason_use use, const char *code, enum reason_code *out)
{
    for (int i = 0; code != NULL && i < REASON_MAX; i++) {
        if (reasons[i].use == use && strcmp(reasons[i].code, code) == 0) {
            *out = (enum reason_code)i;
            return true;
        }
    }
    return false;
}

const char *
reason_code_text(enum reason_use use, const char *code, enum lang lang)
{
    enum reason_code r;

    return reason_parse(use, code, &r) ? reason_text(r, lang) : NULL;
}

bool
reason_target_valid(const char *target, enum certificate_type type)
{
    static const char documents[] = "documents/";
    enum material_kind k;

    if (strcmp(target, "form") == 0 || strcmp(target, "identity") == 0)
        return true;
    return strncmp(target, documents, sizeof(documents) - 1) == 0 &&
           material_parse(target + sizeof(documents) - 1, &k) && material_applies(k, type) &&
           material_source(k) == MATERIAL_SCAN;
}
