#include "store/audit.h"

#include "io/db.h"

enum err
audit_add(
    struct op *op, const char *stream, const char *action, int64_t order_id, const char *detail)
{
    return DO(op, Q_AUDIT_ADD, NULL, stream, op->actor.role, db_int(op, op->actor.id), op->actor.ip,
        op->trace, action, order_id == 0 ? NULL : db_int(op, order_id), detail);
}
