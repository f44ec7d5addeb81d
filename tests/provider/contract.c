/*
 * The contract of provider.h, on every implementation, against the sandbox: each call under each
 * fault gives the promised class of outcome, and the provider counts exactly one request.
 *
 *   contract SETTINGS SANDBOX_PORT        (tests/provider/run.mjs starts both)
 */
#include <time.h>

#include "control.h"
#include "tap.h"

static struct providers p;
static struct conf conf;
static int serial; /* makes every number and phone of this run unlike the others */

static struct op
new_op(int ms)
{
    struct op op = op_new(time(NULL));

    op.conf = &conf;
    op.deadline_ms = op_monotonic_ms() + ms;
    return op;
}

/* ---- The calls, each on a key of its own ---- */

static const char *
number(struct op *op, const char *stem)
{
    return arena_printf(op->arena, "%s%06d%04d", stem, (int)(getpid() % 1000000), ++serial);
}

static struct pay_request
order_of(struct op *op, const char *out_trade_no)
{
    return (struct pay_request){out_trade_no, "测试项目 证书新办", 24300, op->now + 3600};
}

static enum outcome
pay_open(struct op *op, const struct pay_provider *pay, const char *key, struct reason *why)
{
    struct pay_request r = order_of(op, key);
    const char *url;

    return pay->open(op, &r, &url, why);
}

static enum outcome
pay_refund(struct op *op, const struct pay_provider *pay, const char *key, struct reason *why)
{
    struct refund_request r = {key, arena_printf(op->arena, "%sR", key), "取消订单", 24300, 24300};
    struct refund_status s;

    return pay->refund(op, &r, &s, why);
}

static enum outcome
pay_refund_query(struct op *op, const struct pay_provider *pay, const char *key, struct reason *why)
{
    struct refund_request r = {key, arena_printf(op->arena, "%sR", key), "取消订单", 24300, 24300};
    struct refund_status s;

    return pay->refund_query(op, &r, &s, why);
}

static enum outcome
pay_query(struct op *op, const struct pay_provider *pay, const char *key, struct reason *why)
{
    struct pay_status s;

    return pay->query(op, key, &s, why);
}

#define PAY(provider, short)                                                                   \
    static enum outcome short##_open(struct op *op, const char *k, struct reason *why)         \
    {                                                                                          \
        return pay_open(op, p.provider, k, why);                                               \
    }                                                                                          \
    static enum outcome short##_query(struct op *op, const char *k, struct reason *why)        \
    {                                                                                          \
        return pay_query(op, p.provider, k, why);                                              \
    }                                                                                          \
    static enum outcome short##_close(struct op *op, const char *k, struct reason *why)        \
    {                                                                                          \
        return p.provider->close(op, k, why);                                                  \
    }                                                                                          \
    static enum outcome short##_refund(struct op *op, const char *k, struct reason *why)       \
    {                                                                                          \
        return pay_refund(op, p.provider, k, why);                                             \
    }                                                                                          \
    static enum outcome short##_refund_query(struct op *op, const char *k, struct reason *why) \
    {                                                                                          \
        return pay_refund_query(op, p.provider, k, why);                                       \
    }
PAY(wechat_pay, wechat)
PAY(alipay, ali)

static const char *const n02[] = {"no", "SZ20260101000001", NULL};

static enum outcome
sms_send(struct op *op, const char *key, struct reason *why)
{
    struct sms_message m = {key, "13800001111", "N02", "", n02};
    struct sms_receipt receipt;

    return p.sms->send(op, &m, &receipt, why);
}

static enum outcome
sms_query(struct op *op, const char *key, struct reason *why)
{
    struct sms_message m = {key, "13800001111", "N02", "", n02};
    struct sms_receipt receipt;

    return p.sms->query(op, &m, op->now, &receipt, why);
}

/* Noon, when no message is near the end of a day, which asks for two of them. */
static enum outcome
sms_query_noon(struct op *op, const char *key, struct reason *why)
{
    struct sms_message m = {key, "13800001111", "N02", "", n02};
    struct sms_receipt receipt;

    return p.sms->query(op, &m, op->now / 86400 * 86400 + 4 * 3600, &receipt, why);
}

static struct transfer_request
transfer_of(const char *reference, const char *account)
{
    return (struct transfer_request){
        reference, "测试公司甲", "102584000002", account, "PIN:0123456789", 1, false};
}

