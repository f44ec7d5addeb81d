#include "web/page.h"

#include "base/text.h"

int64_t
page_limit(int64_t asked)
{
    return asked == 0 ? 20 : asked;
}

int64_t
page_before(struct op *op, const char *cursor)
{
    int64_t before = 0;

    if (cursor != NULL && (!text_int(cursor, &before) || before < 1))
        op_fault(op, "?cursor", FAULT_FORMAT);
    return before;
}

const char *
page_next(struct op *op, struct list *items, int64_t limit, int64_t last_id)
{
    if ((int64_t)items->n <= limit)
        return NULL;
    items->n = (size_t)limit;
    return arena_printf(op->arena, "%lld", (long long)last_id);
}
