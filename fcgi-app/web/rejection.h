/* The body of every call that sends an order back with reasons. */
#ifndef HALL_WEB_REJECTION_H
#define HALL_WEB_REJECTION_H

#include "flow/review.h"
#include "io/record.h"

struct rejection {
    struct list reasons; /* struct review_reason, at least one */
};
extern const struct field rejection_fields[];

#endif
