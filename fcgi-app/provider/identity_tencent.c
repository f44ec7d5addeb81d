#include "provider/identity_tencent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/encoding.h"
#include "io/json_tree.h"
#include "provider/cloud_sign.h"
#include "provider/wire.h"

/* Sizes the provider takes, in base64. */
enum { IMAGE_MOST = 10 << 20, FACE_MOST = 3 << 20, VIDEO_MOST = 8 << 20 };

/* Set once at start; each service has its host beside the others, a sandbox has one for all. */
static struct {
    const char *faceid, *region, *secret_id;
    char *ocr, *secret;
} my;

struct service {
    const char *name, *version;
};
static const struct service faceid = {"faceid", "2018-03-01"}, ocr = {"ocr", "2018-11-19"};

/* Codes that every service answers. Nothing was done; staff or time mends them. */
#define COMMON                                                                                    \
    {"AuthFailure*", OUTCOME_NOT_SENT, NULL}, {"UnauthorizedOperation*", OUTCOME_NOT_SENT, NULL}, \
        {"RequestLimitExceeded*", OUTCOME_NOT_SENT, NULL},                                        \
        {"FailedOperation.RequestLimitExceeded", OUTCOME_NOT_SENT, NULL},                         \
        {"FailedOperation.ArrearsError", OUTCOME_NOT_SENT, NULL},                                 \
        {"FailedOperation.UnOpenError", OUTCOME_NOT_SENT, NULL},                                  \
        {"ResourcesSoldOut*", OUTCOME_NOT_SENT, NULL},                                            \
        {"ResourceUnavailable*", OUTCOME_NOT_SENT, NULL},                                         \
        {"InvalidAction", OUTCOME_REFUSED, NULL}, {"InvalidParameter*", OUTCOME_REFUSED, NULL},   \
        {"MissingParameter", OUTCOME_REFUSED, NULL}, {"UnknownParameter", OUTCOME_REFUSED, NULL}, \
        {"UnsupportedOperation*", OUTCOME_REFUSED, NULL},                                         \
    {                                                                                             \
        NULL, OUTCOME_UNKNOWN, NULL                                                               \
    }
static const struct verdict phone_verdicts[] = {COMMON};
/* What is wrong with a picture, in the words of provider.h. */
static const struct verdict card_verdicts[] = {
    {"FailedOperation.ImageNoIdCard", OUTCOME_REFUSED, "not_card"},
    {"FailedOperation.MultiCardError", OUTCOME_REFUSED, "not_card"},
    {"FailedOperation.IdCardInfoIllegal", OUTCOME_REFUSED, "not_card"},
    {"FailedOperation.CardSideError", OUTCOME_REFUSED, "wrong_side"},
    {"FailedOperation.IdCardTooSmall", OUTCOME_REFUSED, "incomplete"},
    {"FailedOperation.ImageBlur", OUTCOME_REFUSED, "blurred"},
    {"FailedOperation.ImageDecodeFailed", OUTCOME_REFUSED, "not_card"},
    {"FailedOperation.EmptyImageError", OUTCOME_REFUSED, "not_card"},
    {"FailedOperation.ImageSizeTooLarge", OUTCOME_REFUSED, "not_card"},
    {"LimitExceeded.TooLargeFileError", OUTCOME_REFUSED, "not_card"},
    COMMON,
};
/* A face that did not pass is an answer; DONE here means "not passed". */
static const struct verdict liveness_verdicts[] = {
    {"FailedOperation.DetectEngineSystemError", OUTCOME_UNKNOWN, NULL},
    {"FailedOperation.CompareSystemError", OUTCOME_UNKNOWN, NULL},
    {"FailedOperation.CompareLibServiceUnavailable", OUTCOME_UNKNOWN, NULL},
    {"FailedOperation.UnKnown", OUTCOME_UNKNOWN, NULL},
    {"FailedOperation.ArrearsError", OUTCOME_NOT_SENT, NULL},
    {"FailedOperation.UnOpenError", OUTCOME_NOT_SENT, NULL},
    {"FailedOperation.RequestLimitExceeded", OUTCOME_NOT_SENT, NULL},
    {"FailedOperation.*", OUTCOME_DONE, NULL},
    COMMON,
};

