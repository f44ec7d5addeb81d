/*
 * WeChat Pay APIv3, Native (QR) payments.
 *
 * wechatpay_seal.c knows signatures and ciphers, wechatpay.c the calls.
 */
#ifndef HALL_PROVIDER_WECHATPAY_H
#define HALL_PROVIDER_WECHATPAY_H

#include "provider/common.h"

enum { WECHATPAY_KEYS_MOST = 8, WECHATPAY_SKEW = 300 };

/* What signs and verifies; the public key and the certificates work side by side, because WeChat
 * moves a merchant from one to the other over days. */
struct wechatpay_keys {
    const char *mchid, *serial; /* of our API certificate */
    struct key *private;        /* NULL where only callbacks are verified */
    const char *public_key_id;  /* "PUB_KEY_ID_..." */
    struct key *public_key;
    struct key *certificates[WECHATPAY_KEYS_MOST];
    size_t n_certificates;
    char *apiv3_key; /* 32 bytes */
};

/* The Authorization header of a request; uri is path and query exactly as sent. */
enum err wechatpay_authorization(struct op *op, const struct wechatpay_keys *k, const char *method,
    const char *uri, const char *body, const char *nonce, const char **out) MUST_USE;
/* The name of the key that the answer shall be signed with, for Wechatpay-Serial. */
const char *wechatpay_answer_serial(const struct wechatpay_keys *k);
/* What one Wechatpay-... header of an answer or a callback says; NULL unless it is there once. */
typedef const char *wechatpay_header(const void *from, const char *lower_case_name);
/* E_FORBIDDEN unless time, key and signature over the raw body are right. */
enum err wechatpay_verify(struct op *op, const struct wechatpay_keys *k, wechatpay_header *header,
    const void *from, const char *body, size_t n) MUST_USE;
/* Opens the `resource` member of a verified callback. */
struct tree;
enum err wechatpay_open_resource(struct op *op, const struct wechatpay_keys *k,
    const struct tree *callback, const struct tree **out) MUST_USE;

enum err wechatpay_open(struct loading *l, const struct pay_provider **out) MUST_USE;
void wechatpay_close(void);

#endif
