/* Revocation lists: one an issuing CA, every 12 hours and after each revocation (pki/crl). */
#ifndef HALL_FLOW_CRL_H
#define HALL_FLOW_CRL_H

#include "store/job.h"

enum { CRL_EVERY_S = 12 * 3600, CRL_LASTS_S = 48 * 3600 };

/* Kind CRL, a clock: signs what is due, keeps it, and puts it where nginx serves it. */
enum err crl_job(struct op *op, const struct job *j) MUST_USE;

#endif
