/*
 * The route table: what the hall answers, for whom, with what shape of body. A handler without a
 * row does not exist; the same rows dispatch, validate, answer and describe (OpenAPI 3.1).
 */
#ifndef HALL_WEB_ROUTE_H
#define HALL_WEB_ROUTE_H

#include "io/record.h"
#include "web/http.h"

/* Which pools serve a route; conf->pool names the process's own. */
enum pool {
    POOL_APPLICANT = 1,
    POOL_STAFF = 2,
    POOL_CALLBACK = 4,
    POOL_RENDER = 8,
    POOL_WATCH = 16, /* the waiting GETs of the applicants' API */
};
enum { POOLS_WAIT = POOL_APPLICANT | POOL_WATCH };

/* Who may come in. Staff roles are bits, so that a row can name several. */
enum guard {
    ANYONE = 0,
    SIGNED_IN = 1, /* an applicant's session */
    PHONE = 2,     /* the cookie of one identity check */
    STAFF_REVIEWER = 4,
    STAFF_FINANCE = 8,
    STAFF_PRODUCTION = 16,
    STAFF_AUDITOR = 32,
    STAFF_ADMINISTRATOR = 64,
};
enum { STAFF_ANY = 4 | 8 | 16 | 32 | 64 };

enum {
    R_IDEMPOTENT = 1,    /* honours Idempotency-Key */
    R_IF_MATCH = 2,      /* needs If-Match; the handler compares call->if_match */
    R_WAIT = 4,          /* GET with ?wait=: parked while the ETag is unchanged */
    R_OWN_BODY = 16,     /* JSON whose table the handler chooses: it decodes call->json itself */
    R_MAY_BE_EMPTY = 32, /* no body stands for an empty object */
    R_TWO_PEOPLE = 64,   /* 202 where it waits for somebody else to want the same */
    R_ETAG = 128,        /* GET that may answer 304; what can be waited for always may */
    R_RAW = 8, /* the body is bytes, judged by the handler; `types` names what it may be */
};

/* Who is calling, from the session; zero for strangers. */
struct caller {
    int64_t account;          /* applicant's */
    int64_t staff;            /* member of staff's */
    int64_t roles;            /* STAFF_* bits */
    int64_t check;            /* identity check of a phone session */
    const char *name, *phone; /* phone: of an applicant */
    int64_t since;            /* when the account was made, UTC seconds */
    const char *token;        /* of the session, to end it */
    int64_t began;            /* the session, UTC seconds by the real clock */
    const char *ip, *device;  /* where from, and what the browser called itself then */
};

struct route;

/* One request on its way to its handler. */
struct call {
    struct op *op;
    const struct http_request *http;
    const struct route *route;
    struct caller who;
    const char *args[4];      /* of the path, in the order of the row's {…} */
    const void *query;        /* decoded by the row's query table */
    json_t *json;             /* the parsed body; the router frees it */
    const char *if_match;     /* without quotes and W/; "*" stands for anything; NULL when absent */
    const char *key;          /* Idempotency-Key, NULL when absent */
    const char *etag;         /* set by the handler, without quotes */
    const char *topic;        /* set by the handler of a waiting route: the order number */
    struct http_reply *reply; /* for handlers that answer bytes: body, size, content_type */
};

struct route {
    const char *method, *path; /* "/api/v1/orders/{order_no}" */
    unsigned pools, guard, flags;
    const struct field *in, *out, *query; /* NULL: none */
    size_t in_size, out_size, query_size;
    int status;        /* of success; 200 when 0 */
    const char *types; /* content types of a raw body, or of a reply that is no JSON */
    int64_t max;       /* bytes of a raw body */
    enum err (*run)(struct call *c, const void *in, void *out);
    const char *summary;      /* Chinese */
    const enum err *refusals; /* ended by OK: what it may answer besides the common ones */
};

#define BODY(table, type) .table = type##_fields, .table##_size = sizeof(struct type)
#define REFUSES(...)               \
    .refusals = (const enum err[]) \
    {                              \
        __VA_ARGS__, OK            \
    }

/* The chapters of the API; each table ends with method == NULL. */
extern const struct route *const route_tables[];

/* An http_handler: runs one request, whatever happens answers in the words of the contract. */
enum http_verdict route_serve(
    struct op *op, const struct http_request *in, struct http_reply *out, struct http_turn *turn);

/* Bytes that a body may have, for the pool to read no more. */
size_t route_body_limit(const char *method, const char *path);

/* Finds the row and fills the path's arguments; *wrong_method when only the method differs. */
const struct route *route_find(
    struct op *op, const char *method, const char *path, const char **args, bool *wrong_method);

#endif
