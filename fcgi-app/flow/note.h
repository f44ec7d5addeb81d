/* A note to colleagues on an order, by whoever works at the desk; it stays as it was written. */
#ifndef HALL_FLOW_NOTE_H
#define HALL_FLOW_NOTE_H

#include "base/op.h"

/* E_NOT_FOUND; a fault where the text says nothing. The trail tells that there is a note, not what
 * it says: it may name people. */
enum err note_write(struct op *op, const char *order_no, const char *text) MUST_USE;

#endif
