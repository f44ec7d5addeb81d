/* What administrators change, and what staff push on. */
#ifndef HALL_FLOW_ADMIN_H
#define HALL_FLOW_ADMIN_H

#include "store/admin.h"

/* E_NOT_FOUND, E_STALE. */
enum err admin_change_project(
    struct op *op, const char *code, const struct project_change *c) MUST_USE;

/* Lets a parked job run again. */
enum err admin_retry_work(struct op *op, int64_t job) MUST_USE;

#endif
