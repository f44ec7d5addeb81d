/* What an order looks like when it is handed over, and the clock of its promise. */
#ifndef HALL_STORE_SUBMIT_H
#define HALL_STORE_SUBMIT_H

#include "domain/calendar.h"
#include "domain/review_policy.h"
#include "store/order.h"

struct submit_facts {
    const char *content; /* canonical JSON of what a verdict is about */
    bool manual_identity;
    struct review_policy policy;
};
/* E_INTERNAL when the revision in force is not what its digest says, or there is none. */
enum err submit_facts(struct op *op, const struct order *o, struct submit_facts *out) MUST_USE;

/* Writes what *o now holds: content_sha256, sla_due, second_review; fills o->submitted_at. */
enum err submit_write(struct op *op, struct order *o) MUST_USE;

/* Writes o->sla_due (0: the clock stands) and o->sla_left_s. */
enum err promise_write(struct op *op, const struct order *o) MUST_USE;

/* Holidays and make-up days; in the arena. */
enum err calendar_load(struct op *op, struct calendar *out) MUST_USE;

#endif
