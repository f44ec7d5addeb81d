#include "io/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/text.h"

/* Looked up once in a process, for looking one up costs more than a short hash. */
static EVP_MD *sha256;
static EVP_MAC_CTX *hmac; /* without a key; only copies of it are used */

static void
look_up(void)
{
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    hmac = EVP_MAC_CTX_new(mac);
    if (sha256 == NULL || hmac == NULL || EVP_MAC_CTX_set_params(hmac, params) != 1)
        abort();
    EVP_MAC_free(mac);
}

static void
prepare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, look_up);
}

void
hash_sha256(const void *data, size_t n, unsigned char out[HASH_SIZE])
{
    prepare();
    if (EVP_Digest(data, n, out, NULL, sha256, NULL) != 1)
        abort();
}

const char *
hash_sha256_hex(struct arena *arena, const void *data, size_t n)
{
    unsigned char sum[HASH_SIZE];

    hash_sha256(data, n, sum);
    return text_hex(arena, sum, sizeof(sum));
}

void
hash_hmac(const void *key, size_t key_n, const void *data, size_t n, unsigned char out[HASH_SIZE])
{
    EVP_MAC_CTX *c;
    size_t size;

    prepare();
    c = EVP_MAC_CTX_dup(hmac);
    if (c == NULL || EVP_MAC_init(c, key, key_n, NULL) != 1 || EVP_MAC_update(c, data, n) != 1 ||
        EVP_MAC_final(c, out, &size, HASH_SIZE) != 1 || size != HASH_SIZE)
        abort();
    EVP_MAC_CTX_free(c);
}
