#include "domain/carrier.h"

#include <string.h>

static const struct {
    const char *code, *name[LANG_MAX], *prefix;
    size_t least, most;
} carriers[CARRIER_MAX] = {
#define CARRIER(name, word, zh, en, start, few, many) \
    [CARRIER_##name] = {word, {[LANG_ZH] = zh, [LANG_EN] = en}, start, few, many},
#include "domain/carrier.def"
};

const char *
carrier_name(enum carrier c, enum lang lang)
{
    return carriers[c].name[lang];
}

bool
carrier_parse(const char *code, enum carrier *out)
{
    for (int c = 0; c < CARRIER_MAX; c++)
        if (strcmp(carriers[c].code, code) == 0) {
            *out = (enum carrier)c;
            return true;
        }
    return false;
}

bool
waybill_check(enum carrier c, const char *tracking_no)
{
    size_t prefix = strlen(carriers[c].prefix), n = strlen(tracking_no);

    return strncmp(tracking_no, carriers[c].prefix, prefix) == 0 &&
           strspn(tracking_no + prefix, "0123456789") == n - prefix &&
           n - prefix >= carriers[c].least && n - prefix <= carriers[c].most;
}
