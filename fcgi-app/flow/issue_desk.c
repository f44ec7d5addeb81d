#include "flow/issue_desk.h"

#include <string.h>

#include "base/text.h"
#include "flow/bank_verify.h"
#include "flow/issue.h"
#include "flow/refund.h"
#include "flow/review.h"
#include "io/db.h"
#include "store/audit.h"
#include "store/issuance.h"
#include "store/notice.h"
#include "store/proposal.h"

static enum err
note(struct op *op, const char *action, int64_t order_id, const char *detail)
{
    return audit_add(op, arena_printf(op->arena, "staff/%lld", (long long)op->actor.id), action,
        order_id, detail);
}

struct cause {
    const char *cause;
};
static const struct field cause_fields[] = {
    STR(struct cause, cause, 1, 500, .flags = F_LINES),
    {.type = F_END},
};

enum err
issue_turn(struct op *op, bool on, const char *reason)
{
    const struct cause why = {reason};
    TX(tx, op);

    TRY(setting_set(op, "issuance", on ? "on" : "off", reason));
    if (on)
        TRY(issuance_wake(op));
    TRY(note(op, on ? "issuance_on" : "issuance_off", 0,
        reason == NULL ? NULL : record_text(op, cause_fields, &why)));
    return tx_commit(&tx);
}

enum err
issue_is_on(struct op *op, struct issue_switch *out)
{
    struct setting s;

    TRY(setting_get(op, "issuance", &s));
    *out = (struct issue_switch){strcmp(s.value, "on") == 0, s.reason, s.changed_by, s.changed_at};
    return OK;
}

static enum err
lock_failed(struct op *op, const char *order_no, enum order_move_id move, struct order *o)
{
    TRY(order_lock(op, order_no, 0, o));
    return order_move_allowed(o->state, move)
               ? OK
               : op_state(op, order_state_code(o->state), order_move_code(move));
}

enum err
issue_retry(struct op *op, const char *order_no, const char *cause)
{
    const struct cause because = {cause};
    struct order order;
    TX(tx, op);

    TRY(lock_failed(op, order_no, MOVE_T39, &order));
    TRY(order_step(
        op, &order, MOVE_T39, cause == NULL ? NULL : record_text(op, cause_fields, &because)));
    TRY(issue_queue(op, &order));
    return tx_commit(&tx);
}

enum err
issue_return(struct op *op, const char *order_no, const struct list *reasons)
{
    const char *array;
    struct order order;
    TX(tx, op);

    TRY(lock_failed(op, order_no, MOVE_T40, &order));
    TRY(issuance_state(op, &order, "closed", ISSUE_FAULT_NONE, NULL));
    TRY(issue_give_up(op, &order));
    TRY(review_send_back(op, &order, MOVE_T40, reasons, &array));
    return tx_commit(&tx);
}

static enum err
refuse_now(struct op *op, struct order *o, const char *reason, int64_t asked_by)
{
    int64_t amount;

    TRY(issuance_state(op, o, "closed", ISSUE_FAULT_NONE, NULL));
    TRY(issue_give_up(op, o));
    TRY(bank_verification_burn(op, o));
    TRY(review_mark_closed(op, o->id, reason));
    TRY(refund_begin(op, o, "无法制证", &amount));
    if (amount == 0) /* nothing would ever end the refunding */
        return op_state(op, order_state_code(o->state), "refunding what is not paid");
    TRY(order_step(
        op, o, MOVE_T41, arena_printf(op->arena, "{\"first\":%lld}", (long long)asked_by)));
    return notice_add(op, &SAY(N14, o->id, "no", o->order_no, "amt", text_yuan(op->arena, amount)));
}

enum err
issue_refuse(struct op *op, const char *order_no, const char *reason, bool *done)
{
    struct order order;
    int64_t by;
    TX(tx, op);

    TRY(lock_failed(op, order_no, MOVE_T41, &order));
    TRY(proposal_want(op, order.id, PROPOSAL_ISSUANCE_REFUSAL, reason, &by));
    *done = by != 0;
    if (*done)
        TRY(refuse_now(op, &order, reason, by));
    else
        TRY(note(op, "issuance_refusal_asked", order.id, NULL));
    return tx_commit(&tx);
}
