/* The trail of acts that move no order: logins, looks at personal data, administration. */
#ifndef HALL_STORE_AUDIT_H
#define HALL_STORE_AUDIT_H

#include "base/op.h"

/*
 * Appends to the chain of `stream` ("accounts/7", "staff/3", "orders/NO", "system") what op->actor
 * did; order_id is 0 where none is meant; detail is a JSON object of facts without personal data,
 * NULL for none. Within the caller's transaction, if there is one.
 */
enum err audit_add(struct op *op, const char *stream, const char *action, int64_t order_id,
    const char *detail) MUST_USE;

#endif
