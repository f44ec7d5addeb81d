/* Which passwords an applicant or a member of staff may choose. */
#ifndef HALL_DOMAIN_PASSWORD_H
#define HALL_DOMAIN_PASSWORD_H

#include <stdbool.h>

#include "base/op.h"

enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 72 }; /* characters */

/* False names why: FAULT_PASSWORD_LENGTH, FAULT_PASSWORD_PHONE when it holds the phone (or the
 * username; NULL for neither), or FAULT_PASSWORD_COMMON for what everybody tries first. */
bool password_check(const char *password, const char *phone, enum fault_code *why);

#endif
