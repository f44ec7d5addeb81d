/* One HTTP request and its reply, as the pools see them: no FastCGI here and no routes. */
#ifndef HALL_WEB_HTTP_H
#define HALL_WEB_HTTP_H

#include <stddef.h>

#include "base/op.h"

struct http_header {
    const char *name, *value; /* of a request: name in lower case, "if-match" */
};

/* Everything lives in op->arena and dies with the request. */
struct http_request {
    const char *method; /* upper case as received */
    const char *path;   /* decoded and normalised by nginx; hostile text all the same */
    const char *query;  /* raw, without '?', "" when absent */
    const char *ip;     /* of the client */
    const struct http_header *headers; /* ended by name == NULL, in the order received */
    const char *body;                  /* size bytes and a NUL behind them; "" when absent */
    size_t size;
    bool too_large; /* the body was over the limit of its route and was not read */
    bool twice;     /* a header that must be single came twice: the router refuses the request */
};

/* First value of a header, NULL when absent. The name is given in lower case. */
const char *http_header(const struct http_request *r, const char *name);

enum { HTTP_REPLY_HEADERS = 16 };

struct http_reply {
    int status;
    const char *content_type; /* NULL: no body */
    const void *body;
    size_t size;
    struct http_header headers[HTTP_REPLY_HEADERS]; /* names as they go out: "ETag" */
    size_t headers_n;
};

/* Ends the process when the table is full: a handler sets a known few. */
void http_reply_header(struct http_reply *r, const char *name, const char *value);

/*
 * What a pool runs for each request. The worker's op is fresh: arena empty; now, deadline and
 * trace set; db, kv, vault, conf, providers in place. PARK means: nothing was changed; keep the
 * request and call again when `topic` (an order number) is announced or the wait is over.
 */
enum http_verdict { HTTP_ANSWERED, HTTP_PARK };
struct http_turn {
    bool may_park;     /* this pool can wait */
    bool wait_over;    /* the time is up: answer now */
    const char *topic; /* set by the handler with HTTP_PARK; in the arena */
    int wait_ms;       /* set by the handler with HTTP_PARK: counted from the first call */
};
typedef enum http_verdict http_handler(
    struct op *op, const struct http_request *in, struct http_reply *out, struct http_turn *turn);

#endif
