#include "domain/material.h"

#include <string.h>

enum { TYPES_ORGANISATION, TYPES_BOTH };
enum { NEEDED_DOCUMENTS, NEEDED_IDENTITY, NEEDED_TRANSFER, NEEDED_NOTHING };

static const struct {
    const char *code;
    int types;
    enum material_source source;
    int needed;
} materials[MATERIAL_MAX] = {
#define MATERIAL(name, code, types, source, needed, zh, en) \
    [MATERIAL_##name] = {code, TYPES_##types, MATERIAL_##source, NEEDED_##needed},
#include "domain/material.def"
};

size_t
material_max_size(enum material_kind k)
{
    return materials[k].source == MATERIAL_VIDEO ? 6u << 20 : 2u << 20;
}

const char *
material_code(enum material_kind k)
{
    return materials[k].code;
}

bool
material_parse(const char *code, enum material_kind *out)
{
    for (int i = 0; code != NULL && i < MATERIAL_MAX; i++) {
        if (strcmp(materials[i].code, code) == 0) {
            *out = (enum material_kind)i;
            return true;
        }
    }
    return false;
}

enum material_source
material_source(enum material_kind k)
{
    return materials[k].source;
}

bool
material_applies(enum material_kind k, enum certificate_type type)
{
    return materials[k].types == TYPES_BOTH || type == CERTIFICATE_ORGANISATION;
}

bool
material_required(enum material_kind k, enum certificate_type type)
{
    return material_applies(k, type) && materials[k].needed == NEEDED_DOCUMENTS;
}

bool
material_open(enum material_kind k, enum certificate_type type, enum order_state s)
{
    if (!material_applies(k, type))
        return false;
    switch (materials[k].needed) {
    case NEEDED_DOCUMENTS:
        return s == ORDER_AWAITING_DOCUMENTS || s == ORDER_RETURNED;
    case NEEDED_IDENTITY:
        return s == ORDER_AWAITING_IDENTITY || s == ORDER_RETURNED;
    case NEEDED_TRANSFER:
        return s == ORDER_AWAITING_PAYMENT || s == ORDER_AWAITING_FUNDS;
    default:
        return s == ORDER_AWAITING_DOCUMENTS || s == ORDER_RETURNED ||
               s == ORDER_BANK_VERIFICATION_FAILED;
    }
}
