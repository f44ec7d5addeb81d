/* The identity check as seen from the computer. */
#include "flow/identify.h"
#include "io/conf.h"
#include "web/identity_view.h"
#include "web/routes.h"

const struct field identity_view_fields[] = {
    STR(struct identity_view, state, 1, 40),
    STR(struct identity_view, reason, 1, 400, .flags = F_OPT),
    STR(struct identity_view, reason_code, 1, 60, .flags = F_OPT),
    TIME(struct identity_view, expires_at),
    {.type = F_END},
};

void
identity_show(const struct op *op, const struct identity *i, struct identity_view *out)
{
    *out = (struct identity_view){
        .state = identity_state_code(i->state),
        .reason = reason_code_text(REASON_FOR_IDENTITY, i->reason, op->lang),
        .reason_code = i->reason,
        .expires_at = i->expires_at,
    };
}

static enum err
h_show(struct call *c, const void *in, void *out)
{
    struct identity check;

    (void)in;
    TRY(identity_of(c->op, c->args[0], c->who.account, &check));
    identity_show(c->op, &check, out);
    c->topic = check.order_no;
    c->etag = arena_printf(c->op->arena, "%lld-%s-%lld", (long long)check.id,
        identity_state_code(check.state), (long long)check.expires_at);
    return OK;
}

struct started {
    const char *url, *state;
    int64_t expires_at;
};
static const struct field started_fields[] = {
    STR(struct started, url, 1, 400, .format = "uri"),
    STR(struct started, state, 1, 40),
    TIME(struct started, expires_at),
    {.type = F_END},
};

/* The code stands behind the #, so that no server on the way sees it. */
static enum err
h_start(struct call *c, const void *in, void *out)
{
    struct identify_started s;

    (void)in;
    TRY(identify_start(c->op, c->who.account, c->args[0], &s));
    *(struct started *)out =
        (struct started){arena_printf(c->op->arena, "%s/h5/#%s", c->op->conf->public_url, s.token),
            identity_state_code(s.state), s.expires_at};
    return OK;
}

static enum err
h_by_hand(struct call *c, const void *in, void *out)
{
    TRY(identify_by_hand(c->op, c->who.account, c->args[0]));
    return h_show(c, in, out);
}

#define ORDER "/api/v1/orders/{order_no}"
const struct route h_identity_routes[] = {
    {"POST", ORDER "/identity-checks", POOL_APPLICANT, SIGNED_IN, BODY(out, started), .status = 201,
        .run = h_start, .summary = "发起在线认证，取得手机扫码地址",
        REFUSES(E_STATE, E_FACE_UNAVAILABLE, E_TOO_MANY)},
    {"GET", ORDER "/identity-check", POOLS_WAIT, SIGNED_IN, R_WAIT, BODY(out, identity_view),
        .run = h_show, .summary = "在线认证的进展"},
    {"POST", ORDER "/identity-check/manual-request", POOL_APPLICANT, SIGNED_IN,
        BODY(out, identity_view), .run = h_by_hand, .summary = "选择其他核验方式（人工核验）",
        REFUSES(E_STATE)},
    {.method = NULL},
};
