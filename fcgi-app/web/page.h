/* Keyset pages: a cursor is the last id seen, opaque to clients. */
#ifndef HALL_WEB_PAGE_H
#define HALL_WEB_PAGE_H

#include "web/route.h"

/* 20 unless asked. */
int64_t page_limit(int64_t asked);
/* The id below which the page begins, 0 for the first page; a bad cursor is a fault of "?cursor".
 */
int64_t page_before(struct op *op, const char *cursor);
/* Cuts the one row that was read too much; last_id is the id of the last row that stays. NULL when
 * there is nothing more. */
const char *page_next(struct op *op, struct list *items, int64_t limit, int64_t last_id);

/* Answers a call about an order with the order as it now is. */
enum err answer_order(struct call *c, const char *order_no, void *out) MUST_USE;

#endif
