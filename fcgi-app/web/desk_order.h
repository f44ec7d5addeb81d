/* How staff are answered about an order. */
#ifndef HALL_WEB_DESK_ORDER_H
#define HALL_WEB_DESK_ORDER_H

#include "store/desk.h"
#include "web/route.h"

/* For routes with BODY(out, desk_order). */
enum err answer_desk_order(struct call *c, const char *order_no, void *out) MUST_USE;

#endif
