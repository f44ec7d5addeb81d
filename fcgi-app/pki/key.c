#include "pki/key.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/secret.h"
#include "pki/der.h"
#include "pki/failure.h"
#include "pki/guard.h"

/* GB/T 35276: the default distinguishing id of a signer. */
static const char sm2_id[] = "1234567812345678";
enum { SEAL_ROUNDS = 600000, SALT_SIZE = 16 };

struct key {
    EVP_PKEY *evp;
    enum algorithm algorithm;
};

static const struct {
    const char *name, *type, *group, *digest, *signature, *curve;
} algorithms[ALGORITHM_MAX] = {
#define ALGORITHM(id, n, t, g, d, s, c) [ALGORITHM_##id] = {n, t, g, d, s, c},
#include "pki/algorithm.def"
};

GUARD(BIO)
GUARD(EVP_MD_CTX)
GUARD(EVP_PKEY)
GUARD(EVP_PKEY_CTX)
GUARD(PKCS8_PRIV_KEY_INFO)
GUARD(X509_SIG)

const char *
algorithm_name(enum algorithm a)
{
    return algorithms[a].name;
}

bool
algorithm_parse(const char *name, enum algorithm *out)
{
    for (int i = 0; i < ALGORITHM_MAX; i++)
        if (strcmp(algorithms[i].name, name) == 0) {
            *out = (enum algorithm)i;
            return true;
        }
    return false;
}

struct blob
algorithm_identifier(struct arena *arena, enum algorithm a)
{
    struct blob oid;

    if (!der_oid(arena, algorithms[a].signature, &oid))
        abort(); /* a mistake in algorithm.def */
    return DER(arena, DER_SEQUENCE, oid);
}

void
key_free(struct key *k)
{
    if (k == NULL)
        return;
    EVP_PKEY_free(k->evp);
    free(k);
}

void
key_drop(struct key **k)
{
    key_free(*k);
}

void
key_lock_memory(void)
{
    if (!CRYPTO_secure_malloc_initialized())
        CRYPTO_secure_malloc_init(32768, 16);
}

/* Takes over evp. */
static struct key *
key_new(EVP_PKEY *evp, enum algorithm a)
{
    struct key *k = malloc(sizeof(*k));

    if (k == NULL)
        abort();
    k->evp = evp;
    k->algorithm = a;
    return k;
}

enum err
key_generate(struct op *op, enum algorithm a, struct key **out)
{
    AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, algorithms[a].type, NULL);
    EVP_PKEY *evp = NULL;

    if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
        (algorithms[a].group != NULL &&
            EVP_PKEY_CTX_set_group_name(ctx, algorithms[a].group) != 1) ||
        EVP_PKEY_generate(ctx, &evp) != 1)
        return crypto_fail(op, E_INTERNAL, "key generation");
    *out = key_new(evp, a);
    return OK;
}

/* Whether the key is of this type and curve; EC and SM2 are different types of OpenSSL. */
static bool
is_algorithm(const EVP_PKEY *evp, enum algorithm a)
{
    char group[64] = "";

    if (!EVP_PKEY_is_a(evp, algorithms[a].type))
        return false;
    if (algorithms[a].group == NULL)
        return true;
    return EVP_PKEY_get_group_name(evp, group, sizeof(group), NULL) == 1 &&
           EC_curve_nist2nid(algorithms[a].group) == OBJ_txt2nid(group);
}

static enum err
open_info(struct op *op, enum algorithm a, const PKCS8_PRIV_KEY_INFO *info, struct key **out)
{
    AUTO(EVP_PKEY) *evp = EVP_PKCS82PKEY(info);

    if (evp == NULL)
        return crypto_fail(op, E_INVALID, "private key");
    if (!is_algorithm(evp, a))
        return op_fail(op, E_INVALID, "private key is not %s", algorithms[a].name);
    *out = key_new(evp, a);
    evp = NULL;
    return OK;
}

enum err
key_open(struct op *op, enum algorithm a, struct blob pkcs8, struct key **out)
{
    const unsigned char *p = pkcs8.data;
    AUTO(PKCS8_PRIV_KEY_INFO) *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)pkcs8.size);

    if (info == NULL || p != pkcs8.data + pkcs8.size)
        return crypto_fail(op, E_INVALID, "private key is not PKCS#8");
    return open_info(op, a, info, out);
}

