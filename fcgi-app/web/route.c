#include "web/route.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "io/conf.h"
#include "store/idempotency.h"
#include "web/problem.h"
#include "web/query.h"
#include "web/session.h"

enum { STORES = 2, PATIENCE_MS = 1000, BODY_MAX = 65536, WAIT_MAX_S = 25 };

/* ---- finding the row ---- */

/* Matches "/api/v1/orders/{order_no}" segment by segment; an argument is never empty. */
static bool
matches(struct op *op, const char *pattern, const char *path, const char **args)
{
    int n = 0;

    while (*pattern != '\0' && *path != '\0') {
        const char *end;

        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        end = strchrnul(path, '/');
        if (end == path)
            return false;
        args[n++] = arena_strndup(op->arena, path, (size_t)(end - path));
        path = end;
        pattern = strchr(pattern, '}') + 1;
    }
    return *pattern == '\0' && *path == '\0';
}

const struct route *
route_find(
    struct op *op, const char *method, const char *path, const char **args, bool *wrong_method)
{
    *wrong_method = false;
    for (const struct route *const *t = route_tables; *t != NULL; t++) {
        for (const struct route *r = *t; r->method != NULL; r++) {
            if (!matches(op, r->path, path, args))
                continue;
            if (strcmp(r->method, method) == 0)
                return r;
            *wrong_method = true;
        }
    }
    return NULL;
}

size_t
route_body_limit(const char *method, const char *path)
{
    struct arena *a = arena_new(256);
    struct op op = {.arena = a};
    const char *args[4];
    bool wrong;
    const struct route *r = route_find(&op, method, path, args, &wrong);
    size_t most = r != NULL && (r->flags & R_RAW) ? (size_t)r->max : BODY_MAX;

    arena_free(a);
    return most;
}

static unsigned
own_pool(const struct conf *conf)
{
    static const struct {
        const char *name;
        enum pool pool;
    } pools[] = {{"applicant", POOL_APPLICANT}, {"staff", POOL_STAFF}, {"callback", POOL_CALLBACK},
        {"render", POOL_RENDER}, {"watch", POOL_WATCH}};

    for (size_t i = 0; i < sizeof(pools) / sizeof(*pools); i++)
        if (strcmp(conf->pool, pools[i].name) == 0)
            return pools[i].pool;
    return 0;
}

/* ---- what stands before the handler ---- */

static enum lang
language(const struct http_request *in)
{
    const char *s = http_header(in, "accept-language");
    const char *en = s == NULL ? NULL : strcasestr(s, "en");
    const char *zh = s == NULL ? NULL : strcasestr(s, "zh");

    return en != NULL && (zh == NULL || en < zh) ? LANG_EN : LANG_ZH;
}

/* A change is taken from our own pages only (Fetch Metadata, and Origin where that is absent). */
static enum err
same_site(struct op *op, const struct http_request *in)
{
    const char *site = http_header(in, "sec-fetch-site"), *origin = http_header(in, "origin");
    const char *host = http_header(in, "host"), *scheme_end;

    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return op_fail(op, E_CROSS_SITE, "sec-fetch-site: %.40s", site);
    if (origin == NULL || strcmp(origin, op->conf->public_url) == 0 ||
        strcmp(origin, op->conf->staff_url) == 0)
        return OK;
    scheme_end = strstr(origin, "://");
    if (scheme_end != NULL && host != NULL && strcmp(scheme_end + 3, host) == 0)
        return OK;
    return op_fail(op, E_CROSS_SITE, "origin: %.100s", origin);
}

static bool
changes(const struct call *c)
{
    return strcmp(c->route->method, "GET") != 0;
}

static enum err
admit(struct call *c)
{
    const struct route *r = c->route;

    if (r->pools == POOL_CALLBACK)
        return OK; /* providers sign, they have no session */
    if (changes(c))
        TRY(same_site(c->op, c->http));
    if (r->guard == ANYONE)
        return OK;
    TRY(session_read(c->op, c->http, r->guard, &c->who));
    if (c->who.account == 0 && c->who.staff == 0 && c->who.check == 0)
        return op_fail(c->op, E_UNAUTHENTICATED, "no session");
    if ((r->guard & STAFF_ANY) && !(r->guard & c->who.roles))
        return op_fail(c->op, E_FORBIDDEN, "role missing");
    if (c->who.staff != 0)
        c->op->actor.role = session_role(r->guard & (unsigned)c->who.roles);
    return OK;
}

