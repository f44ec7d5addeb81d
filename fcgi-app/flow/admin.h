/* What administrators change, and what staff push on. */
#ifndef HALL_FLOW_ADMIN_H
#define HALL_FLOW_ADMIN_H

#include "store/admin.h"

/* Changed texts become a new version of all the project's agreements; orders keep what they agreed
 * to. Wrong members are faults. E_NOT_FOUND, E_STALE. */
enum err admin_change_project(
    struct op *op, const char *code, const struct project_change *c) MUST_USE;

/* A courier fee from a day on, today at the earliest; orders keep the one they were quoted.
 * E_NOT_FOUND for a province without tariff. */
enum err admin_add_tariff(struct op *op, const char *province, const struct new_tariff *t) MUST_USE;

/* Lets a parked job run again. */
enum err admin_retry_work(struct op *op, int64_t job) MUST_USE;

#endif
