/* Our books against the providers'. */
#ifndef HALL_STORE_LEDGER_H
#define HALL_STORE_LEDGER_H

#include "io/record.h"

/* Queues anew whatever waits for an end without a job that would bring it there, and wakes
 * questions to providers that were given up; *n counts. A refund that was given up is for people.
 */
enum err ledger_rescue(struct op *op, int64_t *n) MUST_USE;

/* Keys of payments and refunds of days that are over and were not compared yet; items are struct
 * ledger_key. */
struct ledger_key {
    int64_t id, order_id;
};
enum err ledger_payments(struct op *op, int64_t most, struct list *out) MUST_USE;
enum err ledger_refunds(struct op *op, int64_t most, struct list *out) MUST_USE;

/* What comparing one of them found; where both agree an earlier difference is cleared. */
struct ledger_finding {
    bool refund;
    int64_t id, order_id, at; /* at: when the money moved */
    const char *number, *method;
    int64_t ours_fen, theirs_fen;
};
enum err ledger_compared(struct op *op, const struct ledger_finding *f) MUST_USE;

/* As finance sees it. */
struct ledger_day {
    const char *day, *method;
    int64_t payments, received_fen, refunds, refunded_fen;
    int64_t uncompared;   /* online payments that the provider was not asked about yet */
    int64_t without_line; /* transfers confirmed without a line of the statement */
    int64_t differences, difference_fen; /* theirs less ours */
};
extern const struct field ledger_day_fields[];
struct ledger_difference {
    const char *kind, *number, *day, *method, *order_no;
    int64_t ours_fen, theirs_fen, found_at;
};
extern const struct field ledger_difference_fields[];
struct ledger_view {
    struct list days, differences;
    int64_t unmatched_lines, unmatched_fen; /* money on our account that is nobody's yet */
};
/* Civil days in China, "2026-11-22", both included. */
enum err ledger_view(
    struct op *op, const char *from, const char *to, struct ledger_view *out) MUST_USE;

#endif
