#include "store/expire.h"

#include "io/db.h"
#include "io/record.h"

enum err
expire_due(struct op *op, const char *const **order_nos)
{
    const char **list;
    ROWS r = NULL;

    TRY(RUN0(op, Q_EXPIRE_DUE, &r));
    list = NEW_N(op->arena, (size_t)row_count(r) + 1, const char *);
    for (int i = 0; i < row_count(r); i++)
        list[i] = row_str(op, r, i, "order_no");
    *order_nos = list;
    return OK;
}

enum err
expire_still(struct op *op, const struct order *o, bool *due)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_EXPIRE_STILL, &r, db_int(op, o->id)));
    *due = row_bool(r, 0, "due");
    return OK;
}

/* The rules of the domain as the query takes them: reminders of a state, then the warning before
 * its end. What ends well by itself needs no warning. */
static const char *
plan(struct op *op)
{
    json_auto_t *table = json_array();

    for (int s = 0; s < ORDER_STATE_MAX; s++) {
        enum order_state state = (enum order_state)s;
        const char *code = order_state_code(state);
        int n = 0;

        for (const int *day = order_reminder_days(state); *day != 0; day++)
            json_array_append_new(
                table, json_pack("{ss si si}", "state", code, "n", n++, "after_days", *day));
        if (order_expiry_days(state) > ORDER_WARN_DAYS && order_expiry_move(state) != MOVE_T47)
            json_array_append_new(table,
                json_pack("{ss si si}", "state", code, "n", n, "before_days", ORDER_WARN_DAYS));
    }
    return record_dump(op, table);
}

enum err
remind_due(struct op *op, struct reminder **out, size_t *n)
{
    struct reminder *list;
    ROWS r = NULL;

    TRY(RUN(op, Q_REMIND_DUE, &r, plan(op)));
    *n = (size_t)row_count(r);
    *out = list = NEW_N(op->arena, *n + 1, struct reminder);
    for (int i = 0; i < row_count(r); i++) {
        list[i] = (struct reminder){
            .order_id = row_int(r, i, "id"),
            .n = row_int(r, i, "n"),
            .order_no = row_str(op, r, i, "order_no"),
            .is_warning = row_bool(r, i, "is_warning"),
            .deadline_at = row_int(r, i, "deadline_at"),
            .reasons = row_int(r, i, "reasons"),
            .first_reason = row_str(op, r, i, "first_reason"),
            .bank_reason = row_str(op, r, i, "bank_reason"),
        };
        if (!order_state_parse(row_str(op, r, i, "state"), &list[i].state))
            return op_fail(op, E_INTERNAL, "order %s is in a state unknown", list[i].order_no);
    }
    return OK;
}

enum err
remind_mark(struct op *op, const struct reminder *r, bool *mine)
{
    ROWS found = NULL;

    TRY(RUN(op, Q_REMIND_MARK, &found, db_int(op, r->order_id), db_int(op, r->n),
        order_state_code(r->state)));
    *mine = row_count(found) == 1;
    return OK;
}
