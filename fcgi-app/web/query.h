/* The query string of a request: decoded by the same tables as bodies. */
#ifndef HALL_WEB_QUERY_H
#define HALL_WEB_QUERY_H

#include "io/record.h"

/* First value of a parameter, percent-decoded, in the arena; NULL when absent or not UTF-8. */
const char *query_value(struct op *op, const char *query, const char *name);

/* Fills *out by the table; numbers and booleans are written as text in a query. What the table does
 * not know or comes twice is a fault of "?name"; E_MALFORMED where it cannot be decoded. */
enum err query_decode(struct op *op, const struct field *f, const char *query, void *out) MUST_USE;

#endif
