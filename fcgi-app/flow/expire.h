/* The clocks of orders: what lapses (T24d, T25, T47), and what people are reminded of. Each is a
 * kind of job that runs at every tick of conf->clock_s. */
#ifndef HALL_FLOW_EXPIRE_H
#define HALL_FLOW_EXPIRE_H

#include "store/job.h"

/* Kind EXPIRE. An open payment is closed at its provider first; until then the order stays. */
enum err expire_job(struct op *op, const struct job *j) MUST_USE;

/* Kind REMIND: on the days of domain/order, and N15 three days before the end. */
enum err remind_job(struct op *op, const struct job *j) MUST_USE;

#endif
