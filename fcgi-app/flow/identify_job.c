/* The jobs of an identity check: what the provider says about card, phone and face. */
#include <string.h>

#include "base/text.h"
#include "domain/calendar.h"
#include "domain/words.h"
#include "flow/identify.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/files.h"
#include "provider/provider.h"
#include "store/apply.h"

enum { VIDEO_AGAIN_S = 3600, CARD_MOST = 2 << 20, VIDEO_MOST = 6 << 20 };

static const struct field task_fields[] = {
    INT(struct identify_task, check, 1, INT64_MAX),
    STR(struct identify_task, side, 4, 5, .flags = F_OPT),
    STR(struct identify_task, sha256, 64, 64, .flags = F_OPT),
    {.type = F_END},
};

/* Each request makes a job of its own, even for the same bytes. */
enum err
identify_add(
    struct op *op, const char *kind, int64_t order_id, const struct identify_task *t, int64_t in_s)
{
    return job_add(
        op, &(struct job_order){
                .kind = kind,
                .key = arena_printf(op->arena, "%s/%lld/%s", kind, (long long)t->check, op->trace),
                .order_id = order_id,
                .payload = record_text(op, task_fields, t),
                .in_s = in_s,
            });
}

static enum err
read_task(struct op *op, const struct job *j, struct identify_task *t, struct identity *check)
{
    memset(t, 0, sizeof(*t));
    TRY(record_read(op, task_fields, j->payload, t));
    return identity_get(op, t->check, check);
}

static bool
is(const char *s, const char *word)
{
    return s != NULL && strcmp(s, word) == 0;
}

/* A provider that gave no answer is asked again, until the person has waited long enough. */
static enum err
again(struct op *op, const struct job *j, const struct reason *why)
{
    return j->attempts < IDENTIFY_TRIES ? op_fail(op, E_PROVIDER, "%s: %s", j->key, why->code) : OK;
}

/* ---- the card ---- */

static bool
wants_card(const struct identity *check, const struct identify_task *t)
{
    const struct identity_side *s = is(t->side, "front") ? &check->front : &check->back;

    return check->state == IDENTITY_SCANNED && is(s->state, "checking") && is(s->sha256, t->sha256);
}

static const struct field card_fields[] = {
    STR(struct id_card, name, 0, 100, .flags = F_OPT),
    STR(struct id_card, id_number, 0, 40, .flags = F_OPT),
    STR(struct id_card, authority, 0, 100, .flags = F_OPT),
    STR(struct id_card, valid_from, 0, 10, .flags = F_OPT),
    STR(struct id_card, valid_until, 0, 10, .flags = F_OPT),
    {.type = F_END},
};

static bool
is_over(const char *valid_until, int64_t now)
{
    int64_t day;

    return text_date(valid_until, &day) && day < calendar_day_of(now);
}

/* What is wrong with what was read; REASON_MAX for nothing. */
static enum reason_code
compare(struct op *op, bool front, const struct id_card *card, const struct person *p)
{
    if (!front)
        return is_over(card->valid_until, op->now) ? REASON_ID_CARD_EXPIRED : REASON_MAX;
    if (!words_same(card->name, p->name))
        return REASON_ID_NAME_DIFFERS;
    return strcmp(card->id_number, p->id_number) != 0 ? REASON_ID_NUMBER_DIFFERS : REASON_MAX;
}

static void
refuse(struct identity_side *s, enum reason_code reason)
{
    s->state = "refused";
    s->reason = reason_code(reason);
}

/* What the provider reads on the photograph. */
static enum err
read_card(struct op *op, const struct job *j, const struct identify_task *t, struct id_card *card,
    struct identity_side *out)
{
    struct reason why = {"", ""};
    enum reason_code reason;
    const void *jpeg;
    size_t n;

