#include "io/sign.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/encoding.h"

enum {
    RSA_LEAST = 2048,
    SM2_HALF = 32,
    SM4_BLOCK = 16,
    GCM_TAG = 16,
    GCM_IV = 12,
    SERIAL_MOST = 41
};

struct key {
    EVP_PKEY *pkey;
    char serial[SERIAL_MOST]; /* at most 20 bytes (RFC 5280 4.1.2.2) */
};

#define GUARD(type, free_it)          \
    static void type##_done(type **p) \
    {                                 \
        free_it(*p);                  \
    }
#define OWNED(type) type *__attribute__((cleanup(type##_done)))
GUARD(EVP_MD_CTX, EVP_MD_CTX_free)
GUARD(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
GUARD(EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
GUARD(ECDSA_SIG, ECDSA_SIG_free)
GUARD(X509, X509_free)

static void
file_done(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
}

/* Takes over pkey; NULL unless it is a kind of key that providers use. */
static struct key *
key_new(EVP_PKEY *pkey)
{
    bool rsa = pkey != NULL && EVP_PKEY_is_a(pkey, "RSA") && EVP_PKEY_get_bits(pkey) >= RSA_LEAST;
    struct key *k;

    if (!rsa && (pkey == NULL || !EVP_PKEY_is_a(pkey, "SM2"))) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    k = calloc(1, sizeof(*k));
    if (k == NULL)
        abort();
    k->pkey = pkey;
    return k;
}

static struct key *
key_of_certificate(X509 *x)
{
    struct key *k = key_new(X509_get_pubkey(x));
    BIGNUM *n = k == NULL ? NULL : ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
    char *hex = n == NULL ? NULL : BN_bn2hex(n);

    if (hex != NULL)
        snprintf(k->serial, sizeof(k->serial), "%s", hex);
    OPENSSL_free(hex);
    BN_free(n);
    return k;
}

/* A protected key would make OpenSSL ask on the terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *arg)
{
    (void)buf, (void)size, (void)writing, (void)arg;
    return -1;
}

enum err
key_read_private(const char *path, struct key **out)
{
    FILE *f __attribute__((cleanup(file_done))) = fopen(path, "re");
    struct key *k = f == NULL ? NULL : key_new(PEM_read_PrivateKey(f, NULL, no_passphrase, NULL));

    if (k == NULL)
        return E_INVALID;
    *out = k;
    return OK;
}

enum err
key_read_certificates(const char *path, struct key **out, size_t most, size_t *n)
{
    FILE *f __attribute__((cleanup(file_done))) = fopen(path, "re");
    size_t found = 0;

    while (f != NULL && found < most) {
        OWNED(X509) x = PEM_read_X509(f, NULL, no_passphrase, NULL);

        if (x == NULL)
            break;
        out[found] = key_of_certificate(x);
        if (out[found] == NULL)
            break;
        found++;
    }
    *n = found;
    return found > 0 ? OK : E_INVALID;
}

enum err
key_read_public(const char *path, struct key **out)
{
    FILE *f __attribute__((cleanup(file_done))) = fopen(path, "re");
    struct key *k = f == NULL ? NULL : key_new(PEM_read_PUBKEY(f, NULL, no_passphrase, NULL));
    size_t n;

    if (k == NULL)
        return key_read_certificates(path, out, 1, &n);
    *out = k;
    return OK;
}

void
sign_key_free(struct key *k)
{
    if (k == NULL)
        return;
    EVP_PKEY_free(k->pkey);
    free(k);
}

const char *
key_serial(const struct key *k)
{
    return k->serial;
}

bool
key_is_sm2(const struct key *k)
{
    return EVP_PKEY_is_a(k->pkey, "SM2");
}

enum err
sign_md5(struct op *op, const char *text, const char **out)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n;

    if (EVP_Digest(text, strlen(text), sum, &n, EVP_md5(), NULL) != 1)
        return op_fail(op, E_INTERNAL, "OpenSSL was built without MD5");
    *out = encoding_base64(op->arena, sum, n);
    return OK;
}

enum err
sign_hmac_sha1(struct op *op, const char *key, const char *text, const char **out)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (HMAC(EVP_sha1(), key, (int)strlen(key), (const unsigned char *)text, strlen(text), mac,
            &n) == NULL)
        return op_fail(op, E_INTERNAL, "OpenSSL was built without SHA-1");
    *out = encoding_base64(op->arena, mac, n);
    return OK;
}

static enum err
decode(struct op *op, const char *base64, struct bytes *out)
{
    const void *data;

    if (!encoding_unbase64(op->arena, base64, &data, &out->size))
        return op_fail(op, E_MALFORMED, "the signature is not base64");
    out->data = data;
    return OK;
}

enum err
sign_rsa(struct op *op, const struct key *k, const char *text, const char **out)
{
    OWNED(EVP_MD_CTX) c = EVP_MD_CTX_new();
    size_t n = (size_t)EVP_PKEY_get_size(k->pkey);
    unsigned char *signature = arena_alloc(op->arena, n);

    if (c == NULL || EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, k->pkey) != 1 ||
        EVP_DigestSign(c, signature, &n, (const unsigned char *)text, strlen(text)) != 1)
        return op_fail(op, E_INTERNAL, "signing with RSA failed");
    *out = encoding_base64(op->arena, signature, n);
    return OK;
}

enum err
sign_rsa_verify(
    struct op *op, const struct key *k, const void *data, size_t n, const char *signature)
{
    OWNED(EVP_MD_CTX) c = EVP_MD_CTX_new();
    struct bytes s;

    TRY(decode(op, signature, &s));
    if (c == NULL || EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, k->pkey) != 1)
        return op_fail(op, E_INTERNAL, "RSA is not available");
    if (EVP_DigestVerify(c, s.data, s.size, data, n) != 1)
        return op_fail(op, E_FORBIDDEN, "the RSA signature is wrong");
    return OK;
}

/* The id belongs to the digest (GB/T 32918.2 5.5), so it must stand before the digest begins. */
static EVP_PKEY_CTX *
sm2_begin(EVP_MD_CTX *c, const struct key *k, const char *id)
{
    EVP_PKEY_CTX *pc = EVP_PKEY_CTX_new(k->pkey, NULL);

    if (pc != NULL && EVP_PKEY_CTX_set1_id(pc, id, strlen(id)) == 1)
        EVP_MD_CTX_set_pkey_ctx(c, pc);
    return pc;
}

enum err
sign_sm2(struct op *op, const struct key *k, const char *id, const char *text, const char **out)
{
    OWNED(EVP_MD_CTX) c = EVP_MD_CTX_new();
    OWNED(EVP_PKEY_CTX) pc = c == NULL ? NULL : sm2_begin(c, k, id);
    OWNED(ECDSA_SIG) pair = NULL;
    size_t n = (size_t)EVP_PKEY_get_size(k->pkey);
    unsigned char *der = arena_alloc(op->arena, n), raw[2 * SM2_HALF];
    const unsigned char *p = der;

    if (pc == NULL || EVP_DigestSignInit(c, NULL, EVP_sm3(), NULL, k->pkey) != 1 ||
        EVP_DigestSign(c, der, &n, (const unsigned char *)text, strlen(text)) != 1 ||
        (pair = d2i_ECDSA_SIG(NULL, &p, (long)n)) == NULL ||
        BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, SM2_HALF) != SM2_HALF ||
        BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + SM2_HALF, SM2_HALF) != SM2_HALF)
        return op_fail(op, E_INTERNAL, "signing with SM2 failed");
    *out = encoding_base64(op->arena, raw, sizeof(raw));
    return OK;
}

