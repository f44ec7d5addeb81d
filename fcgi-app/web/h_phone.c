/* The phone page: one identity check, opened by the code in the QR code. */
#include <string.h>

#include "domain/mask.h"
#include "flow/phone.h"
#include "web/identity_view.h"
#include "web/routes.h"
#include "web/session.h"

struct phone_order {
    const char *token;
    bool face_consent;
};
static const struct field phone_order_fields[] = {
    STR(struct phone_order, token, 20, 100, .label = "二维码内容"),
    BOOL(struct phone_order, face_consent, .label = "人脸信息处理单独同意"),
    {.type = F_END},
};
struct phone_session {
    const char *name_masked, *role, *state;
};
static const struct field phone_session_fields[] = {
    STR(struct phone_session, name_masked, 1, 40),
    STR(struct phone_session, role, 1, 20),
    STR(struct phone_session, state, 1, 40),
    {.type = F_END},
};

/* Another phone that had this check open loses it. */
static enum err
h_open(struct call *c, const void *in, void *out)
{
    const struct phone_order *o = in;
    struct phone_opened opened;

    TRY(phone_open(c->op, o->token, o->face_consent, &opened));
    *(struct phone_session *)out = (struct phone_session){
        opened.name_masked, form_group(opened.type, "person"), identity_state_code(opened.state)};
    TRY(session_end_all(c->op, SESSION_PHONE, opened.check));
    return session_start(c, SESSION_PHONE, &(struct caller){.check = opened.check});
}

/* ---- what the phone is told ---- */

struct recognised {
    const char *name_masked, *id_number_masked, *valid_until;
};
static const struct field recognised_fields[] = {
    STR(struct recognised, name_masked, 0, 100, .flags = F_OPT),
    STR(struct recognised, id_number_masked, 0, 40, .flags = F_OPT),
    STR(struct recognised, valid_until, 0, 10, .flags = F_OPT),
    {.type = F_END},
};
struct side_view {
    const char *state, *reason;
    struct recognised *recognised;
};
static const struct field side_fields[] = {
    STR(struct side_view, state, 1, 20),
    STR(struct side_view, reason, 1, 400, .flags = F_OPT),
    REF(struct side_view, recognised, recognised_fields, struct recognised, .flags = F_OPT),
    {.type = F_END},
};
struct liveness_view {
    const char *state, *reason;
    int64_t attempts_left;
};
static const struct field liveness_fields[] = {
    STR(struct liveness_view, state, 1, 20),
    STR(struct liveness_view, reason, 1, 400, .flags = F_OPT),
    INT(struct liveness_view, attempts_left, 0, 10),
    {.type = F_END},
};
struct phone_view {
    const char *state, *reason, *role;
    int64_t expires_at;
    struct side_view *front, *back;
    struct liveness_view liveness;
};
static const struct field phone_view_fields[] = {
    STR(struct phone_view, state, 1, 40),
    STR(struct phone_view, reason, 1, 400, .flags = F_OPT),
    STR(struct phone_view, role, 1, 20),
    TIME(struct phone_view, expires_at),
    REF(struct phone_view, front, side_fields, struct side_view, .flags = F_OPT),
    REF(struct phone_view, back, side_fields, struct side_view, .flags = F_OPT),
    OBJ(struct phone_view, liveness, liveness_fields),
    {.type = F_END},
};

/* As the jobs keep it. */
struct kept_card {
    const char *name, *id_number, *authority, *valid_from, *valid_until;
};
static const struct field kept_card_fields[] = {
    STR(struct kept_card, name, 0, 100, .flags = F_OPT),
    STR(struct kept_card, id_number, 0, 40, .flags = F_OPT),
    STR(struct kept_card, authority, 0, 100, .flags = F_OPT),
    STR(struct kept_card, valid_from, 0, 10, .flags = F_OPT),
    STR(struct kept_card, valid_until, 0, 10, .flags = F_OPT),
    {.type = F_END},
};

static const char *
words(const struct call *c, const char *code)
{
    return reason_code_text(REASON_FOR_IDENTITY, code, c->op->lang);
}

static enum err
show_side(struct call *c, const struct identity_side *s, struct side_view **out)
{
    struct arena *a = c->op->arena;
    struct kept_card card = {0};
    struct recognised *r;

    *out = NULL;
    if (s->state == NULL)
        return OK;
    *out = NEW(a, struct side_view);
    (*out)->state = s->state;
    (*out)->reason = words(c, s->reason);
    if (s->recognised == NULL)
        return OK;
    TRY(record_read(c->op, kept_card_fields, s->recognised, &card));
    r = NEW(a, struct recognised);
    r->name_masked = card.name == NULL ? NULL : mask_name(a, card.name);
    r->id_number_masked = card.id_number == NULL ? NULL : mask_id_number(a, card.id_number);
    r->valid_until = card.valid_until;
    (*out)->recognised = r;
    return OK;
}

