/*
 * From the computer to the phone: a code that anybody who sees it can use once within five minutes.
 * Redis knows its hash alone.
 */
#ifndef HALL_FLOW_HANDOVER_H
#define HALL_FLOW_HANDOVER_H

#include "base/op.h"

/* A code for this check; the one that was given out before is void. */
enum err handover_make(struct op *op, int64_t check, const char **token) MUST_USE;

/* Takes it; of two phones one gets it. E_LINK_EXPIRED. */
enum err handover_take(struct op *op, const char *token, int64_t *check) MUST_USE;

#endif
