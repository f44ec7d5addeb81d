#include "domain/mask.h"

#include <string.h>

#include "domain/words.h"

/* Keeps so many characters of ASCII text at its ends, stars for the rest; a text too short to hide
 * anything is hidden whole. */
static const char *
middle(struct arena *a, const char *s, size_t head, size_t tail)
{
    size_t n = s == NULL ? 0 : strlen(s);
    char *out;

    if (n == 0)
        return "";
    out = arena_strndup(a, s, n);
    if (n <= head + tail)
        head = tail = 0;
    memset(out + head, '*', n - head - tail);
    return out;
}

const char *
mask_id_number(struct arena *a, const char *s)
{
    size_t n = s == NULL ? 0 : strlen(s);

    return n == 18 ? middle(a, s, 6, 4) : middle(a, s, 1, 3);
}

/* Every run of six or more digits but for its last four. */
static const char *
mask_digits(struct arena *a, const char *s)
{
    char *out = arena_strndup(a, s, strlen(s));

    for (char *p = out; *p != '\0';) {
        size_t n = strspn(p, "0123456789");

        if (n >= 6)
            memset(p, '*', n - 4);
        p += n > 0 ? n : 1;
    }
    return out;
}

const char *
mask_account(struct arena *a, const char *s)
{
    size_t n = s == NULL ? 0 : strlen(s);

    if (n == 0)
        return "";
    if (strspn(s, "0123456789") != n)
        return mask_digits(a, s);
    if (n < 12)
        return middle(a, s, 0, n > 6 ? 4 : 0);
    return arena_printf(a, "%.4s **** **** %s", s, s + n - 4);
}

const char *
mask_name(struct arena *a, const char *s)
{
    const char *p = s, *rest;
    char *out, *q;

    if (s == NULL || words_next(&p) == 0)
        return "";
    rest = p;
    q = out = arena_alloc(a, strlen(s) + 2);
    q = mempcpy(q, s, (size_t)(p - s));
    while (words_next(&p) != 0)
        *q++ = '*';
    if (*rest == '\0')
        *q++ = '*';
    *q = '\0';
    return out;
}

const char *
mask_mobile(struct arena *a, const char *s)
{
    return middle(a, s, 3, 4);
}

const char *
mask_tail(struct arena *a, const char *s, int n)
{
    size_t size = s == NULL ? 0 : strlen(s), tail = (size_t)n;

    if (size == 0)
        return "";
    return arena_strndup(a, size > tail ? s + size - tail : s, size > tail ? tail : size);
}
