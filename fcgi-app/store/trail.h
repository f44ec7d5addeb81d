/* The audit trail read back: pages of it, and whether it still says what it said when written. */
#ifndef HALL_STORE_TRAIL_H
#define HALL_STORE_TRAIL_H

#include "io/record.h"

/* Walks every chain and checkpoint. E_CONFLICT names the first bad event in op->note ("event 3 of
 * orders/… was changed"); *events is how many were whole until then. */
enum err trail_verify(struct op *op, int64_t *events) MUST_USE;

struct trail_event {
    const char *stream, *actor_role, *actor, *ip, *trace, *action, *from_state, *to_state, *detail;
    int64_t seq, at;
};
extern const struct field trail_event_fields[];

struct trail_query {
    const char *stream; /* NULL: all */
    int64_t before_us;  /* only older ones, in microseconds since 1970; 0: from the newest */
    int64_t limit;
};
/* Newest first, one more than limit; *last_us belongs to the last row that stays. */
enum err trail_list(
    struct op *op, const struct trail_query *q, struct list *out, int64_t *last_us) MUST_USE;

#endif