/* r || s as DER, which is what OpenSSL reads; 0 on failure. */
static int
sm2_der(struct bytes raw, unsigned char **der)
{
    OWNED(ECDSA_SIG) pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.data, SM2_HALF, NULL);
    BIGNUM *s = BN_bin2bn(raw.data + SM2_HALF, SM2_HALF, NULL);

    if (pair == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return 0;
    }
    return i2d_ECDSA_SIG(pair, der);
}

enum err
sign_sm2_verify(
    struct op *op, const struct key *k, const char *id, const char *text, const char *signature)
{
    OWNED(EVP_MD_CTX) c = EVP_MD_CTX_new();
    OWNED(EVP_PKEY_CTX) pc = c == NULL ? NULL : sm2_begin(c, k, id);
    unsigned char der[2 * SM2_HALF + 16], *p = der; /* two integers with headers: 72 at most */
    struct bytes raw;
    int n;

    TRY(decode(op, signature, &raw));
    if (raw.size != 2 * SM2_HALF)
        return op_fail(op, E_MALFORMED, "an SM2 signature has 64 bytes, this one %zu", raw.size);
    n = sm2_der(raw, &p);
    if (n <= 0 || pc == NULL || EVP_DigestVerifyInit(c, NULL, EVP_sm3(), NULL, k->pkey) != 1)
        return op_fail(op, E_INTERNAL, "SM2 is not available");
    if (EVP_DigestVerify(c, der, (size_t)n, (const unsigned char *)text, strlen(text)) != 1)
        return op_fail(op, E_FORBIDDEN, "the SM2 signature is wrong");
    return OK;
}

