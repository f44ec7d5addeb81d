#include "pki/signed.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>

#include "pki/der.h"
#include "pki/failure.h"
#include "pki/guard.h"

GUARD(BIO)

struct blob
signed_wrap(struct arena *arena, enum algorithm a, struct blob tbs, struct blob signature)
{
    return DER(
        arena, DER_SEQUENCE, tbs, algorithm_identifier(arena, a), der_bits(arena, signature));
}

bool
signed_split(struct blob der, struct signed_parts *out)
{
    struct der all, tbs, algorithm, bits;
    struct blob rest;

    if (!der_only(der, DER_SEQUENCE, &all))
        return false;
    rest = all.body;
    if (!der_expect(&rest, DER_SEQUENCE, &tbs) || !der_expect(&rest, DER_SEQUENCE, &algorithm) ||
        !der_only(rest, DER_BIT_STRING, &bits) || bits.body.size < 2 || bits.body.data[0] != 0)
        return false;
    out->tbs = tbs.whole;
    out->algorithm = algorithm.whole;
    out->signature = (struct blob){bits.body.data + 1, bits.body.size - 1};
    return true;
}

enum err
signed_verify(struct op *op, enum algorithm a, struct blob spki, struct blob der)
{
    struct signed_parts parts;

    if (!signed_split(der, &parts))
        return op_fail(op, E_INVALID, "not a signed object in DER");
    if (!blob_equal(parts.algorithm, algorithm_identifier(op->arena, a)))
        return op_fail(op, E_INVALID, "signature algorithm is not that of the signer");
    return key_verify(op, a, spki, parts.tbs, parts.signature);
}

const char *
pem_encode(struct op *op, const char *label, struct blob der)
{
    AUTO(BIO) *bio = BIO_new(BIO_s_mem());
    char *data = NULL;
    long size;

    if (bio == NULL || PEM_write_bio(bio, label, "", der.data, (long)der.size) <= 0)
        abort(); /* only without memory */
    size = BIO_get_mem_data(bio, &data);
    return arena_strndup(op->arena, data, (size_t)size);
}

enum err
pem_decode(struct op *op, const char *label, const char *pem, struct blob *out)
{
    AUTO(BIO) *bio = BIO_new_mem_buf(pem, (int)strlen(pem));
    unsigned char *data = NULL;
    long size = 0;

    if (bio == NULL || PEM_bytes_read_bio(&data, &size, NULL, label, bio, NULL, NULL) != 1)
        return crypto_fail(op, E_INVALID, "no such block in PEM");
    *out = blob_copy(op->arena, data, (size_t)size);
    OPENSSL_free(data);
    return OK;
}
