/* The worker's loop: claim, do, end; again. */
#ifndef HALL_WORKER_LOOP_H
#define HALL_WORKER_LOOP_H

#include <signal.h>

#include "base/op.h"

/*
 * Serves the queue until *stop is set: sleeps until something is announced or due, at most
 * conf->poll_ms. op has db, conf, vault and providers; everything else is set for each job. What
 * was being done when the process dies is done by whoever claims the job after its lease. *alive_ms
 * is told the time before each job, for whoever watches over the process.
 */
void loop_run(struct op *op, const volatile sig_atomic_t *stop, _Atomic int64_t *alive_ms);

/* Puts the clocks of worker/jobs.c into the queue, where they are not yet. */
enum err loop_wind_clocks(struct op *op) MUST_USE;

#endif
