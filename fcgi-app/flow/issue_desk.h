/* What production does about certificates that were not made (states.md T39 to T41), and the switch
 * that stops all of them. */
#ifndef HALL_FLOW_ISSUE_DESK_H
#define HALL_FLOW_ISSUE_DESK_H

#include "io/record.h"
#include "store/order.h"

struct issue_switch {
    bool on;
    const char *reason, *changed_by; /* NULL where nobody said or turned it */
    int64_t changed_at;
};
/* Stops and starts issuance; an order that is being made waits too. reason may be NULL. */
enum err issue_turn(struct op *op, bool on, const char *reason) MUST_USE;
enum err issue_is_on(struct op *op, struct issue_switch *out) MUST_USE;

/* T39: tried again, after somebody saw to the cause. */
enum err issue_retry(struct op *op, const char *order_no, const char *cause) MUST_USE;

/* T40: the applicant has to correct something; items are struct review_reason. What the account
 * proved stays proved unless it changes. */
enum err issue_return(struct op *op, const char *order_no, const struct list *reasons) MUST_USE;

/* T41: it cannot be made at all; the money goes back. By two people, *done tells whether this was
 * the second. */
enum err issue_refuse(struct op *op, const char *order_no, const char *reason, bool *done) MUST_USE;

#endif
