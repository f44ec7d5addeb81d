#include "domain/calendar.h"

enum { DAY = 86400, CHINA = 8 * 3600 };

struct civil {
    int64_t year;
    int month, day;
};

int64_t
calendar_day_of(int64_t at)
{
    int64_t t = at + CHINA;

    return t >= 0 ? t / DAY : -((-t + DAY - 1) / DAY);
}

int64_t
calendar_day_start(int64_t day)
{
    return day * DAY - CHINA;
}

/* Years are counted from March, so that the leap day is their last. */
static struct civil
civil_of(int64_t days)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);

    return (struct civil){
        yoe + era * 400 + (month <= 2), month, (int)(doy - (153 * mp + 2) / 5 + 1)};
}

static int64_t
days_of(struct civil c)
{
    int64_t y = c.year - (c.month <= 2), era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int64_t doy = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

int64_t
calendar_yyyymmdd(int64_t day)
{
    struct civil c = civil_of(day);

    return c.year * 10000 + c.month * 100 + c.day;
}

int64_t
calendar_add_years(int64_t day, int years)
{
    struct civil c = civil_of(day);
    bool leap;

    c.year += years;
    leap = c.year % 4 == 0 && (c.year % 100 != 0 || c.year % 400 == 0);
    if (c.month == 2 && c.day == 29 && !leap) {
        c.month = 3;
        c.day = 1;
    }
    return days_of(c);
}

bool
calendar_is_working_day(const struct calendar *c, int64_t day)
{
    size_t low = 0, high = c->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->days[middle].day == day)
            return c->days[middle].working;
        if (c->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return ((day + 3) % 7 + 7) % 7 < 5; /* 1970-01-01 was a Thursday */
}

/* Seconds of this day's working time that have passed by `at`. */
static int64_t
passed(const struct calendar *c, int64_t day, int64_t at)
{
    int64_t into = at - calendar_day_start(day) - CALENDAR_OPENS;

    if (into <= 0 || !calendar_is_working_day(c, day))
        return 0;
    return into > CALENDAR_DAY_SECONDS ? CALENDAR_DAY_SECONDS : into;
}

int64_t
calendar_working_seconds(const struct calendar *c, int64_t from, int64_t to)
{
    int64_t first = calendar_day_of(from), last = calendar_day_of(to), sum;

    if (to <= from)
        return 0;
    sum = passed(c, last, to) - passed(c, first, from);
    for (int64_t day = first; day < last; day++)
        if (calendar_is_working_day(c, day))
            sum += CALENDAR_DAY_SECONDS;
    return sum;
}

int64_t
calendar_add_seconds(const struct calendar *c, int64_t from, int64_t seconds)
{
    int64_t day = calendar_day_of(from), left = seconds;

    if (left <= 0)
        return from;
    left += passed(c, day, from);
    /* A table of holidays is finite, and after it come weekdays: this ends. */
    for (;; day++) {
        if (!calendar_is_working_day(c, day))
            continue;
        if (left <= CALENDAR_DAY_SECONDS)
            return calendar_day_start(day) + CALENDAR_OPENS + left;
        left -= CALENDAR_DAY_SECONDS;
    }
}
