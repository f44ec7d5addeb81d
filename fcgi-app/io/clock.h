/* The hall's clock: the system's, which a sandbox may move so that waiting days need not be waited.
 */
#ifndef HALL_IO_CLOCK_H
#define HALL_IO_CLOCK_H

#include <stdint.h>

/* Once at start, before any thread. path names a file holding a signed number of seconds that is
 * added to the time; "" or a missing file leaves the clock alone. Later writes are seen at once;
 * the file must be overwritten in place, not replaced. */
void clock_open(const char *path);

/* UTC seconds. */
int64_t clock_now(void);

#endif
