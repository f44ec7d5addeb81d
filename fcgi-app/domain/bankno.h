/* Bank account numbers (forms.md 4.4, 4.5) and the interbank number of a branch. */
#ifndef HALL_DOMAIN_BANKNO_H
#define HALL_DOMAIN_BANKNO_H

#include <stdbool.h>

#include "base/op.h"

/* Without spaces and hyphens; in the arena. */
const char *bankno_clean(struct arena *a, const char *s);

/* Corporate account: 6 to 32 digits; they have no check digit. */
bool bankno_corporate(const char *s);

/* Personal account: 12 to 19 digits; a card of 16 to 19 digits beginning with 62 must pass Luhn.
 * False names why: FAULT_CARD_FORMAT or FAULT_CARD_CHECK. */
bool bankno_personal(const char *s, enum fault_code *why);

/* Luhn's rule over digits only; false for an empty text or anything else than digits. Other
 * personal accounts that break it (passbooks, old cards) get a warning. */
bool bankno_luhn(const char *s);

/* Twelve digits; whether such a branch exists is for the bank table to say. */
bool bankno_branch(const char *s);

#endif
