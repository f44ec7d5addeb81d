#include "domain/contact.h"

#include <string.h>

#include "base/text.h"
#include "domain/form.h"
#include "domain/idno.h"
#include "domain/uscc.h"

static const char digits[] = "0123456789";

/* RFC 5322 atext and single dots inside. */
static bool
is_local_part(const char *s, size_t n)
{
    if (n == 0 || n > 64 || s[0] == '.' || s[n - 1] == '.')
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        if (!letter && (c == '\0' || strchr("!#$%&'*+-/=?^_`{|}~.", c) == NULL))
            return false;
        if (c == '.' && s[i + 1] == '.')
            return false;
    }
    return true;
}

/* One label of a host name; anything beyond ASCII may be an internationalised one. */
static bool
is_label(const char *s, size_t n)
{
    if (n == 0 || n > 63 || s[0] == '-' || s[n - 1] == '-')
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        if (!letter && c != '-' && c < 0x80)
            return false;
    }
    return true;
}

bool
email_check(const char *s)
{
    const char *at = strchr(s, '@'), *label;
    int labels = 0;

    if (at == NULL || text_length(s) > 100 || !is_local_part(s, (size_t)(at - s)))
        return false;
    for (label = at + 1;; labels++) {
        size_t n = strcspn(label, ".");

        if (!is_label(label, n))
            return false;
        if (label[n] == '\0')
            break;
        label += n + 1;
    }
    /* The last label of a public domain is never a number: that would be an address of a host. */
    return labels >= 1 && label[strspn(label, digits)] != '\0';
}

/* least to most digits at *s, which is moved behind them. */
static bool
take_digits(const char **s, size_t least, size_t most)
{
    size_t n = strspn(*s, digits);

    if (n < least || n > most)
        return false;
    *s += n;
    return true;
}

bool
landline_check(const char *s)
{
    if (strncmp(s, "400", 3) == 0 || strncmp(s, "800", 3) == 0) {
        size_t n = 0;

        for (; *s != '\0'; s++) {
            if (*s >= '0' && *s <= '9')
                n++;
            else if (*s != '-' || n < 3)
                return false;
        }
        return n == 10;
    }
    if (*s != '0')
        return false;
    /* The area code has three or four digits with its 0; where no hyphen parts it from the number,
     * together they have ten to twelve. */
    if (strcspn(s, "-") <= 4) {
        if (!take_digits(&s, 3, 4) || *s++ != '-' || !take_digits(&s, 7, 8))
            return false;
    } else if (!take_digits(&s, 10, 12)) {
        return false;
    }
    if (*s == '\0')
        return true;
    return *s++ == '-' && take_digits(&s, 1, 6) && *s == '\0';
}

bool
postcode_check(const char *s)
{
    return strlen(s) == 6 && strspn(s, digits) == 6;
}

bool
region_check(const char *s)
{
    return strlen(s) == 6 && strspn(s, digits) == 6 && *s != '0' && strcmp(s + 2, "0000") != 0;
}

bool
taxno_check(const char *s, int64_t today, enum fault_code *why)
{
    size_t n = strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    enum fault_code detail;

    *why = FAULT_TAX_FORMAT;
    if (s[n] != '\0' || (n != 15 && n != 17 && n != 18 && n != 20))
        return false;
    if (n != 18)
        return true;
    *why = FAULT_TAX_CHECK;
    return uscc_check(s, &detail) || idno_check(ID_RESIDENT_CARD, s, today, &detail);
}
