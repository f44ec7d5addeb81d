#include "io/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "base/text.h"

void
hash_sha256(const void *data, size_t n, unsigned char out[HASH_SIZE])
{
    if (EVP_Digest(data, n, out, NULL, EVP_sha256(), NULL) != 1)
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
    unsigned size = HASH_SIZE;

    if (HMAC(EVP_sha256(), key, (int)key_n, data, n, out, &size) == NULL || size != HASH_SIZE)
        abort();
}
