#include "flow/expire.h"

#include "base/text.h"
#include "domain/reason.h"
#include "flow/deliver.h"
#include "flow/pay.h"
#include "flow/refund.h"
#include "io/db.h"
#include "store/expire.h"
#include "store/notice.h"
#include "store/pin.h"

/* T25: what was paid goes back. */
static enum err
lapse(struct op *op, struct order *o)
{
    const char *why = order_move_label(MOVE_T25, LANG_ZH);
    int64_t amount_fen;
    bool open;

    TRY(pay_give_up(op, o, &open));
    if (open)
        return OK; /* its closing has begun: the next tick will do */
    TRY(pin_burn(op, o));
    TRY(refund_begin(op, o, "逾期未完成", &amount_fen));
    TRY(order_close_reason(op, o, why));
    TRY(order_move(op, o, MOVE_T25, amount_fen > 0 ? ORDER_REFUNDING : ORDER_EXPIRED, NULL));
    return notice_add(op,
        &SAY(N15E, o->id, "no", o->order_no, "refund_line",
            phrase_text(amount_fen > 0 ? PHRASE_REFUND_FOLLOWS : PHRASE_NOTHING_PAID, LANG_ZH)));
}

/* T24d: nobody corrected the account in sixty days. */
static enum err
give_up(struct op *op, struct order *o)
{
    int64_t amount_fen;

    TRY(pin_burn(op, o));
    TRY(refund_begin(op, o, "金融认证未完成", &amount_fen));
    if (amount_fen == 0)
        return op_fail(op, E_INTERNAL, "order %s has nothing to refund", o->order_no);
    TRY(order_close_reason(op, o, order_move_label(MOVE_T24D, LANG_ZH)));
    TRY(order_step(op, o, MOVE_T24D, NULL));
    return notice_add(
        op, &SAY(N14, o->id, "no", o->order_no, "amt", text_yuan(op->arena, amount_fen)));
}

static enum err
expire(struct op *op, const char *order_no)
{
    struct order order;
    bool due;
    TX(tx, op);

    TRY(order_lock(op, order_no, 0, &order));
    TRY(expire_still(op, &order, &due));
    if (!due)
        return OK; /* it has moved meanwhile */
    switch (order_expiry_move(order.state)) {
    case MOVE_T25:
        TRY(lapse(op, &order));
        break;
    case MOVE_T24D:
        TRY(give_up(op, &order));
        break;
    case MOVE_T47:
        TRY(deliver_complete(op, &order));
        break;
    default:
        return OK;
    }
    return tx_commit(&tx);
}

enum err
expire_job(struct op *op, const struct job *j)
{
    const char *const *nos;

    (void)j;
    TRY(expire_due(op, &nos));
    for (; *nos != NULL; nos++)
        TRY(job_skip(op, "order does not expire", *nos, expire(op, *nos)));
    return OK;
}

static enum err
say(struct op *op, const struct reminder *r)
{
    enum reason_code why = REASON_BANK_OTHER;

    if (r->is_warning)
        return notice_add(op, &SAY(N15, r->order_id, "no", r->order_no, "date",
                                  text_date_cn(op->arena, r->deadline_at), "step",
                                  order_state_step(r->state, LANG_ZH)));
    if (r->state == ORDER_RETURNED)
        return notice_add(op, &SAY(N05, r->order_id, "no", r->order_no, "n",
                                  arena_printf(op->arena, "%lld", (long long)r->reasons), "reason",
                                  r->first_reason == NULL ? "" : r->first_reason));
    if (r->bank_reason != NULL && !reason_parse(REASON_FOR_BANK, r->bank_reason, &why))
        why = REASON_BANK_OTHER;
    return notice_add(
        op, &SAY(N17, r->order_id, "no", r->order_no, "reason", reason_text(why, LANG_ZH)));
}

static enum err
remind(struct op *op, const struct reminder *r)
{
    bool mine;
    TX(tx, op);

    TRY(remind_mark(op, r, &mine));
    if (mine)
        TRY(say(op, r));
    return tx_commit(&tx);
}

enum err
remind_job(struct op *op, const struct job *j)
{
    struct reminder *due;
    size_t n;

    (void)j;
    TRY(remind_due(op, &due, &n));
    for (size_t i = 0; i < n; i++)
        TRY(job_skip(op, "reminder not sent", due[i].order_no, remind(op, &due[i])));
    return OK;
}
