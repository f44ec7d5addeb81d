#include "domain/idno.h"

#include <string.h>

#include "base/text.h"
#include "domain/calendar.h"
#include "domain/form.h"

static const char provinces[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
                                "50 51 52 53 54 61 62 63 64 65 71 81 82 83";

const char *
idno_clean(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *p = out;

    for (; *s != '\0'; s++) {
        if (*s == ' ')
            continue;
        *p++ = (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s);
    }
    *p = '\0';
    return out;
}

static bool
is_province(const char *s)
{
    for (const char *p = provinces;; p += 3) {
        if (p[0] == s[0] && p[1] == s[1])
            return true;
        if (p[2] == '\0')
            return false;
    }
}

/* Days since 1970-01-01 of places 7 to 14; false for no real date since 1900. */
static bool
birth_of(const char *s, int64_t *days)
{
    char date[11] = {s[6], s[7], s[8], s[9], '-', s[10], s[11], '-', s[12], s[13], '\0'};

    return text_date(date, days);
}

static bool
refuse(enum fault_code *why, enum fault_code code)
{
    *why = code;
    return false;
}

static bool
check_citizen(const char *s, int64_t today, enum fault_code *why)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int64_t birth;
    int sum = 0;

    if (strlen(s) != 18 || strspn(s, "0123456789") < 17 || *s == '0' ||
        strchr("0123456789X", s[17]) == NULL)
        return refuse(why, FAULT_ID_FORMAT);
    if (!is_province(s))
        return refuse(why, FAULT_ID_REGION);
    if (!birth_of(s, &birth) || birth > today)
        return refuse(why, FAULT_ID_BIRTH);
    for (int i = 0; i < 17; i++)
        sum += (s[i] - '0') * weights[i];
    return "10X98765432"[sum % 11] == s[17] || refuse(why, FAULT_ID_CHECK);
}

static bool
check_passport(const char *s, enum fault_code *why)
{
    size_t n = strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    return (s[n] == '\0' && n >= 5 && n <= 20) || refuse(why, FAULT_PASSPORT);
}

bool
idno_check(int id_kind, const char *s, int64_t today, enum fault_code *why)
{
    if (id_kind == ID_PASSPORT)
        return check_passport(s, why);
    if (!check_citizen(s, today, why))
        return false;
    if (id_kind == ID_RESIDENCE_PERMIT && (s[0] != '8' || s[1] < '1'))
        return refuse(why, FAULT_ID_PERMIT);
    return true;
}

int
idno_age(int id_kind, const char *s, int64_t today)
{
    int64_t birth;

    if (id_kind == ID_PASSPORT || strlen(s) != 18 || !birth_of(s, &birth))
        return -1;
    return (int)((calendar_yyyymmdd(today) - calendar_yyyymmdd(birth)) / 10000);
}
