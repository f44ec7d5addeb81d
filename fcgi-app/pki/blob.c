#include "pki/blob.h"

#include <string.h>

bool
blob_equal(struct blob a, struct blob b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

struct blob
blob_copy(struct arena *arena, const void *data, size_t size)
{
    unsigned char *copy = arena_alloc(arena, size + 1);

    if (size > 0)
        memcpy(copy, data, size);
    return (struct blob){copy, size};
}

struct blob
blob_text(const char *s)
{
    return (struct blob){(const unsigned char *)s, strlen(s)};
}
