#include "store/statistics.h"

#include <string.h>

#include "domain/calendar.h"
#include "domain/figures.h"
#include "domain/order.h"
#include "domain/reason.h"
#include "io/db.h"
#include "store/submit.h"

static const struct field day_fields[] = {
    STR(struct statistics_day, day, 10, 10, .format = "date"),
    BOOL(struct statistics_day, is_working),
    INT(struct statistics_day, submitted, 0, INT64_MAX),
    INT(struct statistics_day, approved, 0, INT64_MAX),
    INT(struct statistics_day, returned, 0, INT64_MAX),
    INT(struct statistics_day, denied, 0, INT64_MAX),
    INT(struct statistics_day, late, 0, INT64_MAX),
    INT(struct statistics_day, issued, 0, INT64_MAX),
    INT(struct statistics_day, received_fen, 0, INT64_MAX),
    INT(struct statistics_day, refunded_fen, 0, INT64_MAX),
    {.type = F_END},
};
static const struct field decisions_fields[] = {
    INT(struct statistics_decisions, count, 0, INT64_MAX),
    INT(struct statistics_decisions, approved, 0, INT64_MAX),
    INT(struct statistics_decisions, returned, 0, INT64_MAX),
    INT(struct statistics_decisions, denied, 0, INT64_MAX),
    INT(struct statistics_decisions, median_minutes, 0, INT64_MAX),
    INT(struct statistics_decisions, p90_minutes, 0, INT64_MAX),
    INT(struct statistics_decisions, within_alarm, 0, INT64_MAX),
    INT(struct statistics_decisions, within_promise, 0, INT64_MAX),
    INT(struct statistics_decisions, late, 0, INT64_MAX),
    INT(struct statistics_decisions, alarm_minutes, 0, INT64_MAX),
    INT(struct statistics_decisions, promise_minutes, 0, INT64_MAX),
    {.type = F_END},
};
static const struct field waiting_fields[] = {
    INT(struct statistics_waiting, count, 0, INT64_MAX),
    INT(struct statistics_waiting, alarmed, 0, INT64_MAX),
    INT(struct statistics_waiting, overdue, 0, INT64_MAX),
    {.type = F_END},
};
static const struct field reason_fields[] = {
    STR(struct statistics_reason, code, 0, 60),
    STR(struct statistics_reason, text, 0, 300, .flags = F_LINES),
    INT(struct statistics_reason, count, 0, INT64_MAX),
    {.type = F_END},
};
static const struct field method_fields[] = {
    STR(struct statistics_method, method, 1, 20),
    INT(struct statistics_method, payments, 0, INT64_MAX),
    INT(struct statistics_method, received_fen, 0, INT64_MAX),
    INT(struct statistics_method, refunds, 0, INT64_MAX),
    INT(struct statistics_method, refunded_fen, 0, INT64_MAX),
    {.type = F_END},
};
static const struct field money_fields[] = {
    INT(struct statistics_money, received_fen, 0, INT64_MAX),
    INT(struct statistics_money, refunded_fen, 0, INT64_MAX),
    LIST(struct statistics_money, by_method, method_fields, struct statistics_method, 0, 10),
    {.type = F_END},
};
const struct field statistics_fields[] = {
    RAW(struct statistics, orders_by_state, NULL),
    INT(struct statistics, certificates_issued, 0, INT64_MAX),
    LIST(struct statistics, days, day_fields, struct statistics_day, 0, STATISTICS_DAYS),
    OBJ(struct statistics, decisions, decisions_fields),
    OBJ(struct statistics, waiting, waiting_fields),
    LIST(struct statistics, return_reasons, reason_fields, struct statistics_reason, 0, 100),
    OBJ(struct statistics, money, money_fields),
    {.type = F_END},
};

/* What the days are filled from. */
struct span {
    const char *from, *to;
    struct calendar calendar;
    struct statistics_day *days;
    int64_t first; /* number of the first day */
    size_t n;
};

static enum err
read_days(struct op *op, struct span *s, struct statistics *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_STATISTICS_DAYS, &r, s->from, s->to));
    s->n = (size_t)row_count(r);
    s->days = NEW_N(op->arena, s->n + 1, struct statistics_day);
    s->first = s->n == 0 ? 0 : row_int(r, 0, "number");
    for (int i = 0; i < row_count(r); i++) {
        s->days[i] = (struct statistics_day){
            .day = row_str(op, r, i, "day"),
            .is_working = calendar_is_working_day(&s->calendar, row_int(r, i, "number")),
            .submitted = row_int(r, i, "submitted"),
            .issued = row_int(r, i, "issued"),
            .received_fen = row_int(r, i, "received_fen"),
            .refunded_fen = row_int(r, i, "refunded_fen"),
        };
        out->certificates_issued += s->days[i].issued;
    }
    out->days = (struct list){.items = s->days, .n = s->n};
    return OK;
}

