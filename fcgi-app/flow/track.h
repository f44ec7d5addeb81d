/* Where the parcels are: a job a parcel asks the courier, until it has arrived or come back. */
#ifndef HALL_FLOW_TRACK_H
#define HALL_FLOW_TRACK_H

#include "store/job.h"
#include "store/order.h"

enum { TRACK_MOST_S = 90 * 86400 };

/* Queues it for a parcel that was just sent, in the caller's transaction. A push of the courier
 * makes it due at once (job_hurry). */
enum err track_begin(struct op *op, const struct order *o, int64_t shipment) MUST_USE;

/* Kind TRACK, payload {"shipment"}: T43 when it was signed for, T44 when it comes back. */
enum err track_job(struct op *op, const struct job *j) MUST_USE;

#endif
