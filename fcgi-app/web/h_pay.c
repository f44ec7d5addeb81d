/* Paying and cancelling, as the applicant does it. */
#include "flow/pay.h"
#include "flow/refund.h"
#include "store/order_view.h"
#include "web/page.h"
#include "web/routes.h"

struct pay_choice {
    int method;
};
static const struct field pay_choice_fields[] = {
    ENUM(struct pay_choice, method, payment_methods, .label = "支付方式"),
    {.type = F_END},
};

static enum err
answer_payment(struct call *c, const char *payment_id, void *out)
{
    struct payment_view *view = out;

    TRY(payment_view(c->op, payment_id, c->args[0], c->who.account, view));
    c->etag = arena_printf(c->op->arena, "%lld", (long long)view->version);
    c->topic = view->order_no;
    return OK;
}

static enum err
h_begin(struct call *c, const void *in, void *out)
{
    const struct pay_choice *choice = in;
    const char *payment_id;

    TRY(pay_begin(
        c->op, c->who.account, c->args[0], (enum payment_method)choice->method, &payment_id));
    return answer_payment(c, payment_id, out);
}

static enum err
h_payment(struct call *c, const void *in, void *out)
{
    (void)in;
    return answer_payment(c, c->args[1], out);
}

static const struct field voucher_fields[] = {
    STR(struct voucher, payer_name, 1, 100, .label = "付款户名"),
    INT(struct voucher, amount_fen, 1, 1000000000000, .label = "汇款金额（分）"),
    STR(struct voucher, transferred_on, 10, 10, .format = "date", .label = "汇款日期"),
    STR(struct voucher, bank_reference, 1, 60, .flags = F_OPT, .label = "银行流水号"),
    {.type = F_END},
};

static enum err
h_voucher(struct call *c, const void *in, void *out)
{
    TRY(pay_voucher(c->op, c->who.account, c->args[0], c->args[1], in));
    return answer_order(c, c->args[0], out);
}

struct cancellation {
    const char *reason;
};
static const struct field cancellation_fields[] = {
    STR(struct cancellation, reason, 1, 200, .flags = F_LINES, .label = "取消原因"),
    {.type = F_END},
};

static enum err
h_cancel(struct call *c, const void *in, void *out)
{
    TRY(pay_cancel(c->op, c->who.account, c->args[0], ((const struct cancellation *)in)->reason));
    return answer_order(c, c->args[0], out);
}

static const struct field refund_account_fields[] = {
    STR(struct bank_account, account_name, 1, 100, .label = "收款户名"),
    STR(struct bank_account, bank_code, 12, 12, .label = "开户行"),
    STR(struct bank_account, account_number, 1, 40, .label = "收款账号"),
    {.type = F_END},
};

static enum err
h_refund_account(struct call *c, const void *in, void *out)
{
    TRY(refund_name_account(c->op, c->who.account, c->args[0], in));
    return answer_order(c, c->args[0], out);
}

#define ORDER   "/api/v1/orders/{order_no}"
#define PAYMENT ORDER "/payments/{payment_id}"
const struct route h_pay_routes[] = {
    {"POST", ORDER "/payments", POOL_APPLICANT, SIGNED_IN, R_IDEMPOTENT, BODY(in, pay_choice),
        BODY(out, payment_view), .status = 201, .run = h_begin, .summary = "发起支付",
        REFUSES(E_STATE, E_TOO_MANY)},
    {"GET", PAYMENT, POOLS_WAIT, SIGNED_IN, R_WAIT, BODY(out, payment_view), .run = h_payment,
        .summary = "支付状态"},
    {"POST", PAYMENT "/voucher", POOL_APPLICANT, SIGNED_IN, R_IDEMPOTENT, BODY(in, voucher),
        BODY(out, order_view), .run = h_voucher, .summary = "提交汇款凭证",
        REFUSES(E_STATE, E_PAYMENT_PENDING)},
    {"POST", ORDER "/cancellation", POOL_APPLICANT, SIGNED_IN, R_IDEMPOTENT, BODY(in, cancellation),
        BODY(out, order_view), .run = h_cancel, .summary = "取消业务单",
        REFUSES(E_STATE, E_PAYMENT_PENDING)},
    {"PUT", ORDER "/refund-account", POOL_APPLICANT, SIGNED_IN, .in = refund_account_fields,
        .in_size = sizeof(struct bank_account), BODY(out, order_view), .run = h_refund_account,
        .summary = "补填退款收款账户", REFUSES(E_STATE)},
    {.method = NULL},
};
