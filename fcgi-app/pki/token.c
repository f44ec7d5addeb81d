#include "pki/token.h"

#include <string.h>

#include "pki/certificate.h"
#include "pki/der.h"
#include "pki/signed.h"

static enum err
soft_keygen(struct op *op, enum algorithm a, struct token_key *out)
{
    struct token_key made = {.algorithm = a};
    KEY(key);

    TRY(key_generate(op, a, &key));
    TRY(key_pkcs8(op, key, &made.secret));
    TRY(key_spki(op, key, &made.spki));
    *out = made;
    return OK;
}

static enum err
soft_sign(struct op *op, const struct token_key *key, struct blob message, struct blob *out)
{
    KEY(opened);

    TRY(key_open(op, key->algorithm, key->secret, &opened));
    return key_sign(op, opened, message, out);
}

/* CertificationRequestInfo ::= SEQUENCE { version 0, subject, SPKI, attributes [0] } (RFC 2986) */
static enum err
soft_csr(struct op *op, const struct token_key *key, struct blob *out)
{
    struct arena *a = op->arena;
    struct blob empty = {NULL, 0}, signature;
    struct blob info = DER(a, DER_SEQUENCE, der_number(a, 0), DER(a, DER_SEQUENCE, empty),
        key->spki, DER(a, DER_CONSTRUCTED, empty));

    TRY(soft_sign(op, key, info, &signature));
    *out = signed_wrap(a, key->algorithm, info, signature);
    return OK;
}

static enum err
soft_deliver(struct op *op, const struct token_key *key, struct blob certificate,
    const struct issuer *issuer, const char *pin, struct blob *out)
{
    struct blob chain[] = {issuer->certificate, issuer->root};
    struct certificate_summary summary;

    if (strlen(pin) < PIN_LEAST)
        return op_fail(op, E_INVALID, "the PIN is shorter than %d characters", PIN_LEAST);
    TRY(certificate_parse(op, certificate, &summary));
    if (!blob_equal(summary.spki, key->spki))
        return op_fail(op, E_INVALID, "the certificate is of another key");
    return container_make(op, key, certificate, chain, 2, pin, out);
}

const struct token_ops *
token_soft(void)
{
    static const struct token_ops soft = {
        .name = "soft",
        .keygen = soft_keygen,
        .csr = soft_csr,
        .sign = soft_sign,
        .deliver = soft_deliver,
    };

    return &soft;
}

enum err
csr_check(struct op *op, enum algorithm a, struct blob csr, struct blob *spki)
{
    struct signed_parts parts;
    struct der info, version, subject, key;
    struct blob rest;

    if (csr.size > CSR_SIZE_MAX || !signed_split(csr, &parts) ||
        !der_only(parts.tbs, DER_SEQUENCE, &info))
        return op_fail(op, E_INVALID, "not a PKCS#10 request of at most %d bytes", CSR_SIZE_MAX);
    rest = info.body;
    if (!der_expect(&rest, DER_INTEGER, &version) || !der_expect(&rest, DER_SEQUENCE, &subject) ||
        !der_expect(&rest, DER_SEQUENCE, &key))
        return op_fail(op, E_INVALID, "not a PKCS#10 request");
    TRY(spki_check(op, a, key.whole));
    if (a == ALGORITHM_SM2 && key_signed_with_empty_id(key.whole, parts.tbs, parts.signature))
        return op_fail(op, E_FORBIDDEN, "the request is signed with the empty SM2 id");
    TRY(signed_verify(op, a, key.whole, csr));
    *spki = key.whole;
    return OK;
}