static enum outcome
bank_transfer(struct op *op, const char *key, struct reason *why)
{
    struct transfer_request r = transfer_of(key, "6222000000005555");
    struct transfer_status s;

    return p.bank->transfer(op, &r, &s, why);
}

static enum outcome
bank_query(struct op *op, const char *key, struct reason *why)
{
    struct transfer_status s;

    return p.bank->query(op, key, op->now, &s, why);
}

static enum outcome
bank_statement(struct op *op, const char *key, struct reason *why)
{
    struct bank_line *lines;
    size_t n;

    (void)key;
    return p.bank->statement(op, "20200101", &lines, &n, why);
}

static enum outcome
phone_match(struct op *op, const char *key, struct reason *why)
{
    enum match m;

    (void)key;
    return p.identity->phone_match(op, "测试甲", "11010519491231002X", "13800005555", &m, why);
}

static enum outcome
id_card(struct op *op, const char *key, struct reason *why)
{
    size_t n;
    const char *jpeg = control_raw(op, "POST", "/sandbox/id-card",
        "{\"side\":\"front\",\"name\":\"测试甲\",\"id_number\":\"11010519491231002X\"}", &n);
    struct id_card card;

    (void)key;
    return p.identity->id_card(op, true, jpeg, n, &card, why);
}

static enum outcome
liveness(struct op *op, const char *key, struct reason *why)
{
    static const char *const actions[] = {"mouth", "blink", NULL};
    struct liveness_request r = {.key = key, .actions = actions};
    struct liveness_status s;

    r.face = control_raw(op, "POST", "/sandbox/id-card",
        "{\"side\":\"front\",\"name\":\"测试甲\",\"id_number\":\"11010519491231002X\"}",
        &r.face_size);
    r.video = control_raw(op, "GET", "/sandbox/liveness-clip?format=mp4", "", &r.video_size);
    return p.identity->liveness(op, &r, &s, why);
}

static enum outcome
track(struct op *op, const char *key, struct reason *why)
{
    struct parcel_event *events;
    size_t n;

    return p.courier->track(op, key, "0001", &events, &n, why);
}

static enum outcome
invoice_issue(struct op *op, const char *key, struct reason *why)
{
    struct invoice_request r = {.number = key,
        .order_no = "20260101000000017",
        .buyer_name = "测试公司甲",
        .tax_number = "91210102MA0ABCD1XL",
        .email = "invoice@example.com",
        .amount_fen = 24000,
        .excluded_fen = 22642,
        .tax_fen = 1358};

    return p.invoice->issue(op, &r, why);
}

static enum outcome
invoice_query(struct op *op, const char *key, struct reason *why)
{
    struct invoice_status s;

    return p.invoice->query(op, key, &s, why);
}

static enum outcome
invoice_reseal(struct op *op, const char *key, struct reason *why)
{
    return p.invoice->reseal(op, key, why);
}

/* ---- What each call must say under each fault ---- */

typedef enum outcome subject(struct op *op, const char *key, struct reason *why);
static const struct {
    const char *provider, *action, *stem;
    subject *call;
    enum outcome healthy, strange; /* on a key that the provider does not know yet */
    enum outcome limited;
    bool is_signed; /* the provider signs its answers */
} subjects[] = {
#define D OUTCOME_DONE
#define R OUTCOME_REFUSED
#define U OUTCOME_UNKNOWN
#define N OUTCOME_NOT_SENT
    {"wechatpay", "prepay", "W", wechat_open, D, D, N, true},
    {"wechatpay", "query", "W", wechat_query, D, D, N, true},
    {"wechatpay", "close", "W", wechat_close, D, D, N, true},
    {"wechatpay", "refund", "W", wechat_refund, R, R, N, true},
    {"wechatpay", "refund_query", "W", wechat_refund_query, R, R, N, true},
    {"alipay", "alipay.trade.precreate", "A", ali_open, D, D, U, true},
    {"alipay", "alipay.trade.query", "A", ali_query, D, D, U, true},
    {"alipay", "alipay.trade.close", "A", ali_close, D, D, U, true},
    {"alipay", "alipay.trade.refund", "A", ali_refund, R, R, U, true},
    {"alipay", "alipay.trade.fastpay.refund.query", "A", ali_refund_query, R, R, U, true},
    {"sms", "SendSms", "S", sms_send, D, U, R, false},
    {"sms", "QuerySendDetails", "S", sms_query_noon, R, R, R, false},
    {"bank", "BB1PAYOP", "B", bank_transfer, D, D, U, true},
    {"bank", "BB1PAYQR", "B", bank_query, R, R, U, true},
    {"bank", "trsQryByBreakPoint", "B", bank_statement, D, D, U, true},
    {"faceid", "PhoneVerification", "F", phone_match, D, U, N, false},
    {"faceid", "IDCardOCR", "F", id_card, D, D, N, false},
    {"faceid", "LivenessCompare", "F", liveness, D, U, N, false},
    {"sf", "EXP_RECE_SEARCH_ROUTES", "SF", track, D, D, N, false},
    {"nuonuo", "requestBillingNew", "I", invoice_issue, D, D, N, false},
    {"nuonuo", "queryInvoiceResult", "I", invoice_query, R, R, N, false},
    {"nuonuo", "reInvoice", "I", invoice_reseal, R, R, N, false},
#undef D
#undef R
#undef U
#undef N
};
enum { SUBJECTS = sizeof(subjects) / sizeof(*subjects) };

