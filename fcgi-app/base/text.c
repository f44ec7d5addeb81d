#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

bool
text_int(const char *s, int64_t *out)
{
    int64_t v = 0;

    if (*s == '\0')
        return false;
    for (; *s != '\0'; s++) {
        if (*s < '0' || *s > '9' || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, *s - '0', &v))
            return false;
    }
    *out = v;
    return true;
}

int64_t
text_length(const char *s)
{
    int64_t n = 0;

    for (; *s != '\0'; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

bool
text_is_utf8(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s, *end = p + n;

    while (p < end) {
        unsigned char c = *p++;
        uint32_t v, least;
        int more;

        if (c == 0)
            return false;
        if (c < 0x80)
            continue;
        if (c >= 0xC2 && c <= 0xDF)
            more = 1, v = c & 0x1F, least = 0x80;
        else if ((c & 0xF0) == 0xE0)
            more = 2, v = c & 0x0F, least = 0x800;
        else if (c >= 0xF0 && c <= 0xF4)
            more = 3, v = c & 0x07, least = 0x10000;
        else
            return false;
        for (; more > 0; more--) {
            if (p >= end || (*p & 0xC0) != 0x80)
                return false;
            v = v << 6 | (*p++ & 0x3F);
        }
        if (v < least || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
            return false;
    }
    return true;
}

const char *
text_hex(struct arena *a, const void *data, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = data;
    char *s = arena_alloc(a, 2 * n + 1);

    for (size_t i = 0; i < n; i++) {
        s[2 * i] = digits[p[i] >> 4];
        s[2 * i + 1] = digits[p[i] & 15];
    }
    s[2 * n] = '\0';
    return s;
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool
text_unhex(const char *s, void *out, size_t n)
{
    unsigned char *p = out;

    if (strlen(s) != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int hi = hex_value(s[2 * i]), lo = hex_value(s[2 * i + 1]);

        if (hi < 0 || lo < 0)
            return false;
        p[i] = (unsigned char)(hi << 4 | lo);
    }
    return true;
}

static const char *
format_time(struct arena *a, int64_t at, const char *format)
{
    time_t t = (time_t)at;
    struct tm tm;
    char s[64];

    gmtime_r(&t, &tm);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    strftime(s, sizeof(s), format, &tm);
#pragma GCC diagnostic pop
    return arena_printf(a, "%s", s);
}

const char *
text_time(struct arena *a, int64_t utc_seconds)
{
    return format_time(a, utc_seconds, "%Y-%m-%dT%H:%M:%SZ");
}

const char *
text_date_cn(struct arena *a, int64_t utc_seconds)
{
    return format_time(a, utc_seconds + 8 * 3600, "%Y-%m-%d");
}

/* Days from 1970-01-01 of a proleptic Gregorian date (the usual shift of the year to March). */
static int64_t
days_of(int64_t y, int64_t m, int64_t d)
{
    int64_t era, yoe, doy, doe;

    y -= m <= 2;
    era = (y >= 0 ? y : y - 399) / 400;
    yoe = y - era * 400;
    doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

bool
text_date(const char *s, int64_t *days)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y, m, d, leap;

    if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
        return false;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && (s[i] < '0' || s[i] > '9'))
            return false;
    y = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 + (s[3] - '0');
    m = (s[5] - '0') * 10 + (s[6] - '0');
    d = (s[8] - '0') * 10 + (s[9] - '0');
    if (y < 1900 || m < 1 || m > 12 || d < 1)
        return false;
    leap = m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    if (d > month_days[m - 1] + leap)
        return false;
    *days = days_of(y, m, d);
    return true;
}

const char *
text_yuan(struct arena *a, int64_t fen)
{
    return arena_printf(a, "%s%lld.%02lld", fen < 0 ? "-" : "",
        (long long)(fen < 0 ? -fen : fen) / 100, (long long)(fen < 0 ? -fen : fen) % 100);
}
