/* Turns a failure inside OpenSSL into an error with a note. */
#ifndef HALL_PKI_FAILURE_H
#define HALL_PKI_FAILURE_H

#include "base/op.h"

/* Fails with `what` and the library's last reason as the note; empties its error queue. The
 * reasons are fixed sentences of the library and never hold data. */
enum err crypto_fail(struct op *op, enum err e, const char *what);

#endif
