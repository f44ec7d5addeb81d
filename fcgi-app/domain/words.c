#include "domain/words.h"

#include <string.h>

enum {
    MIDDLE_DOT = 0xB7,
    IDEOGRAPHIC_SPACE = 0x3000,
    FULL_WIDTH_FIRST = 0xFF01, /* ！ … ～ stand 0xFEE0 above ! … ~ */
    FULL_WIDTH_LAST = 0xFF5E,
    FULL_WIDTH_OFFSET = 0xFEE0
};

struct range {
    uint32_t first, last;
};

/* What nobody types into a name: controls, marks of direction and joining, selectors of variants,
 * private use and code points that will never be characters. */
static const struct range forbidden[] = {
    {0x00, 0x1F},
    {'"', '"'},
    {'<', '<'},
    {'>', '>'},
    {'\\', '\\'},
    {0x7F, 0x9F},
    {0xAD, 0xAD},
    {0x34F, 0x34F},
    {0x61C, 0x61C},
    {0x115F, 0x1160},
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x200B, 0x200F},
    {0x2028, 0x202E},
    {0x2060, 0x206F},
    {0x3164, 0x3164},
    {0xD800, 0xF8FF},
    {0xFDD0, 0xFDEF},
    {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFF},
    {0x1FFFE, 0x1FFFF},
    {0x2FFFE, 0x2FFFF},
    {0x3FFFE, 0x10FFFF},
};

static const struct range han[] = {
    {0x3007, 0x3007}, /* 〇 */
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xF900, 0xFAFF},
    {0x20000, 0x2FA1F},
    {0x30000, 0x3347F},
};

static const struct range latin[] = {
    {'A', 'Z'},
    {'a', 'z'},
    {0xC0, 0xD6},
    {0xD8, 0xF6},
    {0xF8, 0x24F},
    {0x1E00, 0x1EFF},
};

#define IN(ranges, c) in_ranges(ranges, sizeof(ranges) / sizeof(*(ranges)), c)

static bool
in_ranges(const struct range *r, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= r[i].first && c <= r[i].last)
            return true;
    return false;
}

uint32_t
words_next(const char **s)
{
    const unsigned char *p = (const unsigned char *)*s;
    int more = *p < 0x80 ? 0 : *p < 0xE0 ? 1 : *p < 0xF0 ? 2 : 3;
    uint32_t c = more == 0 ? *p : (uint32_t)*p & (0x3Fu >> more);

    if (*p == '\0')
        return 0;
    for (p++; more > 0 && *p != '\0'; more--)
        c = c << 6 | (*p++ & 0x3F);
    *s = (const char *)p;
    return c;
}

/* Appends a code point; out has room. */
static char *
put(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    return out;
}

static bool
is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
           c == 0x205F || c == IDEOGRAPHIC_SPACE;
}

static bool
is_dot(uint32_t c)
{
    return c == MIDDLE_DOT || c == 0x2022 || c == 0x2027 || c == 0x22C5 || c == 0x30FB ||
           c == 0xFF65;
}

/* Full-width digits and letters; brackets and punctuation are not touched. */
static uint32_t
narrow(uint32_t c)
{
    bool digit = c >= 0xFF10 && c <= 0xFF19;
    bool letter = (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A);

    return digit || letter ? c - FULL_WIDTH_OFFSET : c;
}

const char *
words_clean(struct arena *a, const char *s)
{
    char *first = arena_alloc(a, strlen(s) + 1), *out = first;
    bool space = false;
    uint32_t c;

    while ((c = words_next(&s)) != 0) {
        if (is_space(c)) {
            space = true;
            continue;
        }
        if (space && out > first)
            *out++ = ' ';
        space = false;
        out = put(out, narrow(c));
    }
    *out = '\0';
    return first;
}

const char *
words_clean_name(struct arena *a, const char *s)
{
    const char *clean = words_clean(a, s), *p = clean;
    char *first = arena_alloc(a, strlen(clean) + 1), *out = first;
    uint32_t c, before = 0;

    while ((c = words_next(&p)) != 0) {
        const char *next = p;
        uint32_t after = words_next(&next);

        if (is_dot(c))
            c = MIDDLE_DOT;
        if (c == ' ' && (IN(han, before) || IN(han, after)))
            continue;
        out = put(out, c);
        before = c;
    }
    *out = '\0';
    return first;
}

bool
words_check(const char *s)
{
    uint32_t c;

    while ((c = words_next(&s)) != 0)
        if (IN(forbidden, c))
            return false;
    return true;
}

bool
words_is_name(const char *s)
{
    bool is_han = false, is_latin = false, letter = false;
    uint32_t c;

    while ((c = words_next(&s)) != 0) {
        if (IN(han, c)) {
            is_han = letter = true;
        } else if (IN(latin, c)) {
            is_latin = letter = true;
        } else if (letter && (c == MIDDLE_DOT || (is_latin && strchr(" .-'", (int)c) != NULL))) {
            /* Marks stand between letters; only an abbreviation may end in one. */
            letter = c == '.';
        } else {
            return false;
        }
    }
    return letter && is_han != is_latin;
}

bool
words_is_rare(const char *s)
{
    uint32_t c;

    while ((c = words_next(&s)) != 0)
        if (c >= 0x20000 || (c >= 0xF900 && c <= 0xFAFF))
            return true;
    return false;
}

bool
words_has_place(const char *s)
{
    static const char *const marks[] = {"号", "楼", "室", "村", NULL};

    for (const char *const *m = marks; *m != NULL; m++)
        if (strstr(s, *m) != NULL)
            return true;
    return s[strcspn(s, "0123456789")] != '\0';
}

/* The next code point that counts in a comparison, folded; 0 at the end. */
static uint32_t
next_folded(const char **s)
{
    uint32_t c;

    do
        c = words_next(s);
    while (is_space(c));
    if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
        c -= FULL_WIDTH_OFFSET;
    if (c >= 'a' && c <= 'z')
        c -= 'a' - 'A';
    if (c == 0x3014 || c == 0xFE59 || c == '[' || c == 0x3010) /* 〔 ﹙ 【 */
        c = '(';
    if (c == 0x3015 || c == 0xFE5A || c == ']' || c == 0x3011)
        c = ')';
    return is_dot(c) ? MIDDLE_DOT : c;
}

bool
words_same(const char *a, const char *b)
{
    uint32_t c;

    do {
        c = next_folded(&a);
        if (c != next_folded(&b))
            return false;
    } while (c != 0);
    return true;
}
