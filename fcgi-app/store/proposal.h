/* Acts of staff that wait for a second person. */
#ifndef HALL_STORE_PROPOSAL_H
#define HALL_STORE_PROPOSAL_H

#include "base/op.h"

enum proposal_act { PROPOSAL_REVOCATION, PROPOSAL_REISSUE, PROPOSAL_ISSUANCE_REFUSAL };

/*
 * op->actor wants this act on a locked order. *by is 0 when it was only written down, for somebody
 * else to want the same; else who asked before, and the request is gone: the caller does it now. A
 * different reason is a new request. E_SECOND_PERSON when the same person asks the same again.
 */
enum err proposal_want(struct op *op, int64_t order_id, enum proposal_act act, const char *reason,
    int64_t *by) MUST_USE;

#endif
