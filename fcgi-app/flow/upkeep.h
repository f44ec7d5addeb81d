/* The clocks of the house: anchoring the trail, and forgetting what the agreements promise. */
#ifndef HALL_FLOW_UPKEEP_H
#define HALL_FLOW_UPKEEP_H

#include "store/job.h"

/* Documents of orders without a certificate, days after the order closed: within six months
 * (agreement information, 4.3), the shortest of which have 181 days. */
enum { FORGET_DAYS = 180 };

/* Kind ANCHOR: a checkpoint of what the trail grew by. */
enum err anchor_job(struct op *op, const struct job *j) MUST_USE;

/* Kind FORGET: videos once they are judged; photographs and documents after FORGET_DAYS. */
enum err forget_job(struct op *op, const struct job *j) MUST_USE;

/* Kind SWEEP: kept answers, finished jobs, files of interrupted uploads. */
enum err sweep_job(struct op *op, const struct job *j) MUST_USE;

#endif
