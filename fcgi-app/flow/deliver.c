#include "flow/deliver.h"

#include <string.h>

#include "domain/carrier.h"
#include "domain/form_check.h"
#include "domain/mask.h"
#include "flow/bank_verify.h"
#include "flow/certificate.h"
#include "flow/issue.h"
#include "flow/parcel_notice.h"
#include "flow/track.h"
#include "io/db.h"
#include "store/apply.h"
#include "store/audit.h"
#include "store/notice.h"
#include "store/pin.h"
#include "store/proposal.h"
#include "store/shipment.h"

static enum err
lock_for(
    struct op *op, const char *order_no, int64_t account, enum order_move_id move, struct order *o)
{
    TRY(order_lock(op, order_no, account, o));
    return order_move_allowed(o->state, move)
               ? OK
               : op_state(op, order_state_code(o->state), order_move_code(move));
}

static bool
is_token(const char *s)
{
    size_t n = strlen(s);

    return n >= 6 && n <= 32 && strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == n;
}

static enum err
check_dispatch(
    struct op *op, const struct order *o, const struct dispatch *d, enum carrier *carrier)
{
    bool taken;

    if (!carrier_parse(d->carrier, carrier))
        op_fault(op, "/carrier", FAULT_CHOICE);
    else if (!waybill_check(*carrier, d->tracking_no))
        op_fault(op, "/tracking_no", FAULT_FORMAT);
    if (!is_token(d->token_serial))
        op_fault(op, "/token_serial", FAULT_FORMAT);
    TRY(shipment_token_taken(op, o, d->token_serial, &taken));
    if (taken)
        op_fault(op, "/token_serial", FAULT_TOKEN_TAKEN);
    return op_faults(op);
}

/* A waybill is used once, a token is in one parcel at a time: the database says so. */
static enum err
add(struct op *op, const struct order *o, const struct dispatch *d, int64_t *id)
{
    struct new_shipment n = {d->carrier, d->tracking_no, d->token_serial, NULL};
    struct form form;
    enum err e;

    TRY(apply_form(op, o, &form));
    n.phone_tail = mask_tail(op->arena, form.delivery.mobile, 4);
    e = shipment_add(op, o, &n, id);
    if (e != E_CONFLICT)
        return e;
    if (strcmp(db_constraint(op), "shipment_token_live") == 0)
        op_fault(op, "/token_serial", FAULT_TOKEN_TAKEN);
    else
        op_fault(op, "/tracking_no", FAULT_WAYBILL_TAKEN);
    return op_faults(op);
}

enum err
deliver_ship(struct op *op, const char *order_no, const struct dispatch *d)
{
    struct certificate c;
    enum carrier carrier;
    struct order order;
    int64_t shipment;
    enum phrase fee;
    enum err e;
    TX(tx, op);

    TRY(lock_for(op, order_no, 0, MOVE_T42, &order));
    TRY(check_dispatch(op, &order, d, &carrier));
    e = certificate_of_order(op, order_no, 0, &c);
    if (e == E_NOT_FOUND)
        return op_state(op, order_state_code(order.state), "sending a revoked certificate");
    TRY(e);
    TRY(add(op, &order, d, &shipment));
    TRY(pin_wipe(op, &order));
    TRY(order_step(op, &order, MOVE_T42,
        arena_printf(op->arena, "{\"token\":\"%s\",\"shown\":\"%s %s\"}", d->token_serial,
            carrier_name(carrier, LANG_ZH), d->tracking_no)));
    fee = strcmp(order.courier_payer, "sender") == 0 ? PHRASE_COURIER_PREPAID
                                                     : PHRASE_COURIER_COLLECT;
    TRY(notice_add(
        op, &SAY(N21, order.id, "no", order_no, "carrier", carrier_name(carrier, LANG_ZH),
                "waybill", d->tracking_no, "fee_mode", phrase_text(fee, LANG_ZH))));
    TRY(track_begin(op, &order, shipment));
    return tx_commit(&tx);
}

static enum shipment_state
state_for(enum reason_code why)
{
    return why == REASON_PARCEL_LOST       ? SHIPMENT_LOST
           : why == REASON_PARCEL_RETURNED ? SHIPMENT_RETURNED
                                           : SHIPMENT_PROBLEM;
}

enum err
deliver_trouble(struct op *op, const char *order_no, const char *reason, const char *note)
{
    enum reason_code why;
    struct shipment s;
    struct order order;
    TX(tx, op);

    if (!reason_parse(REASON_FOR_PARCEL, reason, &why)) {
        op_fault(op, "/reason", FAULT_CHOICE);
        return op_faults(op);
    }
    TRY(lock_for(op, order_no, 0, MOVE_T44, &order));
    TRY(shipment_lock(op, &order, &s));
    TRY(shipment_trouble(op, &s, state_for(why), reason, note));
    TRY(parcel_trouble(op, &order, MOVE_T44, why));
    return tx_commit(&tx);
}

static void
keep_fault(struct op *op, const struct fault *f, const char *pointer)
{
    struct fault *kept = NEW(op->arena, struct fault);

    *kept = *f;
    kept->pointer = pointer;
    kept->next = NULL;
    if (op->last_fault != NULL)
        op->last_fault->next = kept;
    else
        op->faults = kept;
    op->last_fault = kept;
}

