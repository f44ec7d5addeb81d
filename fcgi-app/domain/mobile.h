/* Mobile numbers of mainland China (forms.md 4.3). */
#ifndef HALL_DOMAIN_MOBILE_H
#define HALL_DOMAIN_MOBILE_H

#include <stdbool.h>

#include "base/arena.h"

/* Without +86, 0086, spaces and hyphens; what is no such number comes back without its spaces. */
const char *mobile_clean(struct arena *a, const char *s);

/* Eleven digits, 13 to 19. */
bool mobile_check(const char *s);

/* Ranges of data cards and virtual carriers, which the carriers' real-name check often does not
 * know: allowed, but people are warned. */
bool mobile_is_unverifiable(const char *s);

#endif
