#include "provider/sms_aliyun.h"

#include <string.h>

#include "base/text.h"
#include "io/json_tree.h"
#include "provider/cloud_sign.h"
#include "provider/wire.h"

enum { PAGE = 50, PAGES_MOST = 20, MIDNIGHT_SLACK = 600 };

/* Set once at start. */
static struct {
    const char *base, *key_id, *sign_name, *templates;
    char *secret;
} my;

/* What the gateway and the product answer. Nothing was sent in all of these; what
 * only staff can mend is NOT_SENT, so that the message goes out once it is mended. */
static const struct verdict verdicts[] = {
    {"isv.BUSINESS_LIMIT_CONTROL", OUTCOME_REFUSED, NULL},
    {"isv.MOBILE_NUMBER_ILLEGAL", OUTCOME_REFUSED, NULL},
    {"isv.TEMPLATE_MISSING_PARAMETERS", OUTCOME_REFUSED, NULL},
    {"isv.INVALID_PARAMETERS", OUTCOME_REFUSED, NULL},
    {"isv.INVALID_JSON_PARAM", OUTCOME_REFUSED, NULL},
    {"isv.PARAM_LENGTH_LIMIT", OUTCOME_REFUSED, NULL},
    {"isv.SMS_CONTENT_ILLEGAL", OUTCOME_REFUSED, NULL},
    {"isv.SMS_TEMPLATE_ILLEGAL", OUTCOME_REFUSED, NULL},
    {"isv.SMS_SIGN*", OUTCOME_REFUSED, NULL},
    {"isv.*", OUTCOME_NOT_SENT, NULL},
    {"isp.RAM_PERMISSION_DENY", OUTCOME_NOT_SENT, NULL},
    {"Throttling*", OUTCOME_NOT_SENT, NULL},
    {"SignatureDoesNotMatch", OUTCOME_NOT_SENT, NULL},
    {"IncompleteSignature", OUTCOME_NOT_SENT, NULL},
    {"InvalidTimeStamp*", OUTCOME_NOT_SENT, NULL},
    {"InvalidAccessKeyId*", OUTCOME_NOT_SENT, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};

static enum outcome
call(struct op *op, const char *action, struct pair *params, const struct tree **out,
    struct reason *why)
{
    static const char nothing[] = "e3b0c44298fc1c149afbf4c8996fb924"
                                  "27ae41e4649b934ca495991b7852b855"; /* SHA-256 of no body */
    const char *host = client_host(op, my.base), *path = strstr(my.base, host) + strlen(host);
    struct acs3 a = {
        my.key_id, my.secret, "POST", arena_printf(op->arena, "%s/", path), NULL, NULL, nothing};
    struct pair signed_headers[] = {
        {"host", host},
        {"x-acs-action", action},
        {"x-acs-content-sha256", nothing},
        {"x-acs-date", wire_format_utc(op, op->now, "%Y-%m-%dT%H:%M:%SZ")},
        {"x-acs-signature-nonce", wire_nonce(op, 32)},
        {"x-acs-version", "2017-05-25"},
        {NULL, NULL},
    };
    struct client_header headers[9] = {{NULL, NULL}};
    struct client_request r = {.method = "POST", .headers = headers, .total_ms = SMS_MS};
    struct client_answer answer;
    const char *code;
    enum outcome o;

    if (my.secret == NULL)
        return outcome_no_key(why);
    wire_sort(params);
    a.query = wire_form(op, params);
    a.headers = signed_headers;
    for (int i = 0; signed_headers[i].name != NULL; i++)
        headers[i] = (struct client_header){signed_headers[i].name, signed_headers[i].value};
    headers[6].name = "Accept";
    headers[6].value = "application/json";
    headers[7].name = "Authorization";
    headers[7].value = acs3_authorization(op, &a);
    r.url = arena_printf(op->arena, "%s/?%s", my.base, a.query);
    o = provider_exchange(op, &r, &answer, why);
    if (o != OUTCOME_DONE)
        return o;
    if (tree_read(op, answer.body, answer.size, out) != OK)
        return outcome_unread(op, why, "UNREADABLE");
    code = tree_text(*out, "Code");
    if (answer.status == 200 && code != NULL && strcmp(code, "OK") == 0)
        return outcome_set(why, OUTCOME_DONE, NULL, NULL);
    if (answer.status >= 500 || (answer.status >= 300 && answer.status < 400))
        return outcome_said(op, why, OUTCOME_UNKNOWN, code, tree_text(*out, "Message"));
    return outcome_by(op, why, verdicts, code, tree_text(*out, "Message"));
}

/* The template approved for a notice: "N03" -> "SMS_153055065"; NULL when there is none. A stem
 * alone stands for all of them. */
static const char *
template_code(struct op *op, const char *notice)
{
    size_t n = strlen(notice);

    if (strchr(my.templates, '=') == NULL)
        return arena_printf(op->arena, "%s%s", my.templates, notice);
    for (const char *p = my.templates; *p != '\0'; p += strcspn(p, " "), p += strspn(p, " ")) {
        if (strncmp(p, notice, n) == 0 && p[n] == '=')
            return arena_strndup(op->arena, p + n + 1, strcspn(p + n + 1, " "));
    }
    return NULL;
}

static const char *
template_params(struct op *op, const char *const *params)
{
    const char *json = "";

    for (; params != NULL && params[0] != NULL && params[1] != NULL; params += 2)
        json = arena_printf(op->arena, "%s%s%s:%s", json, *json == '\0' ? "" : ",",
            tree_quote(op, params[0]), tree_quote(op, params[1]));
    return arena_printf(op->arena, "{%s}", json);
}

static enum outcome
sms_send(struct op *op, const struct sms_message *m, struct sms_receipt *out, struct reason *why)
{
    const char *code = template_code(op, m->template), *id;
    struct pair params[] = {
        {"PhoneNumbers", m->phone},
        {"SignName", my.sign_name},
        {"TemplateCode", code},
        {"TemplateParam", template_params(op, m->params)},
        {"OutId", m->key},
        {NULL, NULL},
    };
    const struct tree *answer;
    enum outcome o;

    if (code == NULL)
        return outcome_said(op, why, OUTCOME_REFUSED, "NO_TEMPLATE", m->template);
    o = call(op, "SendSms", params, &answer, why);
    if (o != OUTCOME_DONE)
        return o;
    id = tree_text(answer, "BizId");
    if (id == NULL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no BizId");
    out->provider_id = id;
    return o;
}

/* Numbers come as such or as text; 0 where there is none. */
static int64_t
number(const struct tree *t, const char *path)
{
    const char *text = tree_text(t, path);
    int64_t n = 0;

    if (text != NULL)
        return text_int(text, &n) ? n : 0;
    return tree_int(t, path, &n) ? n : 0;
}

/* One day's messages to that phone, page after page, until ours is found. */
static enum outcome
find(struct op *op, const struct sms_message *m, const char *day, struct sms_receipt *out,
    struct reason *why)
{
    for (int page = 1; page <= PAGES_MOST; page++) {
        struct pair params[] = {
            {"PhoneNumber", m->phone},
            {"SendDate", day},
            {"PageSize", arena_printf(op->arena, "%d", PAGE)},
            {"CurrentPage", arena_printf(op->arena, "%d", page)},
            {NULL, NULL},
        };
        const struct tree *answer, *list;
        enum outcome o = call(op, "QuerySendDetails", params, &answer, why);

        if (o != OUTCOME_DONE)
            return o;
        list = tree_get(answer, "SmsSendDetailDTOs.SmsSendDetailDTO");
        for (const struct tree *d = list == NULL ? NULL : list->first; d != NULL; d = d->next) {
            const char *key = tree_text(d, "OutId");

            if (key == NULL || strcmp(key, m->key) != 0)
                continue;
            out->provider_id = tree_text(d, "BizId");
            switch (number(d, "SendStatus")) { /* 1 waiting, 2 failed, 3 delivered */
            case 3:
                return outcome_set(why, OUTCOME_DONE, NULL, NULL);
            case 2:
                return outcome_said(op, why, OUTCOME_REFUSED, tree_text(d, "ErrCode"), NULL);
            default:
                return outcome_set(why, OUTCOME_UNKNOWN, "WAITING", NULL);
            }
        }
        if (number(answer, "TotalCount") <= (int64_t)page * PAGE)
            break;
    }
    return outcome_set(why, OUTCOME_REFUSED, "NOT_FOUND", NULL);
}

static enum outcome
sms_query(struct op *op, const struct sms_message *m, int64_t sent_at, struct sms_receipt *out,
    struct reason *why)
{
    const char *day = wire_format_cn(op, sent_at, "%Y%m%d");
    const char *later = wire_format_cn(op, sent_at + MIDNIGHT_SLACK, "%Y%m%d");
    enum outcome o;

    out->provider_id = NULL;
    o = find(op, m, day, out, why);
    if (o == OUTCOME_REFUSED && strcmp(why->code, "NOT_FOUND") == 0 && strcmp(day, later) != 0)
        return find(op, m, later, out, why);
    return o;
}

static enum err
sms_parse_push(struct op *op, const struct callback *cb, const char ***keys, size_t *n)
{
    const struct tree *list;
    size_t found = 0;

    TRY(tree_read(op, cb->body, cb->size, &list));
    if (list->kind != TREE_ARRAY)
        return op_fail(op, E_MALFORMED, "not a list of receipts");
    for (const struct tree *t = list->first; t != NULL; t = t->next)
        found++;
    *keys = NEW_N(op->arena, found + 1, const char *);
    found = 0;
    for (const struct tree *t = list->first; t != NULL; t = t->next) {
        const char *key = tree_text(t, "out_id");

        if (key != NULL)
            (*keys)[found++] = key;
    }
    *n = found;
    return OK;
}

static void
sms_answer(bool accepted, int *status, const char **content_type, const char **body)
{
    *status = accepted ? 200 : 400;
    *content_type = "application/json";
    *body = accepted ? "{\"code\":0,\"msg\":\"ok\"}" : "{\"code\":1,\"msg\":\"refused\"}";
}

static const struct sms_provider sms_aliyun = {
    .name = "aliyun",
    .send = sms_send,
    .query = sms_query,
    .parse_push = sms_parse_push,
    .answer = sms_answer,
};

enum err
sms_aliyun_open(struct loading *l, const struct sms_provider **out)
{
    const struct conf *c = l->conf;

    if (!l->callbacks_only) {
        TRY(load_base(l, "sms_base_url", c->sms_base_url));
        TRY(load_text(l, "sms_access_key_id", c->sms_access_key_id));
        TRY(load_text(l, "sms_sign_name", c->sms_sign_name));
        TRY(load_text(l, "sms_templates", c->sms_templates));
        TRY(load_secret(
            l, "sms_access_key_secret_file", c->sms_access_key_secret_file, 8, 128, &my.secret));
    }
    my.base = c->sms_base_url;
    my.key_id = c->sms_access_key_id;
    my.sign_name = c->sms_sign_name;
    my.templates = c->sms_templates;
    *out = &sms_aliyun;
    return OK;
}

void
sms_aliyun_close(void)
{
    unload_secret(&my.secret);
}
