#include "flow/identify.h"

#include <string.h>

#include "flow/desk.h"
#include "flow/handover.h"
#include "io/db.h"
#include "store/apply.h"
#include "store/audit.h"
#include "store/notice.h"
#include "store/revision.h"

static enum err
note(struct op *op, const struct order *o, const char *action)
{
    return audit_add(op, arena_printf(op->arena, "orders/%s", o->order_no), action, o->id, NULL);
}

/* A check is needed: the order stands before it, or its correction is about somebody else. */
static enum err
needs_check(struct op *op, const struct order *o)
{
    bool holds = false;

    if (o->state == ORDER_RETURNED)
        TRY(identity_holds(op, o->id, &holds));
    if ((o->state != ORDER_AWAITING_IDENTITY && o->state != ORDER_RETURNED) || holds)
        return op_state(op, order_state_code(o->state), "an identity check");
    return OK;
}

/* Of a correction under way the person may not be complete. */
static enum err
read_person(struct op *op, const struct order *o, struct person *out)
{
    enum certificate_type type = o->type;
    struct form form;

    TRY(apply_form(op, o, &form));
    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++)
        if ((m->flags & FORM_IDENTIFIES) && m->need[type] == FORM_NEED && form_is_absent(&form, m))
            op_fault(op, arena_printf(op->arena, "/form%s", form_pointer(op->arena, type, m)),
                FAULT_REQUIRED);
    *out = form.person;
    return op_faults(op);
}

static enum err
begin(struct op *op, const struct order *o, bool by_hand, int64_t *id)
{
    int64_t tries, wait_s;

    if (!by_hand) {
        TRY(identity_tries(op, o->id, &tries, &wait_s));
        if (tries >= IDENTITY_TRIES_PER_DAY) {
            op->retry_after_s = wait_s;
            return op_fail(op, E_TOO_MANY, "%lld checks within a day", (long long)tries);
        }
    }
    TRY(identity_begin(op, o->id, by_hand, id));
    return note(op, o, by_hand ? "identity_by_hand" : "identity_started");
}

enum err
identify_start(struct op *op, int64_t account, const char *order_no, struct identify_started *out)
{
    struct identity check;
    struct person person;
    struct order order;
    int64_t id;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &order));
    TRY(needs_check(op, &order));
    TRY(read_person(op, &order, &person));
    if (person.id_kind != ID_RESIDENT_CARD)
        return op_fail(op, E_FACE_UNAVAILABLE, "document of kind %d", person.id_kind);
    TRY(identity_current(op, order.id, &check));
    id = check.id;
    if (id == 0 || !identity_is_open(check.state))
        TRY(begin(op, &order, false, &id));
    TRY(identity_code(op, id, &out->expires_at));
    TRY(handover_make(op, id, &out->token));
    out->state = id == check.id ? check.state : IDENTITY_WAITING;
    return tx_commit(&tx);
}

enum err
identify_by_hand(struct op *op, int64_t account, const char *order_no)
{
    struct identity check;
    struct person person;
    struct order order;
    int64_t id;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &order));
    TRY(needs_check(op, &order));
    TRY(read_person(op, &order, &person));
    TRY(identity_current(op, order.id, &check));
    if (check.id != 0 && check.state == IDENTITY_MANUAL_REQUESTED)
        return tx_commit(&tx);
    if (check.id == 0 || !identity_is_open(check.state)) {
        TRY(begin(op, &order, true, &id));
        return tx_commit(&tx);
    }
    TRY(identity_manual(op, check.id));
    TRY(note(op, &order, "identity_by_hand"));
    return tx_commit(&tx);
}

/* The check is over and good; an order that stood before it goes on. */
static enum err
go_on(struct op *op, struct order *o, enum order_move_id move)
{
    if (o->state != ORDER_AWAITING_IDENTITY)
        return note(op, o, "identity_passed");
    TRY(order_step(op, o, move, NULL));
    return notice_add(op, &SAY(N02, o->id, "no", o->order_no));
}

enum err
identify_conclude(struct op *op, struct order *o, const struct identity *check)
{
    bool face = check->liveness_state != NULL && strcmp(check->liveness_state, "passed") == 0;
    const char *phone = check->phone_match;

    if (check->state != IDENTITY_ID_CARD_DONE || !face || phone == NULL ||
        (strcmp(phone, "match") != 0 && strcmp(phone, "unknown") != 0))
        return OK;
    TRY(identity_put_state(op, check->id, IDENTITY_PASSED, REASON_MAX));
    return go_on(op, o, MOVE_T06);
}

/* ---- by staff ---- */

static const char *
found(struct op *op, const char *result)
{
    return arena_printf(op->arena, "{\"result\":\"%s\"}", result);
}

static enum err
confirm(struct op *op, struct order *o, const struct identity *check, const char *text)
{
    bool passed = strcmp(check->manual_result, "passed") == 0;

    TRY(identity_put_second(
        op, check->id, text, op->actor.id, passed ? REASON_MAX : REASON_IDENTITY_BY_STAFF));
    TRY(desk_note(op, "identity_confirmed", o->id, found(op, check->manual_result)));
    return passed ? go_on(op, o, MOVE_T06B) : OK;
}

enum err
identify_record(
    struct op *op, const char *order_no, const char *result, const char *text, bool *done)
{
    struct identity check;
    struct order order;
    bool same;
    TX(tx, op);

    TRY(order_lock(op, order_no, 0, &order));
    TRY(identity_current(op, order.id, &check));
    if (check.id == 0 || check.state != IDENTITY_MANUAL_REQUESTED)
        return op_state(op, order_state_code(order.state), "a check by staff");
    same = check.manual_result != NULL && strcmp(check.manual_result, result) == 0;
    if (same && check.first_staff == op->actor.id)
        return op_fail(op, E_SECOND_PERSON, "found by the same person");
    *done = same;
    if (same) {
        TRY(confirm(op, &order, &check, text));
        return tx_commit(&tx);
    }
    TRY(identity_put_first(op, check.id, result, text, op->actor.id));
    TRY(desk_note(op, "identity_recorded", order.id, found(op, result)));
    return tx_commit(&tx);
}
