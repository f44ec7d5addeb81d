/* How personal data is shown where it need not be seen whole. Results are in the arena; NULL or ""
 * comes back as "". */
#ifndef HALL_DOMAIN_MASK_H
#define HALL_DOMAIN_MASK_H

#include "base/arena.h"

const char *mask_id_number(struct arena *a, const char *s); /* 210102********0038 */
/* Also of an account within a text, such as 开户行及账号: its longer runs of digits are hidden. */
const char *mask_account(struct arena *a, const char *s); /* 6222 **** **** 0005 */
const char *mask_name(struct arena *a, const char *s);    /* 张*; 欧** */
const char *mask_mobile(struct arena *a, const char *s);  /* 138****5678 */
/* The last n characters, for {tail4} of notices; the whole text where it is not longer. */
const char *mask_tail(struct arena *a, const char *s, int n);

#endif