static enum outcome
call(struct op *op, const struct service *service, const char *action, const char *payload,
    int total_ms, const struct verdict *verdicts, const struct tree **out, struct reason *why)
{
    const char *base = service == &ocr ? my.ocr : my.faceid, *host = client_host(op, base);
    const char *path = arena_printf(op->arena, "%s/", strstr(base, host) + strlen(host));
    struct tc3 t = {my.secret_id, my.secret, service->name, host, path,
        "application/json; charset=utf-8", payload, op->now};
    struct client_header headers[] = {
        {"Host", host},
        {"Content-Type", t.content_type},
        {"Authorization", tc3_authorization(op, &t)},
        {"X-TC-Action", action},
        {"X-TC-Version", service->version},
        {"X-TC-Timestamp", arena_printf(op->arena, "%lld", (long long)op->now)},
        {"X-TC-Region", my.region},
        {NULL, NULL},
    };
    struct client_request r = {
        .method = "POST",
        .url = arena_printf(op->arena, "%s/", base),
        .headers = headers,
        .body = payload,
        .size = strlen(payload),
        .total_ms = total_ms,
        .most = 2 * ANSWER_MOST, /* holds the best frame of a video */
    };
    struct client_answer answer;
    const struct tree *all;
    const char *code;
    enum outcome o = provider_exchange(op, &r, &answer, why);

    if (o != OUTCOME_DONE)
        return o;
    if (answer.status != 200)
        return outcome_set(why, OUTCOME_UNKNOWN, "HTTP", "not the answer of the service");
    if (tree_read(op, answer.body, answer.size, &all) != OK)
        return outcome_unread(op, why, "UNREADABLE");
    *out = tree_get(all, "Response");
    if (tree_text(*out, "RequestId") == NULL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no RequestId");
    code = tree_text(*out, "Error.Code");
    if (tree_get(*out, "Error") == NULL)
        return outcome_set(why, OUTCOME_DONE, NULL, NULL);
    return outcome_by(op, why, verdicts, code, tree_text(*out, "Error.Message"));
}

/* Result of PhoneVerification; each API has numbers of its own. */
static enum outcome
phone_result(
    struct op *op, const char *result, const char *detail, enum match *out, struct reason *why)
{
    static const struct {
        const char *result;
        enum outcome outcome;
        enum match match;
        const char *code;
    } rows[] = {
        {"0", OUTCOME_DONE, MATCH_YES, ""},
        {"-4", OUTCOME_DONE, MATCH_NO, "MISMATCH"},
        {"-6", OUTCOME_DONE, MATCH_BAD_INPUT, "PHONE"},
        {"-7", OUTCOME_DONE, MATCH_BAD_INPUT, "ID_NUMBER"},
        {"-8", OUTCOME_DONE, MATCH_BAD_INPUT, "NAME"},
        {"-9", OUTCOME_DONE, MATCH_NO_RECORD, "NO_RECORD"},
        {"-13", OUTCOME_DONE, MATCH_NO_RECORD, "RANGE"},
        {"-11", OUTCOME_NOT_SENT, MATCH_NO, "BUSY"},
        {"-12", OUTCOME_REFUSED, MATCH_NO, "LIMIT"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (strcmp(rows[i].result, result) != 0)
            continue;
        if (rows[i].outcome == OUTCOME_DONE)
            *out = rows[i].match;
        return outcome_said(op, why, rows[i].outcome, rows[i].code, detail);
    }
    return outcome_said(op, why, OUTCOME_UNKNOWN, result, detail);
}

static enum outcome
phone_match(struct op *op, const char *name, const char *id_number, const char *mobile,
    enum match *out, struct reason *why)
{
    const char *payload =
        arena_printf(op->arena, "{\"IdCard\":%s,\"Name\":%s,\"Phone\":%s,\"VerifyMode\":\"1\"}",
            tree_quote(op, id_number), tree_quote(op, name), tree_quote(op, mobile));
    const struct tree *t;
    enum outcome o =
        call(op, &faceid, "PhoneVerification", payload, QUICK_MS, phone_verdicts, &t, why);

    if (o != OUTCOME_DONE)
        return o;
    if (tree_text(t, "Result") == NULL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no Result");
    return phone_result(op, tree_text(t, "Result"), tree_text(t, "ResultDetail"), out, why);
}

/* Warnings about a picture that we refuse; the others are for the reviewer.
 */
static const char *
warning_reason(int64_t code)
{
    switch (code) {
    case -9101:
    case -9105:
        return "incomplete";
    case -9102:
    case -9106:
    case -9108:
        return "copy";
    case -9103:
    case -9110:
        return "screen";
    case -9104:
        return "not_card";
    case -9107:
        return "blurred";
    default:
        return NULL;
    }
}

/* The worst thing that AdvancedInfo, JSON inside JSON, says; NULL when nothing. */
static const char *
card_fault(struct op *op, const struct tree *t)
{
    const char *text = tree_text(t, "AdvancedInfo");
    const struct tree *info, *warnings;

    if (text == NULL || *text == '\0')
        return NULL;
    if (tree_read(op, text, strlen(text), &info) != OK)
        return NULL;
    warnings = tree_get(info, "WarnInfos");
    for (const struct tree *w = warnings == NULL ? NULL : warnings->first; w != NULL; w = w->next) {
        if (w->kind == TREE_INT && warning_reason(w->integer) != NULL)
            return warning_reason(w->integer);
    }
    return NULL;
}

static bool
dotted_date(struct op *op, const char *s, size_t n, const char **out)
{
    char *date = arena_strndup(op->arena, s, n);
    int64_t days;

    for (char *p = date; (p = strchr(p, '.')) != NULL;)
        *p = '-';
    *out = date;
    return text_date(date, &days);
}

bool
identity_validity(
    struct op *op, const char *text, const char **valid_from, const char **valid_until)
{
    const char *dash = strchr(text, '-');

    if (dash == NULL || !dotted_date(op, text, (size_t)(dash - text), valid_from))
        return false;
    if (strcmp(dash + 1, "长期") == 0) {
        *valid_until = "long_term";
        return true;
    }
    return dotted_date(op, dash + 1, strlen(dash + 1), valid_until);
}

static enum outcome
id_card(struct op *op, bool front, const void *jpeg, size_t size, struct id_card *out,
    struct reason *why)
{
    static const char config[] =
        "{\"CopyWarn\":true,\"BorderCheckWarn\":true,\"ReshootWarn\":true,\"DetectPsWarn\":true,"
        "\"TempIdWarn\":true,\"InvalidDateWarn\":true,\"Quality\":true,\"MultiCardDetect\":true,"
        "\"ReflectWarn\":true}";
    const struct tree *t;
    struct id_card card = {0};
    const char *fault, *valid;
    enum outcome o;

    if (size == 0 || size > IMAGE_MOST / 4 * 3)
        return outcome_set(why, OUTCOME_REFUSED, "not_card", "size");
    o = call(op, &ocr, "IDCardOCR",
        arena_printf(op->arena,
            "{\"CardSide\":\"%s\",\"Config\":%s,\"EnableRecognitionRectify\":false,"
            "\"ImageBase64\":\"%s\"}",
            front ? "FRONT" : "BACK", tree_quote(op, config),
            encoding_base64(op->arena, jpeg, size)),
        PICTURE_MS, card_verdicts, &t, why);
    if (o != OUTCOME_DONE)
        return o;
    fault = card_fault(op, t);
    if (fault != NULL)
        return outcome_set(why, OUTCOME_REFUSED, fault, "AdvancedInfo");
    if (front) {
        card.name = tree_text(t, "Name");
        card.id_number = tree_text(t, "IdNum");
        if (card.name == NULL || card.id_number == NULL || *card.name == '\0' ||
            *card.id_number == '\0')
            return outcome_set(why, OUTCOME_REFUSED, "incomplete", "name or number");
    } else {
        card.authority = tree_text(t, "Authority");
        valid = tree_text(t, "ValidDate");
        if (card.authority == NULL || valid == NULL ||
            !identity_validity(op, valid, &card.valid_from, &card.valid_until))
            return outcome_set(why, OUTCOME_REFUSED, "incomplete", "authority or dates");
    }
    *out = card;
    return o;
}

/* "1,2": the provider knows opening the mouth (1) and blinking (2); NULL for anything else. */
static const char *
action_sequence(struct op *op, const char *const *actions)
{
    const char *text = "";

    for (; *actions != NULL; actions++) {
        int number = strcmp(*actions, "mouth") == 0 ? 1 : strcmp(*actions, "blink") == 0 ? 2 : 0;

        if (number == 0)
            return NULL;
        text = arena_printf(op->arena, "%s%s%d", text, *text == '\0' ? "" : ",", number);
    }
    return *text == '\0' ? NULL : text;
}

static int
score_of(const struct tree *t)
{
    const struct tree *sim = tree_get(t, "Sim");
    double v = sim == NULL              ? 0
               : sim->kind == TREE_REAL ? sim->real
               : sim->kind == TREE_INT  ? (double)sim->integer
                                        : 0;

    return v < 0 ? 0 : v > 100 ? 100 : (int)v;
}

static enum outcome
liveness(struct op *op, const struct liveness_request *r, struct liveness_status *out,
    struct reason *why)
{
    const char *sequence = action_sequence(op, r->actions), *result;
    const struct tree *t;
    enum outcome o;

    if (sequence == NULL)
        return outcome_set(why, OUTCOME_REFUSED, "ACTIONS", "only mouth and blink");
    if (r->face_size == 0 || r->face_size > FACE_MOST / 4 * 3 || r->video_size == 0 ||
        r->video_size > VIDEO_MOST / 4 * 3)
        return outcome_set(why, OUTCOME_REFUSED, "SIZE", "picture or video");
    o = call(op, &faceid, "LivenessCompare",
        arena_printf(op->arena,
            "{\"ImageBase64\":\"%s\",\"LivenessType\":\"ACTION\",\"ValidateData\":\"%s\","
            "\"VideoBase64\":\"%s\"}",
            encoding_base64(op->arena, r->face, r->face_size), sequence,
            encoding_base64(op->arena, r->video, r->video_size)),
        PICTURE_MS, liveness_verdicts, &t, why);
    if (o != OUTCOME_DONE)
        return o;
    result = tree_text(t, "Result");
    if (result == NULL && tree_get(t, "Error") == NULL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no Result");
    if (result != NULL && strcmp(result, "Success") != 0)
        o = outcome_by(op, why, liveness_verdicts, result, tree_text(t, "Description"));
    if (o == OUTCOME_DONE)
        *out = (struct liveness_status){
            .passed = result != NULL && strcmp(result, "Success") == 0,
            .score = score_of(t),
            .request_id = tree_text(t, "RequestId"),
        };
    return o;
}

static const struct identity_provider identity_tencent = {
    .name = "tencent",
    .phone_match = phone_match,
    .id_card = id_card,
    .liveness = liveness,
};

/* https://faceid.x -> https://ocr.x; one address for both where the host is named otherwise. */
static char *
ocr_base(const char *base)
{
    const char *host = strstr(base, "://faceid.");
    char *out;

    if (host == NULL)
        out = strdup(base);
    else if (asprintf(
                 &out, "%.*s://ocr.%s", (int)(host - base), base, host + strlen("://faceid.")) < 0)
        out = NULL;
    if (out == NULL)
        abort();
    return out;
}

enum err
identity_tencent_open(struct loading *l, const struct identity_provider **out)
{
    const struct conf *c = l->conf;

    TRY(load_base(l, "faceid_base_url", c->faceid_base_url));
    TRY(load_text(l, "faceid_secret_id", c->faceid_secret_id));
    TRY(load_secret(l, "faceid_secret_key_file", c->faceid_secret_key_file, 8, 128, &my.secret));
    my.faceid = c->faceid_base_url;
    my.ocr = ocr_base(my.faceid);
    my.region = c->faceid_region;
    my.secret_id = c->faceid_secret_id;
    *out = &identity_tencent;
    return OK;
}

void
identity_tencent_close(void)
{
    unload_secret(&my.secret);
    unload_secret(&my.ocr);
}
