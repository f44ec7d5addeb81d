/* 统一社会信用代码, GB 32100-2015, with the organisation code of GB 11714 inside (forms.md 4.1). */
#ifndef HALL_DOMAIN_USCC_H
#define HALL_DOMAIN_USCC_H

#include <stdbool.h>

#include "base/op.h"

/* Without spaces, letters upper case; in the arena. */
const char *uscc_clean(struct arena *a, const char *s);

/* False names why: FAULT_USCC_FORMAT, FAULT_USCC_CATEGORY or FAULT_USCC_CHECK. */
bool uscc_check(const char *s, enum fault_code *why);

/* The rest is for codes that passed uscc_check(). */

/* Whether places 9 to 17 carry the right GB 11714 check character; some real codes do not, so that
 * a false is a warning only. */
bool uscc_org_code_right(const char *s);
/* Whether the authority and category (places 1 and 2) issue this enum licence_kind. */
bool uscc_fits_licence(const char *s, int licence_kind);
/* The enum nature that places 1 and 2 suggest. */
int uscc_nature(const char *s);
/* The two-digit province of places 3 and 4 is that of a six-digit region. A company that moved
 * keeps its code, so that a false is a warning only. */
bool uscc_in_province(const char *s, const char *region);

#endif
