/* What the providers tell us: verified, stored, acknowledged in their own words. */
#include <string.h>

#include "base/log.h"
#include "flow/notify.h"
#include "web/routes.h"

static const struct pair *
headers(struct op *op, const struct http_request *http)
{
    struct pair *pairs;
    size_t n = 0;

    while (http->headers[n].name != NULL)
        n++;
    pairs = NEW_N(op->arena, n + 1, struct pair);
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct pair){http->headers[i].name, http->headers[i].value};
    return pairs;
}

static enum err
answer(struct call *c, enum sender from)
{
    const struct callback cb = {headers(c->op, c->http), c->http->body, c->http->size};
    struct acknowledgement a = {.body = NULL};
    enum err e = notify_take(c->op, from, &cb, &a);

    if (a.body == NULL)
        return e;
    if (e != OK)
        log_warn(c->op, "callback refused", "code", err_code(e), "note", c->op->note, NULL);
    c->reply->status = a.status;
    c->reply->content_type = a.content_type;
    c->reply->body = a.body;
    c->reply->size = strlen(a.body);
    return OK;
}

static enum err
h_wechat_pay(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return answer(c, SENDER_WECHAT_PAY);
}

static enum err
h_alipay(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return answer(c, SENDER_ALIPAY);
}

static enum err
h_sms(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return answer(c, SENDER_SMS);
}

static enum err
h_courier(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return answer(c, SENDER_COURIER);
}

#define JSON_TEXT .flags = R_RAW, .max = 65536, .types = "application/json"
const struct route h_callback_routes[] = {
    {"POST", "/callback/wechat-pay", POOL_CALLBACK, ANYONE, JSON_TEXT, .run = h_wechat_pay,
        .summary = "微信支付通知"},
    {"POST", "/callback/alipay", POOL_CALLBACK, ANYONE, .flags = R_RAW, .max = 65536,
        .types = "application/x-www-form-urlencoded", .run = h_alipay, .summary = "支付宝通知"},
    {"POST", "/callback/sms", POOL_CALLBACK, ANYONE, JSON_TEXT, .run = h_sms,
        .summary = "短信回执"},
    {"POST", "/callback/courier", POOL_CALLBACK, ANYONE, JSON_TEXT, .run = h_courier,
        .summary = "物流推送"},
    {.method = NULL},
};
