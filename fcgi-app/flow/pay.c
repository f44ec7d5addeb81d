#include "flow/pay.h"

#include <string.h>

#include "base/text.h"
#include "domain/calendar.h"
#include "domain/words.h"
#include "flow/refund.h"
#include "flow/submit.h"
#include "io/kv.h"
#include "store/audit.h"
#include "store/notice.h"

enum { ATTEMPTS_PER_HOUR = 30 };

/* One job of an attempt; out_trade_no is in its key. */
static enum err
add_job(struct op *op, const char *kind, const char *prefix, const struct payment *p, int64_t in_s)
{
    return job_add(op, &(struct job_order){
                           .kind = kind,
                           .key = arena_printf(op->arena, "%s/%s", prefix, p->out_trade_no),
                           .order_id = p->order_id,
                           .in_s = in_s,
                       });
}

/* ---- choosing a way to pay ---- */

/* Can it still be paid, at the price of today? */
static bool
is_usable(struct op *op, const struct payment *p, const struct order *o)
{
    return !p->closing && p->amount_fen == o->certificate_fen + o->courier_fen &&
           (p->method == PAYMENT_BANK_TRANSFER || p->expires_at > op->now);
}

static enum err
drop(struct op *op, const struct payment *p)
{
    bool online = p->method != PAYMENT_BANK_TRANSFER;

    TRY(payment_give_up(op, p->id, online));
    return online ? add_job(op, "PAY_CLOSE", "pay-close", p, 0) : OK;
}

/* Looks for an attempt that can go on, and gives up those that stand in the way: a transfer that
 * nobody made does not. */
static enum err
find_open(struct op *op, const struct order *o, enum payment_method method, const char **payment_id)
{
    const struct payment *p;
    struct list open;

    *payment_id = NULL;
    TRY(payment_open(op, o->id, &open));
    p = open.items;
    for (size_t i = 0; i < open.n; i++) {
        if (p[i].method == method && is_usable(op, &p[i], o))
            *payment_id = p[i].payment_id;
        else if (!p[i].closing &&
                 !(p[i].method == PAYMENT_BANK_TRANSFER && is_usable(op, &p[i], o)))
            TRY(drop(op, &p[i]));
    }
    return OK;
}

static enum err
check_state(struct op *op, const struct order *o, enum payment_method method)
{
    bool transfer = method == PAYMENT_BANK_TRANSFER;

    if (order_move_allowed(o->state, MOVE_T07) || (transfer && o->state == ORDER_AWAITING_FUNDS))
        return OK;
    return op_state(op, order_state_code(o->state), "paying");
}

static enum err
open_online(struct op *op, struct order *o, const struct payment *p)
{
    bool refused;

    TRY(payment_was_refused(op, o->id, &refused));
    TRY(order_step(op, o, refused ? MOVE_T07C : MOVE_T07, NULL));
    TRY(add_job(op, "PAY_OPEN", "pay-open", p, 0));
    return add_job(op, "PAY_QUERY", "pay-query", p, payment_poll_gap(0));
}

enum err
pay_begin(struct op *op, int64_t account, const char *order_no, enum payment_method method,
    const char **payment_id)
{
    bool transfer = method == PAYMENT_BANK_TRANSFER;
    struct payment p;
    struct order o;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &o));
    TRY(check_state(op, &o, method));
    TRY(payment_of_order(op, o.id, &p));
    if (p.id != 0 && p.state == PAYMENT_PAID)
        return op_state(op, order_state_code(o.state), "paying again");
    *payment_id = p.id != 0 ? p.payment_id : NULL; /* a transfer whose voucher may be replaced */
    if (p.id == 0)
        TRY(find_open(op, &o, method, payment_id));
    if (*payment_id == NULL) {
        TRY(kv_limit(op, arena_printf(op->arena, "limit-pay:%s", order_no), ATTEMPTS_PER_HOUR, 3600,
            &op->retry_after_s));
        TRY(payment_add(op, &o, method, transfer ? 0 : PAYMENT_CODE_SECONDS, &p));
        if (!transfer)
            TRY(open_online(op, &o, &p));
        *payment_id = p.payment_id;
    }
    return tx_commit(&tx);
}

static enum err
give_up(struct op *op, const struct order *o, bool transfers, bool *still_open)
{
    const struct payment *p;
    struct list open;

    *still_open = false;
    TRY(payment_open(op, o->id, &open));
    p = open.items;
    for (size_t i = 0; i < open.n; i++) {
        bool online = p[i].method != PAYMENT_BANK_TRANSFER;

        if (!p[i].closing && (online || transfers))
            TRY(drop(op, &p[i]));
        *still_open = *still_open || online;
    }
    return OK;
}

enum err
pay_give_up(struct op *op, const struct order *o, bool *still_open)
{
    return give_up(op, o, true, still_open);
}

enum err
pay_close_first(struct op *op, const struct order *o, struct tx *tx)
{
    bool busy;

    TRY(give_up(op, o, false, &busy));
    if (!busy)
        return OK;
    TRY(tx_commit(tx));
    return op_fail(
        op, E_PAYMENT_PENDING, "order %s: the open payment is being closed", o->order_no);
}

/* ---- the voucher of a transfer ---- */

