/*
 * Alipay open platform, gateway.do with RSA2: pay by scanning.
 *
 * alipay_seal.c knows what is signed, alipay.c the calls.
 */
#ifndef HALL_PROVIDER_ALIPAY_H
#define HALL_PROVIDER_ALIPAY_H

#include "provider/common.h"

/* "a=1&b=2" of the sorted parameters as they are signed: without `sign` and empty values, and
 * without sign_type too where Alipay is the signer. */
const char *alipay_signed_text(struct op *op, const struct pair *sorted, bool by_alipay);

/* Finds the node of the method ("alipay.trade.query") in a raw answer and checks Alipay's
 * signature over its bytes; E_FORBIDDEN or E_MALFORMED. */
struct tree;
enum err alipay_open_answer(struct op *op, const struct key *public_key, const char *method,
    const char *body, size_t n, const struct tree **node) MUST_USE;

enum err alipay_open(struct loading *l, const struct pay_provider **out) MUST_USE;
void alipay_close(void);

#endif
