/* Trouble with a parcel as the applicant hears of it. */
#ifndef HALL_FLOW_PARCEL_NOTICE_H
#define HALL_FLOW_PARCEL_NOTICE_H

#include "domain/reason.h"
#include "store/order.h"

/* Moves the order with the reason in its event, and sends N23: T44, T47b. */
enum err parcel_trouble(
    struct op *op, struct order *o, enum order_move_id move, enum reason_code why) MUST_USE;

#endif
