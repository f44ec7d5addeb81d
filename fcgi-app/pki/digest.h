/* Hashes of bytes. */
#ifndef HALL_PKI_DIGEST_H
#define HALL_PKI_DIGEST_H

#include "pki/blob.h"

enum { SHA1_SIZE = 20, SHA256_SIZE = 32 };

void digest_sha256(struct blob in, unsigned char out[SHA256_SIZE]);
/* Only for key identifiers, where RFC 5280 4.2.1.2 (1) names it; never for signatures. */
void digest_sha1(struct blob in, unsigned char out[SHA1_SIZE]);

/* Lower case hex of SHA-256, 64 characters, in the arena. */
const char *digest_hex(struct arena *arena, struct blob in);

#endif