static enum err
h_check(struct call *c, const void *in, void *out)
{
    struct phone_view *v = out;
    struct identity check;

    (void)in;
    TRY(identity_get(c->op, c->who.check, &check));
    v->state = identity_state_code(check.state);
    v->reason = words(c, check.reason);
    v->role = form_group(check.type, "person");
    v->expires_at = check.expires_at;
    TRY(show_side(c, &check.front, &v->front));
    TRY(show_side(c, &check.back, &v->back));
    v->liveness =
        (struct liveness_view){check.liveness_state == NULL ? "waiting" : check.liveness_state,
            words(c, check.liveness_reason), check.attempts_left};
    c->topic = check.order_no;
    c->etag = arena_printf(c->op->arena, "%lld-%s-%s-%s-%s-%lld-%s", (long long)check.id, v->state,
        v->front == NULL ? "" : v->front->state, v->back == NULL ? "" : v->back->state,
        v->liveness.state, (long long)check.attempts_left,
        check.liveness_reason == NULL ? "" : check.liveness_reason);
    return OK;
}

/* ---- card and face ---- */

static enum err
h_card(struct call *c, const void *in, void *out)
{
    const struct upload u = {c->http->body, c->http->size};
    bool front = strcmp(c->args[0], "front") == 0;

    (void)in;
    (void)out;
    if (!front && strcmp(c->args[0], "back") != 0)
        return op_fail(c->op, E_NOT_FOUND, "side %.20s", c->args[0]);
    return phone_card(c->op, c->who.check, front, &u);
}

struct challenge_view {
    const char *challenge_id, *kind;
    struct strings actions;
    int64_t expires_at;
};
static const struct field challenge_view_fields[] = {
    STR(struct challenge_view, challenge_id, 20, 100),
    STR(struct challenge_view, kind, 1, 20),
    STRS(struct challenge_view, actions, 1, 4),
    TIME(struct challenge_view, expires_at),
    {.type = F_END},
};

static enum err
h_challenge(struct call *c, const void *in, void *out)
{
    struct phone_challenge p;

    (void)in;
    TRY(phone_challenge(c->op, c->who.check, &p));
    *(struct challenge_view *)out = (struct challenge_view){p.id, "video", p.actions, p.expires_at};
    return OK;
}

static enum err
h_video(struct call *c, const void *in, void *out)
{
    const struct upload u = {c->http->body, c->http->size};

    (void)in;
    (void)out;
    return phone_video(c->op, c->who.check, c->args[0], &u);
}

#define H5 "/api/v1/h5"
const struct route h_phone_routes[] = {
    {"POST", H5 "/session", POOL_APPLICANT, ANYONE, BODY(in, phone_order), BODY(out, phone_session),
        .status = 201, .run = h_open, .summary = "手机扫码后打开认证",
        REFUSES(E_LINK_EXPIRED, E_TOO_MANY)},
    {"GET", H5 "/check", POOLS_WAIT, PHONE, R_WAIT, BODY(out, phone_view), .run = h_check,
        .summary = "认证的进展"},
    {"PUT", H5 "/id-card/{side}", POOL_APPLICANT, PHONE, R_RAW, .types = "image/jpeg",
        .max = 2097152, .status = 202, .run = h_card, .summary = "上传证件照片（front、back）",
        REFUSES(E_STATE, E_IN_PROGRESS, E_IMAGE_REFUSED, E_TOO_MANY)},
    {"POST", H5 "/liveness-challenges", POOL_APPLICANT, PHONE, BODY(out, challenge_view),
        .status = 201, .run = h_challenge, .summary = "取得活体认证的动作要求",
        REFUSES(E_STATE, E_IN_PROGRESS, E_TOO_MANY)},
    {"PUT", H5 "/liveness-challenges/{challenge_id}/video", POOL_APPLICANT, PHONE, R_RAW,
        .types = "video/mp4 video/webm", .max = 6291456, .status = 202, .run = h_video,
        .summary = "上传活体认证视频",
        REFUSES(E_STATE, E_IN_PROGRESS, E_CHALLENGE_EXPIRED, E_DOCUMENT_UNREADABLE)},
    {.method = NULL},
};