static const struct {
    const char *mode;
    int ms; /* what the operation has left */
} unclear[] = {
    {"hang", 400}, {"commit_then_hang", 400}, {"commit_then_drop", 8000},
    {"commit_then_close", 8000}, {"commit_then_500", 8000},
    {"refuse", 8000}, /* a reset connection, after the request went out */
    {"error_500", 8000}, {"error_502", 8000}, {"redirect", 8000}, {"garbage_empty", 8000},
    {"garbage_truncated", 8000}, {"garbage_huge", 20000}, {"garbage_deep", 8000},
    {"garbage_duplicate", 8000}, {"garbage_utf8", 8000}, {"maintenance", 8000},
    {"bad_signature", 8000}, /* only where answers are signed */
};

/* One call under one mode, on a fresh key. */
static void
expect(size_t i, const char *mode, int ms, enum outcome wanted)
{
    struct op op = new_op(60000);
    const char *key = number(&op, subjects[i].stem);
    int64_t before = last_request(&op);
    struct reason why = {NULL, NULL};
    size_t count;
    enum outcome o;
    bool good;

    if (mode != NULL)
        behave(&op, subjects[i].provider, subjects[i].action, mode, 1);
    op.deadline_ms = op_monotonic_ms() + ms;
    o = subjects[i].call(&op, key, &why);
    op.deadline_ms = op_monotonic_ms() + 60000;
    ok(o == wanted, "%s %s, %s: %s, wanted %s (%s %s)", subjects[i].provider, subjects[i].action,
        mode == NULL ? "healthy" : mode, outcome_name(o), outcome_name(wanted), why.code, why.text);
    ok(why.code != NULL && why.text != NULL, "a reason is set");
    count = requests_since(&op, before, subjects[i].provider, subjects[i].action, &good);
    ok(count == 1 && good, "%zu request arrived, rightly signed", count);
    arena_free(op.arena);
}

static void
test_faults(void)
{
    for (size_t i = 0; i < SUBJECTS; i++) {
        expect(i, NULL, 8000, subjects[i].healthy);
        expect(i, "slow", 8000, subjects[i].healthy);
        expect(i, "rate_limit", 8000, subjects[i].limited);
        expect(i, "unknown_enum", 8000, subjects[i].strange);
        for (size_t k = 0; k < sizeof(unclear) / sizeof(*unclear); k++) {
            if (strcmp(unclear[k].mode, "bad_signature") != 0 || subjects[i].is_signed)
                expect(i, unclear[k].mode, unclear[k].ms, OUTCOME_UNKNOWN);
        }
    }
}

/* Answers of WeChat Pay whose signature is wrong in its own ways; a refusal (of close, here) may
 * come without one, for TLS vouches for it, but not with a wrong one. */
static void
test_wechat_signatures(void)
{
    static const char *const modes[] = {"unknown_serial", "stale_timestamp", "signtest"};

    for (size_t k = 0; k < sizeof(modes) / sizeof(*modes); k++) {
        expect(0, modes[k], 8000, OUTCOME_UNKNOWN);
        expect(2, modes[k], 8000, OUTCOME_UNKNOWN);
    }
    expect(0, "unsigned", 8000, OUTCOME_UNKNOWN);
    expect(2, "unsigned", 8000, OUTCOME_DONE);
}

