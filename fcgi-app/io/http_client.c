#include "io/http_client.h"

#include <ctype.h>
#include <curl/curl.h>
#include <signal.h>
#include <string.h>
#include <strings.h>

enum { HEADERS_MOST = 64, HEADER_BYTES_MOST = 32768, FIRST_BLOCK = 4096 };

/* What arrives, kept in the arena; a growing body is copied at most log2(most) times. */
struct sink {
    struct op *op;
    char *body;
    size_t size, room, most;
    struct client_header *headers;
    size_t n_headers, header_bytes;
};

static void
slist_done(struct curl_slist **p)
{
    curl_slist_free_all(*p);
}

static void
curl_done(CURL **p)
{
    curl_easy_cleanup(*p);
}

enum err
client_open(void)
{
    signal(SIGPIPE, SIG_IGN); /* CURLOPT_NOSIGNAL leaves this to us, and TLS writes may raise it */
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? OK : E_INTERNAL;
}

static size_t
take_body(char *data, size_t one, size_t n, void *arg)
{
    struct sink *s = arg;

    n *= one;
    if (n > s->most - s->size)
        return 0; /* CURLE_WRITE_ERROR: larger than anybody's honest answer */
    if (s->size + n + 1 > s->room) {
        size_t room = s->room < FIRST_BLOCK ? FIRST_BLOCK : s->room;
        char *grown;

        while (room < s->size + n + 1)
            room *= 2;
        grown = arena_alloc(s->op->arena, room);
        if (s->size > 0)
            memcpy(grown, s->body, s->size);
        s->body = grown;
        s->room = room;
    }
    memcpy(s->body + s->size, data, n);
    s->size += n;
    return n;
}

static size_t
take_header(char *data, size_t one, size_t n, void *arg)
{
    struct sink *s = arg;
    char *line, *colon, *value, *end;

    n *= one;
    s->header_bytes += n;
    if (s->header_bytes > HEADER_BYTES_MOST)
        return 0;
    if (n >= 5 && memcmp(data, "HTTP/", 5) == 0) {
        s->n_headers = 0; /* the lines before belonged to an interim answer (RFC 9110 15.2) */
        return n;
    }
    line = arena_strndup(s->op->arena, data, n);
    colon = strchr(line, ':');
    if (colon == NULL)
        return n;
    if (s->n_headers == HEADERS_MOST)
        return 0;
    *colon = '\0';
    for (char *p = line; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    value = colon + 1;
    value += strspn(value, " \t");
    end = value + strlen(value);
    while (end > value && isspace((unsigned char)end[-1]))
        *--end = '\0';
    s->headers[s->n_headers++] = (struct client_header){line, value};
    return n;
}

const char *
client_answer_header(const struct client_answer *a, const char *name)
{
    const char *found = NULL;

    for (const struct client_header *h = a->headers; h->name != NULL; h++) {
        if (strcmp(h->name, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = h->value;
    }
    return found;
}

static const char *
after_scheme(const char *url)
{
    const char *p = strstr(url, "://");

    return p == NULL ? url : p + 3;
}

bool
client_url_ok(const char *url, bool loopback)
{
    static const char *const here[] = {"127.0.0.1", "[::1]", "localhost"};
    const char *rest = after_scheme(url);

    if (strpbrk(url, " \t\r\n\"<>\\@#") != NULL || *rest == '\0' || *rest == '/')
        return false;
    if (strncmp(url, "https://", 8) == 0)
        return true;
    if (!loopback || strncmp(url, "http://", 7) != 0)
        return false;
    for (size_t i = 0; i < sizeof(here) / sizeof(*here); i++) {
        size_t n = strlen(here[i]);

        if (strncmp(rest, here[i], n) == 0 && strchr(":/", rest[n]) != NULL)
            return true;
    }
    return false;
}

const char *
client_host(struct op *op, const char *url)
{
    const char *host = after_scheme(url);

    return arena_strndup(op->arena, host, strcspn(host, "/?#"));
}

/* curl's own words for "send no such header" are "Name:" with nothing after it. */
static bool
add_header(struct op *op, struct curl_slist **list, const char *name, const char *value)
{
    const char *line = value == NULL ? arena_printf(op->arena, "%s:", name)
                                     : arena_printf(op->arena, "%s: %s", name, value);
    struct curl_slist *longer;

    if (strpbrk(line, "\r\n") != NULL)
        return false;
    longer = curl_slist_append(*list, line);
    if (longer == NULL)
        return false;
    *list = longer;
    return true;
}

static bool
add_headers(struct op *op, struct curl_slist **list, const struct client_header *headers)
{
    bool typed = false;

    for (const struct client_header *h = headers; h != NULL && h->name != NULL; h++) {
        typed |= strcasecmp(h->name, "Content-Type") == 0;
        if (!add_header(op, list, h->name, h->value))
            return false;
    }
    return (typed || add_header(op, list, "Content-Type", NULL)) &&
           add_header(op, list, "Expect", NULL);
}

static void
set_connection(CURL *c, const struct client_request *r, long total_ms)
{
    long connect_ms = r->connect_ms < total_ms ? r->connect_ms : total_ms;
    bool plain = client_url_ok(r->url, true) && strncmp(r->url, "http://", 7) == 0;

    curl_easy_setopt(c, CURLOPT_URL, r->url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L); /* threads */
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, total_ms);
    if (r->trust_file != NULL && *r->trust_file != '\0')
        curl_easy_setopt(c, CURLOPT_CAINFO, r->trust_file);
}

static void
set_request(CURL *c, const struct client_request *r, struct sink *s)
{
    if (strcmp(r->method, "POST") == 0) {
        curl_easy_setopt(c, CURLOPT_POST, 1L);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->size);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body == NULL ? "" : r->body);
    }
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
}

enum client_result
client_exchange(
    struct op *op, const struct client_request *r, struct client_answer *out, const char **fault)
{
    CURL *c __attribute__((cleanup(curl_done))) = curl_easy_init();
    struct curl_slist *list __attribute__((cleanup(slist_done))) = NULL;
    struct sink s = {.op = op, .most = r->most};
    int left = op_left_ms(op), total_ms = left < r->total_ms ? left : r->total_ms;
    long status = 0, sent = 0;
    CURLcode rc;

    *fault = "the request could not be made";
    if (c == NULL || !add_headers(op, &list, r->headers))
        return CLIENT_NOT_SENT;
    *fault = "no time left";
    if (total_ms <= 0)
        return CLIENT_NOT_SENT;
    s.headers = NEW_N(op->arena, HEADERS_MOST + 1, struct client_header);
    set_connection(c, r, total_ms);
    set_request(c, r, &s);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
    rc = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    if (rc != CURLE_OK) {
        *fault = curl_easy_strerror(rc); /* a constant text, without the address */
        return sent == 0 ? CLIENT_NOT_SENT : CLIENT_UNCLEAR;
    }
    s.headers[s.n_headers] = (struct client_header){NULL, NULL};
    if (s.body == NULL)
        s.body = arena_zalloc(op->arena, 1, 1);
    s.body[s.size] = '\0';
    *out = (struct client_answer){(int)status, s.headers, s.body, s.size};
    *fault = NULL;
    return CLIENT_ANSWERED;
}
