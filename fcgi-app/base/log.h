/* One JSON line per event to stderr. Never personal data, tokens or PINs: pass only keys and names.
 */
#ifndef HALL_BASE_LOG_H
#define HALL_BASE_LOG_H

#include "base/op.h"

/* Pairs of key and text, ended by NULL: log_info(op, "order moved", "order", no, NULL).
 * op may be NULL outside of any operation. A NULL value is logged as null. */
void log_info(const struct op *op, const char *event, ...) __attribute__((sentinel));
void log_warn(const struct op *op, const char *event, ...) __attribute__((sentinel));

#endif