enum err
sign_sm4_seal(
    struct op *op, const void *key, const void *iv, const void *data, size_t n, struct bytes *out)
{
    OWNED(EVP_CIPHER_CTX) c = EVP_CIPHER_CTX_new();
    unsigned char *sealed = arena_alloc(op->arena, n + SM4_BLOCK);
    int first, last;

    if (n > INT32_MAX / 2 || c == NULL ||
        EVP_EncryptInit_ex(c, EVP_sm4_cbc(), NULL, key, iv) != 1 ||
        EVP_EncryptUpdate(c, sealed, &first, data, (int)n) != 1 ||
        EVP_EncryptFinal_ex(c, sealed + first, &last) != 1)
        return op_fail(op, E_INTERNAL, "SM4 failed");
    *out = (struct bytes){sealed, (size_t)(first + last)};
    return OK;
}

enum err
sign_sm4_open(
    struct op *op, const void *key, const void *iv, const void *data, size_t n, struct bytes *out)
{
    OWNED(EVP_CIPHER_CTX) c = EVP_CIPHER_CTX_new();
    unsigned char *plain = arena_alloc(op->arena, n + SM4_BLOCK + 1);
    int first, last;

    if (n == 0 || n % SM4_BLOCK != 0 || n > INT32_MAX / 2)
        return op_fail(op, E_MALFORMED, "not whole SM4 blocks");
    if (c == NULL || EVP_DecryptInit_ex(c, EVP_sm4_cbc(), NULL, key, iv) != 1)
        return op_fail(op, E_INTERNAL, "SM4 is not available");
    if (EVP_DecryptUpdate(c, plain, &first, data, (int)n) != 1 ||
        EVP_DecryptFinal_ex(c, plain + first, &last) != 1)
        return op_fail(op, E_FORBIDDEN, "SM4 padding is wrong");
    plain[first + last] = '\0';
    *out = (struct bytes){plain, (size_t)(first + last)};
    return OK;
}

enum err
sign_gcm_open(struct op *op, const void *key, const char *iv, const char *aad, struct bytes sealed,
    struct bytes *out)
{
    OWNED(EVP_CIPHER_CTX) c = EVP_CIPHER_CTX_new();
    unsigned char *plain, tag[GCM_TAG];
    int n, unused;

    if (strlen(iv) != GCM_IV || sealed.size < GCM_TAG || sealed.size > INT32_MAX / 2)
        return op_fail(op, E_MALFORMED, "not a sealed resource");
    n = (int)(sealed.size - GCM_TAG);
    plain = arena_alloc(op->arena, (size_t)n + 1);
    memcpy(tag, sealed.data + n, GCM_TAG);
    if (c == NULL ||
        EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, (const unsigned char *)iv) != 1 ||
        EVP_DecryptUpdate(c, NULL, &unused, (const unsigned char *)aad, (int)strlen(aad)) != 1 ||
        EVP_DecryptUpdate(c, plain, &unused, sealed.data, n) != 1 ||
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, GCM_TAG, tag) != 1)
        return op_fail(op, E_INTERNAL, "AES-GCM is not available");
    if (EVP_DecryptFinal_ex(c, plain + n, &unused) != 1)
        return op_fail(op, E_FORBIDDEN, "the sealed resource was changed or the key is wrong");
    plain[n] = '\0';
    *out = (struct bytes){plain, (size_t)n};
    return OK;
}
