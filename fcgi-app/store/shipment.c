#include "store/shipment.h"

#include <string.h>

#include "domain/mask.h"
#include "domain/reason.h"
#include "io/db.h"
#include "store/form.h"

static const char *const states[] = {
    [SHIPMENT_LABELLED] = "labelled",
    [SHIPMENT_PICKED] = "picked",
    [SHIPMENT_IN_TRANSIT] = "in_transit",
    [SHIPMENT_OUT] = "out_for_delivery",
    [SHIPMENT_SIGNED] = "signed",
    [SHIPMENT_PROBLEM] = "problem",
    [SHIPMENT_RETURNING] = "returning",
    [SHIPMENT_RETURNED] = "returned",
    [SHIPMENT_LOST] = "lost",
};

enum err
shipment_add(struct op *op, const struct order *o, const struct new_shipment *n, int64_t *id)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_SHIPMENT_ADD, &r, db_int(op, o->id), n->carrier, n->tracking_no, n->token_serial,
        n->phone_tail, o->courier_payer));
    *id = row_int(r, 0, "id");
    return OK;
}

enum err
shipment_token_taken(struct op *op, const struct order *o, const char *token_serial, bool *taken)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_SHIPMENT_TOKEN_TAKEN, &r, db_int(op, o->id), token_serial));
    *taken = row_bool(r, 0, "taken");
    return OK;
}

static enum shipment_state
state_of(const char *name)
{
    int s = 0;

    while (strcmp(states[s], name) != 0)
        s++;
    return (enum shipment_state)s;
}

static void
fill(struct op *op, rows r, struct shipment *s)
{
    *s = (struct shipment){
        .id = row_int(r, 0, "id"),
        .order_id = row_int(r, 0, "order_id"),
        .carrier = row_str(op, r, 0, "carrier"),
        .tracking_no = row_str(op, r, 0, "tracking_no"),
        .phone_tail = row_str(op, r, 0, "phone_tail"),
        .state = state_of(row_str(op, r, 0, "state")),
        .is_current = row_bool(r, 0, "is_current"),
        .is_confirmed = row_bool(r, 0, "is_confirmed"),
        .state_at = row_int(r, 0, "state_at"),
        .sent_at = row_int(r, 0, "sent_at"),
    };
}

enum err
shipment_lock(struct op *op, const struct order *o, struct shipment *out)
{
    ROWS r = NULL;

    out->id = 0;
    TRY(RUN(op, Q_SHIPMENT_LOCK, &r, db_int(op, o->id)));
    if (row_count(r) == 1)
        fill(op, r, out);
    return OK;
}

enum err
shipment_get(struct op *op, int64_t id, struct shipment *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_SHIPMENT_GET, &r, db_int(op, id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "shipment %lld", (long long)id);
    fill(op, r, out);
    return OK;
}

enum err
shipment_state(struct op *op, const struct shipment *s, enum shipment_state state, int64_t at)
{
    return DO(op, Q_SHIPMENT_STATE, NULL, db_int(op, s->id), states[state],
        at == 0 ? NULL : db_int(op, at));
}

enum err
shipment_trouble(struct op *op, const struct shipment *s, enum shipment_state state,
    const char *code, const char *note)
{
    return DO(op, Q_SHIPMENT_TROUBLE, NULL, db_int(op, s->id), states[state], code, note);
}

enum err
shipment_close(struct op *op, const struct shipment *s, enum shipment_state state)
{
    return DO(op, Q_SHIPMENT_CLOSE, NULL, db_int(op, s->id), states[state]);
}

enum err
shipment_confirm_address(
    struct op *op, const struct order *o, const struct shipment *s, const struct form *f)
{
    const char *text, *sealed;

    TRY(form_split(op, o->type, f, o->order_no, &text, &sealed));
    TRY(DO(op, Q_SHIPMENT_ADDRESS, NULL, db_int(op, o->id), text, sealed));
    return DO(op, Q_SHIPMENT_CONFIRM_ADDRESS, NULL, db_int(op, s->id));
}

enum err
shipment_step(struct op *op, const struct shipment *s, const struct parcel_step *step)
{
    return DO(op, Q_PARCEL_EVENT_ADD, NULL, db_int(op, s->id), step->event_id, db_int(op, step->at),
        step->code, step->place, step->remark);
}

