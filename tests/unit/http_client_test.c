#include "io/http_client.h"

#include "provider_help.h"
#include "tap.h"

static struct stub stub;
static char base[64];

static enum client_result
get(struct op *op, const char *path, int total_ms, size_t most, struct client_answer *a)
{
    struct client_request r = {.method = "GET",
        .url = arena_printf(op->arena, "%s%s", base, path),
        .connect_ms = 1000,
        .total_ms = total_ms,
        .most = most};
    const char *fault = NULL;
    enum client_result result = client_exchange(op, &r, a, &fault);

    ok((result == CLIENT_ANSWERED) == (fault == NULL), "a fault is named when there is one: %s",
        fault == NULL ? "none" : fault);
    return result;
}

static void
test_answers(struct op *op)
{
    static const struct client_header headers[] = {
        {"X-One", "1"}, {"Content-Type", "application/json; charset=utf-8"}, {NULL, NULL}};
    static const struct client_header hostile[] = {{"X-One", "1\r\nX-Two: 2"}, {NULL, NULL}};
    struct client_request r = {.method = "POST",
        .url = arena_printf(op->arena, "%s/a?b=1", base),
        .headers = headers,
        .body = "{}",
        .size = 2,
        .connect_ms = 1000,
        .total_ms = 3000,
        .most = 100};
    struct client_answer a = {0};
    const char *fault;
    int before = stub.count;

    stub_say(op, &stub, 201, "X-Answer:  yes \r\nX-Twice: 1\r\nx-twice: 2\r\n", "body");
    ok(client_exchange(op, &r, &a, &fault) == CLIENT_ANSWERED, "an answer comes");
    ok(a.status == 201 && a.size == 4 && strcmp(a.body, "body") == 0, "with status and body");
    is(client_answer_header(&a, "x-answer"), "yes", "a header, trimmed");
    ok(client_answer_header(&a, "x-twice") == NULL, "one that comes twice counts for nothing");
    ok(client_answer_header(&a, "x-none") == NULL, "nor does one that is absent");
    ok(strstr(stub.request, "POST /a?b=1 HTTP/1.1\r\n") == stub.request, "the request line");
    ok(strstr(stub.request, "\r\nX-One: 1\r\n") != NULL, "our header went out");
    ok(strstr(stub.request, "\r\nContent-Type: application/json; charset=utf-8\r\n") != NULL,
        "and our content type");
    ok(strstr(stub.request, "Expect") == NULL && strstr(stub.request, "urlencoded") == NULL,
        "and nothing of libcurl's own");
    r.headers = hostile;
    ok(client_exchange(op, &r, &a, &fault) == CLIENT_NOT_SENT,
        "a header with a line break is not sent");
    r.headers = NULL;
    r.body = NULL;
    r.size = 0;
    ok(client_exchange(op, &r, &a, &fault) == CLIENT_ANSWERED, "an empty POST");
    ok(strstr(stub.request, "Content-Length: 0\r\n") != NULL &&
            strstr(stub.request, "Content-Type") == NULL,
        "has length 0 and no type");
    ok(stub.count == before + 2, "each request arrived once");
}

static void
test_faults(struct op *op)
{
    struct client_answer a;
    char *huge = arena_alloc(op->arena, (20 << 20) + 1);
    int before = stub.count;

    stub_say(op, &stub, 302, "Location: /elsewhere\r\n", "");
    ok(get(op, "/", 3000, 100, &a) == CLIENT_ANSWERED && a.status == 302,
        "no redirect is followed");
    memset(huge, 'x', 20 << 20);
    huge[20 << 20] = '\0';
    stub_say(op, &stub, 200, "", huge);
    ok(get(op, "/", 5000, 1 << 20, &a) == CLIENT_UNCLEAR, "20 MB are too much");
    stub_say(op, &stub, 200, "", "0123456789");
    ok(get(op, "/", 3000, 10, &a) == CLIENT_ANSWERED && a.size == 10, "the limit itself is taken");
    ok(get(op, "/", 3000, 9, &a) == CLIENT_UNCLEAR, "one more is not");
    stub.mode = STUB_PARTIAL;
    ok(get(op, "/", 3000, 100, &a) == CLIENT_UNCLEAR, "half an answer is none");
    stub.mode = STUB_CLOSE;
    ok(get(op, "/", 3000, 100, &a) == CLIENT_UNCLEAR, "no answer is none");
    stub.mode = STUB_HANG;
    ok(get(op, "/", 300, 100, &a) == CLIENT_UNCLEAR, "silence ends");
    ok(stub.count == before + 7, "every one of them arrived exactly once");
    stub.mode = STUB_ANSWER;
    stub.answer = "garbage\r\n\r\n";
    stub.size = strlen(stub.answer);
    ok(get(op, "/", 3000, 100, &a) == CLIENT_UNCLEAR, "what is not HTTP is none");
}