/* "3-17" of W/"3-17": nginx weakens a tag when it compresses. */
static const char *
untagged(struct op *op, const char *tag)
{
    size_t n;

    if (tag == NULL)
        return NULL;
    if (strncmp(tag, "W/", 2) == 0)
        tag += 2;
    n = strlen(tag);
    if (n >= 2 && tag[0] == '"' && tag[n - 1] == '"')
        return arena_strndup(op->arena, tag + 1, n - 2);
    return tag;
}

/* Any printable ASCII; the header is a text of ours, not of a language. */
static bool
is_key(const char *s)
{
    size_t n = 0;

    while (s[n] > 0x20 && s[n] < 0x7F)
        n++;
    return s[n] == '\0' && n >= 1 && n <= 128;
}

static enum err
read_headers(struct call *c)
{
    c->if_match = untagged(c->op, http_header(c->http, "if-match"));
    if ((c->route->flags & R_IF_MATCH) && c->if_match == NULL)
        return op_fail(c->op, E_PRECONDITION, "no If-Match");
    if (c->route->flags & R_IDEMPOTENT)
        c->key = http_header(c->http, "idempotency-key");
    if (c->key != NULL && !is_key(c->key))
        return op_fail(c->op, E_MALFORMED, "Idempotency-Key of %zu bytes", strlen(c->key));
    return OK;
}

static bool
is_type(const char *given, const char *wanted)
{
    size_t n = strlen(wanted);

    return given != NULL && strncasecmp(given, wanted, n) == 0 &&
           (given[n] == '\0' || given[n] == ';' || given[n] == ' ');
}

static enum err
read_body(struct call *c, void *in)
{
    static const struct field nothing[] = {{.type = F_END}};
    const struct route *r = c->route;
    const struct http_request *http = c->http;

    if (http->too_large)
        return op_fail(c->op, E_TOO_LARGE, "body over its limit");
    if ((r->flags & R_RAW) || r->pools == POOL_CALLBACK || strcmp(r->method, "GET") == 0)
        return OK;
    if (http->size == 0 && (r->flags & R_MAY_BE_EMPTY)) {
        c->json = json_object();
        return record_decode(c->op, r->in == NULL ? nothing : r->in, c->json, "", in, NULL);
    }
    if (http->size == 0)
        return r->in == NULL ? OK : op_fail(c->op, E_MALFORMED, "no body");
    if (!is_type(http_header(http, "content-type"), "application/json"))
        return op_fail(c->op, E_UNSUPPORTED_TYPE, "not application/json");
    if (record_parse(c->op, http->body, http->size, &c->json) != OK) {
        op_fault(c->op, "", FAULT_JSON);
        return E_MALFORMED;
    }
    if (r->flags & R_OWN_BODY)
        return OK;
    return record_decode(c->op, r->in == NULL ? nothing : r->in, c->json, "", in, NULL);
}

/* ---- one request ---- */

static const char *
idempotency_scope(struct call *c)
{
    return arena_printf(c->op->arena, "%s/%lld %s %s", c->who.staff != 0 ? "staff" : "accounts",
        (long long)(c->who.staff != 0 ? c->who.staff : c->who.account), c->route->method,
        c->http->path);
}

static enum err
run_handler(struct call *c)
{
    const struct route *r = c->route;
    struct arena *a = c->op->arena;
    void *in = arena_zalloc(a, 1, r->in_size + 1), *out = arena_zalloc(a, 1, r->out_size + 1);

    TRY(read_headers(c));
    if (r->query != NULL) {
        void *query = arena_zalloc(a, 1, r->query_size);

        TRY(query_decode(c->op, r->query, c->http->query, query));
        c->query = query;
    }
    TRY(read_body(c, in));
    TRY(r->run(c, in, out));
    if (c->reply->body != NULL || r->out == NULL)
        return OK;
    c->reply->body = record_reply(c->op, r->out, out, &c->reply->size);
    c->reply->content_type = "application/json";
    return OK;
}

/* The same key and body answers the same, without doing it again. */
static enum err
run_once(struct call *c)
{
    const char *scope = idempotency_scope(c);
    struct kept_reply kept;
    enum err e;

    TRY(idempotency_begin(c->op, scope, c->key, c->http->body, c->http->size, &kept));
    if (kept.status != 0) {
        c->reply->status = (int)kept.status;
        c->etag = *kept.etag == '\0' ? NULL : kept.etag;
        c->reply->body = kept.body;
        c->reply->size = strlen(kept.body);
        c->reply->content_type = "application/json";
        return OK;
    }
    e = run_handler(c);
    if (e != OK) {
        const char *note = c->op->note;

        if (idempotency_drop(c->op, scope, c->key) != OK)
            log_warn(c->op, "idempotency key stays reserved", NULL);
        c->op->note = note;
        return e;
    }
    kept = (struct kept_reply){
        .status = c->reply->status, .etag = c->etag == NULL ? "" : c->etag, .body = c->reply->body};
    if (idempotency_keep(c->op, scope, c->key, &kept) != OK)
        log_warn(c->op, "answer not kept", NULL);
    return OK;
}

