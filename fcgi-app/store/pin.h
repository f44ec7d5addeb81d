/* The certificate's first PIN. Only the worker can make or open one. */
#ifndef HALL_STORE_PIN_H
#define HALL_STORE_PIN_H

#include "store/order.h"

struct pin {
    int64_t id; /* 0: there is none that counts */
    bool by_memo;
    bool is_sent;
    const char *text; /* secret */
};

/* A new one on its channel: "memo" or "sms". E_CONFLICT while another one of the order counts. */
enum err pin_make(
    struct op *op, const struct order *o, const char *channel, struct pin *out) MUST_USE;

/* The one that counts. */
enum err pin_open(struct op *op, const struct order *o, struct pin *out) MUST_USE;

/* It is on its way to its owner. */
enum err pin_sent(struct op *op, const struct order *o) MUST_USE;

/* Any process may end it: the sealed text is gone then. Nothing to end is fine. */
enum err pin_burn(struct op *op, const struct order *o) MUST_USE; /* nobody shall use it */
enum err pin_wipe(struct op *op, const struct order *o) MUST_USE; /* it has done its work */

#endif