enum err
key_pkcs8(struct op *op, const struct key *k, struct blob *out)
{
    AUTO(PKCS8_PRIV_KEY_INFO) *info = EVP_PKEY2PKCS8(k->evp);
    unsigned char *der = NULL;
    int size = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1;

    if (size <= 0)
        return crypto_fail(op, E_INTERNAL, "encoding a private key");
    *out = blob_copy(op->arena, der, (size_t)size);
    OPENSSL_clear_free(der, (size_t)size);
    return OK;
}

enum err
key_spki(struct op *op, const struct key *k, struct blob *out)
{
    unsigned char *der = NULL;
    int size = i2d_PUBKEY(k->evp, &der);

    if (size <= 0)
        return crypto_fail(op, E_INTERNAL, "encoding a public key");
    *out = blob_copy(op->arena, der, (size_t)size);
    OPENSSL_free(der);
    return OK;
}

static const char *
bio_text(struct op *op, BIO *bio)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);

    return arena_strndup(op->arena, data, size > 0 ? (size_t)size : 0);
}

enum err
key_seal(struct op *op, const struct key *k, const char *passphrase, const char **pem)
{
    AUTO(PKCS8_PRIV_KEY_INFO) *info = EVP_PKEY2PKCS8(k->evp);
    AUTO(X509_SIG) *sealed = NULL;
    AUTO(BIO) *bio = BIO_new(BIO_s_mem());
    unsigned char salt[SALT_SIZE];
    X509_ALGOR *pbe;

    secret_random(salt, sizeof(salt));
    pbe = PKCS5_pbe2_set_iv(
        EVP_aes_256_cbc(), SEAL_ROUNDS, salt, sizeof(salt), NULL, NID_hmacWithSHA256);
    if (info == NULL || bio == NULL || pbe == NULL)
        return crypto_fail(op, E_INTERNAL, "sealing a private key");
    sealed = PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), info, pbe);
    if (sealed == NULL) {
        X509_ALGOR_free(pbe);
        return crypto_fail(op, E_INTERNAL, "sealing a private key");
    }
    if (PEM_write_bio_PKCS8(bio, sealed) != 1)
        return crypto_fail(op, E_INTERNAL, "sealing a private key");
    *pem = bio_text(op, bio);
    return OK;
}

enum err
key_unseal(
    struct op *op, enum algorithm a, const char *pem, const char *passphrase, struct key **out)
{
    AUTO(BIO) *bio = BIO_new_mem_buf(pem, (int)strlen(pem));
    AUTO(X509_SIG) *sealed = bio != NULL ? PEM_read_bio_PKCS8(bio, NULL, NULL, NULL) : NULL;
    AUTO(PKCS8_PRIV_KEY_INFO) *info = NULL;

    if (sealed == NULL)
        return crypto_fail(op, E_INVALID, "not an encrypted private key in PEM");
    info = PKCS8_decrypt(sealed, passphrase, (int)strlen(passphrase));
    if (info == NULL)
        return crypto_fail(op, E_FORBIDDEN, "the passphrase does not open the key");
    return open_info(op, a, info, out);
}

static bool
set_id(EVP_PKEY_CTX *ctx, enum algorithm a)
{
    return a != ALGORITHM_SM2 || EVP_PKEY_CTX_set1_id(ctx, sm2_id, sizeof(sm2_id) - 1) == 1;
}

