#include "store/ledger.h"

#include "io/db.h"
#include "store/job.h"

enum err
ledger_rescue(struct op *op, int64_t *n)
{
    ROWS r = NULL;
    int64_t parked;

    TRY(DO0(op, Q_RESCUE_PARKED, &parked));
    TRY(RUN0(op, Q_ADRIFT, &r));
    for (int i = 0; i < row_count(r); i++) {
        const struct job_order job = {
            .kind = row_str(op, r, i, "kind"),
            /* The old job's key is taken: what it is about stands before the second slash. */
            .key = arena_printf(op->arena, "%s/%lld", row_str(op, r, i, "key"), (long long)op->now),
            .order_id = row_int(r, i, "order_id"),
        };

        TRY(job_add(op, &job));
    }
    *n = row_count(r) + parked;
    return OK;
}

static enum err
keys(struct op *op, enum query q, int64_t most, struct list *out)
{
    struct ledger_key *items;
    ROWS r = NULL;

    TRY(RUN(op, q, &r, db_int(op, most)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct ledger_key);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct ledger_key){row_int(r, i, "id"), row_int(r, i, "order_id")};
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
ledger_payments(struct op *op, int64_t most, struct list *out)
{
    return keys(op, Q_LEDGER_PAYMENTS, most, out);
}

enum err
ledger_refunds(struct op *op, int64_t most, struct list *out)
{
    return keys(op, Q_LEDGER_REFUNDS, most, out);
}

enum err
ledger_compared(struct op *op, const struct ledger_finding *f)
{
    const char *kind = f->refund ? "refund" : "payment";

    TRY(DO(op, f->refund ? Q_LEDGER_REFUND_COMPARED : Q_LEDGER_PAYMENT_COMPARED, NULL,
        db_int(op, f->id)));
    if (f->ours_fen == f->theirs_fen)
        return DO(op, Q_LEDGER_AGREES, NULL, kind, f->number);
    return DO(op, Q_LEDGER_DIFFERS, NULL, kind, f->number, db_int(op, f->at), f->method,
        db_int(op, f->order_id), db_int(op, f->ours_fen), db_int(op, f->theirs_fen));
}

const struct field ledger_day_fields[] = {
    STR(struct ledger_day, day, 10, 10, .format = "date"),
    STR(struct ledger_day, method, 1, 20),
    INT(struct ledger_day, payments, 0, INT64_MAX),
    INT(struct ledger_day, received_fen, 0, INT64_MAX),
    INT(struct ledger_day, refunds, 0, INT64_MAX),
    INT(struct ledger_day, refunded_fen, 0, INT64_MAX),
    INT(struct ledger_day, uncompared, 0, INT64_MAX),
    INT(struct ledger_day, without_line, 0, INT64_MAX),
    INT(struct ledger_day, differences, 0, INT64_MAX),
    INT(struct ledger_day, difference_fen, INT64_MIN, INT64_MAX),
    {.type = F_END},
};

const struct field ledger_difference_fields[] = {
    STR(struct ledger_difference, kind, 1, 10),
    STR(struct ledger_difference, number, 1, 64),
    STR(struct ledger_difference, day, 10, 10, .format = "date"),
    STR(struct ledger_difference, method, 1, 20),
    STR(struct ledger_difference, order_no, 17, 17),
    INT(struct ledger_difference, ours_fen, 0, INT64_MAX),
    INT(struct ledger_difference, theirs_fen, 0, INT64_MAX),
    TIME(struct ledger_difference, found_at),
    {.type = F_END},
};

static enum err
read_days(struct op *op, const char *from, const char *to, struct list *out)
{
    struct ledger_day *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_LEDGER_DAYS, &r, from, to));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct ledger_day);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct ledger_day){
            .day = row_str(op, r, i, "day"),
            .method = row_str(op, r, i, "method"),
            .payments = row_int(r, i, "payments"),
            .received_fen = row_int(r, i, "received_fen"),
            .refunds = row_int(r, i, "refunds"),
            .refunded_fen = row_int(r, i, "refunded_fen"),
            .uncompared = row_int(r, i, "uncompared"),
            .without_line = row_int(r, i, "without_line"),
            .differences = row_int(r, i, "differences"),
            .difference_fen = row_int(r, i, "difference_fen"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

static enum err
read_differences(struct op *op, struct list *out)
{
    struct ledger_difference *items;
    ROWS r = NULL;

    TRY(RUN0(op, Q_LEDGER_DIFFERENCES, &r));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct ledger_difference);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct ledger_difference){
            .kind = row_str(op, r, i, "kind"),
            .number = row_str(op, r, i, "number"),
            .day = row_str(op, r, i, "day"),
            .method = row_str(op, r, i, "method"),
            .order_no = row_str(op, r, i, "order_no"),
            .ours_fen = row_int(r, i, "ours_fen"),
            .theirs_fen = row_int(r, i, "theirs_fen"),
            .found_at = row_int(r, i, "found_at"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
ledger_view(struct op *op, const char *from, const char *to, struct ledger_view *out)
{
    ROWS r = NULL;

    TRY(read_days(op, from, to, &out->days));
    TRY(read_differences(op, &out->differences));
    TRY(RUN0(op, Q_LEDGER_UNMATCHED, &r));
    out->unmatched_lines = row_int(r, 0, "lines");
    out->unmatched_fen = row_int(r, 0, "fen");
    return OK;
}
