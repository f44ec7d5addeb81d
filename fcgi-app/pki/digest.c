#include "pki/digest.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "base/text.h"

void
digest_sha256(struct blob in, unsigned char out[SHA256_SIZE])
{
    if (EVP_Digest(in.data, in.size, out, NULL, EVP_sha256(), NULL) != 1)
        abort(); /* only without memory */
}

void
digest_sha1(struct blob in, unsigned char out[SHA1_SIZE])
{
    if (EVP_Digest(in.data, in.size, out, NULL, EVP_sha1(), NULL) != 1)
        abort();
}

const char *
digest_hex(struct arena *arena, struct blob in)
{
    unsigned char hash[SHA256_SIZE];

    digest_sha256(in, hash);
    return text_hex(arena, hash, sizeof(hash));
}