    memset(card, 0, sizeof(*card));
    *out = (struct identity_side){.state = "accepted"};
    TRY(files_get(op, op->conf->documents, t->sha256, CARD_MOST, &jpeg, &n));
    switch (op->providers->identity->id_card(op, is(t->side, "front"), jpeg, n, card, &why)) {
    case OUTCOME_DONE:
        return OK;
    case OUTCOME_REFUSED:
        refuse(out,
            reason_parse(REASON_FOR_IDENTITY, why.code, &reason) ? reason : REASON_ID_NOT_CARD);
        return OK;
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    refuse(out, REASON_IDENTITY_SERVICE);
    return again(op, j, &why);
}

/* Both sides are good: on to the carrier and the face. */
static enum err
finish_card(struct op *op, const struct order *o, int64_t id)
{
    struct identity check;

    TRY(identity_get(op, id, &check));
    if (!is(check.front.state, "accepted") || !is(check.back.state, "accepted"))
        return OK;
    TRY(identity_put_state(op, id, IDENTITY_ID_CARD_DONE, REASON_MAX));
    TRY(identity_put_phone(op, id, "checking"));
    return identify_add(op, "PHONE_MATCH", o->id, &(struct identify_task){.check = id}, 0);
}

enum err
identify_card_job(struct op *op, const struct job *j)
{
    struct identity_side side;
    struct identify_task task;
    struct identity check;
    struct id_card card;
    struct order order;
    struct form form;
    bool front;

    TRY(read_task(op, j, &task, &check));
    if (!wants_card(&check, &task))
        return job_done(op, j);
    front = is(task.side, "front");
    TRY(read_card(op, j, &task, &card, &side));
    {
        TX(tx, op);

        TRY(order_lock_id(op, check.order_id, &order));
        TRY(identity_get(op, task.check, &check));
        if (wants_card(&check, &task)) {
            enum reason_code reason = REASON_MAX;

            TRY(apply_form(op, &order, &form));
            if (is(side.state, "accepted"))
                reason = compare(op, front, &card, &form.person);
            if (reason != REASON_MAX)
                refuse(&side, reason);
            if (is(side.state, "accepted"))
                side.recognised = record_text(op, card_fields, &card);
            TRY(identity_put_side(op, task.check, front, &side));
            TRY(finish_card(op, &order, task.check));
        }
        TRY(job_done(op, j));
        return tx_commit(&tx);
    }
}

/* ---- the carrier ---- */

/* What the carrier says of name, number and mobile; only a clear no refuses anybody. */
static enum err
ask_carrier(struct op *op, const struct job *j, const struct person *p, const char **match)
{
    struct reason why = {"", ""};
    enum match found = MATCH_NO_RECORD;

    *match = "unknown";
    switch (
        op->providers->identity->phone_match(op, p->name, p->id_number, p->mobile, &found, &why)) {
    case OUTCOME_DONE:
        if (found == MATCH_YES || found == MATCH_NO)
            *match = found == MATCH_YES ? "match" : "mismatch";
        return OK;
    case OUTCOME_REFUSED:
        return OK;
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    return again(op, j, &why);
}

static bool
wants_phone(const struct identity *check)
{
    return check->state == IDENTITY_ID_CARD_DONE && is(check->phone_match, "checking");
}

static enum err
take_phone(struct op *op, struct order *o, int64_t id, const char *match)
{
    struct identity check;

    TRY(identity_put_phone(op, id, match));
    if (is(match, "mismatch"))
        return identity_put_state(op, id, IDENTITY_FAILED, REASON_PHONE_DIFFERS);
    TRY(identity_get(op, id, &check));
    return identify_conclude(op, o, &check);
}

enum err
identify_phone_job(struct op *op, const struct job *j)
{
    const char *match = "match";
    struct identify_task task;
    struct identity check;
    struct order order;
    struct form form;
    bool known;

    TRY(read_task(op, j, &task, &check));
    if (!wants_phone(&check))
        return job_done(op, j);
    order = (struct order){.id = check.order_id, .order_no = check.order_no, .type = check.type};
    TRY(apply_form(op, &order, &form));
    TRY(identity_phone_known(op, task.check, &known));
    if (!known)
        TRY(ask_carrier(op, j, &form.person, &match));
    {
        TX(tx, op);

        TRY(order_lock_id(op, check.order_id, &order));
        TRY(identity_get(op, task.check, &check));
        if (wants_phone(&check))
            TRY(take_phone(op, &order, task.check, match));
        TRY(job_done(op, j));
        return tx_commit(&tx);
    }
}

/* ---- the face ---- */

static bool
wants_face(const struct identity *check, const struct identify_task *t)
{
    return check->state == IDENTITY_ID_CARD_DONE && is(check->liveness_state, "checking") &&
           is(check->video_sha256, t->sha256);
}

static enum reason_code
face_reason(const struct reason *why)
{
    return strstr(why->code, "LowSimilarity") != NULL ? REASON_FACE_DIFFERS
           : strstr(why->code, "VideoDecode") != NULL || strstr(why->code, "VideoDuration") != NULL
               ? REASON_FACE_VIDEO
               : REASON_FACE_NOT_LIVE;
}

static enum err
read_face(
    struct op *op, const struct job *j, const struct identity *check, struct liveness_request *out)
{
    const struct strings *given = &check->challenge_actions;
    const char **actions = NEW_N(op->arena, given->n + 1, const char *);

    memcpy(actions, given->items, given->n * sizeof(*actions));
    *out = (struct liveness_request){.key = j->key, .actions = actions};
    TRY(files_get(
        op, op->conf->documents, check->front.sha256, CARD_MOST, &out->face, &out->face_size));
    return files_get(
        op, op->conf->documents, check->video_sha256, VIDEO_MOST, &out->video, &out->video_size);
}

static enum err
judge_face(
    struct op *op, const struct job *j, const struct identity *check, struct identity_verdict *out)
{
    struct liveness_status status = {false, 0, NULL};
    struct reason why = {"", ""};
    struct liveness_request r;
    enum err e = read_face(op, j, check, &r);

    *out = (struct identity_verdict){.state = "failed", .score = -1, .reason = REASON_FACE_VIDEO};
    if (e != OK)
        return e == E_NOT_FOUND ? OK : e; /* deleted by now: the person records another one */
    switch (op->providers->identity->liveness(op, &r, &status, &why)) {
    case OUTCOME_DONE:
        out->state = status.passed ? "passed" : "failed";
        out->reason = status.passed ? REASON_MAX : face_reason(&why);
        out->counts = !status.passed;
        out->score = status.score;
        out->request = status.request_id;
        return OK;
    case OUTCOME_REFUSED:
        out->counts = true;
        return OK;
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    out->reason = REASON_IDENTITY_SERVICE;
    return again(op, j, &why);
}

static enum err
take_face(struct op *op, struct order *o, int64_t id, const struct identity_verdict *v)
{
    struct identity check;
    int64_t left;

    TRY(identity_put_verdict(op, id, v, &left));
    if (left == 0 && v->counts)
        return identity_put_state(op, id, IDENTITY_FAILED, v->reason);
    TRY(identity_get(op, id, &check));
    return identify_conclude(op, o, &check);
}

enum err
identify_liveness_job(struct op *op, const struct job *j)
{
    struct identity_verdict verdict;
    struct identify_task task;
    struct identity check;
    struct order order;

    TRY(read_task(op, j, &task, &check));
    if (!wants_face(&check, &task))
        return job_done(op, j);
    TRY(judge_face(op, j, &check, &verdict));
    {
        TX(tx, op);

        TRY(order_lock_id(op, check.order_id, &order));
        TRY(identity_get(op, task.check, &check));
        if (wants_face(&check, &task))
            TRY(take_face(op, &order, task.check, &verdict));
        TRY(job_done(op, j));
        return tx_commit(&tx);
    }
}

/* The recording has served; the agreement on faces promises that it is gone within a day. The same
 * bytes may be waiting for another verdict. */
enum err
identify_video_job(struct op *op, const struct job *j)
{
    struct identify_task task;
    struct identity check;
    bool needed;

    TRY(read_task(op, j, &task, &check));
    TRY(identity_video_needed(op, task.sha256, task.check, &needed));
    if (needed)
        return job_later(op, j, VIDEO_AGAIN_S, NULL);
    TRY(files_drop(op, op->conf->documents, task.sha256));
    return job_done(op, j);
}

enum err
identify_expiry_job(struct op *op, const struct job *j)
{
    (void)j;
    return identity_expire(op);
}
