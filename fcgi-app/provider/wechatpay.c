#include "provider/wechatpay.h"

#include <string.h>

#include "io/json_tree.h"
#include "provider/wire.h"

enum { NUMBER_LEAST = 6, NUMBER_MOST = 32, REFUND_NUMBER_MOST = 64, DESCRIPTION_MOST = 127 };

/* Set once at start. */
static struct {
    const char *base, *appid;
    char *notify_url;
    struct wechatpay_keys keys;
} my;

/*
 * Codes of answers other than 2xx. Nothing was done in any of these; those
 * that time or staff will mend are NOT_SENT. What stands in no table is UNKNOWN.
 */
#define COMMON                                                                                \
    {"PARAM_ERROR", OUTCOME_REFUSED, NULL}, {"INVALID_REQUEST", OUTCOME_REFUSED, NULL},       \
        {"APPID_MCHID_NOT_MATCH", OUTCOME_REFUSED, NULL},                                     \
        {"MCH_NOT_EXISTS", OUTCOME_REFUSED, NULL}, {"NO_AUTH", OUTCOME_REFUSED, NULL},        \
        {"NOAUTH", OUTCOME_REFUSED, NULL}, {"RULE_LIMIT", OUTCOME_REFUSED, NULL},             \
        {"RULELIMIT", OUTCOME_REFUSED, NULL}, {"TRADE_ERROR", OUTCOME_REFUSED, NULL},         \
        {"SIGN_ERROR", OUTCOME_NOT_SENT, NULL}, {"FREQUENCY_LIMIT*", OUTCOME_NOT_SENT, NULL}, \
        {"RATELIMIT_EXCEEDED", OUTCOME_NOT_SENT, NULL},                                       \
    {                                                                                         \
        NULL, OUTCOME_UNKNOWN, NULL                                                           \
    }
static const struct verdict open_verdicts[] = {
    {"ORDERPAID", OUTCOME_REFUSED, "PAID"},
    {"ORDER_PAID", OUTCOME_REFUSED, "PAID"},
    {"ORDER_CLOSED", OUTCOME_REFUSED, "CLOSED"},
    {"ORDERCLOSED", OUTCOME_REFUSED, "CLOSED"},
    COMMON,
};
static const struct verdict close_verdicts[] = {
    {"ORDERPAID", OUTCOME_REFUSED, "PAID"},
    {"ORDER_PAID", OUTCOME_REFUSED, "PAID"},
    {"ORDER_CLOSED", OUTCOME_DONE, "CLOSED"},
    {"ORDERCLOSED", OUTCOME_DONE, "CLOSED"},
    {"ORDER_NOT_EXIST", OUTCOME_DONE, "NOT_FOUND"},
    {"ORDERNOTEXIST", OUTCOME_DONE, "NOT_FOUND"},
    COMMON,
};
static const struct verdict query_verdicts[] = {
    {"ORDER_NOT_EXIST", OUTCOME_REFUSED, "NOT_FOUND"},
    {"ORDERNOTEXIST", OUTCOME_REFUSED, "NOT_FOUND"},
    {"RESOURCE_NOT_EXISTS", OUTCOME_REFUSED, "NOT_FOUND"},
    COMMON,
};
static const struct verdict refund_verdicts[] = {
    {"NOT_ENOUGH", OUTCOME_NOT_SENT, NULL},
    {"RESOURCE_NOT_EXISTS", OUTCOME_REFUSED, NULL},
    {"USER_ACCOUNT_ABNORMAL", OUTCOME_REFUSED, NULL},
    COMMON,
};

static const char *
answer_header(const void *from, const char *name)
{
    return client_answer_header(from, name);
}

/* A signature on a refusal must be right where there is one; without one TLS is the proof. */
static enum outcome
judge(struct op *op, const struct client_answer *a, const struct verdict *verdicts,
    struct reason *why)
{
    bool is_signed = client_answer_header(a, "wechatpay-signature") != NULL;
    const struct tree *t;

    if (is_signed || (a->status >= 200 && a->status < 300)) {
        if (wechatpay_verify(op, &my.keys, answer_header, a, a->body, a->size) != OK)
            return outcome_unread(op, why, "SIGNATURE");
    }
    if (a->status == 200 || a->status == 204)
        return outcome_set(why, OUTCOME_DONE, NULL, NULL);
    if (tree_read(op, a->body, a->size, &t) != OK)
        return outcome_unread(op, why, "UNREADABLE");
    if (a->status < 400 || a->status >= 500)
        return outcome_said(
            op, why, OUTCOME_UNKNOWN, tree_text(t, "code"), tree_text(t, "message"));
    return outcome_by(op, why, verdicts, tree_text(t, "code"), tree_text(t, "message"));
}

