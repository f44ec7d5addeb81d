/* What an applicant does after the verdict: another bank account, the certificate, the parcel. */
#include <string.h>

#include "flow/bank_verify.h"
#include "flow/certificate.h"
#include "flow/deliver.h"
#include "store/order_view.h"
#include "web/page.h"
#include "web/routes.h"

static const struct field bank_account_fields[] = {
    STR(struct bank_account, account_name, 1, 200, .label = "基本户名称"),
    STR(struct bank_account, bank_code, 1, 40, .label = "开户行"),
    STR(struct bank_account, account_number, 1, 60, .label = "账号"),
    {.type = F_END},
};

static enum err
h_bank_account(struct call *c, const void *in, void *out)
{
    TRY(bank_verification_change(c->op, c->who.account, c->args[0], in));
    return answer_order(c, c->args[0], out);
}

static void
answer_bytes(struct call *c, const void *data, size_t n, const char *type, const char *name)
{
    c->reply->body = data;
    c->reply->size = n;
    c->reply->content_type = type;
    http_reply_header(c->reply, "Content-Disposition",
        arena_printf(c->op->arena, "attachment; filename=\"%s-%s\"", c->args[0], name));
}

static enum err
h_certificate(struct call *c, const void *in, void *out)
{
    struct certificate cert;

    (void)in;
    (void)out;
    TRY(certificate_of_order(c->op, c->args[0], c->who.account, &cert));
    answer_bytes(c, cert.chain_pem, strlen(cert.chain_pem), "application/x-pem-file", "chain.pem");
    return OK;
}

static enum err
h_container(struct call *c, const void *in, void *out)
{
    const void *data;
    size_t n;

    (void)in;
    (void)out;
    TRY(certificate_take(c->op, c->who.account, c->args[0], &data, &n));
    answer_bytes(c, data, n, "application/x-pkcs12", "certificate.p12");
    return OK;
}

static enum err
h_receipt(struct call *c, const void *in, void *out)
{
    (void)in;
    return certificate_receipt(c->op, c->who.account, c->args[0], out);
}

static const struct field delivery_fields[] = {
    STR(struct delivery, recipient, 1, 100, .label = "收件人"),
    STR(struct delivery, mobile, 1, 40, .label = "收件人手机"),
    STR(struct delivery, region, 1, 20, .label = "省/市/区"),
    STR(struct delivery, address, 1, 400, .label = "详细地址"),
    STR(struct delivery, postcode, 0, 20, .flags = F_OPT, .label = "邮编"),
    {.type = F_END},
};

static enum err
h_address(struct call *c, const void *in, void *out)
{
    TRY(deliver_address(c->op, c->who.account, c->args[0], in));
    return answer_order(c, c->args[0], out);
}

struct receipt_of_parcel {
    bool received;
    const char *reason;
};
static const struct field receipt_of_parcel_fields[] = {
    BOOL(struct receipt_of_parcel, received, .label = "是否收到"),
    STR(struct receipt_of_parcel, reason, 1, 200, .flags = F_OPT | F_LINES, .label = "原因"),
    {.type = F_END},
};

static enum err
h_delivery(struct call *c, const void *in, void *out)
{
    const struct receipt_of_parcel *r = in;

    if (!r->received && r->reason == NULL)
        op_fault(c->op, "/reason", FAULT_REQUIRED);
    TRY(op_faults(c->op));
    if (r->received)
        TRY(deliver_confirm(c->op, c->who.account, c->args[0]));
    else
        TRY(deliver_dispute(c->op, c->who.account, c->args[0], r->reason));
    return answer_order(c, c->args[0], out);
}

#define ORDER "/api/v1/orders/{order_no}"
const struct route h_certificate_routes[] = {
    {"PUT", ORDER "/bank-account", POOL_APPLICANT, SIGNED_IN, BODY(in, bank_account),
        BODY(out, order_view), .run = h_bank_account, .summary = "重新提交金融认证信息",
        REFUSES(E_STATE, E_BANK_TRIES_TODAY, E_BANK_TRIES_USED)},
    {"GET", ORDER "/certificate", POOL_APPLICANT, SIGNED_IN, .types = "application/x-pem-file",
        .run = h_certificate, .summary = "证书链（证书、签发CA、根）"},
    {"GET", ORDER "/certificate.p12", POOL_APPLICANT, SIGNED_IN, .types = "application/x-pkcs12",
        .run = h_container, .summary = "以PIN码保护的密钥和证书"},
    {"GET", ORDER "/receipt", POOL_APPLICANT, SIGNED_IN, BODY(out, receipt_view), .run = h_receipt,
        .summary = "可离线验证的回执"},
    {"PUT", ORDER "/delivery-address", POOL_APPLICANT, SIGNED_IN, BODY(in, delivery),
        BODY(out, order_view), .run = h_address, .summary = "快递异常后确认收件地址",
        REFUSES(E_STATE)},
    {"POST", ORDER "/delivery-confirmation", POOL_APPLICANT, SIGNED_IN, BODY(in, receipt_of_parcel),
        BODY(out, order_view), .run = h_delivery, .summary = "确认收到，或说明未收到",
        REFUSES(E_STATE)},
    {.method = NULL},
};
