/*
 * Base64, base64url and base32 (RFC 4648). Decoding is strict: a text has exactly one spelling, no
 * space, no stray bit, padding just where it belongs. Decoded data has a NUL behind it that *n
 * does not count; false leaves the results alone.
 */
#ifndef HALL_IO_ENCODING_H
#define HALL_IO_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

const char *encoding_base64(struct arena *arena, const void *data, size_t n); /* with padding */
bool encoding_unbase64(struct arena *arena, const char *s, const void **data, size_t *n);

const char *encoding_base64url(struct arena *arena, const void *data, size_t n); /* without */

/* Upper case without padding, as authenticator apps show secrets. */
const char *encoding_base32(struct arena *arena, const void *data, size_t n);

/* A secret nobody can guess, for cookies and links: 32 random bytes as 43 base64url characters. */
const char *encoding_token(struct arena *arena);

#endif