/* What the rules of the form say about the address alone, named as this call names its members. */
static enum err
check_address(struct op *op, int64_t account, const struct order *o, struct form *f)
{
    static const char group[] = "/delivery";
    struct op rules = *op;
    struct form_case c;

    form_clean(op->arena, f);
    TRY(apply_case(op, o->order_no, account, NULL, f->delivery.region, NULL, &c));
    form_check(&rules, f, &c.context);
    for (const struct fault *w = rules.faults; w != NULL; w = w->next)
        if (strncmp(w->pointer, group, sizeof(group) - 1) == 0)
            keep_fault(op, w, w->pointer + sizeof(group) - 1);
    return op_faults(op);
}

enum err
deliver_address(struct op *op, int64_t account, const char *order_no, const struct delivery *d)
{
    struct shipment s;
    struct order order;
    struct form form;
    TX(tx, op);

    TRY(lock_for(op, order_no, account, MOVE_T45, &order));
    TRY(shipment_lock(op, &order, &s));
    TRY(apply_form(op, &order, &form));
    form.delivery = *d;
    TRY(check_address(op, account, &order, &form));
    TRY(shipment_confirm_address(op, &order, &s, &form));
    TRY(audit_add(op, arena_printf(op->arena, "orders/%s", order.order_no), "address_confirmed",
        order.id, NULL));
    return tx_commit(&tx);
}

enum err
deliver_resend(struct op *op, const char *order_no)
{
    struct shipment s;
    struct order order;
    TX(tx, op);

    TRY(lock_for(op, order_no, 0, MOVE_T45, &order));
    TRY(shipment_lock(op, &order, &s));
    if (!s.is_confirmed)
        return op_fail(op, E_ADDRESS_UNCONFIRMED, "order %s", order_no);
    TRY(shipment_close(op, &s, SHIPMENT_RETURNED));
    TRY(order_step(op, &order, MOVE_T45, NULL));
    TRY(notice_add(op, &SAY(N24, order.id, "no", order.order_no)));
    return tx_commit(&tx);
}

/* The old certificate ends, unless two people ended it before. */
static enum err
end_certificate(struct op *op, const struct order *o, int64_t asked_by)
{
    struct certificate c;
    enum err e = certificate_of_order(op, o->order_no, 0, &c);

    if (e == E_NOT_FOUND)
        return OK;
    TRY(e);
    return certificate_end_now(op, o, "superseded", asked_by);
}

static enum err
reissue_now(struct op *op, struct order *o, int64_t asked_by)
{
    bool by_memo = o->pin_channel != NULL && strcmp(o->pin_channel, "memo") == 0;
    struct shipment s;

    TRY(end_certificate(op, o, asked_by));
    TRY(shipment_lock(op, o, &s));
    if (s.id != 0)
        TRY(shipment_close(op, &s, SHIPMENT_LOST));
    TRY(pin_burn(op, o));
    TRY(issuance_next_reissue(op, o));
    TRY(order_move(op, o, MOVE_T46, by_memo ? ORDER_BANK_VERIFICATION_PENDING : ORDER_ACCEPTED,
        arena_printf(op->arena, "{\"first\":%lld,\"reissue\":%lld}", (long long)asked_by,
            (long long)o->reissue_no)));
    TRY(notice_add(op, &SAY(N25, o->id, "no", o->order_no)));
    return by_memo ? bank_verification_begin(op, o) : issue_queue(op, o);
}

enum err
deliver_reissue(struct op *op, const char *order_no, const char *reason, bool *done)
{
    struct order order;
    int64_t by;
    TX(tx, op);

    TRY(lock_for(op, order_no, 0, MOVE_T46, &order));
    TRY(proposal_want(op, order.id, PROPOSAL_REISSUE, reason, &by));
    *done = by != 0;
    if (*done)
        TRY(reissue_now(op, &order, by));
    else
        TRY(audit_add(op, arena_printf(op->arena, "staff/%lld", (long long)op->actor.id),
            "reissue_asked", order.id, NULL));
    return tx_commit(&tx);
}

enum err
deliver_complete(struct op *op, struct order *o)
{
    TRY(order_step(op, o, MOVE_T47, NULL));
    return notice_add(op, &SAY(N26, o->id, "no", o->order_no));
}

enum err
deliver_confirm(struct op *op, int64_t account, const char *order_no)
{
    struct order order;
    TX(tx, op);

    TRY(lock_for(op, order_no, account, MOVE_T47, &order));
    TRY(deliver_complete(op, &order));
    return tx_commit(&tx);
}

enum err
deliver_dispute(struct op *op, int64_t account, const char *order_no, const char *reason)
{
    enum reason_code why = REASON_PARCEL_NOT_RECEIVED;
    struct shipment s;
    struct order order;
    bool is_code = reason_parse(REASON_FOR_PARCEL, reason, &why);
    TX(tx, op);

    TRY(lock_for(op, order_no, account, MOVE_T47B, &order));
    TRY(shipment_lock(op, &order, &s));
    TRY(shipment_trouble(op, &s, SHIPMENT_PROBLEM, reason_code(why), is_code ? NULL : reason));
    TRY(parcel_trouble(op, &order, MOVE_T47B, why));
    return tx_commit(&tx);
}
