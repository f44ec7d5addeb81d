/* SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104). They end the process where OpenSSL has none. */
#ifndef HALL_IO_HASH_H
#define HALL_IO_HASH_H

#include <stddef.h>

#include "base/arena.h"

enum { HASH_SIZE = 32 };

void hash_sha256(const void *data, size_t n, unsigned char out[HASH_SIZE]);
/* 64 lower-case hex digits. */
const char *hash_sha256_hex(struct arena *arena, const void *data, size_t n);

void hash_hmac(
    const void *key, size_t key_n, const void *data, size_t n, unsigned char out[HASH_SIZE]);

#endif
