/* An operation without any server behind it, for the tests of pure rules. */
#ifndef HALL_TESTS_DOMAIN_OP_H
#define HALL_TESTS_DOMAIN_OP_H

#include <string.h>

#include "base/op.h"

static inline struct op
domain_op(void)
{
    return (struct op){.arena = arena_new(4096), .lang = LANG_ZH};
}

static inline void
domain_op_clear(struct op *op)
{
    op->faults = op->last_fault = NULL;
    op->note = NULL;
}

/* The code of the fault at a pointer, "" when there is none there. */
static inline const char *
fault_at(const struct op *op, const char *pointer)
{
    for (const struct fault *f = op->faults; f != NULL; f = f->next)
        if (strcmp(f->pointer, pointer) == 0)
            return f->code;
    return "";
}

static inline int
fault_count(const struct op *op)
{
    int n = 0;

    for (const struct fault *f = op->faults; f != NULL; f = f->next)
        n++;
    return n;
}

#endif
