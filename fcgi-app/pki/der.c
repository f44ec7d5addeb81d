#include "pki/der.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

static size_t
put_length(unsigned char *p, size_t size)
{
    size_t n = 0;

    if (size < 128) {
        p[0] = (unsigned char)size;
        return 1;
    }
    for (size_t left = size; left > 0; left >>= 8)
        n++;
    p[0] = (unsigned char)(0x80 | n);
    for (size_t i = 0; i < n; i++)
        p[1 + i] = (unsigned char)(size >> (8 * (n - 1 - i)));
    return 1 + n;
}

struct blob
der_wrap(struct arena *a, unsigned tag, const struct blob *parts, size_t n)
{
    unsigned char head[2 + sizeof(size_t)], *out;
    size_t size = 0, used;

    for (size_t i = 0; i < n; i++)
        size += parts[i].size;
    head[0] = (unsigned char)tag;
    used = 1 + put_length(head + 1, size);
    out = arena_alloc(a, used + size);
    memcpy(out, head, used);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].size > 0)
            memcpy(out + used, parts[i].data, parts[i].size);
        used += parts[i].size;
    }
    return (struct blob){out, used};
}

struct blob
der_unsigned(struct arena *a, const unsigned char *bytes, size_t n)
{
    static const unsigned char zero[1];
    bool sign;

    while (n > 1 && bytes[0] == 0)
        bytes++, n--;
    if (n == 0)
        return DER(a, DER_INTEGER, {zero, 1});
    sign = (bytes[0] & 0x80) != 0;
    return DER(a, DER_INTEGER, {zero, sign}, {bytes, n});
}

struct blob
der_number(struct arena *a, unsigned long long n)
{
    unsigned char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(n >> (8 * (7 - i)));
    return der_unsigned(a, bytes, sizeof(bytes));
}

struct blob
der_bits(struct arena *a, struct blob bytes)
{
    static const unsigned char unused[1];

    return DER(a, DER_BIT_STRING, {unused, 1}, bytes);
}

struct blob
der_time(struct arena *a, long long utc_seconds)
{
    time_t t = (time_t)utc_seconds;
    struct tm tm;
    char s[64];
    bool utc;

    if (gmtime_r(&t, &tm) == NULL)
        abort();
    utc = tm.tm_year >= 50 && tm.tm_year < 150;
    strftime(s, sizeof(s), "%Y%m%d%H%M%SZ", &tm);
    return DER(a, utc ? DER_UTC_TIME : DER_GENERALIZED_TIME, blob_text(utc ? s + 2 : s));
}

/* Seven bits a byte, the high bit on all but the last. */
static size_t
put_arc(unsigned char *p, uint64_t v)
{
    size_t n = 1;

    for (uint64_t left = v >> 7; left > 0; left >>= 7)
        n++;
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)((v >> (7 * (n - 1 - i)) & 0x7F) | (i + 1 < n ? 0x80 : 0));
    return n;
}

bool
der_oid(struct arena *a, const char *dotted, struct blob *out)
{
    unsigned char body[128];
    size_t n = 0;
    uint64_t first = 0;

    for (int arc = 0; arc == 0 || *dotted != '\0'; arc++) {
        char *end;
        uint64_t v;

        if (*dotted < '0' || *dotted > '9' || (dotted[0] == '0' && dotted[1] >= '0'))
            return false;
        v = strtoull(dotted, &end, 10);
        if (v > UINT32_MAX || n > sizeof(body) - 10 || (*end != '.' && *end != '\0') ||
            (*end == '.' && end[1] == '\0'))
            return false;
        if (arc == 0 && (v > 2 || *end == '\0'))
            return false;
        if (arc == 1 && first < 2 && v > 39)
            return false;
        if (arc == 0)
            first = v;
        else
            n += put_arc(body + n, arc == 1 ? first * 40 + v : v);
        dotted = *end == '.' ? end + 1 : end;
    }
    *out = DER(a, DER_OID, {body, n});
    return true;
}

bool
der_next(struct blob *rest, struct der *out)
{
    const unsigned char *p = rest->data;
    size_t size, head = 2;

    if (rest->size < 2 || (p[0] & 0x1F) == 0x1F)
        return false;
    size = p[1];
    if (size == 0x80 || size > 0x84)
        return false;
    if (size > 0x80) {
        size_t n = size & 0x7F;

        if (rest->size < 2 + n || p[2] == 0)
            return false;
        size = 0;
        for (size_t i = 0; i < n; i++)
            size = size << 8 | p[2 + i];
        if (size < 128)
            return false; /* the short form was due */
        head += n;
    }
    if (size > rest->size - head)
        return false;
    out->tag = p[0];
    out->body = (struct blob){p + head, size};
    out->whole = (struct blob){p, head + size};
    rest->data += head + size;
    rest->size -= head + size;
    return true;
}

bool
der_expect(struct blob *rest, unsigned tag, struct der *out)
{
    struct blob left = *rest;

    if (!der_next(&left, out) || out->tag != tag)
        return false;
    *rest = left;
    return true;
}

bool
der_only(struct blob in, unsigned tag, struct der *out)
{
    return der_expect(&in, tag, out) && in.size == 0;
}

const char *
der_oid_text(struct arena *a, struct blob body)
{
    const char *text = NULL;
    uint64_t v = 0;
    bool begun = false;

    if (body.size > 64)
        return NULL;
    for (size_t i = 0; i < body.size; i++) {
        if ((!begun && body.data[i] == 0x80) || v > UINT32_MAX)
            return NULL;
        v = v << 7 | (body.data[i] & 0x7F);
        begun = (body.data[i] & 0x80) != 0;
        if (begun)
            continue;
        if (text == NULL)
            text = arena_printf(a, "%u.%llu", v < 80 ? (unsigned)(v / 40) : 2,
                (unsigned long long)(v < 80 ? v % 40 : v - 80));
        else
            text = arena_printf(a, "%s.%llu", text, (unsigned long long)v);
        v = 0;
    }
    return begun ? NULL : text;
}

bool
der_seconds(const struct der *time, long long *out)
{
    char s[16], date[11];
    size_t digits = time->tag == DER_UTC_TIME ? 12 : 14;
    const char *clock = s + 8;
    int64_t days;
    int h, m, sec;

    if ((time->tag != DER_UTC_TIME && time->tag != DER_GENERALIZED_TIME) ||
        time->body.size != digits + 1 || time->body.data[digits] != 'Z')
        return false;
    for (size_t i = 0; i < digits; i++)
        if (time->body.data[i] < '0' || time->body.data[i] > '9')
            return false;
    memcpy(s, time->body.data[0] < '5' ? "20" : "19", 2);
    memcpy(s + 14 - digits, time->body.data, digits);
    s[14] = '\0';
    snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", s, s + 4, s + 6);
    h = (clock[0] - '0') * 10 + clock[1] - '0';
    m = (clock[2] - '0') * 10 + clock[3] - '0';
    sec = (clock[4] - '0') * 10 + clock[5] - '0';
    if (!text_date(date, &days) || h > 23 || m > 59 || sec > 59)
        return false;
    *out = days * 86400 + h * 3600 + m * 60 + sec;
    return true;
}

bool
der_integer(struct blob body, long long *out)
{
    long long v = 0;

    if (body.size == 0 || body.size > 8 || (body.data[0] & 0x80) != 0 ||
        (body.size > 1 && body.data[0] == 0 && (body.data[1] & 0x80) == 0))
        return false;
    for (size_t i = 0; i < body.size; i++)
        v = v << 8 | body.data[i];
    *out = v;
    return true;
}
