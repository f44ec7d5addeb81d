#include "flow/note.h"

#include <string.h>

#include "flow/desk.h"
#include "io/db.h"
#include "store/note.h"

enum err
note_write(struct op *op, const char *order_no, const char *text)
{
    int64_t id, order_id;
    TX(tx, op);

    if (text[strspn(text, " \n\t")] == '\0')
        op_fault(op, "/text", FAULT_REQUIRED);
    TRY(op_faults(op));
    TRY(note_add(op, order_no, text, &id, &order_id));
    TRY(desk_note(
        op, "noted", order_id, arena_printf(op->arena, "{\"note\":%lld}", (long long)id)));
    return tx_commit(&tx);
}
