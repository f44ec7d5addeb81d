/* providers_open() starts with good settings and names, in one sentence, what is wrong with others.
 */
#include "provider_help.h"
#include "tap.h"

static char dir[] = "/tmp/hall-settings-XXXXXX";

static const struct {
    const char *line, *setting;
    bool callbacks; /* refused for callbacks only, too */
} rows[] = {
    {"notify_base_url =", "notify_base_url is not set", false},
    {"notify_base_url = http://hall.example.cn/callback", "notify_base_url is neither", false},
    {"notify_base_url = https://hall.example.cn/callback?x", "notify_base_url must", false},
    {"wechatpay_base_url =", "wechatpay_base_url", false},
    {"wechatpay_base_url = http://api.mch.weixin.qq.com", "wechatpay_base_url", false},
    {"wechatpay_base_url = https://api.mch.weixin.qq.com/", "wechatpay_base_url", false},
    {"wechatpay_mchid =", "wechatpay_mchid", true},
    {"wechatpay_appid =", "wechatpay_appid", true},
    {"wechatpay_serial =", "wechatpay_serial", false},
    {"wechatpay_key_file =", "wechatpay_key_file", false},
    {"wechatpay_key_file = " KEYS "rsa1024.key.pem", "wechatpay_key_file", false},
    {"wechatpay_public_key_id =", "wechatpay_public_key_id", true},
    {"wechatpay_public_key_file = /nowhere", "wechatpay_public_key_file", true},
    {"wechatpay_certificates_file = /nowhere", "wechatpay_certificates_file", true},
    {"wechatpay_apiv3_key_file =", "wechatpay_apiv3_key_file", true},
    {"wechatpay_apiv3_key_file = /nowhere", "wechatpay_apiv3_key_file cannot be read", true},
    {"wechatpay_apiv3_key_file = $/sm4", "wechatpay_apiv3_key_file does not hold", true},
    {"wechatpay_apiv3_key_file = " KEYS "wx_merchant.pub.pem", "wechatpay_apiv3_key_file", true},
    {"alipay_base_url = ftp://openapi.alipay.com", "alipay_base_url", false},
    {"alipay_app_id =", "alipay_app_id", true},
    {"alipay_key_file = " KEYS "ali_app.pub.pem", "alipay_key_file", false},
    {"alipay_public_key_file =", "alipay_public_key_file", true},
    {"sms_base_url =", "sms_base_url", false},
    {"sms_access_key_id =", "sms_access_key_id", false},
    {"sms_access_key_secret_file =", "sms_access_key_secret_file", false},
    {"sms_sign_name =", "sms_sign_name", false},
    {"faceid_base_url = http://faceid.tencentcloudapi.com", "faceid_base_url", false},
    {"faceid_secret_id =", "faceid_secret_id", false},
    {"faceid_secret_key_file = /nowhere", "faceid_secret_key_file", false},
    {"bank_base_url =", "bank_base_url", false},
    {"bank_uid =", "bank_uid", false},
    {"bank_account =", "bank_account", false},
    {"bank_sm2_key_file = " KEYS "wx_merchant.key.pem", "bank_sm2_key_file is not an SM2 key",
        false},
    {"bank_public_key_file = " KEYS "wx_platform.pub.pem", "bank_public_key_file is not an SM2 key",
        false},
    {"bank_sm4_key_file = $/sf", "bank_sm4_key_file", false},
    {"courier_base_url =", "courier_base_url", false},
    {"courier_partner_id =", "courier_partner_id", false},
    {"courier_checkword_file = /nowhere", "courier_checkword_file", false},
    {"invoice_base_url = http://sdk.nuonuo.com/open/v1/services", "invoice_base_url", false},
    {"invoice_app_key =", "invoice_app_key", false},
    {"invoice_app_secret_file = /nowhere", "invoice_app_secret_file", false},
    {"invoice_token_file =", "invoice_token_file", false},
    {"invoice_seller_tax_number =", "invoice_seller_tax_number", false},
    {"invoice_clerk =", "invoice_clerk", false},
    {"invoice_goods_code = 304020300000000000", "invoice_goods_code does not have 19", false},
    {"sandbox = 0", "base_url is not an https address", false},
};

int
main(void)
{
    struct op op = op_new(VECTOR_NOW);
    struct providers p = {0};
    char why[256] = "";

    if (mkdtemp(dir) == NULL)
        return 1;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *line = expand(&op, rows[i].line, dir, "");
        const struct conf *c = conf_vectors(&op, dir, "http://127.0.0.1:1", line);
        enum err e = providers_open(c, false, &p, why, sizeof(why));

        ok(e == E_INVALID && strstr(why, rows[i].setting) != NULL, "%s: %s", rows[i].line, why);
        ok(p.sms == NULL && p.bank == NULL, "and nothing is opened");
        e = providers_open(c, true, &p, why, sizeof(why));
        ok((e == E_INVALID) == rows[i].callbacks, "for callbacks alone it %s",
            rows[i].callbacks ? "matters, too" : "does not matter");
        providers_close();
        memset(&p, 0, sizeof(p));
    }
    ok(providers_open(
           conf_vectors(&op, dir, "http://127.0.0.1:1", ""), false, &p, why, sizeof(why)) == OK,
        "good settings open");
    ok(p.sms != NULL && p.wechat_pay != NULL && p.alipay != NULL && p.bank != NULL &&
            p.identity != NULL && p.courier != NULL && p.invoice != NULL,
        "all seven kinds");
    is(p.wechat_pay->name, "wechat_pay", "by their names");
    providers_close();
    ok(providers_open(conf_vectors(&op, dir, "http://127.0.0.1:1", "invoice_base_url ="), false, &p,
           why, sizeof(why)) == OK &&
            p.invoice == NULL && p.courier != NULL,
        "without an address of its own there is just no provider of invoices %s", why);
    providers_close();
    ok(providers_open(conf_vectors(&op, dir, "https://pay.example.cn", "sandbox = 0"), false, &p,
           why, sizeof(why)) == OK,
        "https needs no sandbox %s", why);
    providers_close();
    arena_free(op.arena);
    return done();
}
