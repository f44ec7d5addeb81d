/* Refunds by hand: one member of staff asks, another approves. */
#include <string.h>

#include "base/text.h"
#include "domain/bankno.h"
#include "flow/desk.h"
#include "flow/finance.h"
#include "flow/refund.h"
#include "io/db.h"
#include "store/apply.h"
#include "store/notice.h"

/* A refund and its payment under the lock of their order. */
struct refund_case {
    struct order order;
    struct payment payment;
    struct refund refund;
};

static enum err
lock(struct op *op, const char *refund_id, struct refund_case *c)
{
    struct refund_key key;

    TRY(refund_find(op, refund_id, &key));
    TRY(order_lock_id(op, key.order_id, &c->order));
    TRY(refund_get(op, key.id, &c->refund));
    return payment_get(op, c->refund.payment_id, &c->payment);
}

static enum err
check_state(struct op *op, const struct refund *f, enum return_state wanted, const char *what)
{
    return f->state == wanted ? OK : op_state(op, return_states[f->state], what);
}

static enum err
note(struct op *op, const char *action, const struct refund *f)
{
    return desk_note(op, action, f->order_id,
        arena_printf(op->arena, "{\"refund\":\"%s\",\"amount_fen\":%lld}", f->refund_id,
            (long long)f->amount_fen));
}

/* Money that the order lives on is not taken from under it. */
static enum err
check_may_return(struct op *op, const struct order *o, const struct payment *p, bool whole)
{
    if (p->purpose != PAYMENT_FOR_ORDER || payment_may_return(o->state, whole))
        return OK;
    return op_state(op, order_state_code(o->state), "giving the whole payment back");
}

enum err
finance_ask_refund(
    struct op *op, const char *payment_id, const struct refund_wish *w, const char **refund_id)
{
    struct refund_case c;
    struct payment_key key;
    int64_t left;
    TX(tx, op);

    TRY(payment_find(op, payment_id, &key));
    TRY(order_lock_id(op, key.order_id, &c.order));
    TRY(payment_get(op, key.id, &c.payment));
    if (c.payment.state != PAYMENT_PAID)
        return op_state(op, payment_states[c.payment.state], "a refund");
    left = c.payment.received_fen - c.payment.returned_fen;
    if (w->amount_fen > left)
        op_fault(op, "/amount_fen", FAULT_REFUND_LARGE);
    TRY(op_faults(op));
    TRY(check_may_return(op, &c.order, &c.payment, w->amount_fen == left));
    TRY(refund_start(op,
        &(struct new_refund){
            .order = &c.order,
            .payment = &c.payment,
            .amount_fen = w->amount_fen,
            .reason = w->reason,
            .asked_by = op->actor.id,
            .key = w->key,
        },
        &c.refund));
    TRY(note(op, "refund_asked", &c.refund));
    *refund_id = c.refund.refund_id;
    return tx_commit(&tx);
}

enum err
finance_approve_refund(struct op *op, const char *refund_id)
{
    struct refund_case c;
    struct refund_sums sums;
    TX(tx, op);

    TRY(lock(op, refund_id, &c));
    TRY(check_state(op, &c.refund, RETURN_REQUESTED, "approving the refund"));
    TRY(refund_sums(op, c.payment.id, &sums));
    if (c.refund.requested_by == op->actor.id)
        return op_fail(op, E_SECOND_PERSON, "refund %s was asked for by the same", refund_id);
    if (c.order.state == ORDER_REFUND_FAILED && c.refund.closes_order)
        TRY(order_step(op, &c.order, MOVE_T50, NULL));
    else
        TRY(check_may_return(op, &c.order, &c.payment,
            sums.leaving_fen + c.refund.amount_fen == c.payment.received_fen));
    TRY(refund_approve(op, &c.refund, op->actor.id));
    TRY(refund_queue(op, &c.refund, &c.payment));
    TRY(notice_add(op, &SAY(N14, c.order.id, "no", c.order.order_no, "amt",
                           text_yuan(op->arena, c.refund.amount_fen))));
    TRY(note(op, "refund_approved", &c.refund));
    return tx_commit(&tx);
}

enum err
finance_withdraw_refund(struct op *op, const char *refund_id)
{
    struct refund_case c;
    TX(tx, op);

    TRY(lock(op, refund_id, &c));
    TRY(check_state(op, &c.refund, RETURN_REQUESTED, "withdrawing the refund"));
    TRY(refund_set_state(op, &c.refund, RETURN_WITHDRAWN, NULL, NULL));
    TRY(note(op, "refund_withdrawn", &c.refund));
    return tx_commit(&tx);
}

/* The shape of an account that finance types; who owns it two people answer for. */
static enum err
check_account(struct op *op, const struct bank_account *a)
{
    if (a->account_name == NULL || *a->account_name == '\0')
        op_fault(op, "/account_name", FAULT_REQUIRED);
    if (a->bank_code == NULL || !bankno_branch(a->bank_code))
        op_fault(op, "/bank_code", FAULT_BANK_CODE);
    if (a->account_number == NULL || !bankno_corporate(a->account_number))
        op_fault(op, "/account_number", FAULT_ACCOUNT_FORMAT);
    return op_faults(op);
}

enum err
finance_resend_refund(struct op *op, const char *refund_id, const struct bank_account *given,
    const char **new_refund_id)
{
    struct bank_account account;
    struct refund_case c;
    struct refund again;
    bool sent;
    TX(tx, op);

    TRY(lock(op, refund_id, &c));
    TRY(check_state(op, &c.refund, RETURN_FAILED, "sending the refund again"));
    TRY(refund_sent_again(op, &c.refund, &sent));
    if (sent)
        return op_fail(op, E_CONFLICT, "refund %s was sent again already", refund_id);
    if (given != NULL) {
        account = *given;
        if (account.account_number != NULL)
            account.account_number = bankno_clean(op->arena, account.account_number);
    } else
        TRY(refund_account(op, &c.refund, &account));
    TRY(check_account(op, &account));
    TRY(refund_start(op,
        &(struct new_refund){
            .order = &c.order,
            .payment = &c.payment,
            .amount_fen = c.refund.amount_fen,
            .reason = c.refund.reason,
            .closes_order = c.refund.closes_order && c.order.state == ORDER_REFUND_FAILED,
            .asked_by = op->actor.id,
            .account = &account,
        },
        &again));
    TRY(note(op, "refund_resend_asked", &again));
    *new_refund_id = again.refund_id;
    return tx_commit(&tx);
}
