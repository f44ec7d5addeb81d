#include "web/cgi.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

/* nginx 1.22 hands a header that came twice over twice, and two readers may believe different
 * ones: these decide who acts, on what and how often. In the order of strcmp. */
static const char *const single[] = {"authorization", "content-encoding", "content-length",
    "content-type", "cookie", "host", "idempotency-key", "if-match", "if-none-match", "origin",
    "range", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "wechatpay-nonce",
    "wechatpay-serial", "wechatpay-signature", "wechatpay-timestamp", "x-csrf-token"};

static const char *
value_of(char *const *params, const char *name)
{
    size_t n = strlen(name);

    for (; *params != NULL; params++)
        if (strncmp(*params, name, n) == 0 && (*params)[n] == '=')
            return *params + n + 1;
    return "";
}

static const char *
copy(struct op *op, char *const *params, const char *name)
{
    const char *v = value_of(params, name);

    return arena_strndup(op->arena, v, strlen(v));
}

/* HTTP_IF_MATCH -> if-match */
static const char *
header_name(struct op *op, const char *param, size_t n)
{
    char *name = arena_strndup(op->arena, param, n);

    for (char *p = name; *p != '\0'; p++)
        *p = *p == '_' ? '-' : (char)tolower((unsigned char)*p);
    return name;
}

static const struct http_header *
headers(struct op *op, char *const *params)
{
    static const char prefix[] = "HTTP_";
    const size_t skip = sizeof(prefix) - 1;
    struct http_header *all, *h;
    size_t n = 0;

    while (params[n] != NULL)
        n++;
    h = all = NEW_N(op->arena, n + 1, struct http_header);
    for (; *params != NULL; params++) {
        const char *eq = strchr(*params, '=');

        if (eq == NULL || strncmp(*params, prefix, skip) != 0)
            continue;
        h->name = header_name(op, *params + skip, (size_t)(eq - *params) - skip);
        h->value = arena_strndup(op->arena, eq + 1, strlen(eq + 1));
        if (strcmp(h->name, "proxy") != 0)
            h++;
    }
    *h = (struct http_header){NULL, NULL};
    return all;
}

static int
compare(const void *name, const void *entry)
{
    return strcmp(name, *(const char *const *)entry);
}

static bool
any_twice(const struct http_header *all)
{
    const size_t n = sizeof(single) / sizeof(*single);
    bool seen[sizeof(single) / sizeof(*single)] = {false};

    for (const struct http_header *h = all; h->name != NULL; h++) {
        const char *const *found = bsearch(h->name, single, n, sizeof(*single), compare);

        if (found == NULL)
            continue;
        if (seen[found - single])
            return true;
        seen[found - single] = true;
    }
    return false;
}

static const char *
trace(struct op *op, const char *given)
{
    size_t n = strlen(given);
    unsigned char fresh[16];

    if (n >= 16 && n <= 64 &&
        strspn(given, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == n)
        return arena_strndup(op->arena, given, n);
    secret_random(fresh, sizeof(fresh));
    return text_hex(op->arena, fresh, sizeof(fresh));
}

enum err
cgi_request(struct op *op, char *const *params, struct http_request *out, size_t *length)
{
    const char *size = value_of(params, "CONTENT_LENGTH");
    int64_t n = 0;

    op->trace = trace(op, value_of(params, "REQUEST_ID"));
    *out = (struct http_request){
        .method = copy(op, params, "REQUEST_METHOD"),
        .path = copy(op, params, "DOCUMENT_URI"),
        .query = copy(op, params, "QUERY_STRING"),
        .ip = copy(op, params, "REMOTE_ADDR"),
        .headers = headers(op, params),
        .body = "",
    };
    out->twice = any_twice(out->headers);
    if (out->method[0] == '\0' || out->path[0] != '/')
        return op_fail(op, E_MALFORMED, "no method or no path");
    if (size[0] != '\0' && !text_int(size, &n))
        return op_fail(op, E_MALFORMED, "content length is no number");
    *length = (size_t)n;
    return OK;
}

static bool
fits_line(const char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < 0x20 && *s != '\t')
            return false;
    return true;
}

static char *
append(char *at, const char *s)
{
    size_t n = strlen(s);

    memcpy(at, s, n);
    return at + n;
}

const char *
cgi_head(struct op *op, const struct http_reply *r)
{
    char status[32], size[48] = "";
    size_t room = sizeof(status) + sizeof(size) + 32;
    char *head, *at;

    snprintf(status, sizeof(status), "Status: %d\r\n", r->status);
    if (r->content_type != NULL) {
        snprintf(size, sizeof(size), "\r\nContent-Length: %zu\r\n", r->size);
        room += strlen(r->content_type);
    }
    for (size_t i = 0; i < r->headers_n; i++)
        room += strlen(r->headers[i].name) + strlen(r->headers[i].value) + 4;
    at = append(head = arena_alloc(op->arena, room), status);
    for (size_t i = 0; i < r->headers_n; i++) {
        if (!fits_line(r->headers[i].value)) {
            log_warn(op, "header left out", "name", r->headers[i].name, NULL);
            continue;
        }
        at = append(append(at, r->headers[i].name), ": ");
        at = append(append(at, r->headers[i].value), "\r\n");
    }
    if (r->content_type != NULL)
        at = append(append(append(at, "Content-Type: "), r->content_type), size);
    at = append(at, "\r\n");
    *at = '\0';
    return head;
}
