#include "flow/correct.h"

#include <string.h>

#include "base/text.h"
#include "flow/apply.h"
#include "flow/bank_verify.h"
#include "flow/documents.h"
#include "flow/submit.h"
#include "io/db.h"
#include "store/identity.h"
#include "store/notice.h"
#include "store/review.h"
#include "store/revision.h"

/* An order with its form before and after the correction. */
struct correction {
    struct order *o;
    enum certificate_type type;
    struct revision before;
    struct form form;
    bool differs;
    unsigned redo; /* enum form_redo */
    enum money money;
};

/* The rules of the form speak of its members; here the form is one thing among others. */
static enum err
check_form(struct op *op, int64_t account, struct correction *c)
{
    enum err e = apply_checked_form(op, account, c->o, &c->form);

    for (struct fault *f = op->faults; f != NULL; f = f->next)
        f->pointer = arena_printf(op->arena, "/form%s", f->pointer);
    return e == E_INVALID ? OK : e;
}

/* What the reviewer asked for by name. */
static enum err
check_asked(struct op *op, const struct correction *c, const struct strings *asked)
{
    for (size_t i = 0; i < asked->n; i++) {
        enum material_kind kind;
        struct document d;

        if (!material_parse(asked->items[i], &kind))
            continue;
        TRY(document_current(op, c->o->id, kind, &d));
        if (!d.fresh)
            op_fault(op, arena_printf(op->arena, "/documents/%s", d.kind),
                d.id == 0 ? FAULT_DOCUMENT_MISSING : FAULT_DOCUMENT_AGAIN);
    }
    return OK;
}

static enum err
check_identity(struct op *op, const struct correction *c)
{
    bool holds;

    TRY(identity_holds(op, c->o->id, &holds));
    if (!holds)
        op_fault(op, "/identity_check", FAULT_IDENTITY_AGAIN);
    return OK;
}

/* What was paid stays the price; a parcel that costs more cannot be sent for it. */
static enum err
fix_price(struct op *op, const struct correction *c, struct quote *q)
{
    TRY(apply_quote(op, c->o->id, c->form.delivery.region, q));
    if (c->money == MONEY_NONE)
        return OK;
    if (q->courier_fen > c->o->courier_fen)
        op_fault(op, "/form/delivery/region", FAULT_COURIER_RISES,
            text_yuan(op->arena, q->courier_fen), text_yuan(op->arena, c->o->courier_fen));
    q->courier_fen = c->o->courier_fen;
    q->fee_per_year_fen = c->o->certificate_fen / c->o->years;
    return OK;
}

/* Whatever is read comes first: stored records are read while nothing is wrong yet. */
static enum err
check_all(struct op *op, int64_t account, struct correction *c, struct quote *q)
{
    struct strings asked;

    TRY(revision_read(op, c->o->id, c->type, c->o->order_no, &c->before));
    TRY(correction_asked(op, c->o->id, &asked));
    TRY(review_money(op, c->o->id, &c->money));
    TRY(check_form(op, account, c));
    c->differs = strcmp(form_digest(op, c->type, &c->form), c->before.sha256) != 0;
    c->redo = form_needs_redo(c->type, &c->before.form, &c->form);
    TRY(check_asked(op, c, &asked));
    TRY(documents_check(op, c->o, &c->form));
    TRY(check_identity(op, c));
    TRY(fix_price(op, c, q));
    return op_faults(op);
}

/* The bank proved another account than the one that is in the form now. */
static enum err
forget_bank(struct op *op, const struct correction *c)
{
    if ((c->redo & REDO_BANK_VERIFICATION) == 0)
        return OK;
    TRY(review_bank_void(op, c->o->id));
    return bank_verification_burn(op, c->o);
}

static enum err
hand_in(struct op *op, struct order *o, enum money money)
{
    if (money == MONEY_NONE)
        return order_step(op, o, MOVE_T22B, NULL);
    TRY(submit_resume(op, o));
    TRY(submit_prepare(op, o));
    TRY(order_step(op, o, MOVE_T22, NULL));
    return notice_add(op, &SAY(N12, o->id, "no", o->order_no, "date", submit_promise(op, o)));
}

enum err
correct_resubmit(struct op *op, int64_t account, const char *order_no)
{
    struct order order;
    struct correction c = {.o = &order};
    struct quote quote;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &order));
    if (!order_move_allowed(order.state, MOVE_T22))
        return op_state(op, order_state_code(order.state), "resubmitting");
    c.type = order.type;
    TRY(check_all(op, account, &c, &quote));
    if (c.differs)
        TRY(apply_confirm(op, &order, &c.form, &quote));
    TRY(forget_bank(op, &c));
    TRY(documents_bind(op, &order, &c.form));
    TRY(apply_void_reviews(op, order.id));
    TRY(correction_done(op, order.id));
    TRY(hand_in(op, &order, c.money));
    return tx_commit(&tx);
}
