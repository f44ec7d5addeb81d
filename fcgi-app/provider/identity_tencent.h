/* Real-name check, ID card recognition and liveness through Tencent Cloud, signed with TC3. */
#ifndef HALL_PROVIDER_IDENTITY_TENCENT_H
#define HALL_PROVIDER_IDENTITY_TENCENT_H

#include "provider/common.h"

/* "2010.07.21-2020.07.21" -> "2010-07-21" and "2020-07-21" or "long_term"; false otherwise. */
bool identity_validity(
    struct op *op, const char *text, const char **valid_from, const char **valid_until);

enum err identity_tencent_open(struct loading *l, const struct identity_provider **out) MUST_USE;
void identity_tencent_close(void);

#endif
