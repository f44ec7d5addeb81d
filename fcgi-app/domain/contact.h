/* Small fields by which somebody is reached or taxed: shapes only, nothing is looked up. */
#ifndef HALL_DOMAIN_CONTACT_H
#define HALL_DOMAIN_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/op.h"

/* At most 100 characters, one @, an ASCII local part, a domain of two or more labels that may be
 * internationalised. */
bool email_check(const char *s);

/* 0 + area code, 7 or 8 digits, an extension of up to 6: 024-12345678-801, or a 400/800 number. */
bool landline_check(const char *s);

bool postcode_check(const char *s); /* six digits */

/* Six digits of GB/T 2260 that name a place below a province; whether it exists is for the region
 * table to say. */
bool region_check(const char *s);

/* 15, 17, 18 or 20 characters; 18 must be a USCC or a citizen id (forms.md 4.6). False names why:
 * FAULT_TAX_FORMAT or FAULT_TAX_CHECK. */
bool taxno_check(const char *s, int64_t today, enum fault_code *why);

#endif
