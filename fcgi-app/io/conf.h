/* Settings: one struct, filled from one file, from the table in io/conf.def. */
#ifndef HALL_IO_CONF_H
#define HALL_IO_CONF_H

#include "base/op.h"

struct conf {
#define TEXT(name, value, what)                const char *name;
#define NUMBER(name, value, least, most, what) int64_t name;
#include "io/conf.def"
};

/* Reads path over the defaults. On failure `why` names file, line and fault in one sentence.
 * The strings live as long as the process. */
enum err conf_read(struct conf *out, const char *path, char *why, size_t why_size) MUST_USE;

/* Prints a commented sample file with every setting and its default. */
void conf_sample(void);

#endif
