/* container_make() of pki/token.h. */
#include <string.h>

#include <openssl/objects.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/secret.h"
#include "pki/failure.h"
#include "pki/guard.h"
#include "pki/token.h"

enum { ROUNDS = 600000, SALT_SIZE = 16, LOCAL_ID_SIZE = 20 };

GUARD(PKCS12)
GUARD(PKCS8_PRIV_KEY_INFO)
GUARD(X509)

typedef STACK_OF(PKCS12_SAFEBAG) bags;
typedef STACK_OF(PKCS7) safes;

static void
bags_free(bags *b)
{
    sk_PKCS12_SAFEBAG_pop_free(b, PKCS12_SAFEBAG_free);
}
static void
safes_free(safes *s)
{
    sk_PKCS7_pop_free(s, PKCS7_free);
}
GUARD(bags)
GUARD(safes)

/* The key and its certificate carry the same localKeyID, by which readers pair them. */
struct local_id {
    unsigned char bytes[LOCAL_ID_SIZE];
};

static bool
push(bags *list, PKCS12_SAFEBAG *bag)
{
    if (bag == NULL)
        return false;
    if (sk_PKCS12_SAFEBAG_push(list, bag) > 0)
        return true;
    PKCS12_SAFEBAG_free(bag);
    return false;
}

static PKCS12_SAFEBAG *
certificate_bag(struct blob der)
{
    const unsigned char *p = der.data;
    AUTO(X509) *x = d2i_X509(NULL, &p, (long)der.size);

    return x != NULL ? PKCS12_SAFEBAG_create_cert(x) : NULL;
}

static bool
own_bag(bags *list, struct blob certificate, const struct local_id *id)
{
    PKCS12_SAFEBAG *bag = certificate_bag(certificate);
    unsigned char bytes[LOCAL_ID_SIZE];

    memcpy(bytes, id->bytes, sizeof(bytes));
    return push(list, bag) && PKCS12_add_localkeyid(bag, bytes, sizeof(bytes)) == 1;
}

static bool
key_bag(bags *list, struct blob pkcs8, const char *pin, const struct local_id *id)
{
    const unsigned char *p = pkcs8.data;
    AUTO(PKCS8_PRIV_KEY_INFO) *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)pkcs8.size);
    unsigned char salt[SALT_SIZE], bytes[LOCAL_ID_SIZE];
    PKCS12_SAFEBAG *bag;

    if (info == NULL)
        return false;
    secret_random(salt, sizeof(salt));
    memcpy(bytes, id->bytes, sizeof(bytes));
    /* A cipher as the algorithm means PBES2 with PBKDF2-HMAC-SHA256. */
    bag = PKCS12_SAFEBAG_create_pkcs8_encrypt(
        NID_aes_256_cbc, pin, (int)strlen(pin), salt, sizeof(salt), ROUNDS, info);
    return push(list, bag) && PKCS12_add_localkeyid(bag, bytes, sizeof(bytes)) == 1;
}

static bool
add_safe(safes *list, PKCS7 *safe)
{
    if (safe == NULL)
        return false;
    if (sk_PKCS7_push(list, safe) > 0)
        return true;
    PKCS7_free(safe);
    return false;
}

static bool
fill(safes *list, const struct token_key *key, struct blob certificate, const struct blob *chain,
    size_t chain_count, const char *pin)
{
    AUTO(bags) *public = sk_PKCS12_SAFEBAG_new_null();
    AUTO(bags) *private = sk_PKCS12_SAFEBAG_new_null();
    unsigned char salt[SALT_SIZE];
    struct local_id id;

    if (public == NULL || private == NULL ||
        EVP_Digest(certificate.data, certificate.size, id.bytes, NULL, EVP_sha1(), NULL) != 1 ||
        !own_bag(public, certificate, &id))
        return false;
    for (size_t i = 0; i < chain_count; i++)
        if (!push(public, certificate_bag(chain[i])))
            return false;
    secret_random(salt, sizeof(salt));
    return key_bag(private, key->secret, pin, &id) &&
           add_safe(list, PKCS12_pack_p7encdata(NID_aes_256_cbc, pin, (int)strlen(pin), salt,
                              sizeof(salt), ROUNDS, public)) &&
           add_safe(list, PKCS12_pack_p7data(private));
}

static bool
pin_usable(const char *pin)
{
    size_t n = strlen(pin);

    for (size_t i = 0; i < n; i++)
        if (pin[i] <= ' ' || pin[i] > '~')
            return false;
    return n >= 1 && n <= 64;
}

enum err
container_make(struct op *op, const struct token_key *key, struct blob certificate,
    const struct blob *chain, size_t chain_count, const char *pin, struct blob *out)
{
    AUTO(safes) *list = sk_PKCS7_new_null();
    AUTO(PKCS12) *p12 = NULL;
    unsigned char salt[SALT_SIZE], *der = NULL;
    int size;

    if (!pin_usable(pin))
        return op_fail(op, E_INVALID, "the PIN is not 1 to 64 printable characters");
    if (list == NULL || !fill(list, key, certificate, chain, chain_count, pin))
        return crypto_fail(op, E_INTERNAL, "filling a container");
    secret_random(salt, sizeof(salt));
    p12 = PKCS12_add_safes(list, 0);
    if (p12 == NULL ||
        PKCS12_set_mac(p12, pin, (int)strlen(pin), salt, sizeof(salt), ROUNDS, EVP_sha256()) != 1)
        return crypto_fail(op, E_INTERNAL, "closing a container");
    size = i2d_PKCS12(p12, &der);
    if (size <= 0)
        return crypto_fail(op, E_INTERNAL, "encoding a container");
    *out = blob_copy(op->arena, der, (size_t)size);
    OPENSSL_free(der);
    return OK;
}
