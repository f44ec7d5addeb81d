/*
 * What a serving process gives up for good: other programs and processes, looking into other
 * processes, changing the system, and, where it has nothing to do there, the network. A stranger
 * who came to run code in it finds himself with what it was doing anyway.
 */
#ifndef HALL_IO_CONFINE_H
#define HALL_IO_CONFINE_H

#include <stdbool.h>

#include "base/err.h"

/* Call before the first thread. Without network only unix sockets can be made (EAFNOSUPPORT
 * else); any of the other acts ends the process. E_INTERNAL when the kernel will not. */
enum err confine(bool network) MUST_USE;

#endif