/* Nobody listens: every call knows that nothing was sent. */
static void
test_closed(const char *path)
{
    struct op op = new_op(60000);
    const char *closed = arena_printf(op.arena, "%s.closed", path);
    const char *text = slurp(&op, path, NULL), *port = arena_printf(op.arena, ":%d/", sandbox_port);
    const char *out = "", *at;
    char why[256] = "";
    static struct conf shut;
    struct reason reason;

    while ((at = strstr(text, port)) != NULL) {
        out = arena_printf(op.arena, "%s%.*s:1/", out, (int)(at - text), text);
        text = at + strlen(port);
    }
    file_write(closed, arena_printf(op.arena, "%s%s", out, text));
    ok(conf_read(&shut, closed, why, sizeof(why)) == OK, "settings with a closed port %s", why);
    providers_close();
    ok(providers_open(&shut, false, &p, why, sizeof(why)) == OK, "opened %s", why);
    for (size_t i = 0; i < SUBJECTS; i++) {
        enum outcome o = subjects[i].call(&op, number(&op, subjects[i].stem), &reason);

        ok(o == OUTCOME_NOT_SENT, "%s %s, closed port: %s", subjects[i].provider,
            subjects[i].action, outcome_name(o));
    }
    providers_close();
    ok(providers_open(&conf, false, &p, why, sizeof(why)) == OK, "opened again %s", why);
    arena_free(op.arena);
}

/* ---- An unclear answer, the query, the repeat: one effect ---- */

static void
test_once(const char *what, const char *provider, const char *action, subject *send, subject *query,
    const char *list)
{
    static const char *const modes[] = {
        "commit_then_hang", "commit_then_drop", "commit_then_close", "commit_then_500"};

    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
        struct op op = new_op(60000);
        const char *key = number(&op, "X");
        struct reason why;
        const struct tree *items;

        behave(&op, provider, action, modes[i], 1);
        op.deadline_ms = op_monotonic_ms() + 400;
        ok(send(&op, key, &why) == OUTCOME_UNKNOWN, "%s, %s: unknown", what, modes[i]);
        op.deadline_ms = op_monotonic_ms() + 60000;
        /* Alipay has no trade before somebody has scanned the code. */
        ok(query(&op, key, &why) == OUTCOME_DONE &&
                (query == ali_query) == (strcmp(why.code, "NOT_FOUND") == 0),
            "the query finds it (%s)", why.code);
        if (strcmp(provider, "sms") != 0)
            ok(send(&op, key, &why) == OUTCOME_DONE, "the same again is taken (%s)", why.code);
        items = tree_get(control(&op, "GET", list, ""), "items");
        {
            size_t found = 0;

            for (const struct tree *t = items->first; t != NULL; t = t->next) {
                static const char *const names[] = {
                    "out_trade_no", "reference", "out_id", "order_no"};

                for (size_t k = 0; k < 4; k++)
                    found +=
                        tree_text(t, names[k]) != NULL && strcmp(tree_text(t, names[k]), key) == 0;
            }
            ok(found == 1, "the provider did it %zu time", found);
        }
        arena_free(op.arena);
    }
}

int
main(int argc, char **argv)
{
    char why[256] = "";

    if (argc < 3 || conf_read(&conf, argv[1], why, sizeof(why)) != OK) {
        printf("Bail out! usage: contract SETTINGS SANDBOX_PORT (%s)\n", why);
        return 1;
    }
    sandbox_port = atoi(argv[2]);
    ok(providers_open(&conf, false, &p, why, sizeof(why)) == OK, "the connectors open %s", why);
    test_faults();
    test_wechat_signatures();
    test_once(
        "WeChat Pay prepay", "wechatpay", "prepay", wechat_open, wechat_query, "/sandbox/payments");
    test_once("Alipay precreate", "alipay", "alipay.trade.precreate", ali_open, ali_query,
        "/sandbox/payments");
    test_once("SMS", "sms", "SendSms", sms_send, sms_query, "/sandbox/messages?phone=13800001111");
    test_once("bank transfer", "bank", "BB1PAYOP", bank_transfer, bank_query, "/sandbox/transfers");
    test_once("invoice", "nuonuo", "requestBillingNew", invoice_issue, invoice_query,
        "/sandbox/invoices");
    test_closed(argv[1]);
    providers_close();
    return done();
}