static enum err
run(struct call *c)
{
    const struct route *r;
    bool wrong_method;
    const char *method = strcmp(c->http->method, "HEAD") == 0 ? "GET" : c->http->method;

    if (c->http->twice)
        return op_fail(c->op, E_MALFORMED, "a header came twice");
    if (!text_is_utf8(c->http->path, strlen(c->http->path)))
        return op_fail(c->op, E_NOT_FOUND, "a path that is no text");
    r = route_find(c->op, method, c->http->path, c->args, &wrong_method);
    if (r == NULL)
        return op_fail(
            c->op, wrong_method ? E_METHOD : E_NOT_FOUND, "%.20s %.200s", method, c->http->path);
    if (!(r->pools & own_pool(c->op->conf)))
        return op_fail(c->op, E_NOT_FOUND, "not served by this pool");
    c->route = r;
    c->reply->status = r->status != 0 ? r->status : 200;
    TRY(admit(c));
    if (!(r->flags & R_IDEMPOTENT) || http_header(c->http, "idempotency-key") == NULL)
        return run_handler(c);
    TRY(read_headers(c));
    return run_once(c);
}

/* Whether a conditional GET may be answered 304, or wait for a change. */
static bool
unchanged(struct call *c)
{
    const char *tag = untagged(c->op, http_header(c->http, "if-none-match"));

    return c->etag != NULL && tag != NULL && !changes(c) && strcmp(tag, c->etag) == 0;
}

static int
wait_asked(struct call *c)
{
    int64_t s = 0;
    const char *text = query_value(c->op, c->http->query, "wait");

    if (text == NULL || !text_int(text, &s) || !(c->route->flags & R_WAIT))
        return 0;
    return (int)(s > WAIT_MAX_S ? WAIT_MAX_S : s) * 1000;
}

static void
finish(struct call *c, enum err e)
{
    struct http_reply *out = c->reply;

    if (e != OK) {
        *out = (struct http_reply){.headers_n = 0};
        problem_reply(c->op, e, out);
        if (err_status(e) >= 500)
            log_warn(c->op, "failed", "code", err_code(e), "note", c->op->note, NULL);
        else
            log_info(c->op, "refused", "code", err_code(e), "note", c->op->note, NULL);
    } else if (unchanged(c)) {
        out->status = 304;
        out->body = NULL;
        out->size = 0;
        out->content_type = NULL;
    }
    if (e == OK && c->etag != NULL)
        http_reply_header(out, "ETag", arena_printf(c->op->arena, "\"%s\"", c->etag));
    http_reply_header(out, "Cache-Control", c->etag != NULL ? "private, no-cache" : "no-store");
    http_reply_header(out, "X-Request-Id", c->op->trace);
    if (c->json != NULL)
        json_decref(c->json);
}

/* A connection to a store may have died unseen, and each store notices at its next use. What
 * changes nothing is then simply asked again. */
static enum err
run_patiently(struct call *c)
{
    const struct call fresh = *c;
    enum err e = run(c);

    for (int i = 0; i < STORES && e == E_UNAVAILABLE && strcmp(c->http->method, "GET") == 0 &&
                    op_left_ms(c->op) > PATIENCE_MS;
         i++) {
        *c = fresh;
        *c->reply = (struct http_reply){.headers_n = 0};
        e = run(c);
    }
    return e;
}

enum http_verdict
route_serve(
    struct op *op, const struct http_request *in, struct http_reply *out, struct http_turn *turn)
{
    struct call c = {.op = op, .http = in, .reply = out};
    int wait_ms;
    enum err e;

    op->lang = language(in);
    op->actor = (struct actor){.role = "stranger", .ip = in->ip};
    e = run_patiently(&c);
    if (e == OK && turn->may_park && !turn->wait_over && c.topic != NULL && unchanged(&c) &&
        (wait_ms = wait_asked(&c)) > 0) {
        turn->topic = c.topic;
        turn->wait_ms = wait_ms;
        return HTTP_PARK;
    }
    finish(&c, e);
    return HTTP_ANSWERED;
}