const struct field parcel_row_fields[] = {
    STR(struct parcel_row, order_no, 17, 17),
    STR(struct parcel_row, order_state, 1, 40),
    STR(struct parcel_row, subject_name, 0, 200, .flags = F_OPT),
    STR(struct parcel_row, recipient, 0, 100, .flags = F_OPT),
    STR(struct parcel_row, mobile, 0, 40, .flags = F_OPT),
    STR(struct parcel_row, region, 0, 100, .flags = F_OPT),
    STR(struct parcel_row, address, 0, 400, .flags = F_OPT),
    STR(struct parcel_row, postcode, 0, 10, .flags = F_OPT),
    STR(struct parcel_row, fee_mode, 0, 20, .flags = F_OPT),
    STR(struct parcel_row, serial, 32, 32, .flags = F_OPT),
    STR(struct parcel_row, carrier, 1, 20, .flags = F_OPT),
    STR(struct parcel_row, tracking_no, 1, 40, .flags = F_OPT),
    STR(struct parcel_row, token_serial, 1, 40, .flags = F_OPT),
    STR(struct parcel_row, state, 1, 40, .flags = F_OPT),
    STR(struct parcel_row, exception_reason, 1, 60, .flags = F_OPT),
    STR(struct parcel_row, exception_text, 1, 100, .flags = F_OPT),
    STR(struct parcel_row, exception_note, 0, 500, .flags = F_OPT | F_LINES),
    BOOL(struct parcel_row, is_late),
    STR(struct parcel_row, reissue_asked_by, 1, 40, .flags = F_OPT),
    INT(struct parcel_row, reissue_asked_by_id, 0, INT64_MAX, .flags = F_OPT),
    STR(struct parcel_row, reissue_reason, 1, 500, .flags = F_OPT),
    TIME(struct parcel_row, state_since),
    TIME(struct parcel_row, sent_at, .flags = F_OPT),
    TIME(struct parcel_row, address_confirmed_at, .flags = F_OPT),
    {.type = F_END},
};

static struct parcel_row
row_of(struct op *op, rows r, int i)
{
    struct parcel_row p = {
        .id = row_int(r, i, "id"),
        .order_no = row_str(op, r, i, "order_no"),
        .order_state = row_str(op, r, i, "order_state"),
        .subject_name = row_str(op, r, i, "subject_name"),
        .recipient = row_str(op, r, i, "recipient"),
        .mobile = row_str(op, r, i, "mobile"),
        .region = row_str(op, r, i, "region"),
        .address = row_str(op, r, i, "address"),
        .postcode = row_str(op, r, i, "postcode"),
        .fee_mode = row_str(op, r, i, "fee_mode"),
        .serial = row_str(op, r, i, "serial"),
        .carrier = row_str(op, r, i, "carrier"),
        .tracking_no = row_str(op, r, i, "tracking_no"),
        .token_serial = row_str(op, r, i, "token_serial"),
        .state = row_str(op, r, i, "state"),
        .exception_reason = row_str(op, r, i, "exception_reason"),
        .exception_note = row_str(op, r, i, "exception_note"),
        .is_late = row_bool(r, i, "is_late"),
        .reissue_asked_by = row_str(op, r, i, "reissue_asked_by"),
        .reissue_asked_by_id = row_int(r, i, "reissue_asked_by_id"),
        .reissue_reason = row_str(op, r, i, "reissue_reason"),
        .state_since = row_int(r, i, "state_since"),
        .sent_at = row_int(r, i, "sent_at"),
        .address_confirmed_at = row_int(r, i, "address_confirmed_at"),
    };
    enum reason_code code;

    if (p.exception_reason != NULL && reason_parse(REASON_FOR_PARCEL, p.exception_reason, &code))
        p.exception_text = reason_text(code, op->lang);
    return p;
}

static void
mask_recipient(struct op *op, struct parcel_row *p)
{
    p->recipient = mask_name(op->arena, p->recipient);
    p->mobile = mask_mobile(op->arena, p->mobile);
    p->address = NULL;
    p->postcode = NULL;
}

enum err
shipment_list(struct op *op, const struct parcel_search *s, struct list *out)
{
    struct parcel_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_SHIPMENT_LIST, &r, order_state_code(s->state),
        s->after == 0 ? NULL : db_int(op, s->after), db_int(op, s->limit + 1)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct parcel_row);
    for (int i = 0; i < row_count(r); i++) {
        items[i] = row_of(op, r, i);
        if (!s->whole)
            mask_recipient(op, &items[i]);
    }
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}
