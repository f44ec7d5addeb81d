#include "flow/phone.h"

#include <string.h>

#include "base/secret.h"
#include "domain/mask.h"
#include "flow/handover.h"
#include "flow/identify.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/encoding.h"
#include "io/files.h"
#include "io/kv.h"
#include "paper/check.h"
#include "store/apply.h"
#include "store/audit.h"

enum { OPENINGS_PER_HOUR = 60, PICTURES_PER_CHECK = 40, CHALLENGES_PER_CHECK = 20 };
enum { VIDEO_KEPT_S = 12 * 3600 }; /* the agreement on faces promises a day at most */

static void
act_as_phone(struct op *op, int64_t check)
{
    op->actor.role = "phone";
    op->actor.id = check;
}

static enum err
note(struct op *op, const struct order *o, const char *action)
{
    return audit_add(op, arena_printf(op->arena, "orders/%s", o->order_no), action, o->id, NULL);
}

/* Locks the order, so that the check stays as it is read. Within a transaction. */
static enum err
lock(struct op *op, int64_t id, struct order *o, struct identity *check)
{
    TRY(identity_get(op, id, check));
    TRY(order_lock_id(op, check->order_id, o));
    return identity_get(op, id, check);
}

static enum err
over(struct op *op, const struct identity *check)
{
    return op_state(op, identity_state_code(check->state), "the phone");
}

enum err
phone_open(struct op *op, const char *token, bool face_consent, struct phone_opened *out)
{
    struct identity check;
    struct order order;
    struct form form;
    TX(tx, op);

    TRY(kv_limit(op, arena_printf(op->arena, "limit-phone:%s", op->actor.ip), OPENINGS_PER_HOUR,
        3600, &op->retry_after_s));
    TRY(handover_take(op, token, &out->check));
    act_as_phone(op, out->check);
    TRY(lock(op, out->check, &order, &check));
    if (!identity_is_open(check.state))
        return op_fail(op, E_LINK_EXPIRED, "the check is over");
    TRY(apply_form(op, &order, &form));
    TRY(identity_opened(op, check.id, face_consent, &out->state));
    if (face_consent)
        TRY(identity_consent(op, order.id));
    TRY(note(op, &order, face_consent ? "phone_opened" : "face_declined"));
    out->type = order.type;
    out->name_masked = mask_name(op->arena, form.person.name);
    return tx_commit(&tx);
}

/* ---- the card ---- */

/* Sides may be taken again until both were accepted, but not while one is being read. */
static enum err
takes_card(struct op *op, const struct identity *check, bool front)
{
    const struct identity_side *s = front ? &check->front : &check->back;

    if (check->state != IDENTITY_SCANNED)
        return over(op, check);
    if (s->state != NULL && strcmp(s->state, "checking") == 0)
        return op_fail(op, E_IN_PROGRESS, "this side is being read");
    return OK;
}

/* What is no photograph at all is refused like a bad one. */
static enum err
look_at_card(struct op *op, const struct upload *u)
{
    struct scan_result found;
    enum err e;

    TRY(scan_inspect(op, SCAN_ID_CARD, u->data, u->size, &found));
    e = check_refusal(op, MATERIAL_ID_FRONT, &found);
    return e == E_UNSUPPORTED_TYPE || e == E_DOCUMENT_UNREADABLE ? E_IMAGE_REFUSED : e;
}

enum err
phone_card(struct op *op, int64_t id, bool front, const struct upload *u)
{
    struct identity_side side = {.state = "checking"};
    struct identity check;
    struct order order;
    char sha256[65];

    act_as_phone(op, id);
    TRY(identity_get(op, id, &check));
    TRY(takes_card(op, &check, front));
    TRY(kv_limit(op, arena_printf(op->arena, "limit-card:%lld", (long long)id), PICTURES_PER_CHECK,
        IDENTITY_SESSION_SECONDS, &op->retry_after_s));
    TRY(look_at_card(op, u));
    TRY(files_put(op, op->conf->documents, u->data, u->size, sha256));
    side.sha256 = sha256;
    {
        TX(tx, op);

        TRY(lock(op, id, &order, &check));
        TRY(takes_card(op, &check, front));
        TRY(identity_put_side(op, id, front, &side));
        TRY(identify_add(op, "IDCARD", order.id,
            &(struct identify_task){id, front ? "front" : "back", sha256}, 0));
        return tx_commit(&tx);
    }
}

/* ---- the face ---- */

static enum err
takes_face(struct op *op, const struct identity *check)
{
    if (check->state != IDENTITY_ID_CARD_DONE || check->attempts_left == 0)
        return over(op, check);
    if (check->liveness_state != NULL && strcmp(check->liveness_state, "checking") == 0)
        return op_fail(op, E_IN_PROGRESS, "a video is being judged");
    return check->liveness_state != NULL && strcmp(check->liveness_state, "passed") == 0
               ? over(op, check)
               : OK;
}

/* Two acts in an order that cannot be foreseen: all that every provider judges. */
static void
draw(struct op *op, struct strings *out)
{
    static const char *const acts[] = {"blink", "mouth"};
    unsigned char bit;

    secret_random(&bit, sizeof(bit));
    out->items = NEW_N(op->arena, 3, const char *);
    out->items[0] = acts[bit & 1];
    out->items[1] = acts[(bit & 1) ^ 1];
    out->n = 2;
}

enum err
phone_challenge(struct op *op, int64_t id, struct phone_challenge *out)
{
    struct identity check;
    struct order order;
    TX(tx, op);

    act_as_phone(op, id);
    TRY(lock(op, id, &order, &check));
    TRY(takes_face(op, &check));
    TRY(kv_limit(op, arena_printf(op->arena, "limit-challenge:%lld", (long long)id),
        CHALLENGES_PER_CHECK, IDENTITY_SESSION_SECONDS, &op->retry_after_s));
    out->id = encoding_token(op->arena);
    draw(op, &out->actions);
    TRY(identity_put_challenge(op, id, out->id, out->actions.items, &out->expires_at));
    return tx_commit(&tx);
}

static enum err
fits_challenge(struct op *op, const struct identity *check, const char *challenge_id)
{
    TRY(takes_face(op, check));
    if (check->challenge_id == NULL || strcmp(check->challenge_id, challenge_id) != 0)
        return op_fail(op, E_NOT_FOUND, "not the challenge that was given");
    return check->challenge_open ? OK : op_fail(op, E_CHALLENGE_EXPIRED, "too late, or used");
}

enum err
phone_video(struct op *op, int64_t id, const char *challenge_id, const struct upload *u)
{
    char sha256[65];
    const struct identify_task task = {id, NULL, sha256};
    struct scan_result found;
    struct identity check;
    struct order order;

    act_as_phone(op, id);
    TRY(identity_get(op, id, &check));
    TRY(fits_challenge(op, &check, challenge_id));
    TRY(scan_inspect(op, SCAN_VIDEO, u->data, u->size, &found));
    TRY(check_refusal(op, MATERIAL_LIVENESS_VIDEO, &found));
    TRY(files_put(op, op->conf->documents, u->data, u->size, sha256));
    {
        TX(tx, op);

        TRY(lock(op, id, &order, &check));
        TRY(fits_challenge(op, &check, challenge_id));
        TRY(identity_put_video(op, id, sha256));
        TRY(identify_add(op, "LIVENESS", order.id, &task, 0));
        TRY(identify_add(op, "VIDEO_DROP", order.id, &task, VIDEO_KEPT_S));
        return tx_commit(&tx);
    }
}
