/* What providers told us: stored as verified, acknowledged, then applied by the worker. */
#ifndef HALL_STORE_INBOX_H
#define HALL_STORE_INBOX_H

#include "io/record.h"

/* Numbers, amounts and states; nothing personal. Which members matter depends on the kind. */
struct inbox_event {
    const char *kind; /* "payment", "refund", "sms", "courier" */
    const char *out_trade_no, *state, *transaction_id, *currency;
    int64_t amount_fen, paid_at;
    const char *out_refund_no;
    struct strings names; /* keys of messages, numbers of parcels */
};

/* Within the caller's transaction, with its job INBOX. *was_new is false for a repeat, which
 * changes nothing. */
enum err inbox_add(struct op *op, const char *provider, const char *event_id,
    const struct inbox_event *e, bool *was_new) MUST_USE;

struct inbox_row {
    int64_t id;
    const char *provider;
    struct inbox_event event;
    bool applied;
};
enum err inbox_get(struct op *op, int64_t id, struct inbox_row *out) MUST_USE;
enum err inbox_applied(struct op *op, int64_t id, const char *verdict) MUST_USE;

/* id 0 when there is no such message, or its fate is known. */
struct inbox_sms {
    int64_t id, sent_at;
    const char *phone;
};
enum err inbox_sms(struct op *op, int64_t id, struct inbox_sms *out) MUST_USE;

/* id 0 when no parcel of ours is on its way under this number. */
struct inbox_parcel {
    int64_t id, order_id;
};
enum err inbox_parcel(struct op *op, const char *tracking_no, struct inbox_parcel *out) MUST_USE;

#endif
