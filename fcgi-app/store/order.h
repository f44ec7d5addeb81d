/* The order row: finding, locking, moving. What hangs below it has files of its own. */
#ifndef HALL_STORE_ORDER_H
#define HALL_STORE_ORDER_H

#include "base/op.h"
#include "domain/form.h"
#include "domain/order.h"

struct order {
    int64_t id;
    const char *order_no;
    int64_t account_id;
    const char *project;
    enum certificate_type type;
    int64_t years;
    enum order_state state;
    int64_t version, form_version, revision_no;
    const char *content_sha256;       /* hex, NULL before the first submission */
    const char *review_passed_sha256; /* hex, NULL while there is no complete verdict */
    int64_t certificate_fen, courier_fen;
    const char *courier_payer; /* "sender", "recipient"; NULL before the quote */
    const char *pin_channel;   /* "memo", "sms"; NULL before payment */
    int64_t returned_times;
    bool second_review;
    int64_t lease_staff, lease_until, fence; /* lease_staff 0: nobody */
    int64_t reissue_no;
    const char *subject_name;
    int64_t submitted_at, sla_due; /* UTC seconds, 0 for none */
    int64_t sla_left_s;
};

/* Locks the row until the transaction ends. account 0: whoever's; else E_NOT_FOUND unless it is
 * that account's. */
enum err order_lock(
    struct op *op, const char *order_no, int64_t account, struct order *out) MUST_USE;
/* The same for a job, which knows the id. */
enum err order_lock_id(struct op *op, int64_t id, struct order *out) MUST_USE;

/*
 * The only way an order changes its state (states.md, section 1). Asks the domain whether the move
 * is legal from here to `to` for op->actor, then writes state, deadline and event together.
 * `detail` is a JSON object of facts for the event, without personal data; NULL for none. E_STATE
 * when the order does not allow it, E_FORBIDDEN when this actor may not, E_CONFLICT if somebody was
 * faster.
 */
enum err order_move(struct op *op, struct order *o, enum order_move_id move, enum order_state to,
    const char *detail) MUST_USE;

/* The same for a move with just one target from here, or none but staying. */
enum err order_step(
    struct op *op, struct order *o, enum order_move_id move, const char *detail) MUST_USE;

#endif
