/* Messages to people: what is said is a row, the sending is a job. */
#ifndef HALL_STORE_NOTICE_H
#define HALL_STORE_NOTICE_H

#include "domain/notice.h"

/*
 * Queues an SMS within the caller's transaction. params is name, value, …, NULL as notice_render
 * takes them. phone NULL: the handler or applicant of the order. key names the message: the same
 * twice is sent once; NULL where the row itself is the name. The text waits sealed in its job.
 */
struct notice_order {
    enum notice_code notice;
    int64_t order_id; /* 0: none */
    const char *phone, *key;
    const char *const *params;
};
enum err notice_add(struct op *op, const struct notice_order *n) MUST_USE;

/* notice_add(op, &SAY(N03, order.id, "no", order.order_no, "amt", "261.00", "date", "…")) */
#define SAY(n, id, ...)                          \
    ((struct notice_order){.notice = NOTICE_##n, \
        .order_id = (id),                        \
        .params = (const char *const[]){__VA_ARGS__, NULL}})

/* What the job holds, for whoever sends it. */
struct notice_message {
    int64_t sms_id;
    const char *phone, *name, *text; /* name: "N03" */
    const char *const *params;       /* arranged; name, value, …, NULL */
};
enum err notice_read(struct op *op, const char *secret, struct notice_message *out) MUST_USE;

/* Remembers that a try is about to be made; *first_at is when the first one was, *is_repeat whether
 * this is another one. */
enum err notice_try(struct op *op, int64_t sms_id, int64_t *first_at, bool *is_repeat) MUST_USE;

/* state: "submitted", "delivered" or "failed"; provider_id and failure may be NULL. */
enum err notice_result(struct op *op, int64_t sms_id, const char *state, const char *provider_id,
    const char *failure) MUST_USE;

#endif
