/* When a second reviewer has to look at an order: the project's policy (states.md, 7). */
#ifndef HALL_DOMAIN_REVIEW_POLICY_H
#define HALL_DOMAIN_REVIEW_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct review_policy {
    bool by_type;              /* this type of certificate always */
    int64_t returned_at_least; /* orders returned so often; 0: never for that */
    bool manual_identity;      /* orders whose identity check was done by staff */
    int64_t random_percent;    /* 0 to 100 of the others */
};

/* roll is drawn evenly from 0 to 99 at the first hand-over, and -1 later: luck is tried once. */
bool review_policy_asks(
    const struct review_policy *p, int64_t returned_times, bool manual_identity, int roll);

#endif
