/* Callbacks as a process sees them that holds nothing but what verifies: the vectors, forgeries
 * of every kind, and pushes that are hints only. */
#include "provider/wechatpay.h"
#include "provider/wire.h"
#include "provider_help.h"
#include "tap.h"

static char dir[] = "/tmp/hall-callback-XXXXXX";
static struct providers p;

static bool
reopen(struct op *op, const char *line)
{
    const struct conf *c = conf_vectors(op, dir, "http://127.0.0.1:1", line == NULL ? "" : line);
    char why[256] = "";

    providers_close();
    if (providers_open(c, true, &p, why, sizeof(why)) == OK)
        return true;
    printf("# %s\n", why);
    return false;
}

/* Header pairs of a vector, lower-cased; `name` gets another value, or none when NULL. */
static const struct pair *
headers_of(struct op *op, const struct tree *t, const char *name, const char *value)
{
    struct pair *h = NEW_N(op->arena, 16, struct pair);
    size_t n = 0;

    for (const struct tree *c = t->first; c != NULL; c = c->next) {
        char *lower = arena_printf(op->arena, "%s", c->name);

        for (char *q = lower; *q != '\0'; q++)
            *q |= *q >= 'A' && *q <= 'Z' ? 0x20 : 0;
        if (name != NULL && strcmp(name, lower) == 0) {
            if (value != NULL)
                h[n++] = (struct pair){lower, value};
        } else {
            h[n++] = (struct pair){lower, c->text};
        }
    }
    return h;
}

static enum err
wechat(struct op *op, const struct pair *headers, const char *body, struct pay_event *e)
{
    struct callback cb = {headers, body, strlen(body)};

    return p.wechat_pay->verify(op, &cb, e);
}

static void
test_wechatpay(struct op *op, const struct tree *v)
{
    const struct tree *h = tree_get(v, "wx_callback.headers");
    const char *body = tree_text(v, "wx_callback.body");
    const struct pair *good = headers_of(op, h, NULL, NULL), *twice;
    struct pay_event e = {0};
    static const struct {
        const char *what, *header, *value;
    } forged[] = {
        {"without a signature", "wechatpay-signature", NULL},
        {"without a timestamp", "wechatpay-timestamp", NULL},
        {"without a nonce", "wechatpay-nonce", NULL},
        {"without a serial", "wechatpay-serial", NULL},
        {"with an empty signature", "wechatpay-signature", ""},
        {"of another nonce", "wechatpay-nonce", "K8264ILTKCH16CQ2502SI8ZNMTM67VS2"},
        {"of another second", "wechatpay-timestamp", "1705286401"},
        {"of no time", "wechatpay-timestamp", "now"},
        {"of an unknown serial", "wechatpay-serial", "PUB_KEY_ID_0000000000000000"},
        {"of another type", "wechatpay-signature-type", "WECHATPAY2-SM2-WITH-SM3"},
    };

    ok(wechat(op, good, body, &e) == OK, "WeChat Pay: a callback verifies and opens");
    is(e.event_id, "EV-2024011510410200000000000001", "its id");
    ok(!e.is_refund && e.pay.state == PAY_SUCCESS && e.pay.amount_fen == 24300, "243.00 are paid");
    is(e.pay.out_trade_no, "SZ20240115000001", "our number");
    is(e.pay.transaction_id, "4200000001202401150000000001", "their number");
    is(e.pay.currency, "CNY", "in yuan");
    ok(e.pay.paid_at == VECTOR_NOW + 62, "at 10:41:02");
    for (size_t i = 0; i < sizeof(forged) / sizeof(*forged); i++) {
        memset(&e, 0, sizeof(e));
        ok(wechat(op, headers_of(op, h, forged[i].header, forged[i].value), body, &e) ==
                    E_FORBIDDEN &&
                e.event_id == NULL,
            "a callback %s is forged", forged[i].what);
    }
    ok(wechat(op, good, arena_printf(op->arena, "%s ", body), &e) == E_FORBIDDEN,
        "so is one with a blank more");
    op->now += 300;
    ok(wechat(op, good, body, &e) == E_FORBIDDEN, "and one of five minutes ago");
    op->now -= 600;
    ok(wechat(op, good, body, &e) == E_FORBIDDEN, "or from the future");
    op->now += 300;
    twice = headers_of(op, h, NULL, NULL);
    ((struct pair *)(uintptr_t)twice)[5] = (struct pair){"wechatpay-nonce", "x"};
    ok(wechat(op, twice, body, &e) == E_FORBIDDEN, "a header that comes twice is no header");
    op->note = NULL;
    ok(wechat(op, headers_of(op, tree_get(v, "wx_callback_probe_must_fail.headers"), NULL, NULL),
           body, &e) == E_FORBIDDEN,
        "a probe fails");
    ok(op->note != NULL && strstr(op->note, "probe") != NULL, "and the log may say that it is one");
}

