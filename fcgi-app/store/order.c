#include "store/order.h"

#include <string.h>

#include "io/db.h"

static void
fill(struct op *op, rows r, struct order *o)
{
    o->id = row_int(r, 0, "id");
    o->order_no = row_str(op, r, 0, "order_no");
    o->account_id = row_int(r, 0, "account_id");
    o->project = row_str(op, r, 0, "project");
    o->years = row_int(r, 0, "years");
    o->version = row_int(r, 0, "version");
    o->form_version = row_int(r, 0, "form_version");
    o->revision_no = row_int(r, 0, "revision_no");
    o->content_sha256 = row_str(op, r, 0, "content_sha256");
    o->review_passed_sha256 = row_str(op, r, 0, "review_passed_sha256");
    o->certificate_fen = row_int(r, 0, "certificate_fen");
    o->courier_fen = row_int(r, 0, "courier_fen");
    o->courier_payer = row_str(op, r, 0, "courier_payer");
    o->pin_channel = row_str(op, r, 0, "pin_channel");
    o->returned_times = row_int(r, 0, "returned_times");
    o->second_review = row_bool(r, 0, "second_review");
    o->lease_staff = row_int(r, 0, "lease_staff");
    o->lease_until = row_int(r, 0, "lease_until");
    o->fence = row_int(r, 0, "fence");
    o->reissue_no = row_int(r, 0, "reissue_no");
    o->subject_name = row_str(op, r, 0, "subject_name");
    o->submitted_at = row_int(r, 0, "submitted_at");
    o->sla_due = row_int(r, 0, "sla_due");
    o->sla_left_s = row_int(r, 0, "sla_left_s");
}

enum err
order_lock(struct op *op, const char *order_no, int64_t account, struct order *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_ORDER_LOCK, &r, order_no, account == 0 ? NULL : db_int(op, account)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "order %.40s", order_no);
    fill(op, r, out);
    if (!certificate_type_parse(row_str(op, r, 0, "certificate_type"), &out->type) ||
        !order_state_parse(row_str(op, r, 0, "state"), &out->state))
        return op_fail(op, E_INTERNAL, "order %s is of a type or state unknown here", order_no);
    return OK;
}

enum err
order_lock_id(struct op *op, int64_t id, struct order *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_ORDER_LOCK_ID, &r, db_int(op, id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "order with id %lld", (long long)id);
    return order_lock(op, row_str(op, r, 0, "order_no"), 0, out);
}

enum err
order_move(struct op *op, struct order *o, enum order_move_id move, enum order_state to,
    const char *detail)
{
    const struct order_move *m = order_move_find(move, o->state, to);
    ROWS r = NULL;

    if (m == NULL)
        return op_state(op, order_state_code(o->state), order_move_code(move));
    if (!order_move_may(m, op->actor.role))
        return op_fail(op, E_FORBIDDEN, "%s by %s", order_move_code(move), op->actor.role);
    TRY(RUN(op, Q_ORDER_MOVE, &r, db_int(op, o->id), order_state_code(o->state),
        order_state_code(to), db_int(op, order_expiry_days(to)), order_move_code(move),
        op->actor.role, db_int(op, op->actor.id), op->actor.ip, op->trace,
        detail == NULL ? "{}" : detail));
    if (row_count(r) != 1)
        return op_fail(op, E_CONFLICT, "order %s moved meanwhile", o->order_no);
    o->state = to;
    return OK;
}

enum err
order_step(struct op *op, struct order *o, enum order_move_id move, const char *detail)
{
    const struct order_move *m = order_move_only(move, o->state);

    if (m == NULL)
        return op_state(op, order_state_code(o->state), order_move_code(move));
    return order_move(op, o, move, m->to, detail);
}
