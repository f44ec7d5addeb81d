/*
 * One HTTP exchange with the world outside, through libcurl.
 *
 * Every exchange has a connection of its own: libcurl sends a POST again by itself when a reused
 * connection dies, and what pays or sends must arrive once. Redirects, proxies, cookies and
 * compression are off; https only, except http to loopback.
 */
#ifndef HALL_IO_HTTP_CLIENT_H
#define HALL_IO_HTTP_CLIENT_H

#include <stddef.h>

#include "base/op.h"

struct client_header {
    const char *name, *value;
};

struct client_request {
    const char *method; /* "GET" or "POST" */
    const char *url;
    const struct client_header *headers; /* ended by name == NULL; nothing is added to them but what
                                          HTTP itself needs */
    const void *body;                    /* POST only, NULL is an empty one */
    size_t size;
    int connect_ms, total_ms; /* cut to what op->deadline_ms leaves */
    size_t most;              /* bytes of the largest answer taken */
    const char *trust_file;   /* PEM of the authorities; NULL or "": the system's */
};

struct client_answer {
    int status;
    const struct client_header *headers; /* names in lower case, ended by name == NULL */
    const char *body;                    /* ends in a NUL that size does not count */
    size_t size;
};

enum client_result {
    CLIENT_ANSWERED, /* a whole answer of any status; *out is filled */
    CLIENT_NOT_SENT, /* not one byte of the request left: it may be sent again */
    CLIENT_UNCLEAR,  /* sent at least in part, and no whole answer: nobody knows */
};

/* Once per process, before any thread; from then on SIGPIPE is ignored. E_INTERNAL when libcurl is
 * not the one we need. */
enum err client_open(void) MUST_USE;

/* `fault` says why in words fit for the log whenever the result is not CLIENT_ANSWERED. */
enum client_result client_exchange(
    struct op *op, const struct client_request *r, struct client_answer *out, const char **fault);

/* The value of a header that stands exactly once; NULL otherwise. Name in lower case. */
const char *client_answer_header(const struct client_answer *a, const char *name);

/* Whether we may send there at all: https, or http to a loopback address when that is allowed. */
bool client_url_ok(const char *url, bool loopback);

/* "127.0.0.1:9101" of "http://127.0.0.1:9101/x", as the Host header shall say it. */
const char *client_host(struct op *op, const char *url);

#endif
