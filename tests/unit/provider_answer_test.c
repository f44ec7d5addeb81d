/* Answers that verify and still must not be believed, and answers that make no sense: each
 * connector against a server that says what the test tells it. */
#include "io/sign.h"
#include "provider_help.h"
#include "tap.h"

static char dir[] = "/tmp/hall-answer-XXXXXX";
static struct stub stub;
static struct providers p;

/* ---- WeChat Pay ---- */

static void
wechat_says(struct op *op, int status, const char *body)
{
    struct key *k = NULL;
    const char *signature = NULL;

    if (key_read_private(KEYS "wx_platform.key.pem", &k) != OK ||
        sign_rsa(op, k, arena_printf(op->arena, "%lld\nN\n%s\n", (long long)op->now, body),
            &signature) != OK)
        exit(1);
    sign_key_free(k);
    stub_say(op, &stub, status,
        arena_printf(op->arena,
            "Wechatpay-Timestamp: %lld\r\nWechatpay-Nonce: N\r\nWechatpay-Serial: "
            "PUB_KEY_ID_0119000000012024011500000000000001\r\nWechatpay-Signature: %s\r\n",
            (long long)op->now, signature),
        body);
}

#define WHO "\"appid\":\"wx0000000000000001\",\"mchid\":\"1900000001\""
#define PAID                                                                  \
    "\"trade_state\":\"SUCCESS\",\"transaction_id\":\"42\",\"success_time\":" \
    "\"2024-01-15T10:41:02+08:00\",\"amount\":{\"total\":24300,\"currency\":\"CNY\"}"

static void
test_wechat(struct op *op)
{
    static const struct {
        int status;
        const char *body;
        enum outcome outcome;
        enum pay_state state;
    } rows[] = {
        {200, "{" WHO ",\"out_trade_no\":\"SZ1\"," PAID "}", OUTCOME_DONE, PAY_SUCCESS},
        {200, "{" WHO ",\"out_trade_no\":\"SZ2\"," PAID "}", OUTCOME_UNKNOWN, 0},
        {200, "{\"appid\":\"wx1\",\"mchid\":\"1900000001\",\"out_trade_no\":\"SZ1\"," PAID "}",
            OUTCOME_UNKNOWN, 0},
        {200, "{" WHO ",\"out_trade_no\":\"SZ1\",\"trade_state\":\"SUCCESS\"}", OUTCOME_UNKNOWN, 0},
        {200,
            "{" WHO ",\"out_trade_no\":\"SZ1\",\"trade_state\":\"SUCCESS\",\"transaction_id\":"
            "\"42\",\"success_time\":\"2024-01-15T10:41:02+08:00\",\"amount\":{\"total\":243.0,"
            "\"currency\":\"CNY\"}}",
            OUTCOME_UNKNOWN, 0},
        {200, "{" WHO ",\"out_trade_no\":\"SZ1\",\"trade_state\":7}", OUTCOME_UNKNOWN, 0},
        {200, "{" WHO ",\"out_trade_no\":\"SZ1\",\"trade_state\":\"NOTPAY\"}", OUTCOME_DONE,
            PAY_NOTPAY},
        {200, "{" WHO ",\"out_trade_no\":\"SZ1\",\"trade_state\":\"ACCEPT\"}", OUTCOME_DONE,
            PAY_IN_PROCESS},
        {200, "[]", OUTCOME_UNKNOWN, 0},
        {200, "", OUTCOME_UNKNOWN, 0},
        {202, "{\"code\":\"USERPAYING\"}", OUTCOME_UNKNOWN, 0},
        {404, "{\"code\":\"ORDERNOTEXIST\"}", OUTCOME_DONE, PAY_NOTPAY},
        {404, "{\"code\":\"ORDER_NOT_EXIST\"}", OUTCOME_DONE, PAY_NOTPAY},
        {404, "{\"code\":7}", OUTCOME_UNKNOWN, 0},
        {404, "<html>", OUTCOME_UNKNOWN, 0},
        {403, "{\"code\":\"NO_AUTH\"}", OUTCOME_REFUSED, 0},
        {400, "{\"code\":\"NEVER_HEARD\"}", OUTCOME_UNKNOWN, 0},
        {401, "{\"code\":\"SIGN_ERROR\"}", OUTCOME_NOT_SENT, 0},
        {500, "{\"code\":\"NO_AUTH\"}", OUTCOME_UNKNOWN, 0},
    };
    struct refund_request r = {"SZ1", "SZ1R", "x", 1, 1};
    struct refund_status refund = {0};
    struct reason why;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct pay_status s = {.state = 99};
        enum outcome o;

        wechat_says(op, rows[i].status, rows[i].body);
        o = p.wechat_pay->query(op, "SZ1", &s, &why);
        ok(o == rows[i].outcome && (o != OUTCOME_DONE || s.state == rows[i].state),
            "WeChat Pay %d %s: %s (%s)", rows[i].status, rows[i].body, outcome_name(o), why.code);
        ok(o == OUTCOME_DONE || s.state == 99, "and only DONE fills the result");
    }
    wechat_says(op, 200,
        "{\"out_refund_no\":\"SZ1R\",\"refund_id\":\"5\",\"status\":\"ABNORMAL\",\"amount\":{"
        "\"refund\":1}}");
    ok(p.wechat_pay->refund_query(op, &r, &refund, &why) == OUTCOME_DONE &&
            refund.state == REFUND_FAILED,
        "an abnormal refund has failed");
    wechat_says(op, 200,
        "{\"out_refund_no\":\"SZ9R\",\"refund_id\":\"5\",\"status\":\"SUCCESS\",\"amount\":{"
        "\"refund\":1}}");
    ok(p.wechat_pay->refund_query(op, &r, &refund, &why) == OUTCOME_UNKNOWN,
        "another refund's answer is not ours");
}