/* *out is the answer's tree, NULL when its body is empty. */
static enum outcome
call(struct op *op, const char *method, const char *uri, const char *body,
    const struct verdict *verdicts, const struct tree **out, struct reason *why)
{
    const char *path = strchr(my.base + strlen("https://"), '/');
    struct client_header headers[] = {
        {"Authorization", NULL},
        {"Accept", "application/json"},
        {"User-Agent", "hall/1"},
        {"Wechatpay-Serial", wechatpay_answer_serial(&my.keys)},
        {body == NULL ? NULL : "Content-Type", "application/json"},
        {NULL, NULL},
    };
    struct client_request r = {
        .method = method,
        .url = arena_printf(op->arena, "%s%s", my.base, uri),
        .headers = headers,
        .body = body,
        .size = body == NULL ? 0 : strlen(body),
        .total_ms = QUICK_MS,
    };
    const char *signed_uri = arena_printf(op->arena, "%s%s", path == NULL ? "" : path, uri);
    struct client_answer answer;
    enum outcome o;

    *out = NULL;
    if (wechatpay_authorization(
            op, &my.keys, method, signed_uri, body, wire_nonce(op, 32), &headers[0].value) != OK)
        return outcome_unsent(op, why);
    o = provider_exchange(op, &r, &answer, why);
    if (o != OUTCOME_DONE)
        return o;
    o = judge(op, &answer, verdicts, why);
    if (o == OUTCOME_DONE && answer.status == 200 &&
        tree_read(op, answer.body, answer.size, out) != OK)
        return outcome_unread(op, why, "UNREADABLE");
    return o;
}

