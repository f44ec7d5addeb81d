#include "provider/wire.h"

#include <ctype.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "base/text.h"

enum { PAIRS_MOST = 128, CHINA = 8 * 3600, DAY = 24 * 3600 };

bool
wire_fen(const char *yuan, int64_t *fen)
{
    size_t whole = strspn(yuan, "0123456789"), cents = 0;
    int64_t v = 0;

    if (whole == 0 || whole > 9)
        return false;
    if (yuan[whole] == '.') {
        cents = strspn(yuan + whole + 1, "0123456789");
        if (cents == 0 || cents > 2)
            return false;
    }
    if (yuan[whole + (cents > 0 ? cents + 1 : 0)] != '\0')
        return false;
    for (size_t i = 0; i < whole; i++)
        v = v * 10 + (yuan[i] - '0');
    for (size_t i = 0; i < 2; i++)
        v = v * 10 + (i < cents ? yuan[whole + 1 + i] - '0' : 0);
    *fen = v;
    return true;
}

const char *
wire_yuan(struct op *op, int64_t fen)
{
    return arena_printf(op->arena, "%lld.%02lld", (long long)(fen / 100), (long long)(fen % 100));
}

/* Exactly n digits as a number, or -1. */
static int
digits(const char *s, int n)
{
    int v = 0;

    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

/* Seconds of a civil date and time, each part of two digits standing at the offsets. */
static bool
civil(const char *date, const char *clock, int64_t *seconds)
{
    int h = digits(clock, 2), m = digits(clock + 2, 2), s = digits(clock + 4, 2);
    int64_t days;

    if (!text_date(date, &days) || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60)
        return false;
    *seconds = days * DAY + h * 3600 + m * 60 + s;
    return true;
}

bool
wire_time_cn(const char *s, int64_t *utc)
{
    char d[15] = {0}, date[11];
    size_t n = 0;
    int64_t seconds;

    for (; *s != '\0'; s++) {
        if (isdigit((unsigned char)*s) && n < 14)
            d[n++] = *s;
        else if (strchr("- :/", *s) == NULL)
            return false;
    }
    if (n == 8)
        memset(d + 8, '0', 6);
    else if (n != 14)
        return false;
    snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", d, d + 4, d + 6);
    if (!civil(date, d + 8, &seconds))
        return false;
    *utc = seconds - CHINA;
    return true;
}

bool
wire_rfc3339(const char *s, int64_t *utc)
{
    char date[11], clock[7];
    int64_t seconds, offset = 0;
    const char *zone;

    if (strlen(s) < 20 || s[10] != 'T' || s[13] != ':' || s[16] != ':')
        return false;
    snprintf(date, sizeof(date), "%.10s", s);
    snprintf(clock, sizeof(clock), "%.2s%.2s%.2s", s + 11, s + 14, s + 17);
    zone = s + 19;
    if (*zone == '.')
        zone += 1 + strspn(zone + 1, "0123456789");
    if (*zone == '+' || *zone == '-') {
        int h = digits(zone + 1, 2), m = zone[3] == ':' ? digits(zone + 4, 2) : -1;

        if (h < 0 || m < 0 || zone[6] != '\0')
            return false;
        offset = (h * 3600 + m * 60) * (*zone == '-' ? -1 : 1);
    } else if (strcmp(zone, "Z") != 0) {
        return false;
    }
    if (!civil(date, clock, &seconds))
        return false;
    *utc = seconds - offset;
    return true;
}

const char *
wire_format_utc(struct op *op, int64_t utc, const char *format)
{
    time_t t = (time_t)utc;
    char text[64];
    struct tm tm;

    gmtime_r(&t, &tm);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (strftime(text, sizeof(text), format, &tm) == 0)
        text[0] = '\0';
#pragma GCC diagnostic pop
    return arena_printf(op->arena, "%s", text);
}

const char *
wire_format_cn(struct op *op, int64_t utc, const char *format)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return wire_format_utc(op, utc + CHINA, format);
#pragma GCC diagnostic pop
}

static const char *
escape(struct op *op, const char *s, const char *kept, bool plus)
{
    char *out = arena_alloc(op->arena, strlen(s) * 3 + 1), *q = out;

    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;

        if ((c < 0x80 && isalnum(c)) || strchr(kept, c) != NULL)
            *q++ = (char)c;
        else if (plus && c == ' ')
            *q++ = '+';
        else
            q += snprintf(q, 4, "%%%02X", c);
    }
    *q = '\0';
    return out;
}