/* ---- Alipay ---- */

static void
alipay_says(struct op *op, const char *method, const char *node)
{
    struct key *k = NULL;
    const char *signature = NULL;

    if (key_read_private(KEYS "ali_platform.key.pem", &k) != OK ||
        sign_rsa(op, k, node, &signature) != OK)
        exit(1);
    sign_key_free(k);
    stub_say(op, &stub, 200, "",
        arena_printf(op->arena, "{\"sign\":\"%s\", \"alipay_trade_%s_response\" : %s}", signature,
            method, node));
}

static void
test_alipay(struct op *op)
{
    static const struct {
        const char *node;
        enum outcome outcome;
        enum pay_state state;
    } rows[] = {
        {"{\"code\":\"10000\",\"out_trade_no\":\"SZ1\",\"trade_no\":\"T\",\"trade_status\":"
         "\"TRADE_SUCCESS\",\"total_amount\":\"243.00\",\"send_pay_date\":\"2024-01-15 10:42:00\"}",
            OUTCOME_DONE, PAY_SUCCESS},
        {"{\"code\":\"10000\",\"out_trade_no\":\"SZ2\",\"trade_no\":\"T\",\"trade_status\":"
         "\"TRADE_SUCCESS\",\"total_amount\":\"243.00\",\"send_pay_date\":\"2024-01-15 10:42:00\"}",
            OUTCOME_UNKNOWN, 0},
        {"{\"code\":\"10000\",\"out_trade_no\":\"SZ1\",\"trade_status\":\"TRADE_SUCCESS\","
         "\"total_amount\":\"243.00\"}",
            OUTCOME_UNKNOWN, 0},
        {"{\"code\":\"10000\",\"out_trade_no\":\"SZ1\",\"trade_no\":\"T\",\"trade_status\":"
         "\"TRADE_SUCCESS\",\"total_amount\":243.0,\"send_pay_date\":\"2024-01-15 10:42:00\"}",
            OUTCOME_UNKNOWN, 0},
        {"{\"code\":\"10000\",\"out_trade_no\":\"SZ1\",\"trade_status\":\"TRADE_CLOSED\","
         "\"total_amount\":\"243.00\"}",
            OUTCOME_DONE, PAY_CLOSED},
        {"{\"code\":10000}", OUTCOME_UNKNOWN, 0},
        {"{}", OUTCOME_UNKNOWN, 0},
        {"{\"code\":\"40004\"}", OUTCOME_UNKNOWN, 0},
        {"{\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"}", OUTCOME_DONE, PAY_NOTPAY},
        {"{\"code\":\"40004\",\"sub_code\":\"ACQ.SYSTEM_ERROR\"}", OUTCOME_UNKNOWN, 0},
        {"{\"code\":\"40004\",\"sub_code\":\"AQC.SYSTEM_ERROR\"}", OUTCOME_UNKNOWN, 0},
        {"{\"code\":\"20000\",\"sub_code\":\"isp.unknow-error\"}", OUTCOME_UNKNOWN, 0},
        {"{\"code\":\"40002\",\"sub_code\":\"isv.invalid-signature\"}", OUTCOME_NOT_SENT, 0},
        {"{\"code\":\"40002\",\"sub_code\":\"isv.invalid-method\"}", OUTCOME_REFUSED, 0},
        {"{\"code\":\"40001\",\"sub_code\":\"isv.missing-app-id\"}", OUTCOME_REFUSED, 0},
        {"{\"code\":\"40006\",\"sub_code\":\"isv.insufficient-user-permissions\"}",
            OUTCOME_NOT_SENT, 0},
    };
    struct reason why;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct pay_status s = {.state = 99};
        enum outcome o;

        alipay_says(op, "query", rows[i].node);
        o = p.alipay->query(op, "SZ1", &s, &why);
        ok(o == rows[i].outcome && (o != OUTCOME_DONE || s.state == rows[i].state),
            "Alipay %s: %s (%s)", rows[i].node, outcome_name(o), why.code);
    }
    ok(strstr(stub.request, "charset=utf-8") != NULL &&
            strstr(stub.request, "timestamp=2024-01-15%2010%3A40%3A00") != NULL,
        "the request says charset and Chinese time");
}