static void
test_not_sent(struct op *op)
{
    struct client_answer a;
    struct client_request r = {.method = "GET", .connect_ms = 1000, .total_ms = 3000, .most = 100};
    const char *fault;
    int64_t deadline = op->deadline_ms;
    int before = stub.count;

    r.url = "http://127.0.0.1:1/";
    ok(client_exchange(op, &r, &a, &fault) == CLIENT_NOT_SENT, "a closed port: not sent");
    r.url = "https://no-such-host.invalid/";
    ok(client_exchange(op, &r, &a, &fault) == CLIENT_NOT_SENT, "an unknown host: not sent");
    r.url = arena_printf(op->arena, "https%s/", base + 4);
    stub.mode = STUB_CLOSE;
    r.total_ms = 500;
    ok(client_exchange(op, &r, &a, &fault) == CLIENT_NOT_SENT, "no TLS there: not sent");
    r.url = "http://hall.example.cn/";
    ok(client_exchange(op, &r, &a, &fault) == CLIENT_NOT_SENT, "http over the network: not sent");
    r.url = "file:///etc/passwd";
    ok(client_exchange(op, &r, &a, &fault) == CLIENT_NOT_SENT, "a file: not sent");
    op->deadline_ms = op_monotonic_ms();
    ok(get(op, "/", 3000, 100, &a) == CLIENT_NOT_SENT, "no time left: not sent");
    op->deadline_ms = op_monotonic_ms() + 200;
    stub.mode = STUB_HANG;
    ok(get(op, "/", 3000, 100, &a) == CLIENT_UNCLEAR && op_monotonic_ms() < op->deadline_ms + 500,
        "the deadline of the operation ends a call");
    op->deadline_ms = deadline;
    ok(stub.count == before + 1, "only the last one arrived");
}

static void
test_urls(struct op *op)
{
    static const struct {
        const char *url;
        bool plain, loopback; /* allowed without and with http to loopback */
    } rows[] = {
        {"https://api.mch.weixin.qq.com", true, true},
        {"https://127.0.0.1:8443/x", true, true},
        {"http://127.0.0.1:9101", false, true},
        {"http://127.0.0.1", false, true},
        {"http://localhost:9101/x", false, true},
        {"http://[::1]:9101/x", false, true},
        {"http://127.0.0.1.example.cn:80", false, false},
        {"http://localhost.example.cn/", false, false},
        {"http://user@127.0.0.1:9101", false, false},
        {"http://127.0.0.1:80@example.cn/", false, false},
        {"http://example.cn", false, false},
        {"ftp://127.0.0.1/", false, false},
        {"https://", false, false},
        {"https:///x", false, false},
        {"127.0.0.1", false, false},
        {"https://a b", false, false},
        {"", false, false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        ok(client_url_ok(rows[i].url, false) == rows[i].plain &&
                client_url_ok(rows[i].url, true) == rows[i].loopback,
            "\"%s\"", rows[i].url);
    is(client_host(op, "http://127.0.0.1:9101/x?y"), "127.0.0.1:9101", "host with its port");
    is(client_host(op, "https://sms.example.cn"), "sms.example.cn", "host alone");
}

int
main(void)
{
    struct op op = op_new(VECTOR_NOW);

    ok(client_open() == OK, "libcurl starts");
    stub_start(&stub, 0);
    snprintf(base, sizeof(base), "http://127.0.0.1:%d", stub.port);
    test_answers(&op);
    test_faults(&op);
    test_not_sent(&op);
    test_urls(&op);
    stub_stop(&stub);
    arena_free(op.arena);
    return done();
}