static void
test_wechatpay_keys(struct op *op, const struct tree *v)
{
    const struct tree *h = tree_get(v, "wx_callback.headers");
    const char *body = tree_text(v, "wx_callback.body"), *serial;
    struct key *certificate = NULL;
    struct pay_event e;
    static const struct {
        const char *line, *what;
        enum err wanted;
    } others[] = {
        {"wechatpay_mchid = 1900000002", "another merchant", E_FORBIDDEN},
        {"wechatpay_appid = wx0000000000000002", "another appid", E_FORBIDDEN},
        {"wechatpay_public_key_file = " KEYS "ali_platform.pub.pem", "another key", E_FORBIDDEN},
    };

    ok(key_read_public(KEYS "wx_platform.crt.pem", &certificate) == OK, "the certificate");
    serial = arena_printf(op->arena, "%s", key_serial(certificate));
    sign_key_free(certificate);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        ok(reopen(op, others[i].line), "as %s", others[i].what);
        ok(wechat(op, headers_of(op, h, NULL, NULL), body, &e) == others[i].wanted,
            "the callback is not for us");
    }
    ok(reopen(op, "wechatpay_certificates_file = " KEYS "wx_platform.crt.pem"),
        "with key and certificate at once");
    ok(wechat(op, headers_of(op, h, NULL, NULL), body, &e) == OK, "the key verifies");
    ok(wechat(op, headers_of(op, h, "wechatpay-serial", serial), body, &e) == OK,
        "and so does the certificate");
    ok(reopen(op, "wechatpay_certificates_file = " KEYS "wx_platform.crt.pem\n"
                  "wechatpay_public_key_file =\nwechatpay_public_key_id ="),
        "with the certificate alone");
    ok(wechat(op, headers_of(op, h, NULL, NULL), body, &e) == E_FORBIDDEN,
        "the key is unknown then");
    ok(wechat(op, headers_of(op, h, "wechatpay-serial", serial), body, &e) == OK,
        "the certificate verifies");
    ok(reopen(op, NULL), "as before");
}

static enum err
alipay(struct op *op, const char *body, struct pay_event *e)
{
    static const struct pair none[] = {{NULL, NULL}};
    struct callback cb = {none, body, strlen(body)};

    return p.alipay->verify(op, &cb, e);
}

/* A notify of our own making, signed as Alipay signs. */
static const char *
notify(struct op *op, const char *form)
{
    struct pair *pairs = NULL;
    const char *text = "", *sign = NULL;
    struct key *k = NULL;

    if (wire_form_read(op, form, strlen(form), &pairs) != OK ||
        key_read_private(KEYS "ali_platform.key.pem", &k) != OK)
        exit(1);
    wire_sort(pairs);
    for (const struct pair *q = pairs; q->name != NULL; q++)
        text =
            arena_printf(op->arena, "%s%s%s=%s", text, *text == '\0' ? "" : "&", q->name, q->value);
    if (sign_rsa(op, k, text, &sign) != OK)
        exit(1);
    sign_key_free(k);
    return arena_printf(op->arena, "%s&sign_type=RSA2&sign=%s", form, wire_escape(op, sign));
}

static const char *
spoil(struct op *op, const char *text, const char *what, const char *with)
{
    const char *at = strstr(text, what);

    return arena_printf(op->arena, "%.*s%s%s", (int)(at - text), text, with, at + strlen(what));
}

#define NOTIFY                                                                     \
    "app_id=2021000000000001&seller_id=2088000000000099&notify_id=N1&trade_no=T1&" \
    "out_trade_no=SZ1&total_amount=243.00&trade_status="