/* Whether a number of ours is of the characters and length WeChat takes. */
static bool
number_ok(const char *s, size_t most)
{
    static const char letters[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-|*";
    size_t n = strlen(s);

    return n >= NUMBER_LEAST && n <= most && strspn(s, letters) == n;
}

static bool
same(const struct tree *t, const char *path, const char *wanted)
{
    const char *s = tree_text(t, path);

    return s != NULL && strcmp(s, wanted) == 0;
}

static enum outcome
wechatpay_pay(struct op *op, const struct pay_request *r, const char **code_url, struct reason *why)
{
    const struct tree *t;
    const char *body;
    enum outcome o;

    if (my.keys.private == NULL)
        return outcome_no_key(why);
    if (!number_ok(r->out_trade_no, NUMBER_MOST) || r->amount_fen <= 0)
        return outcome_set(why, OUTCOME_REFUSED, "REQUEST", "number or amount");
    body = arena_printf(op->arena,
        "{\"appid\":%s,\"mchid\":%s,\"description\":%s,\"out_trade_no\":%s,\"time_expire\":%s,"
        "\"notify_url\":%s,\"amount\":{\"total\":%lld,\"currency\":\"CNY\"}}",
        tree_quote(op, my.appid), tree_quote(op, my.keys.mchid),
        tree_quote(op, wire_cut(op, r->subject, DESCRIPTION_MOST)), tree_quote(op, r->out_trade_no),
        tree_quote(op, wire_format_cn(op, r->expires_at, "%Y-%m-%dT%H:%M:%S+08:00")),
        tree_quote(op, my.notify_url), (long long)r->amount_fen);
    o = call(op, "POST", "/v3/pay/transactions/native", body, open_verdicts, &t, why);
    if (o != OUTCOME_DONE)
        return o;
    if (tree_text(t, "code_url") == NULL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no code_url");
    *code_url = tree_text(t, "code_url");
    return o;
}

/* REFUND means that it was paid, and some or all of it given back later. */
static enum pay_state
pay_state(const char *s)
{
    if (s != NULL && (strcmp(s, "SUCCESS") == 0 || strcmp(s, "REFUND") == 0))
        return PAY_SUCCESS;
    if (s != NULL && (strcmp(s, "NOTPAY") == 0 || strcmp(s, "PAYERROR") == 0))
        return PAY_NOTPAY;
    if (s != NULL && (strcmp(s, "CLOSED") == 0 || strcmp(s, "REVOKED") == 0))
        return PAY_CLOSED;
    return PAY_IN_PROCESS;
}

/* A transaction, from a query or a callback; E_FORBIDDEN unless it is one of ours. */
static enum err
read_transaction(struct op *op, const struct tree *t, struct pay_status *out)
{
    struct pay_status s = {
        .state = pay_state(tree_text(t, "trade_state")),
        .out_trade_no = tree_text(t, "out_trade_no"),
        .currency = "CNY",
    };
    const char *paid_at = tree_text(t, "success_time");

    if (!same(t, "mchid", my.keys.mchid) || !same(t, "appid", my.appid))
        return op_fail(op, E_FORBIDDEN, "a payment of another merchant");
    if (s.out_trade_no == NULL || tree_text(t, "trade_state") == NULL)
        return op_fail(op, E_MALFORMED, "a payment without number or state");
    if (tree_get(t, "amount") != NULL) {
        s.currency = tree_text(t, "amount.currency");
        if (!tree_int(t, "amount.total", &s.amount_fen) || s.currency == NULL)
            return op_fail(op, E_MALFORMED, "a payment without a clear amount");
    }
    if (s.state == PAY_SUCCESS) {
        s.transaction_id = tree_text(t, "transaction_id");
        if (s.transaction_id == NULL || paid_at == NULL || !wire_rfc3339(paid_at, &s.paid_at) ||
            s.amount_fen <= 0)
            return op_fail(op, E_MALFORMED, "a payment without number, time or amount");
    }
    *out = s;
    return OK;
}

static enum outcome
wechatpay_query(struct op *op, const char *out_trade_no, struct pay_status *out, struct reason *why)
{
    const char *uri = arena_printf(op->arena, "/v3/pay/transactions/out-trade-no/%s?mchid=%s",
        wire_escape(op, out_trade_no), wire_escape(op, my.keys.mchid));
    const struct tree *t;
    enum outcome o = call(op, "GET", uri, NULL, query_verdicts, &t, why);

    if (o == OUTCOME_REFUSED && strcmp(why->code, "NOT_FOUND") == 0) {
        *out = (struct pay_status){
            .state = PAY_NOTPAY, .out_trade_no = out_trade_no, .currency = "CNY"};
        return OUTCOME_DONE;
    }
    if (o != OUTCOME_DONE)
        return o;
    if (!same(t, "out_trade_no", out_trade_no) || read_transaction(op, t, out) != OK)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "not the payment asked for");
    return o;
}

static enum outcome
wechatpay_close_order(struct op *op, const char *out_trade_no, struct reason *why)
{
    const struct tree *t;

    return call(op, "POST",
        arena_printf(
            op->arena, "/v3/pay/transactions/out-trade-no/%s/close", wire_escape(op, out_trade_no)),
        arena_printf(op->arena, "{\"mchid\":%s}", tree_quote(op, my.keys.mchid)), close_verdicts,
        &t, why);
}

/* In answers the state is called status, in callbacks refund_status. */
static enum err
read_refund(struct op *op, const struct tree *t, const char *state, struct refund_status *out)
{
    struct refund_status s = {
        .state = REFUND_PROCESSING,
        .out_refund_no = tree_text(t, "out_refund_no"),
        .refund_id = tree_text(t, "refund_id"),
    };
    const char *said = tree_text(t, state);

    if (s.out_refund_no == NULL || said == NULL || !tree_int(t, "amount.refund", &s.amount_fen))
        return op_fail(op, E_MALFORMED, "a refund without number, state or amount");
    if (strcmp(said, "SUCCESS") == 0)
        s.state = REFUND_SUCCESS;
    else if (strcmp(said, "CLOSED") == 0 || strcmp(said, "ABNORMAL") == 0)
        s.state = REFUND_FAILED;
    *out = s;
    return OK;
}

static enum outcome
refund_reply(struct op *op, enum outcome o, const struct tree *t, const char *out_refund_no,
    struct refund_status *out, struct reason *why)
{
    if (o != OUTCOME_DONE)
        return o;
    if (!same(t, "out_refund_no", out_refund_no) || read_refund(op, t, "status", out) != OK)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "not the refund asked for");
    return o;
}

static enum outcome
wechatpay_refund(
    struct op *op, const struct refund_request *r, struct refund_status *out, struct reason *why)
{
    const struct tree *t;
    const char *body;
    enum outcome o;

    if (my.keys.private == NULL)
        return outcome_no_key(why);
    if (!number_ok(r->out_refund_no, REFUND_NUMBER_MOST) || r->refund_fen <= 0 ||
        r->refund_fen > r->total_fen)
        return outcome_set(why, OUTCOME_REFUSED, "REQUEST", "number or amount");
    body = arena_printf(op->arena,
        "{\"out_trade_no\":%s,\"out_refund_no\":%s,\"reason\":%s,\"notify_url\":%s,"
        "\"amount\":{\"refund\":%lld,\"total\":%lld,\"currency\":\"CNY\"}}",
        tree_quote(op, r->out_trade_no), tree_quote(op, r->out_refund_no),
        tree_quote(op, wire_cut(op, r->reason, 80)), tree_quote(op, my.notify_url),
        (long long)r->refund_fen, (long long)r->total_fen);
    o = call(op, "POST", "/v3/refund/domestic/refunds", body, refund_verdicts, &t, why);
    return refund_reply(op, o, t, r->out_refund_no, out, why);
}

