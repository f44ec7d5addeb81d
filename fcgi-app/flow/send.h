/* Sending what was queued for people: the SMS job. */
#ifndef HALL_FLOW_SEND_H
#define HALL_FLOW_SEND_H

#include "store/job.h"

/* Kind SMS. The provider knows no key, so a try whose fate is unknown is looked up before the
 * message is sent again. */
enum err send_sms_job(struct op *op, const struct job *j) MUST_USE;

#endif