/* ---- Those that do not sign ---- */

static void
test_sms(struct op *op)
{
    static const char *const params[] = {"code", "38\"4721", NULL};
    static const struct {
        int status;
        const char *body;
        enum outcome outcome;
    } rows[] = {
        {200, "{\"Code\":\"OK\",\"BizId\":\"1^0\",\"New\":[1]}", OUTCOME_DONE},
        {200, "{\"Code\":\"OK\"}", OUTCOME_UNKNOWN},
        {200, "{\"Code\":true}", OUTCOME_UNKNOWN},
        {200, "{}", OUTCOME_UNKNOWN},
        {200, "{\"Code\":\"OK\",\"Code\":\"OK\",\"BizId\":\"1\"}", OUTCOME_UNKNOWN},
        {200, "{\"Code\":\"isp.SYSTEM_ERROR\"}", OUTCOME_UNKNOWN},
        {200, "{\"Code\":\"isv.AMOUNT_NOT_ENOUGH\"}", OUTCOME_NOT_SENT},
        {200, "{\"Code\":\"isv.SMS_SIGN_ILLEGAL\"}", OUTCOME_REFUSED},
        {400, "{\"Code\":\"SignatureDoesNotMatch\"}", OUTCOME_NOT_SENT},
        {400, "{\"Code\":\"SignatureNonceUsed\"}", OUTCOME_UNKNOWN},
        {400, "{\"Code\":\"OK\",\"BizId\":\"1\"}", OUTCOME_UNKNOWN},
        {503, "{\"Code\":\"Throttling.User\"}", OUTCOME_UNKNOWN},
    };
    struct sms_message m = {"key 1", "13800000001", "N01", "", params};
    struct sms_receipt receipt;
    struct reason why;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        enum outcome o;

        stub_say(op, &stub, rows[i].status, "", rows[i].body);
        o = p.sms->send(op, &m, &receipt, &why);
        ok(o == rows[i].outcome, "SMS %d %s: %s", rows[i].status, rows[i].body, outcome_name(o));
    }
    ok(strstr(stub.request, "TemplateParam=%7B%22code%22%3A%2238%5C%224721%22%7D HTTP/1.1\r\n") !=
                NULL &&
            strstr(stub.request, "TemplateCode=SMS_100000001") != NULL &&
            strstr(stub.request, "OutId=key%201&") != NULL,
        "the parameters are JSON in the query");
    m.template = "N02";
    ok(p.sms->send(op, &m, &receipt, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "NO_TEMPLATE") == 0,
        "a notice without an approved template");
}

