#include "store/identity.h"

#include <string.h>

#include "io/db.h"
#include "io/vault.h"

static const char *
context(struct op *op, int64_t id, bool front)
{
    return arena_printf(op->arena, "identity/%lld/%s", (long long)id, front ? "front" : "back");
}

static enum err
read_side(struct op *op, rows r, bool front, int64_t id, struct identity_side *out)
{
    const void *sealed, *plain;
    size_t n, plain_n;

    out->state = row_str(op, r, 0, front ? "front_state" : "back_state");
    out->reason = row_str(op, r, 0, front ? "front_reason" : "back_reason");
    out->sha256 = row_str(op, r, 0, front ? "front_sha256" : "back_sha256");
    out->recognised = NULL;
    if (row_null(r, 0, front ? "front_sealed" : "back_sealed"))
        return OK;
    sealed = row_bytes(op, r, 0, front ? "front_sealed" : "back_sealed", &n);
    TRY(vault_unseal(op, VAULT_PERSONAL, context(op, id, front), sealed, n, &plain, &plain_n));
    out->recognised = plain;
    return OK;
}

struct action_list {
    struct strings actions;
};
static const struct field action_fields[] = {
    STRS(struct action_list, actions, 0, 10),
    {.type = F_END},
};

static enum err
read_actions(struct op *op, const char *text, struct strings *out)
{
    struct action_list list = {{NULL, 0}};

    if (text != NULL)
        TRY(record_read(
            op, action_fields, arena_printf(op->arena, "{\"actions\":%s}", text), &list));
    *out = list.actions;
    return OK;
}

static enum err
fill(struct op *op, rows r, struct identity *i)
{
    i->id = row_int(r, 0, "id");
    i->order_id = row_int(r, 0, "order_id");
    i->order_no = row_str(op, r, 0, "order_no");
    if (!certificate_type_parse(row_str(op, r, 0, "certificate_type"), &i->type) ||
        !identity_state_parse(row_str(op, r, 0, "state"), &i->state))
        return op_fail(op, E_INTERNAL, "identity check of a type or state unknown here");
    i->reason = row_str(op, r, 0, "reason");
    i->expires_at = row_int(r, 0, "expires_at");
    TRY(read_side(op, r, true, i->id, &i->front));
    TRY(read_side(op, r, false, i->id, &i->back));
    i->phone_match = row_str(op, r, 0, "phone_match");
    i->challenge_id = row_str(op, r, 0, "challenge_id");
    TRY(read_actions(op, row_str(op, r, 0, "challenge_actions"), &i->challenge_actions));
    i->challenge_open = row_bool(r, 0, "challenge_open");
    i->liveness_state = row_str(op, r, 0, "liveness_state");
    i->liveness_reason = row_str(op, r, 0, "liveness_reason");
    i->attempts_left = row_int(r, 0, "attempts_left");
    i->video_sha256 = row_str(op, r, 0, "video_sha256");
    i->manual_result = row_str(op, r, 0, "manual_result");
    i->first_staff = row_int(r, 0, "first_staff");
    return OK;
}

enum err
identity_current(struct op *op, int64_t order_id, struct identity *out)
{
    ROWS r = NULL;

    memset(out, 0, sizeof(*out));
    TRY(RUN(op, Q_IDENTITY_READ, &r, NULL, db_int(op, order_id)));
    return row_count(r) == 0 ? OK : fill(op, r, out);
}

enum err
identity_of(struct op *op, const char *order_no, int64_t account, struct identity *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_ORDER, &r, order_no, db_int(op, account)));
    if (row_count(r) == 1)
        TRY(identity_current(op, row_int(r, 0, "id"), out));
    return row_count(r) == 1 && out->id != 0
               ? OK
               : op_fail(op, E_NOT_FOUND, "identity check of %.40s", order_no);
}

enum err
identity_get(struct op *op, int64_t id, struct identity *out)
{
    ROWS r = NULL;

    memset(out, 0, sizeof(*out));
    TRY(RUN(op, Q_IDENTITY_READ, &r, db_int(op, id), NULL));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "identity check %lld", (long long)id);
    return fill(op, r, out);
}

enum err
identity_holds(struct op *op, int64_t order_id, bool *holds)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_HOLDS, &r, db_int(op, order_id), db_int(op, IDENTITY_VALID_DAYS)));
    *holds = row_bool(r, 0, "holds");
    return OK;
}

enum err
identity_tries(struct op *op, int64_t order_id, int64_t *n, int64_t *wait_s)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_TRIES, &r, db_int(op, order_id)));
    *n = row_int(r, 0, "n");
    *wait_s = row_int(r, 0, "wait_s");
    return OK;
}

enum err
identity_begin(struct op *op, int64_t order_id, bool manual, int64_t *id)
{
    ROWS r = NULL;

    TRY(DO(op, Q_IDENTITY_RETIRE, NULL, db_int(op, order_id)));
    TRY(RUN(op, Q_IDENTITY_ADD, &r, db_int(op, order_id), manual ? "manual" : "face",
        identity_state_code(manual ? IDENTITY_MANUAL_REQUESTED : IDENTITY_WAITING),
        db_int(op, IDENTITY_CODE_SECONDS)));
    if (row_count(r) != 1)
        return op_fail(op, E_INTERNAL, "no order %lld", (long long)order_id);
    *id = row_int(r, 0, "id");
    return OK;
}

