/* What the worker can do: one row per kind of job. */
#ifndef HALL_WORKER_JOBS_H
#define HALL_WORKER_JOBS_H

#include "store/job.h"

/* EVERY_TICK as every_s: as often as the setting clock_s says. */
enum { JOB_BACKOFFS = 6, EVERY_TICK = -1 };

/*
 * run returns OK when it has ended the job itself: job_done within the transaction of the result,
 * or job_later where something is just not finished. Any error is a failed try: the loop lets the
 * job wait by the row's back-off, and after `tries` of them in a row parks it for a person.
 */
struct job_kind {
    const char *kind;
    enum err (*run)(struct op *op, const struct job *j);
    int tries;
    int64_t backoff_s[JOB_BACKOFFS]; /* the last one that is not 0 repeats */
    int64_t every_s; /* a clock: run again and again, this far apart; 0: a job like any other */
};
extern const struct job_kind job_kinds[]; /* ended by kind == NULL */

const struct job_kind *job_kind_find(const char *kind);

#endif
