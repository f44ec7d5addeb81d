/* Refusals in the words of the contract: RFC 9457, application/problem+json. */
#ifndef HALL_WEB_PROBLEM_H
#define HALL_WEB_PROBLEM_H

#include <jansson.h>

#include "web/http.h"

/* Answers e with everything the operation knows: faults, state, seconds to wait. */
void problem_reply(struct op *op, enum err e, struct http_reply *out);

/* JSON Schema of every refusal. The caller owns the result. */
json_t *problem_schema(void);

#endif
