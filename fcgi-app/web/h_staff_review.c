/* The reviewer's desk: queue, lease, verdict. */
#include <string.h>

#include "flow/review.h"
#include "web/desk_order.h"
#include "web/page.h"
#include "web/rejection.h"
#include "web/routes.h"

static enum err
h_next(struct call *c, const void *in, void *out)
{
    const char *order_no;

    (void)in;
    TRY(review_next(c->op, &order_no));
    if (order_no == NULL)
        return op_fail(c->op, E_QUEUE_EMPTY, "nothing to review");
    return answer_desk_order(c, order_no, out);
}

static enum err
h_claim(struct call *c, const void *in, void *out)
{
    (void)in;
    TRY(review_claim(c->op, c->args[0]));
    return answer_desk_order(c, c->args[0], out);
}

static enum err
h_release(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return review_release(c->op, c->args[0]);
}

struct approval {
    const char *revision_sha256, *note;
};
static const struct field approval_fields[] = {
    STR(struct approval, revision_sha256, 64, 64, .label = "所审内容的摘要"),
    STR(struct approval, note, 0, 500, .flags = F_OPT | F_LINES, .label = "备注"),
    {.type = F_END},
};

static enum err
h_approve(struct call *c, const void *in, void *out)
{
    const struct approval *a = in;

    TRY(review_approve(c->op, c->args[0], a->revision_sha256, a->note));
    return answer_desk_order(c, c->args[0], out);
}

static enum err
h_return(struct call *c, const void *in, void *out)
{
    const struct rejection *r = in;

    TRY(review_return(c->op, c->args[0], &r->reasons));
    return answer_desk_order(c, c->args[0], out);
}

struct denial {
    const char *reason;
};
static const struct field denial_fields[] = {
    STR(struct denial, reason, 1, 200, .label = "不予受理的原因"),
    {.type = F_END},
};

static enum err
h_deny(struct call *c, const void *in, void *out)
{
    const struct denial *d = in;
    bool done;

    TRY(review_deny(c->op, c->args[0], d->reason, &done));
    if (!done)
        c->reply->status = 202; /* somebody else has to say it too */
    return answer_desk_order(c, c->args[0], out);
}

#define ORDER    "/api/admin/v1/orders/{order_no}"
#define VERDICTS REFUSES(E_STATE, E_NOT_LEASED, E_LEASE_HELD, E_SECOND_PERSON, E_STALE)
const struct route h_staff_review_routes[] = {
    {"POST", "/api/admin/v1/reviews/next", POOL_STAFF, STAFF_REVIEWER, BODY(out, desk_order),
        .run = h_next, .summary = "取下一单", REFUSES(E_QUEUE_EMPTY)},
    {"POST", ORDER "/claim", POOL_STAFF, STAFF_REVIEWER, BODY(out, desk_order), .run = h_claim,
        .summary = "领取此单", VERDICTS},
    {"DELETE", ORDER "/claim", POOL_STAFF, STAFF_REVIEWER, .status = 204, .run = h_release,
        .summary = "退回队列", VERDICTS},
    {"POST", ORDER "/approval", POOL_STAFF, STAFF_REVIEWER, BODY(in, approval),
        BODY(out, desk_order), .run = h_approve, .summary = "审核通过", VERDICTS},
    {"POST", ORDER "/rejection", POOL_STAFF, STAFF_REVIEWER, BODY(in, rejection),
        BODY(out, desk_order), .run = h_return, .summary = "退回修改", VERDICTS},
    {"POST", ORDER "/denial", POOL_STAFF, STAFF_REVIEWER | STAFF_ADMINISTRATOR, R_TWO_PEOPLE,
        BODY(in, denial), BODY(out, desk_order), .run = h_deny, .summary = "不予受理，须两人",
        VERDICTS},
    {.method = NULL},
};
