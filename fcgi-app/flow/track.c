#include "flow/track.h"

#include <string.h>

#include "flow/parcel_notice.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/record.h"
#include "provider/provider.h"
#include "store/notice.h"
#include "store/shipment.h"

struct track_work {
    int64_t shipment;
};
static const struct field work_fields[] = {
    INT(struct track_work, shipment, 1, INT64_MAX),
    {.type = F_END},
};

enum err
track_begin(struct op *op, const struct order *o, int64_t shipment)
{
    const struct track_work work = {shipment};

    return job_add(op, &(struct job_order){
                           .kind = "TRACK",
                           .key = arena_printf(op->arena, "track/%lld", (long long)shipment),
                           .order_id = o->id,
                           .payload = record_text(op, work_fields, &work),
                       });
}

static enum shipment_state
state_of(enum parcel_state s)
{
    static const enum shipment_state states[] = {
        [PARCEL_LABELLED] = SHIPMENT_LABELLED,
        [PARCEL_PICKED] = SHIPMENT_PICKED,
        [PARCEL_IN_TRANSIT] = SHIPMENT_IN_TRANSIT,
        [PARCEL_OUT] = SHIPMENT_OUT,
        [PARCEL_SIGNED] = SHIPMENT_SIGNED,
        [PARCEL_PROBLEM] = SHIPMENT_PROBLEM,
        [PARCEL_RETURNING] = SHIPMENT_RETURNING,
        [PARCEL_RETURNED] = SHIPMENT_RETURNED,
        [PARCEL_LOST] = SHIPMENT_LOST,
    };

    return states[s];
}

/* The last thing that happened; of two at the same second, what the courier tells later. */
static const struct parcel_event *
last(const struct parcel_event *events, size_t n)
{
    const struct parcel_event *newest = NULL;

    for (size_t i = 0; i < n; i++)
        if (newest == NULL || events[i].at >= newest->at)
            newest = &events[i];
    return newest;
}

static enum err
keep(struct op *op, const struct shipment *s, const struct parcel_event *events, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct parcel_event *e = &events[i];
        const struct parcel_step step = {e->event_id, e->code, e->place, e->remark, e->at};

        TRY(shipment_step(op, s, &step));
    }
    return OK;
}

/* What the parcel's state means for the order; only one that is on its way is moved. */
static enum err
follow(struct op *op, struct order *o, enum shipment_state state)
{
    if (o->state != ORDER_SHIPPED)
        return OK;
    switch (state) {
    case SHIPMENT_SIGNED:
        TRY(order_step(op, o, MOVE_T43, NULL));
        return notice_add(op, &SAY(N22, o->id, "no", o->order_no));
    case SHIPMENT_RETURNING:
    case SHIPMENT_RETURNED:
        return parcel_trouble(op, o, MOVE_T44, REASON_PARCEL_RETURNED);
    case SHIPMENT_LOST:
        return parcel_trouble(op, o, MOVE_T44, REASON_PARCEL_LOST);
    default:
        return OK;
    }
}

static bool
is_over(const struct op *op, const struct shipment *s)
{
    return !s->is_current || s->state == SHIPMENT_SIGNED || s->state == SHIPMENT_RETURNED ||
           s->state == SHIPMENT_LOST || op->now - s->sent_at > TRACK_MOST_S;
}

static const char *
trouble_of(enum shipment_state s)
{
    return s == SHIPMENT_RETURNING || s == SHIPMENT_RETURNED ? reason_code(REASON_PARCEL_RETURNED)
           : s == SHIPMENT_LOST                              ? reason_code(REASON_PARCEL_LOST)
                                                             : reason_code(REASON_PARCEL_PROBLEM);
}

/* While the courier was asked the order may have got another parcel: the news is not about that. */
static enum err
apply(
    struct op *op, const struct job *j, int64_t asked, const struct parcel_event *events, size_t n)
{
    const struct parcel_event *newest = last(events, n);
    struct shipment s;
    struct order order;
    TX(tx, op);

    TRY(order_lock_id(op, j->order_id, &order));
    TRY(job_hold(op, j));
    TRY(shipment_lock(op, &order, &s));
    if (s.id != asked) {
        TRY(job_done(op, j));
        return tx_commit(&tx);
    }
    TRY(keep(op, &s, events, n));
    /* Somebody may have said since what became of it: older news does not undo that. */
    if (newest != NULL && newest->at >= s.state_at && s.state != state_of(newest->state)) {
        s.state = state_of(newest->state);
        if (s.state >= SHIPMENT_PROBLEM)
            TRY(shipment_trouble(op, &s, s.state, trouble_of(s.state), NULL));
        TRY(shipment_state(op, &s, s.state, newest->at));
        TRY(follow(op, &order, s.state));
    }
    TRY(is_over(op, &s) ? job_done(op, j) : job_later(op, j, op->conf->track_s, NULL));
    return tx_commit(&tx);
}

enum err
track_job(struct op *op, const struct job *j)
{
    struct parcel_event *events = NULL;
    struct track_work work = {0};
    struct reason why = {"", ""};
    struct shipment s;
    size_t n = 0;

    TRY(record_read(op, work_fields, j->payload, &work));
    TRY(shipment_get(op, work.shipment, &s));
    if (is_over(op, &s))
        return job_done(op, j);
    switch (op->providers->courier->track(op, s.tracking_no, s.phone_tail, &events, &n, &why)) {
    case OUTCOME_DONE:
        return apply(op, j, s.id, events, n);
    case OUTCOME_REFUSED: /* not known yet: it was not scanned */
        return job_later(op, j, op->conf->track_s, why.code);
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    return op_fail(op, E_PROVIDER, "courier: %s", why.code);
}
