#include "domain/issue_fault.h"

#include <string.h>

static const struct {
    const char *code, *text[LANG_MAX];
} faults[ISSUE_FAULT_MAX] = {
    [ISSUE_FAULT_NONE] = {"", {"", ""}},
#define ISSUE_FAULT(name, word, zh, en) \
    [ISSUE_FAULT_##name] = {word, {[LANG_ZH] = zh, [LANG_EN] = en}},
#include "domain/issue_fault.def"
};

const char *
issue_fault_code(enum issue_fault f)
{
    return faults[f].code;
}

const char *
issue_fault_text(enum issue_fault f, enum lang lang)
{
    return faults[f].text[lang];
}

bool
issue_fault_parse(const char *code, enum issue_fault *out)
{
    for (int f = ISSUE_FAULT_NONE + 1; f < ISSUE_FAULT_MAX; f++)
        if (strcmp(faults[f].code, code) == 0) {
            *out = (enum issue_fault)f;
            return true;
        }
    return false;
}
