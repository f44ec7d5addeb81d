#include "store/proposal.h"

#include <string.h>

#include "io/db.h"

static const char *const acts[] = {
    [PROPOSAL_REVOCATION] = "revocation",
    [PROPOSAL_REISSUE] = "reissue",
    [PROPOSAL_ISSUANCE_REFUSAL] = "issuance_refusal",
};

enum err
proposal_want(
    struct op *op, int64_t order_id, enum proposal_act act, const char *reason, int64_t *by)
{
    ROWS r = NULL;
    bool same;

    TRY(RUN(op, Q_PROPOSAL_LOCK, &r, db_int(op, order_id), acts[act]));
    same = row_count(r) == 1 && strcmp(row_str(op, r, 0, "reason"), reason) == 0;
    if (same && row_int(r, 0, "asked_by") == op->actor.id)
        return op_fail(op, E_SECOND_PERSON, "%s asked by the same person", acts[act]);
    if (same) {
        *by = row_int(r, 0, "asked_by");
        return DO(op, Q_PROPOSAL_DROP, NULL, db_int(op, order_id), acts[act]);
    }
    *by = 0;
    return DO(op, Q_PROPOSAL_PUT, NULL, db_int(op, order_id), acts[act], db_int(op, op->actor.id),
        reason);
}
