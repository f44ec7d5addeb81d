/* How the applicant and the phone are told about an identity check. */
#ifndef HALL_WEB_IDENTITY_VIEW_H
#define HALL_WEB_IDENTITY_VIEW_H

#include "io/record.h"
#include "store/identity.h"

struct identity_view {
    const char *state, *reason, *reason_code; /* reason: words */
    int64_t expires_at;
};
extern const struct field identity_view_fields[];

void identity_show(const struct op *op, const struct identity *i, struct identity_view *out);

#endif
