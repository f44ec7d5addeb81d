/* What staff tell each other about an order; read with the order (store/desk.h). */
#ifndef HALL_STORE_NOTE_H
#define HALL_STORE_NOTE_H

#include "base/op.h"

/* By op->actor. *id names the note, *order_id the order. E_NOT_FOUND. */
enum err note_add(
    struct op *op, const char *order_no, const char *text, int64_t *id, int64_t *order_id) MUST_USE;

#endif
