/* Parcels. */
#ifndef HALL_STORE_SHIPMENT_H
#define HALL_STORE_SHIPMENT_H

#include "domain/form.h"
#include "io/record.h"
#include "store/order.h"

enum shipment_state {
    SHIPMENT_LABELLED,
    SHIPMENT_PICKED,
    SHIPMENT_IN_TRANSIT,
    SHIPMENT_OUT,
    SHIPMENT_SIGNED,
    SHIPMENT_PROBLEM,
    SHIPMENT_RETURNING,
    SHIPMENT_RETURNED,
    SHIPMENT_LOST
};

struct shipment {
    int64_t id, order_id; /* id 0: there is none */
    const char *carrier, *tracking_no, *phone_tail;
    enum shipment_state state;
    bool is_current;
    bool is_confirmed;         /* the applicant said where it shall go instead */
    int64_t sent_at, state_at; /* state_at: when it came into this state, 0 before any news */
};

struct new_shipment {
    const char *carrier, *tracking_no, *token_serial, *phone_tail;
};
/* E_CONFLICT when the waybill is known already. */
enum err shipment_add(
    struct op *op, const struct order *o, const struct new_shipment *n, int64_t *id) MUST_USE;
/* The token went to another order, or was lost. */
enum err shipment_token_taken(
    struct op *op, const struct order *o, const char *token_serial, bool *taken) MUST_USE;

/* The parcel that the order has now, locked; id 0 when there is none. */
enum err shipment_lock(struct op *op, const struct order *o, struct shipment *out) MUST_USE;
/* Any parcel, as it is. E_NOT_FOUND. */
enum err shipment_get(struct op *op, int64_t id, struct shipment *out) MUST_USE;

/* As the courier has it since `at`. */
enum err shipment_state(
    struct op *op, const struct shipment *s, enum shipment_state state, int64_t at) MUST_USE;
/* As somebody reported it: code of domain/reason.def, words or NULL. */
enum err shipment_trouble(struct op *op, const struct shipment *s, enum shipment_state state,
    const char *code, const char *note) MUST_USE;
/* No longer the order's parcel. */
enum err shipment_close(
    struct op *op, const struct shipment *s, enum shipment_state state) MUST_USE;
/* Writes the form with its new address, and that it was confirmed. */
enum err shipment_confirm_address(
    struct op *op, const struct order *o, const struct shipment *s, const struct form *f) MUST_USE;

struct parcel_step {
    const char *event_id, *code, *place, *remark;
    int64_t at;
};
enum err shipment_step(
    struct op *op, const struct shipment *s, const struct parcel_step *step) MUST_USE;

/* For the mail room: an order that waits for its parcel, or one that is on its way. */
struct parcel_row {
    int64_t id;
    const char *order_no, *order_state, *subject_name, *recipient, *mobile, *region, *address,
        *postcode, *fee_mode, *serial, *carrier, *tracking_no, *token_serial, *state,
        *exception_reason, *exception_text, *exception_note, *reissue_asked_by, *reissue_reason;
    int64_t state_since, sent_at, address_confirmed_at, reissue_asked_by_id;
    bool is_late;
};
extern const struct field parcel_row_fields[];
struct parcel_search {
    enum order_state state;
    int64_t after, limit;
    bool whole; /* else the recipient is masked and has no address: for all but the mail room */
};
/* Oldest first, from behind `after`; at most limit + 1. */
enum err shipment_list(struct op *op, const struct parcel_search *s, struct list *out) MUST_USE;

#endif
