/* Bytes with their length: how DER, signatures and keys travel. The bytes belong to an arena. */
#ifndef HALL_PKI_BLOB_H
#define HALL_PKI_BLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct blob {
    const unsigned char *data;
    size_t size;
};

bool blob_equal(struct blob a, struct blob b); /* not constant time: for public bytes */
struct blob blob_copy(struct arena *arena, const void *data, size_t size);
struct blob blob_text(const char *s); /* the bytes of s without its NUL; not a copy */

#endif