static void
test_courier(struct op *op)
{
    static const struct {
        const char *body;
        enum outcome outcome;
        size_t n;
    } rows[] = {
        {"{\"apiResultCode\":\"A1000\",\"apiResultData\":\"{\\\"success\\\":true,\\\"msgData\\\":{"
         "\\\"routeResps\\\":[{\\\"mailNo\\\":\\\"SF1\\\",\\\"routes\\\":[{\\\"acceptTime\\\":"
         "\\\"2024-01-15 10:40:00\\\",\\\"opCode\\\":\\\"80\\\"},{\\\"opCode\\\":\\\"80\\\"}]},"
         "{\\\"mailNo\\\":\\\"SF2\\\",\\\"routes\\\":[{\\\"acceptTime\\\":"
         "\\\"2024-01-15 10:40:00\\\",\\\"opCode\\\":\\\"80\\\"}]}]}}\"}",
            OUTCOME_DONE, 1},
        {"{\"apiResultCode\":\"A1000\",\"apiResultData\":{\"success\":true,\"msgData\":{"
         "\"routeResps\":[]}}}",
            OUTCOME_DONE, 0},
        {"{\"apiResultCode\":\"A1000\",\"apiResultData\":\"{\"}", OUTCOME_UNKNOWN, 0},
        {"{\"apiResultCode\":\"A1000\",\"apiResultData\":{\"success\":\"true\"}}", OUTCOME_UNKNOWN,
            0},
        {"{\"apiResultCode\":\"A1000\",\"apiResultData\":{\"success\":true}}", OUTCOME_UNKNOWN, 0},
        {"{\"apiResultCode\":\"A1000\",\"apiResultData\":{\"success\":false,\"errorCode\":"
         "\"8003\"}}",
            OUTCOME_REFUSED, 0},
        {"{\"apiResultCode\":\"A1000\",\"apiResultData\":{\"success\":false}}", OUTCOME_UNKNOWN, 0},
        {"{\"apiResultCode\":\"A1006\"}", OUTCOME_NOT_SENT, 0},
        {"{\"apiResultCode\":\"A1099\"}", OUTCOME_UNKNOWN, 0},
        {"{\"apiResultCode\":1000}", OUTCOME_UNKNOWN, 0},
    };
    struct parcel_event *e;
    struct reason why;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        size_t n = 0;
        enum outcome o;

        stub_say(op, &stub, 200, "", rows[i].body);
        o = p.courier->track(op, "SF1", "0001", &e, &n, &why);
        ok(o == rows[i].outcome && n == rows[i].n, "SF %s: %s, %zu", rows[i].body, outcome_name(o),
            n);
    }
    stub_say(op, &stub, 200, "", rows[0].body);
    if (p.courier->track(op, "SF1", "0001", &e, &(size_t){0}, &why) == OUTCOME_DONE)
        ok(e[0].at == VECTOR_NOW && e[0].state == PARCEL_SIGNED &&
                strcmp(e[0].event_id, "1705286400-80") == 0,
            "an event has a moment, a state and an id");
    ok(strstr(stub.request, "POST /std/service HTTP/1.1") == stub.request, "where it is served");
}

