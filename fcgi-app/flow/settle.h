/* Online payments at their providers: opening, asking, closing, and what an answer changes. */
#ifndef HALL_FLOW_SETTLE_H
#define HALL_FLOW_SETTLE_H

#include "provider/provider.h"
#include "store/job.h"
#include "store/order.h"
#include "store/payment.h"

/*
 * Applies what a provider says of one attempt, from a callback or a query alike, within the
 * caller's transaction, on a locked order. A repeat is a no-op and nothing ever goes backward.
 * *verdict is one word for the record: "paid", "duplicate", "repeat", …
 */
enum err pay_apply_status(struct op *op, struct order *o, const struct payment *p,
    const struct pay_status *s, const char **verdict) MUST_USE;

/* Locks the payment's order and applies. key.id must not be 0. */
enum err pay_settle(struct op *op, struct payment_key key, const struct pay_status *s,
    const char **verdict) MUST_USE;

/* The provider of an online method. */
const struct pay_provider *pay_provider_of(const struct op *op, enum payment_method method);

/* Jobs PAY_OPEN, PAY_QUERY (until the attempt has an end) and PAY_CLOSE. */
enum err pay_open_job(struct op *op, const struct job *j) MUST_USE;
enum err pay_query_job(struct op *op, const struct job *j) MUST_USE;
enum err pay_close_job(struct op *op, const struct job *j) MUST_USE;

#endif
