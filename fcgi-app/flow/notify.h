/*
 * Callbacks of the providers. The callback pool verifies, stores and acknowledges; the worker
 * applies, by the same functions that a query of ours ends in (states.md 1.5).
 */
#ifndef HALL_FLOW_NOTIFY_H
#define HALL_FLOW_NOTIFY_H

#include "domain/payment.h"
#include "provider/provider.h"
#include "store/job.h"

/* Which sender; the wallets sign what they say, the others only give a hint to ask. */
enum sender { SENDER_WECHAT_PAY, SENDER_ALIPAY, SENDER_SMS, SENDER_COURIER };

/* What is sent back: the sender's own words, for accepted and for refused. */
struct acknowledgement {
    int status;
    const char *content_type, *body;
};

/*
 * Takes one callback in. A bad signature, a stale time, what cannot be read and what could not be
 * stored are refused in the sender's words, and change nothing; a repeat is accepted and changes
 * nothing. The result is for the log: the answer is filled in any case but E_UNAVAILABLE for a
 * sender that is not configured.
 */
enum err notify_take(struct op *op, enum sender from, const struct callback *cb,
    struct acknowledgement *answer) MUST_USE;

/* Job INBOX: applies one stored callback. */
enum err notify_job(struct op *op, const struct job *j) MUST_USE;

#endif
