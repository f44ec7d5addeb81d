/* The life of one identity check on the phone (states.md 4, idv_session). */
#ifndef HALL_DOMAIN_IDENTITY_H
#define HALL_DOMAIN_IDENTITY_H

#include <stdbool.h>

enum identity_state {
    IDENTITY_WAITING, /* the code is shown */
    IDENTITY_SCANNED,
    IDENTITY_ID_CARD_DONE,
    IDENTITY_PASSED,
    IDENTITY_FAILED,
    IDENTITY_EXPIRED,
    IDENTITY_MANUAL_REQUESTED,
    IDENTITY_STATE_MAX
};

enum {
    IDENTITY_CODE_SECONDS = 300,
    IDENTITY_SESSION_SECONDS = 1800,
    IDENTITY_CHALLENGE_SECONDS = 300,
    IDENTITY_TRIES_PER_DAY = 5, /* checks of one person */
    IDENTITY_VALID_DAYS = 30
};

const char *identity_state_code(enum identity_state s); /* "id_card_done" */
/* false, and *out untouched, when there is no such state; code may be NULL. */
bool identity_state_parse(const char *code, enum identity_state *out);

/* Whether the phone may still do something. */
bool identity_is_open(enum identity_state s);

#endif