static enum err
check_voucher(struct op *op, const struct order *o, const struct voucher *v, const char **sha256)
{
    int64_t day = 0;

    if (!words_check(v->payer_name))
        op_fault(op, "/payer_name", FAULT_CHARACTERS);
    if (!text_date(v->transferred_on, &day))
        op_fault(op, "/transferred_on", FAULT_DATE);
    else if (day > calendar_day_of(op->now))
        op_fault(op, "/transferred_on", FAULT_DATE_FUTURE);
    TRY(payment_voucher_document(op, o->id, sha256));
    if (*sha256 == NULL)
        op_fault(op, "/documents/payment_voucher", FAULT_VOUCHER);
    return op_faults(op);
}

/* A transfer of this order that waits for its voucher, or for a better one. */
static enum err
lock_transfer(struct op *op, int64_t account, const char *order_no, const char *payment_id,
    struct order *o, struct payment *p)
{
    bool replaces;
    struct payment_key key;

    TRY(order_lock(op, order_no, account, o));
    TRY(payment_find(op, payment_id, &key));
    if (key.order_id != o->id)
        return op_fail(op, E_NOT_FOUND, "payment %.40s is another order's", payment_id);
    TRY(payment_get(op, key.id, p));
    replaces = p->state == PAYMENT_AWAITING_CONFIRMATION && o->state == ORDER_AWAITING_FUNDS;
    if (p->method != PAYMENT_BANK_TRANSFER ||
        p->amount_fen != o->certificate_fen + o->courier_fen ||
        !(p->state == PAYMENT_PENDING || p->state == PAYMENT_REFUSED || replaces))
        return op_state(op, order_state_code(o->state), "a voucher for this payment");
    return check_state(op, o, PAYMENT_BANK_TRANSFER);
}

static enum err
hand_over(struct op *op, struct order *o)
{
    TRY(submit_prepare(op, o));
    TRY(order_step(op, o, submit_is_passed(o) ? MOVE_T10B : MOVE_T10, NULL));
    return notice_add(op, &SAY(N04, o->id, "no", o->order_no));
}

enum err
pay_voucher(struct op *op, int64_t account, const char *order_no, const char *payment_id,
    const struct voucher *v)
{
    const char *sha256;
    struct payment p;
    struct order o;
    enum err e;
    TX(tx, op);

    TRY(lock_transfer(op, account, order_no, payment_id, &o, &p));
    TRY(pay_close_first(op, &o, &tx));
    TRY(check_voucher(op, &o, v, &sha256));
    p.payer_name = words_clean(op->arena, v->payer_name);
    p.typed_fen = v->amount_fen;
    p.transferred_on = v->transferred_on;
    p.bank_reference = v->bank_reference;
    e = payment_voucher(op, &p, sha256);
    if (e == E_CONFLICT)
        return op_state(op, order_state_code(o.state), "a voucher where one is in already");
    TRY(e);
    TRY(order_pin_channel(op, &o, "sms"));
    if (o.state == ORDER_AWAITING_PAYMENT)
        TRY(hand_over(op, &o));
    else
        TRY(audit_add(
            op, arena_printf(op->arena, "orders/%s", o.order_no), "voucher_replaced", o.id, NULL));
    return tx_commit(&tx);
}

/* ---- cancelling ---- */

static enum err
end_unpaid(struct op *op, struct order *o, enum order_move_id move)
{
    TRY(order_step(op, o, move, NULL));
    return notice_add(op, &SAY(N13, o->id, "no", o->order_no));
}

static enum err
end_with_refund(struct op *op, struct order *o, enum order_move_id move, int64_t amount_fen)
{
    TRY(order_step(op, o, move, NULL));
    return notice_add(
        op, &SAY(N14, o->id, "no", o->order_no, "amt", text_yuan(op->arena, amount_fen)));
}

static enum err
end(struct op *op, struct order *o)
{
    int64_t amount_fen = 0;

    if (order_move_allowed(o->state, MOVE_T24A))
        return end_unpaid(op, o, MOVE_T24A);
    if (!order_move_allowed(o->state, MOVE_T24B) && !order_move_allowed(o->state, MOVE_T24D))
        return op_state(op, order_state_code(o->state), "cancelling");
    if (o->lease_staff != 0 && o->lease_until > op->now)
        return op_state(op, order_state_code(o->state), "cancelling under review");
    TRY(refund_begin(op, o, "申请人取消", &amount_fen));
    if (order_move_allowed(o->state, MOVE_T24D))
        return amount_fen == 0
                   ? op_fail(op, E_INTERNAL, "order %s is verified but not paid", o->order_no)
                   : end_with_refund(op, o, MOVE_T24D, amount_fen);
    return amount_fen > 0 ? end_with_refund(op, o, MOVE_T24B, amount_fen)
                          : end_unpaid(op, o, MOVE_T24C);
}

enum err
pay_cancel(struct op *op, int64_t account, const char *order_no, const char *reason)
{
    struct order o;
    bool open;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &o));
    if (order_move_allowed(o.state, MOVE_T24A))
        TRY(pay_close_first(op, &o, &tx));
    TRY(end(op, &o));
    TRY(pay_give_up(op, &o, &open)); /* the transfer that was to come */
    TRY(order_close_reason(op, &o, reason));
    return tx_commit(&tx);
}
