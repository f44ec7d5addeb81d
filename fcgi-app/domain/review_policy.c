#include "domain/review_policy.h"

bool
review_policy_asks(
    const struct review_policy *p, int64_t returned_times, bool manual_identity, int roll)
{
    return p->by_type || (p->returned_at_least > 0 && returned_times >= p->returned_at_least) ||
           (p->manual_identity && manual_identity) || (roll >= 0 && roll < p->random_percent);
}
