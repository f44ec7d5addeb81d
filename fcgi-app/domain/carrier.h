/* Couriers, and what their waybills look like. */
#ifndef HALL_DOMAIN_CARRIER_H
#define HALL_DOMAIN_CARRIER_H

#include <stdbool.h>

#include "base/err.h"

enum carrier {
#define CARRIER(name, code, zh, en, prefix, least, most) CARRIER_##name,
#include "domain/carrier.def"
    CARRIER_MAX
};

const char *carrier_name(enum carrier c, enum lang lang);
bool carrier_parse(const char *code, enum carrier *out);

/* The prefix, in capitals, and as many digits as this courier uses. */
bool waybill_check(enum carrier c, const char *tracking_no);

#endif
