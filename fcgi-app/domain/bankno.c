#include "domain/bankno.h"

#include <string.h>

const char *
bankno_clean(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *p = out;

    for (; *s != '\0'; s++)
        if (*s != ' ' && *s != '-')
            *p++ = *s;
    *p = '\0';
    return out;
}

static bool
is_digits(const char *s, size_t least, size_t most)
{
    size_t n = strspn(s, "0123456789");

    return s[n] == '\0' && n >= least && n <= most;
}

bool
bankno_corporate(const char *s)
{
    return is_digits(s, 6, 32);
}

bool
bankno_personal(const char *s, enum fault_code *why)
{
    if (!is_digits(s, 12, 19)) {
        *why = FAULT_CARD_FORMAT;
        return false;
    }
    if (strlen(s) >= 16 && strncmp(s, "62", 2) == 0 && !bankno_luhn(s)) {
        *why = FAULT_CARD_CHECK;
        return false;
    }
    return true;
}

bool
bankno_luhn(const char *s)
{
    size_t n = strlen(s);
    int sum = 0;

    if (n == 0 || strspn(s, "0123456789") != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int digit = s[n - 1 - i] - '0';

        if (i % 2 == 1)
            digit = digit > 4 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

bool
bankno_branch(const char *s)
{
    return is_digits(s, 12, 12);
}
