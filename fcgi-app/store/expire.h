/* Orders whose time has come. */
#ifndef HALL_STORE_EXPIRE_H
#define HALL_STORE_EXPIRE_H

#include "store/order.h"

/* Numbers of orders whose deadline has passed, at most 200, NULL-ended. */
enum err expire_due(struct op *op, const char *const **order_nos) MUST_USE;

/* Whether the deadline of a locked order has passed. */
enum err expire_still(struct op *op, const struct order *o, bool *due) MUST_USE;

/* One reminder that is due. */
struct reminder {
    int64_t order_id, n; /* n: which of its state's, from 0 */
    const char *order_no;
    enum order_state state;
    bool is_warning; /* the deadline is near */
    int64_t deadline_at;
    int64_t reasons; /* of the last return */
    const char *first_reason, *bank_reason;
};
/* At most 200. */
enum err remind_due(struct op *op, struct reminder **out, size_t *n) MUST_USE;
/* *mine is false when the order has moved, or somebody else sends it. */
enum err remind_mark(struct op *op, const struct reminder *r, bool *mine) MUST_USE;

#endif
