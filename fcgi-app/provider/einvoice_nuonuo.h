/* Fully digital invoices (数电票) through the open platform of Nuonuo. */
#ifndef HALL_PROVIDER_EINVOICE_NUONUO_H
#define HALL_PROVIDER_EINVOICE_NUONUO_H

#include "provider/common.h"

/* One call's query values, which are signed with the body as it is sent. */
struct nuonuo_call {
    const char *app_key, *senid, *nonce, *timestamp;
    const char *body;
};
/* X-Nuonuo-Sign */
enum err einvoice_nuonuo_sign(
    struct op *op, const struct nuonuo_call *c, const char *app_secret, const char **out) MUST_USE;

/* *out is NULL where no invoice_base_url is set: then nobody issues invoices here. */
enum err einvoice_nuonuo_open(struct loading *l, const struct invoice_provider **out) MUST_USE;
void einvoice_nuonuo_close(void);

#endif
