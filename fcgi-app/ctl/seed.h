/* The catalogue that a new hall starts with (sql/seed/README.md). */
#ifndef HALL_CTL_SEED_H
#define HALL_CTL_SEED_H

#include "base/op.h"

/*
 * Loads the files of dir in one transaction; a file that is not there is passed over. Regions,
 * branches and holidays follow the files; fees, projects and agreements, which orders refer to or
 * staff may have changed, only get what is new. E_INVALID for a file whose header is not the
 * expected one, E_CONFLICT for a published agreement whose text changed.
 */
enum err seed_load(struct op *op, const char *dir) MUST_USE;

#endif
