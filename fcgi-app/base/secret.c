#include "base/secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void
secret_wipe(void *p, size_t n)
{
    if (p != NULL)
        explicit_bzero(p, n);
}

bool
secret_equal(const void *a, size_t an, const void *b, size_t bn)
{
    const unsigned char *x = a, *y = b;
    unsigned char d = 0;

    if (an != bn)
        return false;
    for (size_t i = 0; i < an; i++)
        d |= x[i] ^ y[i];
    return d == 0;
}

void
secret_random(void *out, size_t n)
{
    unsigned char *p = out;

    while (n > 0) {
        ssize_t got = getrandom(p, n > 256 ? 256 : n, 0);

        if (got <= 0)
            abort();
        p += got;
        n -= (size_t)got;
    }
}

void
secret_text(const char *alphabet, char *out, size_t n)
{
    size_t size = strlen(alphabet);
    unsigned limit = 256 - 256 % (unsigned)size; /* above it a remainder would be likelier */

    for (size_t i = 0; i < n;) {
        unsigned char b;

        secret_random(&b, 1);
        if (b < limit)
            out[i++] = alphabet[b % size];
    }
    out[n] = '\0';
}
