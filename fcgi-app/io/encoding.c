#include "io/encoding.h"

#include <stdint.h>
#include <string.h>

#include "base/secret.h"

/* One of the three spellings of RFC 4648: `bits` per character, groups of `group` characters. */
struct spelling {
    const char *alphabet;
    unsigned bits, group;
    bool padded;
};

static const struct spelling base64 = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4, true};
static const struct spelling base64url = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6, 4, false};
static const struct spelling base32 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8, false};

static const char *
encode(struct arena *arena, const struct spelling *s, const void *data, size_t n)
{
    const unsigned char *p = data;
    char *out = arena_alloc(arena, n * 2 + s->group + 1), *q = out;
    uint32_t held = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < n; i++) {
        held = held << 8 | p[i];
        for (bits += 8; bits >= s->bits; bits -= s->bits)
            *q++ = s->alphabet[held >> (bits - s->bits) & ((1u << s->bits) - 1)];
    }
    if (bits > 0)
        *q++ = s->alphabet[held << (s->bits - bits) & ((1u << s->bits) - 1)];
    while (s->padded && (size_t)(q - out) % s->group != 0)
        *q++ = '=';
    *q = '\0';
    return out;
}

/* Characters without the padding; false where the padding is not just what belongs there. */
static bool
measure(const struct spelling *s, const char *text, size_t *n)
{
    size_t all = strlen(text);

    *n = strcspn(text, "=");
    if (!s->padded)
        return *n == all;
    return strspn(text + *n, "=") == all - *n && all % s->group == 0 && all - *n < s->group;
}

static bool
decode(
    struct arena *arena, const struct spelling *s, const char *text, const void **data, size_t *n)
{
    size_t length;
    unsigned char *out, *q;
    uint32_t held = 0;
    unsigned bits = 0;

    if (!measure(s, text, &length))
        return false;
    out = q = arena_alloc(arena, length * s->bits / 8 + 1);
    for (size_t i = 0; i < length; i++) {
        const char *at = strchr(s->alphabet, text[i]);

        if (at == NULL)
            return false;
        held = held << s->bits | (uint32_t)(at - s->alphabet);
        bits += s->bits;
        if (bits >= 8) {
            bits -= 8;
            *q++ = (unsigned char)(held >> bits);
        }
    }
    /* A whole character of rest, or a bit set in the rest, would be a second spelling. */
    if (bits >= s->bits || (held & ((1u << bits) - 1)) != 0)
        return false;
    *q = '\0';
    *data = out;
    *n = (size_t)(q - out);
    return true;
}

const char *
encoding_base64(struct arena *arena, const void *data, size_t n)
{
    return encode(arena, &base64, data, n);
}

bool
encoding_unbase64(struct arena *arena, const char *s, const void **data, size_t *n)
{
    return decode(arena, &base64, s, data, n);
}

const char *
encoding_base64url(struct arena *arena, const void *data, size_t n)
{
    return encode(arena, &base64url, data, n);
}

const char *
encoding_base32(struct arena *arena, const void *data, size_t n)
{
    return encode(arena, &base32, data, n);
}

const char *
encoding_token(struct arena *arena)
{
    unsigned char secret[32];
    const char *text;

    secret_random(secret, sizeof(secret));
    text = encoding_base64url(arena, secret, sizeof(secret));
    secret_wipe(secret, sizeof(secret));
    return text;
}
