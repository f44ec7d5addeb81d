#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/encoding.h"
#include "io/json_tree.h"
#include "provider/wechatpay.h"

enum err
wechatpay_authorization(struct op *op, const struct wechatpay_keys *k, const char *method,
    const char *uri, const char *body, const char *nonce, const char **out)
{
    const char *signature;

    if (k->private == NULL)
        return op_fail(op, E_INTERNAL, "this process holds no key of WeChat Pay");
    TRY(sign_rsa(op, k->private,
        arena_printf(op->arena, "%s\n%s\n%lld\n%s\n%s\n", method, uri, (long long)op->now, nonce,
            body == NULL ? "" : body),
        &signature));
    *out = arena_printf(op->arena,
        "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%lld\","
        "serial_no=\"%s\",signature=\"%s\"",
        k->mchid, nonce, (long long)op->now, k->serial, signature);
    return OK;
}

const char *
wechatpay_answer_serial(const struct wechatpay_keys *k)
{
    if (k->public_key != NULL)
        return k->public_key_id;
    return key_serial(k->certificates[0]);
}

static const struct key *
key_named(const struct wechatpay_keys *k, const char *serial)
{
    if (k->public_key != NULL && strcmp(serial, k->public_key_id) == 0)
        return k->public_key;
    for (size_t i = 0; i < k->n_certificates; i++) {
        if (strcmp(serial, key_serial(k->certificates[i])) == 0)
            return k->certificates[i];
    }
    return NULL;
}

enum err
wechatpay_verify(struct op *op, const struct wechatpay_keys *k, wechatpay_header *header,
    const void *from, const char *body, size_t n)
{
    static const char probe[] = "WECHATPAY/SIGNTEST/";
    const char *timestamp = header(from, "wechatpay-timestamp");
    const char *nonce = header(from, "wechatpay-nonce");
    const char *signature = header(from, "wechatpay-signature");
    const char *serial = header(from, "wechatpay-serial");
    const char *type = header(from, "wechatpay-signature-type");
    const struct key *key;
    int64_t at;
    char *text;
    size_t head;

    if (timestamp == NULL || nonce == NULL || signature == NULL || serial == NULL)
        return op_fail(op, E_FORBIDDEN, "a signature header is missing or there twice");
    if (type != NULL && strcmp(type, "WECHATPAY2-SHA256-RSA2048") != 0)
        return op_fail(op, E_FORBIDDEN, "signature of an unknown type");
    if (!text_int(timestamp, &at) || llabs(at - op->now) >= WECHATPAY_SKEW)
        return op_fail(op, E_FORBIDDEN, "the signature is not of this moment");
    key = key_named(k, serial);
    if (key == NULL)
        return op_fail(op, E_FORBIDDEN, "the signature names a key we do not have");
    /* WeChat tests now and then whether we look: such a signature is wrong on purpose. */
    if (strncmp(signature, probe, sizeof(probe) - 1) == 0)
        return op_fail(op, E_FORBIDDEN, "signature probe of WeChat Pay");
    text = arena_printf(op->arena, "%s\n%s\n", timestamp, nonce);
    head = strlen(text);
    text = memcpy(arena_alloc(op->arena, head + n + 1), text, head);
    memcpy(text + head, body, n);
    text[head + n] = '\n';
    if (sign_rsa_verify(op, key, text, head + n + 1, signature) != OK)
        return E_FORBIDDEN;
    return OK;
}

enum err
wechatpay_open_resource(struct op *op, const struct wechatpay_keys *k, const struct tree *callback,
    const struct tree **out)
{
    const char *algorithm = tree_text(callback, "resource.algorithm");
    const char *nonce = tree_text(callback, "resource.nonce");
    const char *ciphertext = tree_text(callback, "resource.ciphertext");
    const char *aad = tree_text(callback, "resource.associated_data");
    struct bytes sealed, plain;
    const void *data;

    if (algorithm == NULL || strcmp(algorithm, "AEAD_AES_256_GCM") != 0 || nonce == NULL ||
        ciphertext == NULL || !encoding_unbase64(op->arena, ciphertext, &data, &sealed.size))
        return op_fail(op, E_MALFORMED, "not a sealed resource");
    sealed.data = data;
    TRY(sign_gcm_open(op, k->apiv3_key, nonce, aad == NULL ? "" : aad, sealed, &plain));
    return tree_read(op, (const char *)plain.data, plain.size, out);
}