const char *
wire_escape(struct op *op, const char *s)
{
    return escape(op, s, "-._~", false);
}

const char *
wire_escape_java(struct op *op, const char *s)
{
    return escape(op, s, ".-*_", true);
}

const char *
wire_form(struct op *op, const struct pair *pairs)
{
    size_t size = 1;
    char *out, *q;

    for (const struct pair *p = pairs; p->name != NULL; p++)
        size += 3 * (strlen(p->name) + strlen(p->value)) + 2;
    q = out = arena_alloc(op->arena, size);
    *q = '\0';
    for (const struct pair *p = pairs; p->name != NULL; p++) {
        if (q > out)
            *q++ = '&';
        q = stpcpy(q, wire_escape(op, p->name));
        *q++ = '=';
        q = stpcpy(q, wire_escape(op, p->value));
    }
    return out;
}

/* One name or value of n bytes; NULL when an escape is broken or the text is no text. */
static const char *
unescape(struct op *op, const char *s, size_t n)
{
    char *out = arena_alloc(op->arena, n + 1), *q = out;

    for (size_t i = 0; i < n; i++) {
        unsigned char byte;
        char hex[3];

        if (s[i] == '+') {
            *q++ = ' ';
        } else if (s[i] != '%') {
            *q++ = s[i];
        } else {
            if (i + 2 >= n)
                return NULL;
            memcpy(hex, s + i + 1, 2);
            hex[2] = '\0';
            if (!text_unhex(hex, &byte, 1))
                return NULL;
            *q++ = (char)byte;
            i += 2;
        }
    }
    *q = '\0';
    return text_is_utf8(out, (size_t)(q - out)) ? out : NULL;
}

enum err
wire_form_read(struct op *op, const char *body, size_t n, struct pair **out)
{
    struct pair *pairs = NEW_N(op->arena, PAIRS_MOST + 1, struct pair);
    const char *p = body, *end = body + n;
    size_t found = 0;

    while (p < end) {
        const char *amp = memchr(p, '&', (size_t)(end - p)), *stop = amp == NULL ? end : amp;
        const char *eq = memchr(p, '=', (size_t)(stop - p));
        struct pair pair;

        if (eq == NULL || found == PAIRS_MOST)
            return op_fail(op, E_MALFORMED, "not a form, or too many parameters");
        pair.name = unescape(op, p, (size_t)(eq - p));
        pair.value = unescape(op, eq + 1, (size_t)(stop - eq - 1));
        if (pair.name == NULL || pair.value == NULL || wire_value(pairs, pair.name) != NULL)
            return op_fail(op, E_MALFORMED, "a parameter is broken or comes twice");
        pairs[found++] = pair;
        p = stop + 1;
    }
    *out = pairs;
    return OK;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

void
wire_sort(struct pair *pairs)
{
    size_t n = 0;

    while (pairs[n].name != NULL)
        n++;
    qsort(pairs, n, sizeof(*pairs), by_name);
}

const char *
wire_value(const struct pair *pairs, const char *name)
{
    for (; pairs->name != NULL; pairs++) {
        if (strcmp(pairs->name, name) == 0)
            return pairs->value;
    }
    return NULL;
}

const char *
wire_cut(struct op *op, const char *utf8, int n)
{
    const char *p = utf8;

    while (*p != '\0' && ((*p & 0xC0) == 0x80 || n-- > 0))
        p++;
    return arena_strndup(op->arena, utf8, (size_t)(p - utf8));
}

int
wire_gbk_size(const char *utf8)
{
    iconv_t c = iconv_open("GBK", "UTF-8");
    size_t left = strlen(utf8), total = 0;
    char *in = strdup(utf8), *p = in, buf[256];
    bool good = c != (iconv_t)-1 && in != NULL;

    while (good && left > 0) {
        char *q = buf;
        size_t room = sizeof(buf), before = left;

        good = iconv(c, &p, &left, &q, &room) == 0 || before != left;
        total += sizeof(buf) - room;
    }
    if (c != (iconv_t)-1)
        iconv_close(c);
    if (in != NULL)
        secret_wipe(in, strlen(in)); /* memos hold PINs */
    free(in);
    secret_wipe(buf, sizeof(buf));
    return good ? (int)total : -1;
}

const char *
wire_nonce(struct op *op, size_t n)
{
    char *text = arena_alloc(op->arena, n + 1);

    secret_text("0123456789abcdef", text, n);
    return text;
}
