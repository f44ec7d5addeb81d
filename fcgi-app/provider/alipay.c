#include "provider/alipay.h"

#include <stdlib.h>
#include <string.h>

#include "io/json_tree.h"
#include "provider/wire.h"

enum { SUBJECT_MOST = 256 };

/* Set once at start. */
static struct {
    const char *base, *app_id, *seller_id;
    char *notify_url;
    struct key *private, *public;
} my;

/*
 * sub_code of answers with code 40004, all of them signed. Where nothing was
 * done and time or staff will mend it: NOT_SENT. What stands in no table is UNKNOWN, and so are
 * ACQ.SYSTEM_ERROR and ACQ.CONTEXT_INCONSISTENT: ask before acting.
 */
static const struct verdict open_verdicts[] = {
    {"ACQ.TRADE_HAS_SUCCESS", OUTCOME_REFUSED, "PAID"},
    {"ACQ.TRADE_HAS_FINISHED", OUTCOME_REFUSED, "PAID"},
    {"ACQ.TRADE_HAS_CLOSE", OUTCOME_REFUSED, "CLOSED"},
    {"ACQ.INVALID_PARAMETER", OUTCOME_REFUSED, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};
/* A trade exists only once somebody has scanned: until then there is nothing to close, and the
 * code dies at its time_expire. */
static const struct verdict close_verdicts[] = {
    {"ACQ.TRADE_NOT_EXIST", OUTCOME_DONE, "NOT_FOUND"},
    {"ACQ.TRADE_HAS_CLOSE", OUTCOME_DONE, "CLOSED"},
    {"ACQ.TRADE_HAS_SUCCESS", OUTCOME_REFUSED, "PAID"},
    {"ACQ.TRADE_HAS_FINISHED", OUTCOME_REFUSED, "PAID"},
    {"ACQ.INVALID_PARAMETER", OUTCOME_REFUSED, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};
static const struct verdict query_verdicts[] = {
    {"ACQ.TRADE_NOT_EXIST", OUTCOME_REFUSED, "NOT_FOUND"},
    {"ACQ.INVALID_PARAMETER", OUTCOME_REFUSED, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};
static const struct verdict refund_verdicts[] = {
    {"ACQ.TRADE_NOT_EXIST", OUTCOME_REFUSED, NULL},
    {"ACQ.TRADE_HAS_FINISHED", OUTCOME_REFUSED, NULL},
    {"ACQ.TRADE_HAS_CLOSE", OUTCOME_REFUSED, NULL},
    {"ACQ.TRADE_STATUS_ERROR", OUTCOME_REFUSED, NULL},
    {"ACQ.REASON_TRADE_REFUND_FEE_ERR", OUTCOME_REFUSED, NULL},
    {"ACQ.INVALID_PARAMETER", OUTCOME_REFUSED, NULL},
    {"ACQ.REASON_TRADE_BEEN_FREEZEN", OUTCOME_NOT_SENT, NULL},
    {"ACQ.SELLER_BALANCE_NOT_ENOUGH", OUTCOME_NOT_SENT, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};
/* sub_code of 40001 to 40006 and 20001: the gateway stopped the call before any business. */
static const struct verdict gateway_verdicts[] = {
    {"isv.invalid-signature*", OUTCOME_NOT_SENT, NULL},
    {"isv.invalid-timestamp", OUTCOME_NOT_SENT, NULL},
    {"isv.invalid-app-id", OUTCOME_NOT_SENT, NULL},
    {"isv.insufficient-*", OUTCOME_NOT_SENT, NULL},
    {"isv.app-call-limited", OUTCOME_NOT_SENT, NULL},
    {"isp.call-limited", OUTCOME_NOT_SENT, NULL},
    {"isv.missing-*", OUTCOME_REFUSED, NULL},
    {"isv.invalid-*", OUTCOME_REFUSED, NULL},
    {"*", OUTCOME_NOT_SENT, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};

static enum outcome
judge(struct op *op, const struct tree *node, const struct verdict *verdicts, struct reason *why)
{
    const char *code = tree_text(node, "code"), *sub = tree_text(node, "sub_code");
    const char *text = tree_text(node, "sub_msg");

    if (code == NULL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no code");
    if (strcmp(code, "10000") == 0)
        return outcome_set(why, OUTCOME_DONE, NULL, NULL);
    if (sub == NULL)
        return outcome_said(op, why, OUTCOME_UNKNOWN, code, tree_text(node, "msg"));
    if (strcmp(code, "40004") == 0)
        return outcome_by(op, why, verdicts, sub, text);
    if (strncmp(code, "4000", 4) == 0 || strcmp(code, "20001") == 0)
        return outcome_by(op, why, gateway_verdicts, sub, text);
    return outcome_said(op, why, OUTCOME_UNKNOWN, sub, text);
}

static enum outcome
call(struct op *op, const char *method, const char *biz, const struct verdict *verdicts,
    const struct tree **node, struct reason *why)
{
    bool notified = strcmp(method, "alipay.trade.precreate") == 0;
    struct pair params[] = {
        {"app_id", my.app_id},
        {"biz_content", biz},
        {"charset", "utf-8"},
        {"format", "JSON"},
        {"method", method},
        {"notify_url", notified ? my.notify_url : ""},
        {"sign_type", "RSA2"},
        {"timestamp", wire_format_cn(op, op->now, "%Y-%m-%d %H:%M:%S")},
        {"version", "1.0"},
        {NULL, NULL},
    };
    struct pair content[] = {{"biz_content", biz}, {NULL, NULL}}, query[11];
    struct client_header headers[] = {
        {"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"},
        {NULL, NULL},
    };
    struct client_request r = {.method = "POST", .headers = headers, .total_ms = QUICK_MS};
    const char *sign, *body = wire_form(op, content);
    struct client_answer answer;
    enum outcome o;
    int n = 0;

    if (my.private == NULL)
        return outcome_no_key(why);
    if (sign_rsa(op, my.private, alipay_signed_text(op, params, false), &sign) != OK)
        return outcome_unsent(op, why);
    for (const struct pair *p = params; p->name != NULL; p++) {
        if (*p->value != '\0' && strcmp(p->name, "biz_content") != 0)
            query[n++] = *p;
    }
    query[n++] = (struct pair){"sign", sign};
    query[n] = (struct pair){NULL, NULL};
    r.url = arena_printf(op->arena, "%s/gateway.do?%s", my.base, wire_form(op, query));
    r.body = body;
    r.size = strlen(body);
    o = provider_exchange(op, &r, &answer, why);
    if (o != OUTCOME_DONE)
        return o;
    if (answer.status != 200)
        return outcome_set(why, OUTCOME_UNKNOWN, "HTTP", "not the answer of the gateway");
    if (alipay_open_answer(op, my.public, method, answer.body, answer.size, node) != OK)
        return outcome_unread(op, why, "SIGNATURE");
    return judge(op, *node, verdicts, why);
}

/* A number of ours: at most 64 of A-Z a-z 0-9 _ */
static bool
number_ok(const char *s)
{
    size_t n = strlen(s);

    return n > 0 && n <= 64 &&
           strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") == n;
}

static bool
same(const struct tree *t, const char *path, const char *wanted)
{
    const char *s = tree_text(t, path);

    return s != NULL && strcmp(s, wanted) == 0;
}

static enum outcome
alipay_pay(struct op *op, const struct pay_request *r, const char **code_url, struct reason *why)
{
    char *subject = arena_printf(op->arena, "%s", wire_cut(op, r->subject, SUBJECT_MOST));
    const struct tree *t;
    enum outcome o;

    if (!number_ok(r->out_trade_no) || r->amount_fen <= 0)
        return outcome_set(why, OUTCOME_REFUSED, "REQUEST", "number or amount");
    for (char *p = subject; (p = strpbrk(p, "/=&")) != NULL;)
        *p = ' '; /* the gateway does not take them */
    o = call(op, "alipay.trade.precreate",
        arena_printf(op->arena,
            "{\"out_trade_no\":%s,\"total_amount\":\"%s\",\"subject\":%s,"
            "\"product_code\":\"FACE_TO_FACE_PAYMENT\",\"time_expire\":\"%s\"}",
            tree_quote(op, r->out_trade_no), wire_yuan(op, r->amount_fen), tree_quote(op, subject),
            wire_format_cn(op, r->expires_at, "%Y-%m-%d %H:%M:%S")),
        open_verdicts, &t, why);
    if (o != OUTCOME_DONE)
        return o;
    if (!same(t, "out_trade_no", r->out_trade_no) || tree_text(t, "qr_code") == NULL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no qr_code of ours");
    *code_url = tree_text(t, "qr_code");
    return o;
}

static enum pay_state
pay_state(const char *s)
{
    if (strcmp(s, "TRADE_SUCCESS") == 0 || strcmp(s, "TRADE_FINISHED") == 0)
        return PAY_SUCCESS;
    if (strcmp(s, "WAIT_BUYER_PAY") == 0)
        return PAY_NOTPAY;
    return strcmp(s, "TRADE_CLOSED") == 0 ? PAY_CLOSED : PAY_IN_PROCESS;
}

/* Fills *out from the members that answers and notifies share; E_MALFORMED. */
static enum err
read_trade(struct op *op, const char *number, const char *trade_no, const char *state,
    const char *amount, const char *paid_at, struct pay_status *out)
{
    struct pay_status s = {.out_trade_no = number, .currency = "CNY"};

    if (number == NULL || state == NULL || amount == NULL || !wire_fen(amount, &s.amount_fen))
        return op_fail(op, E_MALFORMED, "a trade without number, state or amount");
    s.state = pay_state(state);
    if (s.state == PAY_SUCCESS) {
        s.transaction_id = trade_no;
        if (trade_no == NULL || paid_at == NULL || !wire_time_cn(paid_at, &s.paid_at))
            return op_fail(op, E_MALFORMED, "a paid trade without number or time");
    }
    *out = s;
    return OK;
}

static const char *
number_json(struct op *op, const char *out_trade_no)
{
    return arena_printf(op->arena, "{\"out_trade_no\":%s}", tree_quote(op, out_trade_no));
}

static enum outcome
alipay_query(struct op *op, const char *out_trade_no, struct pay_status *out, struct reason *why)
{
    const struct tree *t;
    enum outcome o =
        call(op, "alipay.trade.query", number_json(op, out_trade_no), query_verdicts, &t, why);

    if (o == OUTCOME_REFUSED && strcmp(why->code, "NOT_FOUND") == 0) {
        *out = (struct pay_status){
            .state = PAY_NOTPAY, .out_trade_no = out_trade_no, .currency = "CNY"};
        return OUTCOME_DONE;
    }
    if (o != OUTCOME_DONE)
        return o;
    if (!same(t, "out_trade_no", out_trade_no) ||
        read_trade(op, tree_text(t, "out_trade_no"), tree_text(t, "trade_no"),
            tree_text(t, "trade_status"), tree_text(t, "total_amount"),
            tree_text(t, "send_pay_date"), out) != OK)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "not the trade asked for");
    return o;
}

static enum outcome
alipay_close_trade(struct op *op, const char *out_trade_no, struct reason *why)
{
    struct pay_status status;
    const struct tree *t;
    enum outcome o =
        call(op, "alipay.trade.close", number_json(op, out_trade_no), close_verdicts, &t, why);

    /* "Not in a state for this" is said of paid and of closed trades alike. */
    if (o != OUTCOME_UNKNOWN || strcmp(why->code, "ACQ.TRADE_STATUS_ERROR") != 0)
        return o;
    if (alipay_query(op, out_trade_no, &status, why) != OUTCOME_DONE)
        return OUTCOME_UNKNOWN;
    if (status.state == PAY_SUCCESS)
        return outcome_set(why, OUTCOME_REFUSED, "PAID", NULL);
    if (status.state == PAY_CLOSED)
        return outcome_set(why, OUTCOME_DONE, "CLOSED", NULL);
    return outcome_set(why, OUTCOME_UNKNOWN, "ACQ.TRADE_STATUS_ERROR", NULL);
}

/* Alipay has no number of its own for a refund: the trade's stands for it. */
static enum outcome
alipay_refund_query(
    struct op *op, const struct refund_request *r, struct refund_status *out, struct reason *why)
{
    const struct tree *t;
    const char *amount;
    bool done;
    enum outcome o = call(op, "alipay.trade.fastpay.refund.query",
        arena_printf(op->arena, "{\"out_trade_no\":%s,\"out_request_no\":%s}",
            tree_quote(op, r->out_trade_no), tree_quote(op, r->out_refund_no)),
        query_verdicts, &t, why);

    if (o != OUTCOME_DONE)
        return o;
    done = same(t, "refund_status", "REFUND_SUCCESS");
    if (!done && !same(t, "out_request_no", r->out_refund_no))
        return outcome_set(why, OUTCOME_REFUSED, "NOT_FOUND", NULL);
    *out = (struct refund_status){done ? REFUND_SUCCESS : REFUND_PROCESSING, r->out_refund_no,
        tree_text(t, "trade_no"), r->refund_fen};
    amount = tree_text(t, "refund_amount");
    if (amount != NULL && !wire_fen(amount, &out->amount_fen))
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "refund_amount");
    return o;
}

static enum outcome
alipay_refund(
    struct op *op, const struct refund_request *r, struct refund_status *out, struct reason *why)
{
    const struct tree *t;
    enum outcome o;

    if (!number_ok(r->out_refund_no) || r->refund_fen <= 0 || r->refund_fen > r->total_fen)
        return outcome_set(why, OUTCOME_REFUSED, "REQUEST", "number or amount");
    o = call(op, "alipay.trade.refund",
        arena_printf(op->arena,
            "{\"out_trade_no\":%s,\"refund_amount\":\"%s\",\"out_request_no\":%s,"
            "\"refund_reason\":%s}",
            tree_quote(op, r->out_trade_no), wire_yuan(op, r->refund_fen),
            tree_quote(op, r->out_refund_no), tree_quote(op, wire_cut(op, r->reason, 80))),
        refund_verdicts, &t, why);
    if (o != OUTCOME_DONE)
        return o;
    if (!same(t, "out_trade_no", r->out_trade_no))
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "not the trade asked for");
    /* No movement of money is what a repeat says, too: the query knows. */
    if (!same(t, "fund_change", "Y")) {
        o = alipay_refund_query(op, r, out, why);
        return o == OUTCOME_REFUSED ? OUTCOME_UNKNOWN : o;
    }
    *out = (struct refund_status){
        REFUND_SUCCESS, r->out_refund_no, tree_text(t, "trade_no"), r->refund_fen};
    return o;
}

/* The SDKs accept a signature with and one without sign_type. */
static enum err
verify_form(struct op *op, const struct pair *sorted)
{
    const char *sign = wire_value(sorted, "sign"), *type = wire_value(sorted, "sign_type");
    const char *text = alipay_signed_text(op, sorted, true);

    if (sign == NULL || type == NULL || strcmp(type, "RSA2") != 0)
        return op_fail(op, E_FORBIDDEN, "the notify is not signed with RSA2");
    if (sign_rsa_verify(op, my.public, text, strlen(text), sign) == OK)
        return OK;
    text = alipay_signed_text(op, sorted, false);
    return sign_rsa_verify(op, my.public, text, strlen(text), sign) == OK ? OK : E_FORBIDDEN;
}

static enum err
alipay_verify(struct op *op, const struct callback *cb, struct pay_event *out)
{
    struct pair *form;
    const char *app_id, *seller_id, *refund_fee;
    struct pay_event e = {0};

    TRY(wire_form_read(op, cb->body, cb->size, &form));
    wire_sort(form);
    TRY(verify_form(op, form));
    app_id = wire_value(form, "app_id");
    seller_id = wire_value(form, "seller_id");
    if (app_id == NULL || strcmp(app_id, my.app_id) != 0 ||
        (*my.seller_id != '\0' && (seller_id == NULL || strcmp(seller_id, my.seller_id) != 0)))
        return op_fail(op, E_FORBIDDEN, "a notify for another seller");
    e.event_id = wire_value(form, "notify_id");
    if (e.event_id == NULL)
        return op_fail(op, E_MALFORMED, "a notify without id");
    refund_fee = wire_value(form, "refund_fee");
    if (refund_fee != NULL && wire_value(form, "gmt_refund") != NULL) {
        e.is_refund = true;
        e.refund = (struct refund_status){
            REFUND_SUCCESS, wire_value(form, "out_biz_no"), wire_value(form, "trade_no"), 0};
        if (e.refund.out_refund_no == NULL || !wire_fen(refund_fee, &e.refund.amount_fen))
            return op_fail(op, E_MALFORMED, "a refund without number or amount");
    } else {
        TRY(read_trade(op, wire_value(form, "out_trade_no"), wire_value(form, "trade_no"),
            wire_value(form, "trade_status"), wire_value(form, "total_amount"),
            wire_value(form, "gmt_payment"), &e.pay));
    }
    *out = e;
    return OK;
}

/* Nothing but these seven bytes is taken for an answer. */
static void
alipay_answer(bool accepted, int *status, const char **content_type, const char **body)
{
    *status = accepted ? 200 : 400;
    *content_type = "text/plain";
    *body = accepted ? "success" : "failure";
}

static const struct pay_provider alipay = {
    .name = "alipay",
    .open = alipay_pay,
    .query = alipay_query,
    .close = alipay_close_trade,
    .refund = alipay_refund,
    .refund_query = alipay_refund_query,
    .verify = alipay_verify,
    .answer = alipay_answer,
};

enum err
alipay_open(struct loading *l, const struct pay_provider **out)
{
    const struct conf *c = l->conf;

    TRY(load_text(l, "alipay_app_id", c->alipay_app_id));
    TRY(load_public(l, "alipay_public_key_file", c->alipay_public_key_file, &my.public));
    if (!l->callbacks_only) {
        TRY(load_base(l, "alipay_base_url", c->alipay_base_url));
        TRY(load_private(l, "alipay_key_file", c->alipay_key_file, &my.private));
        TRY(load_notify(l, "/alipay", &my.notify_url));
    }
    my.base = c->alipay_base_url;
    my.app_id = c->alipay_app_id;
    my.seller_id = c->alipay_seller_id;
    *out = &alipay;
    return OK;
}

void
alipay_close(void)
{
    unload_key(&my.private);
    unload_key(&my.public);
    unload_secret(&my.notify_url);
}