static void
count_verdict(struct statistics_day *day, enum order_move_id move)
{
    if (move == MOVE_T18A || move == MOVE_T18B)
        day->approved++;
    else if (move == MOVE_T19)
        day->denied++;
    else
        day->returned++;
}

static enum err
read_decisions(struct op *op, struct span *s, struct statistics_decisions *out)
{
    struct figures_times times;
    enum order_move_id move;
    int64_t *seconds;
    ROWS r = NULL;

    TRY(RUN(op, Q_STATISTICS_DECISIONS, &r, s->from, s->to));
    seconds = NEW_N(op->arena, (size_t)row_count(r) + 1, int64_t);
    for (int i = 0; i < row_count(r); i++) {
        int64_t at = row_int(r, i, "at");
        struct statistics_day *day = &s->days[calendar_day_of(at) - s->first];

        if (!order_move_parse(row_str(op, r, i, "move"), &move))
            return op_fail(op, E_INTERNAL, "a verdict without a move");
        seconds[i] = row_null(r, i, "handed_in")
                         ? 0
                         : calendar_working_seconds(&s->calendar, row_int(r, i, "handed_in"), at);
        count_verdict(day, move);
        day->late += figures_late(seconds[i]);
    }
    times = figures_times(seconds, (size_t)row_count(r));
    *out = (struct statistics_decisions){
        .count = times.count,
        .median_minutes = times.median_minutes,
        .p90_minutes = times.p90_minutes,
        .within_alarm = times.within_alarm,
        .within_promise = times.within_promise,
        .late = times.late,
        .alarm_minutes = PROMISE_ALARM_DAYS * CALENDAR_DAY_SECONDS / 60,
        .promise_minutes = PROMISE_DAYS * CALENDAR_DAY_SECONDS / 60,
    };
    for (size_t i = 0; i < s->n; i++) {
        out->approved += s->days[i].approved;
        out->returned += s->days[i].returned;
        out->denied += s->days[i].denied;
    }
    return OK;
}

static enum err
read_waiting(struct op *op, const struct span *s, struct statistics_waiting *out)
{
    const int64_t margin = (PROMISE_DAYS - PROMISE_ALARM_DAYS) * CALENDAR_DAY_SECONDS;
    ROWS r = NULL;

    TRY(RUN0(op, Q_STATISTICS_WAITING, &r));
    out->count = row_count(r);
    for (int i = 0; i < row_count(r); i++) {
        int64_t due = row_int(r, i, "due");

        if (due == 0)
            continue;
        if (due < op->now)
            out->overdue++;
        else if (calendar_working_seconds(&s->calendar, op->now, due) < margin)
            out->alarmed++;
    }
    return OK;
}

/* The words of the table; of a code that it does not know, those of a reviewer. */
static enum err
read_reasons(struct op *op, const struct span *s, struct list *out)
{
    struct statistics_reason *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_STATISTICS_REASONS, &r, s->from, s->to));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct statistics_reason);
    for (int i = 0; i < row_count(r); i++) {
        const char *code = row_str(op, r, i, "code");
        const char *text = reason_code_text(REASON_FOR_REVIEW, code, op->lang);

        items[i] = (struct statistics_reason){
            .code = code,
            .text = text != NULL ? text : row_str(op, r, i, "text"),
            .count = row_int(r, i, "n"),
        };
    }
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

static enum err
read_money(struct op *op, const struct span *s, struct statistics_money *out)
{
    struct statistics_method *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_STATISTICS_MONEY, &r, s->from, s->to));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct statistics_method);
    for (int i = 0; i < row_count(r); i++) {
        items[i] = (struct statistics_method){
            .method = row_str(op, r, i, "method"),
            .payments = row_int(r, i, "payments"),
            .received_fen = row_int(r, i, "received_fen"),
            .refunds = row_int(r, i, "refunds"),
            .refunded_fen = row_int(r, i, "refunded_fen"),
        };
        out->received_fen += items[i].received_fen;
        out->refunded_fen += items[i].refunded_fen;
    }
    out->by_method = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
statistics_view(struct op *op, const char *from, const char *to, struct statistics *out)
{
    struct span s = {.from = from, .to = to};
    ROWS r = NULL;

    *out = (struct statistics){.certificates_issued = 0};
    TRY(calendar_load(op, &s.calendar));
    TRY(read_days(op, &s, out));
    TRY(read_decisions(op, &s, &out->decisions));
    TRY(read_waiting(op, &s, &out->waiting));
    TRY(read_reasons(op, &s, &out->return_reasons));
    TRY(read_money(op, &s, &out->money));
    TRY(RUN0(op, Q_STATISTICS_STATES, &r));
    out->orders_by_state = row_str(op, r, 0, "states");
    return OK;
}