enum err
identity_code(struct op *op, int64_t id, int64_t *expires_at)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_CODE, &r, db_int(op, id), db_int(op, IDENTITY_CODE_SECONDS)));
    *expires_at = row_int(r, 0, "expires_at");
    return OK;
}

enum err
identity_opened(struct op *op, int64_t id, bool face_consent, enum identity_state *state)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_OPENED, &r, db_int(op, id), db_bool(face_consent),
        db_int(op, IDENTITY_SESSION_SECONDS)));
    if (!identity_state_parse(row_str(op, r, 0, "state"), state))
        return op_fail(op, E_INTERNAL, "identity check in a state unknown here");
    return OK;
}

enum err
identity_consent(struct op *op, int64_t order_id)
{
    return DO(op, Q_IDENTITY_CONSENT, NULL, db_int(op, order_id),
        op->lang == LANG_EN ? "en" : "zh-CN", op->actor.ip);
}

enum err
identity_manual(struct op *op, int64_t id)
{
    return DO(op, Q_IDENTITY_MANUAL, NULL, db_int(op, id));
}

enum err
identity_put_side(struct op *op, int64_t id, bool front, const struct identity_side *s)
{
    const char *hex = NULL;

    if (s->recognised != NULL) {
        const void *sealed;
        size_t n;

        TRY(vault_seal(op, VAULT_PERSONAL, context(op, id, front), s->recognised,
            strlen(s->recognised), &sealed, &n));
        hex = db_bytes(op, sealed, n);
    }
    return DO(op, front ? Q_IDENTITY_FRONT : Q_IDENTITY_BACK, NULL, db_int(op, id), s->state,
        s->reason, s->sha256, hex);
}

static const char *
code_of(enum reason_code reason)
{
    return reason == REASON_MAX ? NULL : reason_code(reason);
}

enum err
identity_put_state(struct op *op, int64_t id, enum identity_state state, enum reason_code reason)
{
    return DO(
        op, Q_IDENTITY_STATE, NULL, db_int(op, id), identity_state_code(state), code_of(reason));
}

enum err
identity_put_phone(struct op *op, int64_t id, const char *match)
{
    return DO(op, Q_IDENTITY_PHONE, NULL, db_int(op, id), match);
}

enum err
identity_phone_known(struct op *op, int64_t id, bool *known)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_PHONE_KNOWN, &r, db_int(op, id)));
    *known = row_bool(r, 0, "known");
    return OK;
}

enum err
identity_put_challenge(struct op *op, int64_t id, const char *challenge_id,
    const char *const *actions, int64_t *expires_at)
{
    json_auto_t *list = json_array();
    ROWS r = NULL;

    for (; *actions != NULL; actions++)
        json_array_append_new(list, json_string(*actions));
    TRY(RUN(op, Q_IDENTITY_CHALLENGE, &r, db_int(op, id), challenge_id, record_dump(op, list),
        db_int(op, IDENTITY_CHALLENGE_SECONDS)));
    *expires_at = row_int(r, 0, "expires_at");
    return OK;
}

enum err
identity_put_video(struct op *op, int64_t id, const char *sha256)
{
    return DO(op, Q_IDENTITY_VIDEO, NULL, db_int(op, id), sha256);
}

enum err
identity_put_verdict(
    struct op *op, int64_t id, const struct identity_verdict *v, int64_t *attempts_left)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_LIVENESS, &r, db_int(op, id), v->state, code_of(v->reason),
        db_int(op, v->counts), v->score < 0 ? NULL : db_int(op, v->score), v->request));
    *attempts_left = row_int(r, 0, "attempts_left");
    return OK;
}

enum err
identity_video_needed(struct op *op, const char *sha256, int64_t id, bool *needed)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_VIDEO_NEEDED, &r, sha256, db_int(op, id)));
    *needed = row_bool(r, 0, "needed");
    return OK;
}

enum err
identity_expire(struct op *op)
{
    return DO0(op, Q_IDENTITY_EXPIRE, NULL);
}

enum err
identity_requests(struct op *op, int64_t after, int64_t limit, struct list *out)
{
    struct identity_request *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_IDENTITY_MANUAL_LIST, &r, after == 0 ? NULL : db_int(op, after),
        db_int(op, limit + 1)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct identity_request);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct identity_request){
            .id = row_int(r, i, "id"),
            .order_no = row_str(op, r, i, "order_no"),
            .project = row_str(op, r, i, "project"),
            .certificate_type = row_str(op, r, i, "certificate_type"),
            .order_state = row_str(op, r, i, "order_state"),
            .subject_name = row_str(op, r, i, "subject_name"),
            .person_name = row_str(op, r, i, "person_name"),
            .id_kind = row_str(op, r, i, "id_kind"),
            .first_result = row_str(op, r, i, "first_result"),
            .first_note = row_str(op, r, i, "first_note"),
            .first_staff = row_str(op, r, i, "first_staff"),
            .first_staff_id = row_int(r, i, "first_staff_id"),
            .requested_at = row_int(r, i, "requested_at"),
        };
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
identity_put_first(struct op *op, int64_t id, const char *result, const char *note, int64_t staff)
{
    return DO(op, Q_IDENTITY_FIRST, NULL, db_int(op, id), result, note, db_int(op, staff));
}

enum err
identity_put_second(
    struct op *op, int64_t id, const char *note, int64_t staff, enum reason_code reason)
{
    return DO(
        op, Q_IDENTITY_SECOND, NULL, db_int(op, id), db_int(op, staff), note, code_of(reason));
}