static enum outcome
wechatpay_refund_query(
    struct op *op, const struct refund_request *r, struct refund_status *out, struct reason *why)
{
    const char *uri = arena_printf(
        op->arena, "/v3/refund/domestic/refunds/%s", wire_escape(op, r->out_refund_no));
    const struct tree *t;
    enum outcome o = call(op, "GET", uri, NULL, query_verdicts, &t, why);

    return refund_reply(op, o, t, r->out_refund_no, out, why);
}

static const char *
callback_header(const void *from, const char *name)
{
    const char *found = NULL;

    for (const struct pair *h = ((const struct callback *)from)->headers; h->name != NULL; h++) {
        if (strcmp(h->name, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = h->value;
    }
    return found;
}

static enum err
wechatpay_verify_callback(struct op *op, const struct callback *cb, struct pay_event *out)
{
    const struct tree *t, *resource;
    struct pay_event e = {0};
    const char *type;

    TRY(wechatpay_verify(op, &my.keys, callback_header, cb, cb->body, cb->size));
    TRY(tree_read(op, cb->body, cb->size, &t));
    e.event_id = tree_text(t, "id");
    type = tree_text(t, "event_type");
    if (e.event_id == NULL || type == NULL)
        return op_fail(op, E_MALFORMED, "a callback without id or type");
    TRY(wechatpay_open_resource(op, &my.keys, t, &resource));
    if (strcmp(type, "TRANSACTION.SUCCESS") == 0) {
        TRY(read_transaction(op, resource, &e.pay));
    } else if (strncmp(type, "REFUND.", 7) == 0) {
        e.is_refund = true;
        if (!same(resource, "mchid", my.keys.mchid))
            return op_fail(op, E_FORBIDDEN, "a refund of another merchant");
        TRY(read_refund(op, resource, "refund_status", &e.refund));
    } else {
        return op_fail(op, E_MALFORMED, "a callback of an unknown type");
    }
    *out = e;
    return OK;
}

static void
wechatpay_answer(bool accepted, int *status, const char **content_type, const char **body)
{
    *status = accepted ? 200 : 400;
    *content_type = "application/json";
    *body = accepted ? "{\"code\":\"SUCCESS\"}" : "{\"code\":\"FAIL\",\"message\":\"refused\"}";
}

static const struct pay_provider wechatpay = {
    .name = "wechat_pay",
    .open = wechatpay_pay,
    .query = wechatpay_query,
    .close = wechatpay_close_order,
    .refund = wechatpay_refund,
    .refund_query = wechatpay_refund_query,
    .verify = wechatpay_verify_callback,
    .answer = wechatpay_answer,
};

static enum err
load_verifying(struct loading *l)
{
    const struct conf *c = l->conf;
    struct wechatpay_keys *k = &my.keys;

    TRY(load_text(l, "wechatpay_mchid", c->wechatpay_mchid));
    TRY(load_text(l, "wechatpay_appid", c->wechatpay_appid));
    TRY(load_secret(
        l, "wechatpay_apiv3_key_file", c->wechatpay_apiv3_key_file, 32, 32, &k->apiv3_key));
    if (*c->wechatpay_certificates_file != '\0' &&
        key_read_certificates(c->wechatpay_certificates_file, k->certificates, WECHATPAY_KEYS_MOST,
            &k->n_certificates) != OK)
        return load_failed(l, "wechatpay_certificates_file", "holds no certificate in PEM");
    if (k->n_certificates == 0 || *c->wechatpay_public_key_file != '\0') {
        TRY(load_text(l, "wechatpay_public_key_id", c->wechatpay_public_key_id));
        TRY(load_public(
            l, "wechatpay_public_key_file", c->wechatpay_public_key_file, &k->public_key));
    }
    return OK;
}

enum err
wechatpay_open(struct loading *l, const struct pay_provider **out)
{
    const struct conf *c = l->conf;

    TRY(load_verifying(l));
    if (!l->callbacks_only) {
        TRY(load_base(l, "wechatpay_base_url", c->wechatpay_base_url));
        TRY(load_text(l, "wechatpay_serial", c->wechatpay_serial));
        TRY(load_private(l, "wechatpay_key_file", c->wechatpay_key_file, &my.keys.private));
        TRY(load_notify(l, "/wechat-pay", &my.notify_url));
    }
    my.base = c->wechatpay_base_url;
    my.appid = c->wechatpay_appid;
    my.keys.mchid = c->wechatpay_mchid;
    my.keys.serial = c->wechatpay_serial;
    my.keys.public_key_id = c->wechatpay_public_key_id;
    *out = &wechatpay;
    return OK;
}

void
wechatpay_close(void)
{
    unload_secret(&my.keys.apiv3_key);
    unload_key(&my.keys.private);
    unload_key(&my.keys.public_key);
    while (my.keys.n_certificates > 0)
        unload_key(&my.keys.certificates[--my.keys.n_certificates]);
    unload_secret(&my.notify_url);
}
