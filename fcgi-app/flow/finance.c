#include "flow/finance.h"

#include <string.h>

#include "base/text.h"
#include "domain/reason.h"
#include "domain/words.h"
#include "flow/desk.h"
#include "flow/issue.h"
#include "flow/refund.h"
#include "flow/submit.h"
#include "io/db.h"
#include "store/apply.h"
#include "store/bank_line.h"
#include "store/notice.h"

/* A payment under the lock of its order. */
struct desk_case {
    struct order order;
    struct payment payment;
};

static enum err
lock(struct op *op, const char *payment_id, struct desk_case *c)
{
    struct payment_key key;

    TRY(payment_find(op, payment_id, &key));
    TRY(order_lock_id(op, key.order_id, &c->order));
    return payment_get(op, key.id, &c->payment);
}

static enum err
check_waiting(struct op *op, const struct payment *p)
{
    return p->state == PAYMENT_AWAITING_CONFIRMATION
               ? OK
               : op_state(op, payment_states[p->state], "deciding on the transfer");
}

static enum err
note(struct op *op, const struct desk_case *c, const char *action, int64_t line)
{
    return desk_note(op, action, c->order.id,
        arena_printf(op->arena, "{\"payment\":\"%s\",\"line\":%lld}", c->payment.payment_id,
            (long long)line));
}

static enum err
tell_amount(struct op *op, const struct order *o, enum notice_code n, int64_t fen)
{
    const char *const params[] = {"no", o->order_no, "amt", text_yuan(op->arena, fen), NULL};

    return notice_add(op, &(struct notice_order){.notice = n, .order_id = o->id, .params = params});
}

/* ---- confirming ---- */

static enum err
find_line(struct op *op, const struct payment *p, const char *given, struct bank_line_free *out)
{
    int64_t id;

    if (given == NULL)
        return bank_line_for(op, p, out);
    if (!text_int(given, &id))
        id = 0;
    TRY(bank_line_get(op, id, out));
    if (out->id == 0)
        op_fault(op, "/bank_line_id", FAULT_LINE_UNKNOWN);
    else if (out->free_fen < p->amount_fen)
        op_fault(op, "/bank_line_id", FAULT_LINE_SHORT);
    return op_faults(op);
}

/* states.md T20: amount equal and payer = applicant, or a word about it. */
static enum err
check_line(
    struct op *op, const struct desk_case *c, const struct bank_line_free *line, const char *words)
{
    const char *payer = line->id != 0 ? line->payer_name : c->payment.payer_name;
    int64_t fen = line->id != 0 ? line->free_fen : c->payment.typed_fen;

    if (words != NULL)
        return OK;
    if (payer == NULL || c->order.subject_name == NULL || !words_same(payer, c->order.subject_name))
        op_fault(op, "/note", FAULT_NOTE_PAYER);
    if (fen != c->payment.amount_fen)
        op_fault(op, "/note", FAULT_NOTE_AMOUNT);
    return op_faults(op);
}

static enum err
match(struct op *op, const struct desk_case *c, const struct bank_line_free *line)
{
    enum err e = bank_match_add(op, line->id, &c->payment, op->actor.id);

    if (e != E_CONFLICT)
        return e;
    op_fault(op, "/bank_line_id", FAULT_LINE_SHORT);
    return op_faults(op);
}

/* The order goes on, or the money goes back where the order is over. */
static enum err
follow(struct op *op, struct desk_case *c)
{
    struct order *o = &c->order;
    int64_t fen = c->payment.amount_fen;
    bool over = order_move_allowed(o->state, MOVE_T51);
    struct refund refund;

    if (order_move_allowed(o->state, MOVE_T20)) {
        TRY(order_step(op, o, MOVE_T20, NULL));
        return tell_amount(op, o, NOTICE_N10, fen);
    }
    if (order_move_allowed(o->state, MOVE_T20B)) {
        TRY(order_step(op, o, MOVE_T20B, NULL));
        TRY(issue_queue(op, o));
        TRY(tell_amount(op, o, NOTICE_N10, fen));
        return notice_add(op, &SAY(N06, o->id, "no", o->order_no));
    }
    TRY(refund_start(op,
        &(struct new_refund){
            .order = o,
            .payment = &c->payment,
            .amount_fen = fen,
            .reason = "业务单已关闭，退回款项",
            .closes_order = over,
        },
        &refund));
    if (over)
        TRY(order_step(op, o, MOVE_T51, NULL));
    return tell_amount(op, o, NOTICE_N14, fen);
}

enum err
finance_confirm(struct op *op, const char *payment_id, const struct confirmation *given)
{
    struct bank_line_free line;
    struct desk_case c;
    bool counts, done;
    TX(tx, op);

    TRY(lock(op, payment_id, &c));
    TRY(check_waiting(op, &c.payment));
    TRY(find_line(op, &c.payment, given->bank_line_id, &line));
    TRY(check_line(op, &c, &line, given->note));
    if (line.id != 0)
        TRY(match(op, &c, &line));
    counts =
        order_move_allowed(c.order.state, MOVE_T20) || order_move_allowed(c.order.state, MOVE_T20B);
    TRY(payment_confirm(op, &c.payment,
        &(struct transfer_verdict){
            .purpose = counts ? PAYMENT_FOR_ORDER : PAYMENT_LATE,
            .received_fen = c.payment.amount_fen,
            .paid_at = line.id != 0 ? line.at : op->now,
            .note = given->note,
            .staff = op->actor.id,
        },
        &done));
    if (!done)
        return op_fail(op, E_CONFLICT, "payment %s was decided meanwhile", payment_id);
    TRY(payment_get(op, c.payment.id, &c.payment));
    TRY(follow(op, &c));
    TRY(note(op, &c, "payment_confirmed", line.id));
    return tx_commit(&tx);
}

/* ---- refusing ---- */

/* A code of ours stands for its words; other words stand for themselves. */
static const char *
reason_words(const char *reason)
{
    enum reason_code code;

    return reason_parse(REASON_FOR_FINANCE, reason, &code) ? reason_text(code, LANG_ZH) : reason;
}

/* T21: the order waits for money again. A verdict that was complete stays; one that was not ends
 * with the lease of whoever worked on it. */
static enum err
send_back(struct op *op, struct order *o)
{
    TRY(order_unlease(op, o));
    if (o->review_passed_sha256 == NULL)
        TRY(apply_void_reviews(op, o->id));
    TRY(submit_pause(op, o));
    return order_step(op, o, MOVE_T21, NULL);
}

enum err
finance_refuse(struct op *op, const char *payment_id, const struct refusal *r)
{
    const char *words = reason_words(r->reason);
    struct desk_case c;
    bool tell, done;
    TX(tx, op);

    TRY(lock(op, payment_id, &c));
    TRY(check_waiting(op, &c.payment));
    TRY(payment_refuse(op, &c.payment,
        &(struct transfer_verdict){.reason = words, .note = r->note, .staff = op->actor.id},
        &done));
    if (!done)
        return op_fail(op, E_CONFLICT, "payment %s was decided meanwhile", payment_id);
    tell = true;
    if (order_move_allowed(c.order.state, MOVE_T21))
        TRY(send_back(op, &c.order));
    else if (order_move_allowed(c.order.state, MOVE_T21B))
        TRY(order_step(op, &c.order, MOVE_T21B, NULL));
    else
        tell = false; /* the order is over: nobody is to pay again */
    if (tell)
        TRY(notice_add(op, &SAY(N11, c.order.id, "no", c.order.order_no, "reason", words)));
    TRY(note(op, &c, "payment_refused", 0));
    return tx_commit(&tx);
}
