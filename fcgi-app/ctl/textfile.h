/* Small text files that hall-ctl reads and writes. The note of a failure names the file. */
#ifndef HALL_CTL_TEXTFILE_H
#define HALL_CTL_TEXTFILE_H

#include <stddef.h>

#include "base/op.h"

enum { TEXTFILE_MAX = 16 << 20 };

/* UTF-8 without NUL, in the arena; E_INVALID for anything else, E_NOT_FOUND when there is none. */
enum err textfile_read(struct op *op, const char *path, const char **text) MUST_USE;

/* The names in a directory that end in suffix, sorted by byte, in the arena. */
enum err textfile_list(struct op *op, const char *dir, const char *suffix,
    const char *const **names, size_t *n) MUST_USE;

/* For secrets: mode 0600, whole or not at all. _new refuses with E_CONFLICT when there is such a
 * file already. */
enum err textfile_new(struct op *op, const char *path, const char *text) MUST_USE;
enum err textfile_replace(struct op *op, const char *path, const char *text) MUST_USE;

#endif
