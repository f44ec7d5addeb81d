#include "domain/identity.h"

#include <stddef.h>
#include <string.h>

static const char *const codes[IDENTITY_STATE_MAX] = {
    [IDENTITY_WAITING] = "waiting",
    [IDENTITY_SCANNED] = "scanned",
    [IDENTITY_ID_CARD_DONE] = "id_card_done",
    [IDENTITY_PASSED] = "passed",
    [IDENTITY_FAILED] = "failed",
    [IDENTITY_EXPIRED] = "expired",
    [IDENTITY_MANUAL_REQUESTED] = "manual_requested",
};

const char *
identity_state_code(enum identity_state s)
{
    return codes[s];
}

bool
identity_state_parse(const char *code, enum identity_state *out)
{
    for (int i = 0; code != NULL && i < IDENTITY_STATE_MAX; i++) {
        if (strcmp(codes[i], code) == 0) {
            *out = (enum identity_state)i;
            return true;
        }
    }
    return false;
}

bool
identity_is_open(enum identity_state s)
{
    return s == IDENTITY_WAITING || s == IDENTITY_SCANNED || s == IDENTITY_ID_CARD_DONE;
}
