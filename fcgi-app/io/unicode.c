#include "io/unicode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

static void
mapped_free(utf8proc_uint8_t **p)
{
    free(*p);
}
#define MAPPED __attribute__((cleanup(mapped_free))) utf8proc_uint8_t *

/* NULL for what is not UTF-8; else the caller's. */
static utf8proc_uint8_t *
map(const char *s, utf8proc_option_t options)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t n;

    if (!text_is_utf8(s, strlen(s)))
        return NULL;
    n = utf8proc_map(
        (const utf8proc_uint8_t *)s, 0, &out, UTF8PROC_NULLTERM | UTF8PROC_STABLE | options);
    if (n < 0)
        abort(); /* no memory */
    return out;
}

/*
 * ASCII and the ideographs U+4E00 to U+9FFF, which is nearly all that suppliers write: neither
 * composes with anything (UAX #15, quick check). U+4E00 is E4 B8 80, U+9FFF is E9 BF BF.
 */
static bool
is_everyday(const char *s)
{
    const unsigned char *p = (const unsigned char *)s;

    for (;;) {
        if (*p == 0)
            return true;
        if (*p < 0x80)
            p++;
        else if ((*p > 0xE4 || (*p == 0xE4 && p[1] >= 0xB8)) && *p <= 0xE9 && p[1] >> 6 == 2 &&
                 p[2] >> 6 == 2)
            p += 3;
        else
            return false;
    }
}

bool
unicode_is_nfc(const char *s)
{
    MAPPED composed = NULL;

    if (is_everyday(s))
        return true;
    composed = map(s, UTF8PROC_COMPOSE);
    return composed != NULL && strcmp((const char *)composed, s) == 0;
}

/* Takes one character off s; false at its end or where it is not UTF-8. */
static bool
next(const char **s, int32_t *c)
{
    utf8proc_ssize_t n;

    if (**s == '\0')
        return false;
    n = utf8proc_iterate((const utf8proc_uint8_t *)*s, -1, c);
    if (n <= 0)
        return false;
    *s += n;
    return true;
}

static bool
is_plain(int32_t c)
{
    /* Extension I came with Unicode 15.1 for the names of Chinese citizens, later than
     * utf8proc 2.8. */
    if (c >= 0x2EBF0 && c <= 0x2EE5D)
        return true;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CN: /* unassigned */
    case UTF8PROC_CATEGORY_CC: /* control */
    case UTF8PROC_CATEGORY_CF: /* format */
    case UTF8PROC_CATEGORY_CS: /* surrogate */
    case UTF8PROC_CATEGORY_CO: /* private use */
    case UTF8PROC_CATEGORY_ZL: /* line separator */
    case UTF8PROC_CATEGORY_ZP: /* paragraph separator */
        return false;
    default:
        return true;
    }
}

bool
unicode_is_plain(const char *s)
{
    int32_t c;

    while (next(&s, &c))
        if (!is_plain(c))
            return false;
    return *s == '\0';
}

/* The Han planes, and the compatibility block, which names only reach by accident. */
static bool
is_rare_han(int32_t c)
{
    return (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0xF900 && c <= 0xFAFF);
}

bool
unicode_has_rare_han(const char *s)
{
    int32_t c;

    while (next(&s, &c))
        if (is_rare_han(c))
            return true;
    return false;
}
