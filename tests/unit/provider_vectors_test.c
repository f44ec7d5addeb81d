/* Every published and own vector of the protocols that the connectors speak. */
#include "io/hash.h"
#include "provider/alipay.h"
#include "provider/bank_cdc.h"
#include "provider/cloud_sign.h"
#include "provider/courier_sf.h"
#include "provider/einvoice_nuonuo.h"
#include "provider/identity_tencent.h"
#include "provider/wechatpay.h"
#include "provider/wire.h"
#include "provider_help.h"
#include "tap.h"

/* The members of an object as sorted pairs. */
static struct pair *
pairs_of(struct op *op, const struct tree *t)
{
    struct pair *p = NEW_N(op->arena, 64, struct pair);
    size_t n = 0;

    for (const struct tree *c = t->first; c != NULL; c = c->next)
        p[n++] = (struct pair){c->name, c->text};
    wire_sort(p);
    return p;
}

static void
test_wechatpay_request(struct op *op, const struct tree *v, const char *name)
{
    const struct tree *t = tree_get(v, name);
    struct wechatpay_keys k = {
        .mchid = "1900000001", .serial = "3775B6A45ACD588826D15E583A95F5DD12345678"};
    const char *out = NULL, *wanted = tree_text(t, "authorization");

    ok(wechatpay_authorization(op, &k, "GET", "/", "", "n", &out) == E_INTERNAL,
        "without a key nothing is signed");
    ok(key_read_private(KEYS "wx_merchant.key.pem", &k.private) == OK &&
            wechatpay_authorization(op, &k, tree_text(t, "method"), tree_text(t, "uri"),
                tree_text(t, "body"), tree_text(t, "nonce"), &out) == OK,
        "%s is signed", name);
    if (wanted != NULL)
        is(out, wanted, "as in the vector");
    else
        ok(strstr(out, tree_text(t, "signature")) != NULL, "as in the vector");
    sign_key_free(k.private);
}

static void
test_alipay(struct op *op, const struct tree *v)
{
    const struct tree *t = tree_get(v, "ali_request"), *node = NULL;
    struct pair *p = pairs_of(op, tree_get(t, "params"));
    const char *text = alipay_signed_text(op, p, false), *sign = NULL, *raw;
    struct key *app = NULL, *platform = NULL;
    struct pair content[2] = {{"biz_content", wire_value(p, "biz_content")}};

    is(text, tree_text(t, "string_to_sign"), "Alipay: the text of a request");
    ok(key_read_private(KEYS "ali_app.key.pem", &app) == OK &&
            key_read_public(KEYS "ali_platform.pub.pem", &platform) == OK &&
            sign_rsa(op, app, text, &sign) == OK,
        "is signed");
    is(sign, tree_text(t, "sign"), "as in the vector");
    is(wire_form(op, content), tree_text(t, "body"), "and so is its body");

    raw = tree_text(v, "ali_response.raw");
    ok(alipay_open_answer(op, platform, "alipay.trade.precreate", raw, strlen(raw), &node) == OK,
        "Alipay: an answer verifies over its raw bytes");
    is(tree_text(node, "qr_code"), "https://qr.alipay.com/bax00000000000000000", "and is read");
    ok(alipay_open_answer(op, platform, "alipay.trade.query", raw, strlen(raw), &node) ==
            E_MALFORMED,
        "but not as the answer of another method");
    ok(alipay_open_answer(op, app, "alipay.trade.precreate", raw, strlen(raw), &node) ==
            E_FORBIDDEN,
        "nor by another key");
    raw = "{\"error_response\":{\"code\":\"40002\"}}";
    ok(alipay_open_answer(op, platform, "alipay.trade.query", raw, strlen(raw), &node) ==
            E_MALFORMED,
        "an unsigned error is no answer");
    raw = "{\"alipay_trade_query_response\":{\"code\":\"10000\"}}";
    ok(alipay_open_answer(op, platform, "alipay.trade.query", raw, strlen(raw), &node) ==
            E_FORBIDDEN,
        "nor is an unsigned success");
    p = pairs_of(op, tree_get(v, "ali_notify.params"));
    is(alipay_signed_text(op, p, true), tree_text(v, "ali_notify.string_to_verify"),
        "Alipay: the text of a notify");
    sign_key_free(app);
    sign_key_free(platform);
}