static void
test_identity(struct op *op)
{
    static const struct {
        const char *body;
        enum outcome outcome;
    } rows[] = {
        {"{\"Response\":{\"Result\":\"0\",\"RequestId\":\"1\"}}", OUTCOME_DONE},
        {"{\"Response\":{\"Result\":0,\"RequestId\":\"1\"}}", OUTCOME_UNKNOWN},
        {"{\"Response\":{\"Result\":\"0\"}}", OUTCOME_UNKNOWN},
        {"{\"Response\":{\"Result\":\"0\",\"Error\":{\"Code\":\"InternalError\"},\"RequestId\":"
         "\"1\"}}",
            OUTCOME_UNKNOWN},
        {"{\"Response\":{\"Error\":{},\"RequestId\":\"1\"}}", OUTCOME_UNKNOWN},
        {"{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureExpire\"},\"RequestId\":"
         "\"1\"}}",
            OUTCOME_NOT_SENT},
        {"{\"Response\":{\"Error\":{\"Code\":\"InvalidParameterValue.X\"},\"RequestId\":\"1\"}}",
            OUTCOME_REFUSED},
        {"{\"Response\":[]}", OUTCOME_UNKNOWN},
        {"[]", OUTCOME_UNKNOWN},
    };
    struct reason why;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        enum match m = MATCH_NO;
        enum outcome o;

        stub_say(op, &stub, 200, "", rows[i].body);
        o = p.identity->phone_match(op, "测试", "11010519491231002X", "13800000001", &m, &why);
        ok(o == rows[i].outcome && (o == OUTCOME_DONE) == (m == MATCH_YES), "identity %s: %s",
            rows[i].body, outcome_name(o));
    }
    ok(strstr(stub.request, arena_printf(op->arena, "Host: 127.0.0.1:%d\r\n", stub.port)) != NULL &&
            strstr(stub.request, "X-TC-Action: PhoneVerification\r\n") != NULL &&
            strstr(stub.request, "X-TC-Version: 2018-03-01\r\n") != NULL,
        "host, action and version are said");
}

/* What a provider writes into a reason is for a log line: short, one line, whole characters. */
static void
test_reason(struct op *op)
{
    char long_text[700] = "", *q = long_text;
    struct reason why;
    struct sms_message m = {"1", "13800000001", "N01", "", NULL};
    struct sms_receipt receipt;

    for (int i = 0; i < 200; i++)
        q = stpcpy(q, "文");
    stub_say(op, &stub, 200, "",
        arena_printf(
            op->arena, "{\"Code\":\"isv.DENY_IP_RANGE\",\"Message\":\"a\\nb%s\"}", long_text));
    ok(p.sms->send(op, &m, &receipt, &why) == OUTCOME_NOT_SENT, "refused at the door");
    ok(strlen(why.text) <= 200 && strlen(why.text) > 190 && strchr(why.text, '\n') == NULL,
        "%zu bytes of reason", strlen(why.text));
    ok(strncmp(why.text, "a b文", 6) == 0 && (strlen(why.text) - 3) % 3 == 0,
        "cut between characters");
}

int
main(void)
{
    struct op op = op_new(VECTOR_NOW);
    char why[256] = "";

    if (mkdtemp(dir) == NULL)
        return 1;
    stub_start(&stub, 0);
    ok(providers_open(
           conf_vectors(&op, dir, arena_printf(op.arena, "http://127.0.0.1:%d", stub.port), ""),
           false, &p, why, sizeof(why)) == OK,
        "the connectors open %s", why);
    test_wechat(&op);
    test_alipay(&op);
    test_sms(&op);
    test_courier(&op);
    test_identity(&op);
    test_reason(&op);
    stub_stop(&stub);
    providers_close();
    arena_free(op.arena);
    return done();
}