static void
test_alipay(struct op *op, const struct tree *v)
{
    const char *body = tree_text(v, "ali_notify.body");
    struct pay_event e = {0};

    ok(alipay(op, body, &e) == OK, "Alipay: a notify verifies");
    is(e.event_id, "2024011500222104200000000000000001", "its id");
    ok(!e.is_refund && e.pay.state == PAY_SUCCESS && e.pay.amount_fen == 24300, "243.00 are paid");
    is(e.pay.transaction_id, "2024011522001400000000000001", "their number");
    ok(e.pay.paid_at == VECTOR_NOW + 118, "at 10:41:58");
    ok(alipay(op, spoil(op, body, "total_amount=243.00", "total_amount=0.01"), &e) == E_FORBIDDEN,
        "another amount is forged");
    ok(alipay(op, spoil(op, body, "000002&buyer_id", "000003&buyer_id"), &e) == E_FORBIDDEN,
        "another order");
    ok(alipay(op, arena_printf(op->arena, "%s&new=1", body), &e) == E_FORBIDDEN,
        "a parameter more");
    ok(alipay(op, arena_printf(op->arena, "%s&app_id=1", body), &e) == E_MALFORMED,
        "a parameter twice");
    ok(alipay(op, arena_strndup(op->arena, body, (size_t)(strstr(body, "&sign=") - body)), &e) ==
            E_FORBIDDEN,
        "no signature");
    ok(alipay(op, spoil(op, body, "sign_type=RSA2", "sign_type=RSA"), &e) == E_FORBIDDEN,
        "another kind of signature");
    ok(alipay(op, "", &e) == E_FORBIDDEN && alipay(op, "{}", &e) == E_MALFORMED, "nothing at all");

    ok(alipay(op, notify(op, NOTIFY "WAIT_BUYER_PAY&brand_new=1"), &e) == OK &&
            e.pay.state == PAY_NOTPAY,
        "a trade that was scanned, with a parameter nobody knows");
    ok(alipay(op, notify(op, NOTIFY "TRADE_FINISHED&gmt_payment=2024-01-15+10%3A41%3A58"), &e) ==
                OK &&
            e.pay.state == PAY_SUCCESS,
        "a finished trade is paid");
    ok(alipay(op, notify(op, NOTIFY "TRADE_CLOSED"), &e) == OK && e.pay.state == PAY_CLOSED,
        "a closed one");
    ok(alipay(op, notify(op, NOTIFY "TRADE_DREAMT"), &e) == OK && e.pay.state == PAY_IN_PROCESS,
        "a state nobody knows is in process");
    ok(alipay(op, notify(op, NOTIFY "TRADE_SUCCESS"), &e) == E_MALFORMED,
        "paid without a time is malformed");
    ok(alipay(op,
           notify(op, spoil(op, NOTIFY "TRADE_CLOSED", "total_amount=243.00", "total_amount=1e9")),
           &e) == E_MALFORMED,
        "so is an odd amount");
    ok(alipay(op,
           notify(op, NOTIFY "TRADE_SUCCESS&gmt_payment=2024-01-15+10%3A41%3A58&refund_fee=43.00&"
                             "gmt_refund=2024-01-16+10%3A00%3A00.001&out_biz_no=R1"),
           &e) == OK &&
            e.is_refund && e.refund.state == REFUND_SUCCESS && e.refund.amount_fen == 4300,
        "a refund is no second payment");
    is(e.refund.out_refund_no, "R1", "with its number");
    ok(alipay(op,
           notify(op, spoil(op, NOTIFY "TRADE_CLOSED", "2088000000000099", "2088000000000098")),
           &e) == E_FORBIDDEN,
        "another seller's notify is not ours, signed or not");
    ok(alipay(op,
           notify(op, spoil(op, NOTIFY "TRADE_CLOSED", "2021000000000001", "2021000000000002")),
           &e) == E_FORBIDDEN,
        "nor is another application's");
}

