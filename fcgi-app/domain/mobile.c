#include "domain/mobile.h"

#include <string.h>

const char *
mobile_clean(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *p = out;

    for (; *s != '\0'; s++)
        if (*s != ' ' && *s != '-')
            *p++ = *s;
    *p = '\0';
    if (p - out == 14 && strncmp(out, "+86", 3) == 0)
        return out + 3;
    if (p - out == 15 && strncmp(out, "0086", 4) == 0)
        return out + 4;
    return out;
}

bool
mobile_check(const char *s)
{
    return strlen(s) == 11 && strspn(s, "0123456789") == 11 && s[0] == '1' && s[1] >= '3';
}

bool
mobile_is_unverifiable(const char *s)
{
    static const char ranges[] = "140 141 144 146 148 149 162 165 167 170 171";

    for (const char *p = ranges;; p += 4) {
        if (strncmp(p, s, 3) == 0)
            return true;
        if (p[3] == '\0')
            return false;
    }
}
