/* What staff see of orders: the list with search, and one order with its neighbours. */
#ifndef HALL_STORE_DESK_H
#define HALL_STORE_DESK_H

#include "domain/form_warning.h"
#include "store/order_view.h"

struct desk_row {
    int64_t id;
    const char *order_no, *project, *certificate_type, *state, *state_label, *subject_name,
        *reviewer;
    int64_t returned_times, submitted_at, sla_due, state_since;
    bool second_review;
};
extern const struct field desk_row_fields[];

struct desk_search {
    const char *state, *q; /* NULL: any; q: see sql/query/desk.sql, any number or part of a name */
    int64_t assigned;      /* whose lease; 0: anybody's */
    int64_t before, limit; /* as order_list */
    bool queue; /* a state that waits for review, oldest first: q and assigned say nothing then */
};
enum err desk_list(struct op *op, const struct desk_search *s, struct list *out) MUST_USE;

/* One line of the workbench. */
struct desk_work {
    const char *name; /* "pending_review", …: sql/query/desk.sql has them all */
    int64_t n, oldest;
    const char *order_no; /* where it is about one order */
};
extern const struct field desk_work_fields[];
/* For op->actor: what waits for the roles that they have, and what they may know of the day. */
enum err desk_work(struct op *op, struct list *waiting, struct list *today) MUST_USE;

struct desk_revision {
    int64_t revision_no, confirmed_at;
    const char *form; /* JSON, masked */
};

/* Begins with the owner's view, its form masked. */
struct desk_order {
    struct order_view order;
    const char *revision_sha256; /* what an approval has to name */
    int64_t returned_times, submitted_at, lease_until;
    bool second_review, mine; /* mine: op->actor holds the lease */
    const char *reviewer;
    const char *reviews, *notes, *messages, *duplicates, *identity, *payments; /* JSON */
    const char *return_reasons; /* JSON array of the codes on offer; NULL: all */
    const char *names;          /* JSON: what codes of the form mean, by their pointers */
    struct strings changed; /* pointers that differ between the revisions, also where masks agree */
    struct list revisions, warnings,
        events; /* warnings: struct form_warning of the last revision */
};
extern const struct field desk_order_fields[];
enum err desk_order(struct op *op, const char *order_no, struct desk_order *out) MUST_USE;

#endif
