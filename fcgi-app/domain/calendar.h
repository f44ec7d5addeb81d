/*
 * Working time: 09:00 to 17:30 China time on working days, as the promise of three working days
 * counts it (states.md, 2). Instants are UTC seconds, days are counted from 1970-01-01.
 */
#ifndef HALL_DOMAIN_CALENDAR_H
#define HALL_DOMAIN_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day that is not what its weekday says: a holiday, or a make-up day (调休). */
struct calendar_day {
    int64_t day;
    bool working;
};

/* Exceptions sorted by day; a calendar without any knows weekends only. */
struct calendar {
    const struct calendar_day *days;
    size_t n;
};

enum {
    CALENDAR_OPENS = 9 * 3600,
    CALENDAR_CLOSES = 17 * 3600 + 1800,
    CALENDAR_DAY_SECONDS = CALENDAR_CLOSES - CALENDAR_OPENS, /* 510 minutes */
    PROMISE_ALARM_DAYS = 2, /* working days after which staff are alarmed */
    PROMISE_DAYS = 3        /* working days promised to the applicant */
};

int64_t calendar_day_of(int64_t at);     /* the civil day in China */
int64_t calendar_day_start(int64_t day); /* its midnight in China */
/* "20261122" as a number. */
int64_t calendar_yyyymmdd(int64_t day);
/* The same day some years later; 29 February becomes 1 March. */
int64_t calendar_add_years(int64_t day, int years);

bool calendar_is_working_day(const struct calendar *c, int64_t day);

/* Working seconds between two instants; 0 when to is not after from. */
int64_t calendar_working_seconds(const struct calendar *c, int64_t from, int64_t to);
/* The instant at which so many working seconds have passed since from; the end of a day rather than
 * the beginning of the next. */
int64_t calendar_add_seconds(const struct calendar *c, int64_t from, int64_t seconds);

#endif
