/* Identity numbers of people: GB 11643 citizen id, residence permit, passport (forms.md 4.2). */
#ifndef HALL_DOMAIN_IDNO_H
#define HALL_DOMAIN_IDNO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/op.h"

/* Trimmed, without spaces, letters upper case; in the arena. */
const char *idno_clean(struct arena *a, const char *s);

/* A cleaned number of this enum id_kind. False names why: a FAULT_ID_… or FAULT_PASSPORT. today is
 * a civil day counted from 1970-01-01: nobody is born after it. Age is not looked at. */
bool idno_check(int id_kind, const char *s, int64_t today, enum fault_code *why);

/* Whole years of age of a number that passed idno_check(); -1 for a passport, which does not say.
 */
int idno_age(int id_kind, const char *s, int64_t today);

#endif
