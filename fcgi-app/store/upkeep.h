/* What the worker looks after by itself. */
#ifndef HALL_STORE_UPKEEP_H
#define HALL_STORE_UPKEEP_H

#include "base/op.h"

/* Heads of the trail that moved become a checkpoint; *streams is how many, 0 for none. */
enum err audit_anchor(struct op *op, int64_t *streams) MUST_USE;

/* Bytes in the document store whose time is over, and where they stand. */
struct forgotten {
    int64_t id;
    const char *what, *sha256; /* "video", "document", "front", "back" */
    bool is_shared;            /* another order needs the same bytes: only the mention goes */
};
enum err forget_videos(struct op *op, struct forgotten **out, size_t *n) MUST_USE;
enum err forget_files(struct op *op, int days, struct forgotten **out, size_t *n) MUST_USE;
/* Written down once the bytes are gone. */
enum err forget_mark(struct op *op, const struct forgotten *f) MUST_USE;

/* Answers by Idempotency-Key after a day, jobs done after 90, a PIN that could not be sent once it
 * is burned or wiped. */
enum err upkeep_sweep(struct op *op) MUST_USE;

#endif