static void
test_pushes(struct op *op)
{
    static const struct pair none[] = {{NULL, NULL}};
    static const char route[] =
        "{\"Body\":{\"WaybillRoute\":[{\"mailno\":\"SF1\",\"opCode\":\"50\"},{\"mailno\":\"SF2\"},"
        "{\"mailno\":\"SF1\"},{\"opCode\":\"80\"},{\"mailno\":7}]}}";
    static const char state[] = "{\"requestId\":\"1\",\"orderState\":[{\"waybillNo\":\"SF3\"}]}";
    static const char receipts[] = "[{\"out_id\":\"7\",\"success\":true},{\"biz_id\":\"x\"}]";
    struct callback cb = {none, route, sizeof(route) - 1};
    const char **numbers = NULL;
    size_t n = 0;

    ok(p.courier->parse_push(op, &cb, &numbers, &n) == OK && n == 2, "two waybills are named");
    ok(strcmp(numbers[0], "SF1") == 0 && strcmp(numbers[1], "SF2") == 0, "each once");
    cb = (struct callback){none, state, sizeof(state) - 1};
    ok(p.courier->parse_push(op, &cb, &numbers, &n) == OK && n == 1, "the other kind of push");
    cb = (struct callback){none, "{}", 2};
    ok(p.courier->parse_push(op, &cb, &numbers, &n) == E_MALFORMED, "neither kind");
    cb = (struct callback){none, "{", 1};
    ok(p.courier->parse_push(op, &cb, &numbers, &n) == E_MALFORMED, "no JSON");
    cb = (struct callback){none, receipts, sizeof(receipts) - 1};
    ok(p.sms->parse_push(op, &cb, &numbers, &n) == OK && n == 1 && strcmp(numbers[0], "7") == 0,
        "receipts name messages");
    cb = (struct callback){none, "{}", 2};
    ok(p.sms->parse_push(op, &cb, &numbers, &n) == E_MALFORMED, "an object is no list");
}

static void
test_answers(void)
{
    const char *type = NULL, *body = NULL;
    int status = 0;

    p.alipay->answer(true, &status, &type, &body);
    ok(status == 200 && strcmp(body, "success") == 0, "Alipay: exactly seven bytes");
    p.alipay->answer(false, &status, &type, &body);
    ok(strcmp(body, "success") != 0, "and not when refused");
    p.wechat_pay->answer(true, &status, &type, &body);
    ok(status == 200, "WeChat Pay: the status decides");
    p.wechat_pay->answer(false, &status, &type, &body);
    ok(status >= 400, "and refuses");
    p.courier->answer(true, &status, &type, &body);
    ok(strstr(body, "\"return_code\":\"0000\"") != NULL, "SF: 0000");
    p.courier->answer(false, &status, &type, &body);
    ok(strstr(body, "\"return_code\":\"1000\"") != NULL, "or 1000, which is sent again");
    p.sms->answer(true, &status, &type, &body);
    ok(strstr(body, "\"code\":0") != NULL, "SMS: a numeric 0");
}

static void
test_nothing_sends(struct op *op)
{
    struct pay_request r = {"SZ20240115000001", "证书", 1, VECTOR_NOW + 600};
    struct sms_message m = {.key = "1", .phone = "13800000001", .template = "N01"};
    struct sms_receipt receipt;
    struct parcel_event *events;
    struct reason why;
    const char *url;
    size_t n;

    ok(p.wechat_pay->open(op, &r, &url, &why) == OUTCOME_NOT_SENT, "no payment is opened");
    ok(p.alipay->open(op, &r, &url, &why) == OUTCOME_NOT_SENT, "nor there");
    ok(p.sms->send(op, &m, &receipt, &why) == OUTCOME_NOT_SENT, "no message is sent");
    ok(p.courier->track(op, "SF1", "0001", &events, &n, &why) == OUTCOME_NOT_SENT, "none tracked");
    ok(p.bank == NULL && p.identity == NULL, "and there is no bank and no identity");
}

int
main(void)
{
    struct op op = op_new(VECTOR_NOW);
    const struct tree *v = vectors(&op);

    if (mkdtemp(dir) == NULL)
        return 1;
    ok(reopen(&op, NULL), "opened for callbacks only");
    test_wechatpay(&op, v);
    test_wechatpay_keys(&op, v);
    test_alipay(&op, v);
    test_pushes(&op);
    test_answers();
    test_nothing_sends(&op);
    providers_close();
    arena_free(op.arena);
    return done();
}
