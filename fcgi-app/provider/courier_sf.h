/* Tracking through the SF Express open platform. */
#ifndef HALL_PROVIDER_COURIER_SF_H
#define HALL_PROVIDER_COURIER_SF_H

#include "provider/common.h"

/* msgDigest in its default mode, "standard_md5". */
enum err courier_sf_digest(struct op *op, const char *msg_data, const char *timestamp,
    const char *checkword, const char **out) MUST_USE;
/* What one opCode means; PARCEL_IN_TRANSIT for those we do not know. */
enum parcel_state courier_sf_state(const char *op_code);

enum err courier_sf_open(struct loading *l, const struct courier_provider **out) MUST_USE;
void courier_sf_close(void);

#endif
