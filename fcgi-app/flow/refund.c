#include "flow/refund.h"

#include <string.h>

#include "domain/bankno.h"
#include "domain/words.h"
#include "io/db.h"
#include "store/apply.h"
#include "store/audit.h"

enum err
refund_queue(struct op *op, struct refund *f, const struct payment *p)
{
    struct refund_sums sums;

    TRY(refund_sums(op, p->id, &sums));
    if (sums.leaving_fen == p->received_fen)
        TRY(payment_set_state(op, p->id, PAYMENT_REFUNDING));
    return job_add(op, &(struct job_order){
                           .kind = "REFUND",
                           .key = arena_printf(op->arena, "refund/%s", f->out_refund_no),
                           .order_id = f->order_id,
                       });
}

enum err
refund_start(struct op *op, const struct new_refund *n, struct refund *out)
{
    struct payment p;
    bool was_new;

    TRY(refund_add(op, n, out, &was_new));
    if (!was_new || out->state != RETURN_CREATED)
        return OK;
    TRY(payment_get(op, out->payment_id, &p));
    return refund_queue(op, out, &p);
}

enum err
refund_begin(struct op *op, const struct order *o, const char *reason, int64_t *amount_fen)
{
    struct refund refund;
    struct payment p;

    *amount_fen = 0;
    TRY(payment_of_order(op, o->id, &p));
    if (p.id == 0 || p.state != PAYMENT_PAID)
        return OK;
    TRY(refund_withdraw_requested(op, p.id));
    TRY(payment_get(op, p.id, &p));
    if (p.received_fen == p.returned_fen)
        return OK;
    *amount_fen = p.received_fen - p.returned_fen;
    return refund_start(op,
        &(struct new_refund){
            .order = o,
            .payment = &p,
            .amount_fen = *amount_fen,
            .reason = reason,
            .closes_order = true,
        },
        &refund);
}

/* The money goes to nobody but whoever the order is for. */
static enum err
check_account(struct op *op, const struct order *o, struct bank_account *a, bool bank_known)
{
    enum fault_code why = FAULT_ACCOUNT_FORMAT;

    a->account_number = bankno_clean(op->arena, a->account_number);
    if (o->subject_name == NULL || !words_same(a->account_name, o->subject_name))
        op_fault(op, "/account_name", FAULT_ACCOUNT_OTHERS);
    if (!bankno_branch(a->bank_code))
        op_fault(op, "/bank_code", FAULT_BANK_CODE);
    else if (!bank_known)
        op_fault(op, "/bank_code", FAULT_BANK_UNKNOWN);
    if (o->type == CERTIFICATE_NATURAL_PERSON ? !bankno_personal(a->account_number, &why)
                                              : !bankno_corporate(a->account_number))
        op_fault(op, "/account_number", why);
    return op_faults(op);
}

enum err
refund_name_account(
    struct op *op, int64_t account, const char *order_no, const struct bank_account *given)
{
    struct bank_account a = *given;
    struct form_case facts;
    struct refund failed;
    struct order o;
    enum err e;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &o));
    e = refund_failed_of(op, o.id, &failed);
    if (e == E_NOT_FOUND)
        return op_state(op, order_state_code(o.state), "naming an account for a refund");
    TRY(e);
    TRY(apply_case(op, order_no, account, NULL, NULL, a.bank_code, &facts));
    TRY(check_account(op, &o, &a, facts.context.bank_known));
    TRY(refund_set_account(op, &failed, &a));
    TRY(audit_add(
        op, arena_printf(op->arena, "orders/%s", o.order_no), "refund_account_named", o.id, NULL));
    return tx_commit(&tx);
}