enum err
key_sign(struct op *op, const struct key *k, struct blob message, struct blob *out)
{
    AUTO(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pctx = NULL; /* belongs to ctx */
    unsigned char signature[256];
    size_t size = sizeof(signature);

    if (ctx == NULL ||
        EVP_DigestSignInit_ex(
            ctx, &pctx, algorithms[k->algorithm].digest, NULL, NULL, k->evp, NULL) != 1 ||
        !set_id(pctx, k->algorithm) ||
        EVP_DigestSign(ctx, signature, &size, message.data, message.size) != 1)
        return crypto_fail(op, E_INTERNAL, "signing");
    *out = blob_copy(op->arena, signature, size);
    return OK;
}

static enum err
spki_open(struct op *op, enum algorithm a, struct blob spki, EVP_PKEY **out)
{
    const unsigned char *p = spki.data;
    AUTO(EVP_PKEY) *evp = d2i_PUBKEY(NULL, &p, (long)spki.size);

    if (evp == NULL || p != spki.data + spki.size)
        return crypto_fail(op, E_INVALID, "not a public key");
    if (!is_algorithm(evp, a))
        return op_fail(op, E_INVALID, "public key is not %s", algorithms[a].name);
    *out = evp;
    evp = NULL;
    return OK;
}

enum err
key_verify(
    struct op *op, enum algorithm a, struct blob spki, struct blob message, struct blob signature)
{
    AUTO(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
    AUTO(EVP_PKEY) *evp = NULL;
    EVP_PKEY_CTX *pctx = NULL; /* belongs to ctx */

    TRY(spki_open(op, a, spki, &evp));
    if (ctx == NULL ||
        EVP_DigestVerifyInit_ex(ctx, &pctx, algorithms[a].digest, NULL, NULL, evp, NULL) != 1 ||
        !set_id(pctx, a))
        return crypto_fail(op, E_INTERNAL, "verifying");
    if (EVP_DigestVerify(ctx, signature.data, signature.size, message.data, message.size) != 1)
        return crypto_fail(op, E_FORBIDDEN, "the signature is not of this key over these bytes");
    return OK;
}

bool
key_signed_with_empty_id(struct blob spki, struct blob message, struct blob signature)
{
    const unsigned char *p = spki.data;
    AUTO(EVP_PKEY) *evp = d2i_PUBKEY(NULL, &p, (long)spki.size);
    AUTO(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
    bool right =
        evp != NULL && ctx != NULL && EVP_PKEY_is_a(evp, "SM2") &&
        EVP_DigestVerifyInit_ex(ctx, NULL, "SM3", NULL, NULL, evp, NULL) == 1 &&
        EVP_DigestVerify(ctx, signature.data, signature.size, message.data, message.size) == 1;

    ERR_clear_error();
    return right;
}

struct blob
spki_bits(struct blob spki)
{
    struct der all, algorithm, bits;
    struct blob rest;

    if (!der_only(spki, DER_SEQUENCE, &all))
        return (struct blob){NULL, 0};
    rest = all.body;
    if (!der_expect(&rest, DER_SEQUENCE, &algorithm) || !der_only(rest, DER_BIT_STRING, &bits) ||
        bits.body.size < 2 || bits.body.data[0] != 0)
        return (struct blob){NULL, 0};
    return (struct blob){bits.body.data + 1, bits.body.size - 1};
}

void
spki_key_id(struct blob spki, unsigned char out[KEY_ID_SIZE])
{
    struct blob bits = spki_bits(spki);

    if (EVP_Digest(bits.data, bits.size, out, NULL, EVP_sha1(), NULL) != 1)
        abort(); /* only without memory */
}

/* AlgorithmIdentifier of a public key: id-ecPublicKey with a named curve (RFC 5480 2.1.1), or the
 * signature's own (RFC 8410 3). */
static bool
spki_algorithm(struct op *op, enum algorithm a, struct blob *out)
{
    struct blob type, curve;

    if (algorithms[a].curve == NULL) {
        *out = algorithm_identifier(op->arena, a);
        return true;
    }
    if (!der_oid(op->arena, "1.2.840.10045.2.1", &type) ||
        !der_oid(op->arena, algorithms[a].curve, &curve))
        return false;
    *out = DER(op->arena, DER_SEQUENCE, type, curve);
    return true;
}

enum err
spki_check(struct op *op, enum algorithm a, struct blob spki)
{
    AUTO(EVP_PKEY) *evp = NULL;
    AUTO(EVP_PKEY_CTX) *ctx = NULL;
    struct blob bits = spki_bits(spki), algorithm;

    /* The whole of it is then known, but for the point: there is one encoding of a key only. */
    if (bits.size == 0 || !spki_algorithm(op, a, &algorithm) ||
        !blob_equal(spki, DER(op->arena, DER_SEQUENCE, algorithm, der_bits(op->arena, bits))))
        return op_fail(op, E_INVALID, "public key is not of %s by name", algorithms[a].name);
    if (algorithms[a].curve != NULL && bits.data[0] != 4)
        return op_fail(op, E_INVALID, "public key is not an uncompressed point");
    TRY(spki_open(op, a, spki, &evp));
    ctx = EVP_PKEY_CTX_new_from_pkey(NULL, evp, NULL);
    if (ctx == NULL || EVP_PKEY_public_check(ctx) != 1)
        return crypto_fail(op, E_INVALID, "public key is not on its curve");
    return OK;
}
