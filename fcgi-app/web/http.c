#include "web/http.h"

#include <stdlib.h>
#include <string.h>

const char *
http_header(const struct http_request *r, const char *name)
{
    for (const struct http_header *h = r->headers; h->name != NULL; h++)
        if (strcmp(h->name, name) == 0)
            return h->value;
    return NULL;
}

void
http_reply_header(struct http_reply *r, const char *name, const char *value)
{
    if (r->headers_n == HTTP_REPLY_HEADERS)
        abort();
    r->headers[r->headers_n++] = (struct http_header){name, value};
}
