#include "store/note.h"

#include "io/db.h"

enum err
note_add(struct op *op, const char *order_no, const char *text, int64_t *id, int64_t *order_id)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_NOTE_ADD, &r, order_no, db_int(op, op->actor.id), text));
    if (row_count(r) == 0)
        return op_fail(op, E_NOT_FOUND, "order %.40s", order_no);
    *id = row_int(r, 0, "id");
    *order_id = row_int(r, 0, "order_id");
    return OK;
}
