#include "domain/figures.h"

#include <stdlib.h>

#include "domain/calendar.h"

static int
compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The nearest rank: the smallest time that so many per cent of all do not exceed. */
static int64_t
percentile(const int64_t *sorted, size_t n, size_t percent)
{
    return sorted[(n * percent + 99) / 100 - 1] / 60;
}

bool
figures_late(int64_t seconds)
{
    return seconds > (int64_t)PROMISE_DAYS * CALENDAR_DAY_SECONDS;
}

struct figures_times
figures_times(int64_t *seconds, size_t n)
{
    struct figures_times t = {.count = (int64_t)n};

    if (n == 0)
        return t;
    qsort(seconds, n, sizeof(*seconds), compare);
    t.median_minutes = percentile(seconds, n, 50);
    t.p90_minutes = percentile(seconds, n, 90);
    for (size_t i = 0; i < n; i++) {
        if (figures_late(seconds[i]))
            t.late++;
        else if (seconds[i] > (int64_t)PROMISE_ALARM_DAYS * CALENDAR_DAY_SECONDS)
            t.within_promise++;
        else
            t.within_alarm++;
    }
    return t;
}
