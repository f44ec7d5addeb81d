#include "flow/reveal.h"

#include <string.h>

#include "flow/desk.h"
#include "io/db.h"
#include "store/apply.h"

static const char *
secret_at(struct op *op, enum certificate_type type, const struct form *f, const char *pointer)
{
    for (const struct form_member *m = form_members; m < form_members + form_members_n; m++)
        if ((m->flags & FORM_SECRET) && m->need[type] != FORM_NONE &&
            strcmp(form_pointer(op->arena, type, m), pointer) == 0)
            return form_text(f, m);
    return NULL;
}

enum err
reveal_member(struct op *op, const char *order_no, const char *pointer, const char **value)
{
    struct order order;
    struct form form;
    TX(tx, op);

    TRY(order_lock(op, order_no, 0, &order));
    TRY(apply_form(op, &order, &form));
    *value = secret_at(op, order.type, &form, pointer);
    if (*value == NULL)
        op_fault(op, "/pointer", FAULT_CHOICE);
    TRY(op_faults(op));
    TRY(desk_note(
        op, "revealed", order.id, arena_printf(op->arena, "{\"pointer\":\"%s\"}", pointer)));
    return tx_commit(&tx);
}
