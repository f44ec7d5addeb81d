/* Figures of how long decisions took, in working time (states.md, 2). */
#ifndef HALL_DOMAIN_FIGURES_H
#define HALL_DOMAIN_FIGURES_H

#include "base/op.h"

/* Working minutes; the half and nine tenths of all took no longer. */
struct figures_times {
    int64_t count, median_minutes, p90_minutes;
    int64_t within_alarm;   /* at most PROMISE_ALARM_DAYS */
    int64_t within_promise; /* more than that, at most PROMISE_DAYS */
    int64_t late;
};

/* Of n working times in seconds, which are sorted on the way. All zero for none. */
struct figures_times figures_times(int64_t *seconds, size_t n);

/* Whether a decision that took so many working seconds broke the promise. */
bool figures_late(int64_t seconds);

#endif
