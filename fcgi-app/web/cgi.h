/* From CGI parameters to struct http_request, and from a reply to CGI headers; RFC 3875. */
#ifndef HALL_WEB_CGI_H
#define HALL_WEB_CGI_H

#include "web/http.h"

/*
 * Copies "NAME=value" strings (ended by NULL) into the arena and sets op->trace from REQUEST_ID, or
 * draws one where that is not of our form. *length is how long the body will be; the body itself
 * is left empty. E_MALFORMED without a method, a path or with a length that is no number.
 */
enum err cgi_request(
    struct op *op, char *const *params, struct http_request *out, size_t *length) MUST_USE;

/* Everything that goes before the body, ended by an empty line. A header whose value would break
 * the line is left out and logged. */
const char *cgi_head(struct op *op, const struct http_reply *reply);

#endif
