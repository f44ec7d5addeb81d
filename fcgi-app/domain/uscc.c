#include "domain/uscc.h"

#include <string.h>

#include "domain/form.h"
#include "domain/idno.h"

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I O S V Z */

/* Places 1 and 2: registering department and category; what they are called and what they hold. */
static const struct {
    char pair[3];
    int licence; /* the licence such a body has, LICENCE_OTHER where it has one of its own kind */
    int nature;
} pairs[] = {
    {"11", LICENCE_OTHER, NATURE_GOVERNMENT},
    {"12", LICENCE_PUBLIC_INSTITUTION, NATURE_PUBLIC_INSTITUTION},
    {"13", LICENCE_OTHER, NATURE_SOCIAL_ORGANISATION},
    {"19", LICENCE_OTHER, NATURE_OTHER},
    {"21", LICENCE_OTHER, NATURE_OTHER},
    {"29", LICENCE_OTHER, NATURE_OTHER},
    {"31", LICENCE_LAW_FIRM, NATURE_OTHER},
    {"32", LICENCE_OTHER, NATURE_OTHER},
    {"33", LICENCE_OTHER, NATURE_OTHER},
    {"34", LICENCE_OTHER, NATURE_OTHER},
    {"35", LICENCE_OTHER, NATURE_OTHER},
    {"39", LICENCE_OTHER, NATURE_OTHER},
    {"41", LICENCE_OTHER, NATURE_OTHER},
    {"49", LICENCE_OTHER, NATURE_OTHER},
    {"51", LICENCE_SOCIAL_ORGANISATION, NATURE_SOCIAL_ORGANISATION},
    {"52", LICENCE_PRIVATE_NON_ENTERPRISE, NATURE_SOCIAL_ORGANISATION},
    {"53", LICENCE_OTHER, NATURE_SOCIAL_ORGANISATION},
    {"59", LICENCE_OTHER, NATURE_SOCIAL_ORGANISATION},
    {"61", LICENCE_OTHER, NATURE_OTHER},
    {"62", LICENCE_OTHER, NATURE_OTHER},
    {"69", LICENCE_OTHER, NATURE_OTHER},
    {"71", LICENCE_OTHER, NATURE_OTHER},
    {"72", LICENCE_OTHER, NATURE_OTHER},
    {"79", LICENCE_OTHER, NATURE_OTHER},
    {"81", LICENCE_OTHER, NATURE_SOCIAL_ORGANISATION},
    {"89", LICENCE_OTHER, NATURE_SOCIAL_ORGANISATION},
    {"91", LICENCE_BUSINESS, NATURE_ENTERPRISE},
    {"92", LICENCE_BUSINESS, NATURE_SELF_EMPLOYED},
    {"93", LICENCE_BUSINESS, NATURE_ENTERPRISE},
    {"A1", LICENCE_PUBLIC_INSTITUTION, NATURE_PUBLIC_INSTITUTION},
    {"A9", LICENCE_OTHER, NATURE_OTHER},
    {"N1", LICENCE_OTHER, NATURE_OTHER},
    {"N2", LICENCE_OTHER, NATURE_OTHER},
    {"N3", LICENCE_OTHER, NATURE_OTHER},
    {"N9", LICENCE_OTHER, NATURE_OTHER},
    {"Y1", LICENCE_OTHER, NATURE_OTHER},
};

const char *
uscc_clean(struct arena *a, const char *s)
{
    return idno_clean(a, s);
}

/* The row of a code's first two places, or -1. */
static int
find_pair(const char *s)
{
    for (int i = 0; i < (int)(sizeof(pairs) / sizeof(*pairs)); i++)
        if (pairs[i].pair[0] == s[0] && pairs[i].pair[1] == s[1])
            return i;
    return -1;
}

static bool
refuse(enum fault_code *why, enum fault_code code)
{
    *why = code;
    return false;
}

bool
uscc_check(const char *s, enum fault_code *why)
{
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;

    if (strlen(s) != 18 || strspn(s, alphabet) != 18 || strspn(s + 2, "0123456789") < 6)
        return refuse(why, FAULT_USCC_FORMAT);
    if (find_pair(s) < 0)
        return refuse(why, FAULT_USCC_CATEGORY);
    for (int i = 0; i < 17; i++)
        sum += (int)(strchr(alphabet, s[i]) - alphabet) * weights[i];
    return alphabet[(31 - sum % 31) % 31] == s[17] || refuse(why, FAULT_USCC_CHECK);
}

bool
uscc_org_code_right(const char *s)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < 8; i++) {
        char c = s[8 + i];

        sum += (c <= '9' ? c - '0' : c - 'A' + 10) * weights[i];
    }
    return "0X987654321"[sum % 11] == s[16];
}

bool
uscc_fits_licence(const char *s, int licence_kind)
{
    int i = find_pair(s);

    /* "Other" fits everything: which papers a body has is for the reviewer to see. */
    return licence_kind == LICENCE_OTHER || (i >= 0 && pairs[i].licence == licence_kind);
}

int
uscc_nature(const char *s)
{
    int i = find_pair(s);

    return i < 0 ? NATURE_ABSENT : pairs[i].nature;
}

bool
uscc_in_province(const char *s, const char *region)
{
    return s[2] == region[0] && s[3] == region[1];
}
