/* The audit trail read back: pages of it, and whether it still says what it said when written. */
#ifndef HALL_STORE_TRAIL_H
#define HALL_STORE_TRAIL_H

#include "io/record.h"

/* Walks every chain and checkpoint. E_CONFLICT names the first bad event in op->note ("event 3 of
 * orders/… was changed"); *events is how many were whole until then. */
enum err trail_verify(struct op *op, int64_t *events) MUST_USE;

struct trail_event {
    const char *stream, *actor_role, *actor, *ip, *trace, *action, *from_state, *to_state, *detail,
        *order_no, *label; /* label: of the move, in op->lang; NULL where it moved nothing */
    int64_t seq, at;
};
extern const struct field trail_event_fields[];

struct trail_query {
    const char *stream;     /* one chain */
    const char *order_no;   /* an order's own chain, and what else was done about it */
    const char *actor_role; /* "applicant", "staff", …: exact */
    const char *actor;      /* login or name of a member of staff */
    const char *action;     /* exact, as T13 or login */
    const char *from, *to;  /* civil days in China, both included */
    const char *cursor;     /* what the page before ended with; a bad one is a fault of "?cursor" */
    int64_t limit;
}; /* NULL: any */
/* Newest first, at most limit; *next is NULL after the last page. */
enum err trail_list(
    struct op *op, const struct trail_query *q, struct list *out, const char **next) MUST_USE;

#endif
