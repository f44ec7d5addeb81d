/* Figures of a span of days: what was handed in, decided, made, paid and given back. */
#ifndef HALL_STORE_STATISTICS_H
#define HALL_STORE_STATISTICS_H

#include "io/record.h"

enum { STATISTICS_DAYS = 366 }; /* the longest span */

struct statistics_day {
    const char *day; /* "2026-11-22", in China */
    bool is_working;
    int64_t submitted, approved, returned, denied;
    int64_t late; /* verdicts of this day that broke the promise of three working days */
    int64_t issued, received_fen, refunded_fen;
};

/* Verdicts of the span, and the working time that each took since the order was handed in. */
struct statistics_decisions {
    int64_t count, approved, returned, denied;
    int64_t median_minutes, p90_minutes; /* working minutes; 0 without verdicts */
    int64_t within_alarm, within_promise, late;
    int64_t alarm_minutes, promise_minutes; /* two and three working days */
};

/* What waits for a verdict now. */
struct statistics_waiting {
    int64_t count;
    int64_t alarmed; /* two of the three working days are over */
    int64_t overdue; /* all three */
};

struct statistics_reason {
    const char *code, *text;
    int64_t count;
};

struct statistics_method {
    const char *method;
    int64_t payments, received_fen, refunds, refunded_fen;
};

struct statistics_money {
    int64_t received_fen, refunded_fen;
    struct list by_method; /* struct statistics_method */
};

struct statistics {
    const char *orders_by_state; /* JSON, as it is now */
    int64_t certificates_issued;
    struct list days;           /* struct statistics_day, every day of the span */
    struct list return_reasons; /* struct statistics_reason, the commonest first */
    struct statistics_decisions decisions;
    struct statistics_waiting waiting;
    struct statistics_money money;
};
extern const struct field statistics_fields[];

/* Civil days in China, both included, at most STATISTICS_DAYS of them. */
enum err statistics_view(
    struct op *op, const char *from, const char *to, struct statistics *out) MUST_USE;

#endif
