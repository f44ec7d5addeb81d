#include "flow/settle.h"

#include <string.h>

#include "base/text.h"
#include "flow/bank_verify.h"
#include "flow/pay.h"
#include "flow/refund.h"
#include "flow/submit.h"
#include "store/notice.h"

const struct pay_provider *
pay_provider_of(const struct op *op, enum payment_method method)
{
    return method == PAYMENT_ALIPAY ? op->providers->alipay : op->providers->wechat_pay;
}

static const char *
yuan(struct op *op, int64_t fen)
{
    return text_yuan(op->arena, fen);
}

/* T09, T09b, T51a: the order goes on. */
static enum err
go_on(struct op *op, struct order *o, const struct payment *p, bool revived)
{
    enum order_move_id move;
    bool open;

    TRY(order_pin_channel(op, o, "memo"));
    TRY(submit_prepare(op, o));
    move = revived ? MOVE_T51A : submit_is_passed(o) ? MOVE_T09B : MOVE_T09;
    TRY(order_step(op, o, move, NULL));
    if (move == MOVE_T09B)
        TRY(bank_verification_begin(op, o));
    TRY(pay_give_up(op, o, &open)); /* nobody shall pay twice */
    return notice_add(op, &SAY(N03, o->id, "no", o->order_no, "amt", yuan(op, p->amount_fen),
                              "date", submit_promise(op, o)));
}

/* Money that nobody is owed goes back the way it came; with T51 the order follows it. */
static enum err
give_back(struct op *op, struct order *o, const struct payment *p, int64_t fen, bool closes)
{
    static const char *const reasons[] = {
        [PAYMENT_FOR_ORDER] = "", /* never given back here */
        [PAYMENT_LATE] = "业务单已关闭，退回款项",
        [PAYMENT_DUPLICATE] = "重复支付，退回款项",
        [PAYMENT_MISMATCH] = "金额不符，退回款项",
    };
    struct refund refund;

    TRY(refund_start(op,
        &(struct new_refund){
            .order = o,
            .payment = p,
            .amount_fen = fen,
            .reason = reasons[p->purpose],
            .closes_order = closes,
        },
        &refund));
    if (closes)
        TRY(order_step(op, o, MOVE_T51, NULL));
    return notice_add(op, &SAY(N14, o->id, "no", o->order_no, "amt", yuan(op, fen)));
}

static enum err
judge(struct op *op, const struct order *o, const struct payment *p, const struct pay_status *s,
    enum payment_meaning *meaning)
{
    struct payment_facts facts = {
        .order = o->state,
        .due_fen = p->amount_fen,
        .quote_fen = o->certificate_fen + o->courier_fen,
        .received_fen = s->amount_fen,
        .yuan = s->currency != NULL && strcmp(s->currency, "CNY") == 0,
    };

    TRY(payment_facts(op, p, &facts));
    *meaning = payment_judge(&facts);
    return OK;
}

/* Nothing went backward since: a payment has an answer once. */
static enum err
paid(struct op *op, struct order *o, const struct payment *p, const struct pay_status *s,
    const char **verdict)
{
    struct payment now = *p;
    enum payment_meaning meaning;

    if (p->received_fen != 0) {
        bool same = p->transaction_id != NULL && s->transaction_id != NULL &&
                    strcmp(p->transaction_id, s->transaction_id) == 0;

        *verdict = same ? "repeat" : "another_transaction";
        return OK;
    }
    TRY(judge(op, o, p, s, &meaning));
    now.purpose = payment_purpose_of(meaning);
    *verdict = meaning == PAYMENT_PAYS || meaning == PAYMENT_REVIVES
                   ? "paid"
                   : payment_purposes[now.purpose];
    TRY(payment_received(op, p,
        &(struct payment_receipt){now.purpose, s->amount_fen, s->paid_at, s->transaction_id}));
    if (meaning == PAYMENT_PAYS || meaning == PAYMENT_REVIVES)
        return go_on(op, o, p, meaning == PAYMENT_REVIVES);
    return give_back(op, o, &now, s->amount_fen, meaning == PAYMENT_RETURNS);
}

enum err
pay_apply_status(struct op *op, struct order *o, const struct payment *p,
    const struct pay_status *s, const char **verdict)
{
    bool was_open = p->state == PAYMENT_PREPARING || p->state == PAYMENT_PENDING;

    *verdict = "nothing";
    if (s->state == PAY_SUCCESS)
        return paid(op, o, p, s, verdict);
    if (s->state != PAY_CLOSED || (!was_open && !p->closing))
        return OK;
    *verdict = "closed";
    TRY(payment_shut(op, p->id, NULL));
    if (!was_open || !order_move_allowed(o->state, MOVE_T08))
        return OK;
    op->actor.role = "system";
    return order_step(op, o, MOVE_T08, NULL);
}

enum err
pay_settle(struct op *op, struct payment_key key, const struct pay_status *s, const char **verdict)
{
    struct payment p;
    struct order o;

    TRY(order_lock_id(op, key.order_id, &o));
    TRY(payment_get(op, key.id, &p));
    return pay_apply_status(op, &o, &p, s, verdict);
}