static void
test_clouds(struct op *op, const struct tree *v)
{
    static const char *const tc[] = {"tc3_published", "tc3_sms", "tc3_faceid_phoneverification"};
    static const char *const ac[] = {"acs3_published", "acs3_sms", "acs3_cloudauth_form"};

    for (size_t i = 0; i < 3; i++) {
        const struct tree *t = tree_get(v, tc[i]);
        struct tc3 r = {.secret_id = tree_text(t, "secret_id"),
            .secret = tree_text(t, "secret_key"),
            .service = tree_text(t, "service"),
            .host = tree_text(t, "host"),
            .path = "/",
            .content_type = "application/json; charset=utf-8",
            .payload = tree_text(t, "payload"),
            .at = strtoll(tree_text(t, "timestamp"), NULL, 10)};

        is(tc3_authorization(op, &r), tree_text(t, "authorization"), "%s", tc[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        const struct tree *t = tree_get(v, ac[i]);
        const char *body = tree_text(t, "body");
        struct acs3 r = {.key_id = tree_text(t, "access_key_id"),
            .secret = tree_text(t, "access_key_secret"),
            .method = tree_text(t, "method"),
            .path = "/",
            .query = wire_form(op, pairs_of(op, tree_get(t, "query"))),
            .headers = pairs_of(op, tree_get(t, "headers")),
            .payload_sha256 = hash_sha256_hex(op->arena, body, strlen(body))};

        is(acs3_authorization(op, &r), tree_text(t, "authorization"), "%s", ac[i]);
    }
}

static void
test_courier(struct op *op, const struct tree *v)
{
    static const char *const sf[] = {"sf_published_params", "sf_chinese_space_star_tilde"};

    for (size_t i = 0; i < 2; i++) {
        const struct tree *t = tree_get(v, sf[i]);
        const char *digest = NULL;

        ok(courier_sf_digest(op, tree_text(t, "msgData"), tree_text(t, "timestamp"),
               tree_text(t, "checkword"), &digest) == OK,
            "%s", sf[i]);
        is(digest, tree_text(t, "standard_md5"), "as in the vector");
    }
    ok(courier_sf_state("80") == PARCEL_SIGNED && courier_sf_state("8000") == PARCEL_SIGNED,
        "80 and 8000 are signed for");
    ok(courier_sf_state("123456") == PARCEL_IN_TRANSIT, "what nobody knows is in transit");
}

static void
test_invoice(struct op *op, const struct tree *v)
{
    struct nuonuo_call c = {"sandboxAppKey", "0123456789abcdef0123456789abcdef", "12345678",
        "1705286400", tree_text(v, "nuonuo.body")};
    const char *sign = NULL;

    ok(einvoice_nuonuo_sign(op, &c, tree_text(v, "nuonuo.app_secret"), &sign) == OK,
        "Nuonuo: a request is signed");
    is(sign, tree_text(v, "nuonuo.x_nuonuo_sign"), "as in the vector");
}

static void
test_bank(struct op *op, const struct tree *v)
{
    const struct tree *t = tree_get(v, "cmb_cdc_style"), *opened = NULL;
    char sm4[] = "VuAzSWQhsoNqzn0K";
    struct cdc c = {.uid = tree_text(t, "uid"), .sm4_key = sm4};
    const char *body = "{\"bb1payqrx1\":[{\"busCod\":\"N02030\",\"yurRef\":\"SZ2401150001A1\"}]}";
    const char *text = NULL, *data = NULL, *head = tree_text(t, "signed_string");
    char *changed;
    size_t same = (size_t)(strstr(head, "__signature") - head);

    cdc_name(&c);
    is(c.id, tree_text(t, "sm2_user_id"), "the bank's id of us");
    ok(key_read_private(KEYS "sm2_client.key.pem", &c.private) == OK &&
            key_read_public(KEYS "sm2_client.pub.pem", &c.bank) == OK &&
            cdc_sign(op, &c, "BB1PAYQR", "202401151040000000000000000001", "20240115104000", body,
                &text) == OK,
        "a request is signed");
    ok(strncmp(text, head, same) == 0 &&
            strcmp(text + strlen(text) - 29, head + strlen(head) - 29) == 0,
        "around the signature it is the vector");
    ok(cdc_seal(op, &c, tree_text(t, "plaintext"), &data) == OK, "and sealed");
    is(data, tree_text(t, "DATA_b64"), "byte for byte");
    ok(cdc_open(op, &c, data, strlen(data), &opened) == OK, "what is signed so is opened");
    is(tree_text(opened, "request.head.funcode"), "BB1PAYQR", "and read");
    ok(cdc_seal(op, &c, text, &data) == OK && cdc_open(op, &c, data, strlen(data), &opened) == OK,
        "our own signature verifies the same way");

    /* The bank may send its names in any order, with blanks. */
    text = arena_printf(op->arena,
        "{ \"signature\":{\"sigtim\":\"20240115104000\",\"sigdat\":\"%s\"}, \"request\":{"
        "\"head\":{\"userid\":\"N003261207\",\"reqid\":\"202401151040000000000000000001\","
        "\"funcode\":\"BB1PAYQR\"}, \"body\":%s}}",
        tree_text(t, "sm2_raw_b64"), body);
    ok(cdc_seal(op, &c, text, &data) == OK && cdc_open(op, &c, data, strlen(data), &opened) == OK,
        "the order of names does not matter");
    changed = arena_printf(op->arena, "%s", tree_text(t, "plaintext"));
    memcpy(strstr(changed, "0001A1"), "0001A2", 6);
    ok(cdc_seal(op, &c, changed, &data) == OK &&
            cdc_open(op, &c, data, strlen(data), &opened) == E_FORBIDDEN,
        "another reference under the same signature is refused");
    ok(cdc_seal(op, &c, "{\"a\":1}", &data) == OK &&
            cdc_open(op, &c, data, strlen(data), &opened) == E_FORBIDDEN,
        "an unsigned answer is refused");
    ok(cdc_open(op, &c, "not base64", 10, &opened) == E_MALFORMED, "so is what is not sealed");
    sign_key_free(c.private);
    sign_key_free(c.bank);
}

static void
test_validity(struct op *op)
{
    const char *from = NULL, *until = NULL;

    ok(identity_validity(op, "2010.07.21-2020.07.21", &from, &until), "dates of an ID card");
    is(from, "2010-07-21", "from");
    is(until, "2020-07-21", "until");
    ok(identity_validity(op, "2010.07.21-长期", &from, &until), "without end");
    is(until, "long_term", "is long_term");
    ok(!identity_validity(op, "2010.07.21", &from, &until) &&
            !identity_validity(op, "2010.13.21-2020.07.21", &from, &until) &&
            !identity_validity(op, "-", &from, &until),
        "other texts are refused");
}

int
main(void)
{
    struct op op = op_new(VECTOR_NOW);
    const struct tree *v = vectors(&op);

    test_wechatpay_request(&op, v, "wx_request_post");
    test_wechatpay_request(&op, v, "wx_request_get");
    test_alipay(&op, v);
    test_clouds(&op, v);
    test_courier(&op, v);
    test_invoice(&op, v);
    test_bank(&op, v);
    test_validity(&op);
    arena_free(op.arena);
    return done();
}
