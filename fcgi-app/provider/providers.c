#include <stdio.h>
#include <stdlib.h>

#include "provider/alipay.h"
#include "provider/bank_cmb.h"
#include "provider/courier_sf.h"
#include "provider/einvoice_nuonuo.h"
#include "provider/identity_tencent.h"
#include "provider/sms_aliyun.h"
#include "provider/wechatpay.h"

void
providers_close(void)
{
    sms_aliyun_close();
    wechatpay_close();
    alipay_close();
    bank_cmb_close();
    identity_tencent_close();
    courier_sf_close();
    einvoice_nuonuo_close();
}

static enum err
open_all(struct loading *l, struct providers *out)
{
    TRY(sms_aliyun_open(l, &out->sms));
    TRY(wechatpay_open(l, &out->wechat_pay));
    TRY(alipay_open(l, &out->alipay));
    TRY(courier_sf_open(l, &out->courier));
    if (l->callbacks_only)
        return OK;
    TRY(bank_cmb_open(l, &out->bank));
    TRY(einvoice_nuonuo_open(l, &out->invoice));
    return identity_tencent_open(l, &out->identity);
}

enum err
providers_open(
    const struct conf *conf, bool callbacks_only, struct providers *out, char *why, size_t why_size)
{
    struct loading l = {conf, callbacks_only, why, why_size};
    struct providers all = {0};
    static bool at_exit;

    if (!callbacks_only && client_open() != OK) {
        snprintf(why, why_size, "libcurl cannot be started");
        return E_INTERNAL;
    }
    if (!at_exit && atexit(providers_close) != 0)
        return E_INTERNAL;
    at_exit = true;
    if (open_all(&l, &all) != OK) {
        providers_close();
        return E_INVALID;
    }
    *out = all;
    return OK;
}
