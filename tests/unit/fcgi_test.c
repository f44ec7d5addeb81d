#include "web/fcgi.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "fcgi_client.h"
#include "io/conf.h"
#include "tap.h"

static const char *const path = "fcgi_test.sock";

/* What the test and the pool's processes share. */
static struct shared {
    _Atomic int announced, version, looks, at_door, gate;
} * shared;

static void
reply_text(struct op *op, struct http_reply *out, const char *text)
{
    out->status = 200;
    out->content_type = "text/plain";
    out->body = text;
    out->size = strlen(text);
    http_reply_header(out, "ETag", "\"7\"");
    (void)op;
}

static enum http_verdict
handler(struct op *op, const struct http_request *in, struct http_reply *out, struct http_turn *t)
{
    if (strcmp(in->path, "/wait") == 0) {
        shared->looks++;
        if (shared->version == 0 && !t->wait_over) {
            t->topic = "S1";
            t->wait_ms = 700;
            /* The news arrive between the look and the parking: the worst moment. */
            if (shared->gate) {
                shared->version = 1;
                shared->announced++;
            }
            return HTTP_PARK;
        }
        reply_text(op, out, t->wait_over ? "time" : "news");
        return HTTP_ANSWERED;
    }
    if (strcmp(in->path, "/gate") == 0)
        for (shared->at_door++; !shared->gate;)
            usleep(1000);
    if (strcmp(in->path, "/die") == 0)
        _exit(3);
    if (strcmp(in->path, "/split") == 0)
        http_reply_header(out, "X-Bad", "a\r\nSet-Cookie: b");
    if (strcmp(in->path, "/pid") == 0)
        reply_text(op, out, arena_printf(op->arena, "%d", (int)getpid()));
    else
        reply_text(op, out,
            arena_printf(op->arena, "%s %s %zu %d %d %s %s", in->method, in->ip, in->size,
                in->too_large, in->twice, http_header(in, "x-one") ? http_header(in, "x-one") : "-",
                op->trace));
    return HTTP_ANSWERED;
}

static void
open_nothing(struct op *op)
{
    (void)op;
}

static size_t
body_limit(const char *method, const char *where)
{
    (void)method;
    return strcmp(where, "/upload") == 0 ? 1 << 20 : 1000;
}

static enum err
news(struct op *op, int wait_ms, const char **topic, bool *gap)
{
    static int heard;

    (void)op;
    for (; wait_ms > 0 && heard == shared->announced; wait_ms -= 5)
        usleep(5000);
    *gap = false;
    if (heard != shared->announced) {
        heard++;
        *topic = "S1";
    }
    return OK;
}

static pid_t
pool_start(int processes, int threads, bool waits)
{
    static struct fcgi_hooks hooks;
    static struct conf conf;
    pid_t pid;
    int fd;

    conf = (struct conf){.name = "test",
        .listen = path,
        .processes = processes,
        .threads = threads,
        .request_ms = 3000,
        .max_body = 1000,
        .clock_file = ""};
    hooks = (struct fcgi_hooks){open_nothing, body_limit, waits ? news : NULL};
    pid = fork();
    if (pid == 0) {
        if (freopen("fcgi_test.log", "a", stderr) == NULL)
            _exit(1);
        _exit(fcgi_serve(&conf, handler, &hooks));
    }
    while ((fd = fc_connect(path)) < 0)
        usleep(2000);
    close(fd);
    return pid;
}

static int
pool_stop(pid_t pid)
{
    int status = -1;

    kill(pid, SIGINT);
    waitpid(pid, &status, 0);
    unlink(path);
    return status;
}

static int64_t
ms(void)
{
    return op_monotonic_ms();
}

static struct fc_answer a;

static bool
get(int fd, const char *what, bool keep)
{
    return fc_get(fd, what, keep) && fc_answer(fd, &a);
}

static void
test_requests(void)
{
    static const char *const twice[] = {"HTTP_COOKIE", "a=1", "HTTP_COOKIE", "a=2", NULL};
    static const char *const once[] = {"HTTP_X_ONE", "1", "HTTP_X_ONE", "2", "HTTP_PROXY", "evil",
        "REQUEST_ID", "0123456789abcdef0123456789abcdef", NULL};
    static char big[3 << 20];
    pid_t pid = pool_start(1, 2, false);
    int fd = fc_connect(path), many = 0;

    for (int i = 0; i < 100; i++)
        many += get(fd, "/", true) && a.status == 200;
    ok(many == 100, "a kept connection answers 100 requests");
    ok(strstr(a.text, "\r\nETag: \"7\"\r\n") != NULL, "headers go out");
    ok(strncmp(fc_text(&a), "GET 192.0.2.7 0 0 0 - ", 22) == 0 && strlen(fc_text(&a)) == 54,
        "a request without an id gets one");
    fc_begin(fd, true);
    fc_params(fd, "POST", "/", 0, once);
    fc_body(fd, NULL, 0);
    ok(fc_answer(fd, &a) &&
            strcmp(fc_text(&a), "POST 192.0.2.7 0 0 0 1 0123456789abcdef0123456789abcdef") == 0,
        "headers that may repeat do, and the id is the given one");
    fc_begin(fd, true);
    fc_params(fd, "POST", "/", 0, twice);
    fc_body(fd, NULL, 0);
    ok(fc_answer(fd, &a) && strstr(fc_text(&a), " 0 0 1 - ") != NULL, "two cookies are told");
    fc_begin(fd, true);
    fc_params(fd, "PUT", "/upload", 1 << 20, NULL);
    fc_body(fd, big, 1 << 20);
    ok(fc_answer(fd, &a) && strstr(fc_text(&a), " 1048576 0 0 - ") != NULL, "a body is whole");
    fc_begin(fd, true);
    fc_params(fd, "PUT", "/upload", sizeof(big), NULL);
    fc_body(fd, big, sizeof(big));
    ok(fc_answer(fd, &a) && strstr(fc_text(&a), " 0 1 0 - ") != NULL, "one too large is told");
    ok(get(fd, "/split", true) && strstr(a.text, "Set-Cookie") == NULL, "no header is split");
    fc_begin(fd, true);
    fc_params(fd, "PUT", "/", 100, NULL);
    fc_body(fd, big, 3);
    ok(!fc_answer(fd, &a), "a body shorter than claimed is not served");
    close(fd);
    fd = fc_connect(path);
    ok(get(fd, "/", false) && fc_stirs(fd, 1000) && recv(fd, big, 1, 0) == 0,
        "without FCGI_KEEP_CONN the connection is closed after the answer");
    close(fd);
    fd = fc_connect(path);
    fc_all(fd, "GET / HTTP/1.1\r\n\r\n", 18);
    ok(fc_stirs(fd, 1000) && recv(fd, big, 1, 0) <= 0, "nonsense closes the connection");
    close(fd);
    ok(pool_stop(pid) == 0, "the pool ends well");
}

static void
test_dawdlers(void)
{
    pid_t pid = pool_start(1, 1, false);
    int idle[64], half = fc_connect(path), fd;
    int64_t began;

    for (int i = 0; i < 64; i++)
        get(idle[i] = fc_connect(path), "/", true);
    fd = fc_connect(path);
    ok(get(fd, "/", true), "64 kept, idle connections hold no thread");
    fc_begin(half, true);
    fc_all(half, "\1\4\0\1\0\100\0\0REQUEST", 15);
    usleep(50000);
    began = ms();
    ok(get(fd, "/", true), "half a request is given up");
    ok(ms() - began < 5000, "within 5 s");
    ok(fc_stirs(half, 1000), "and its connection closed");
    for (int i = 0; i < 64; i++)
        close(idle[i]);
    close(fd);
    close(half);
    pool_stop(pid);
}

static void
test_crowd(void)
{
    enum { CROWD = 256 };
    static int fds[CROWD];
    pid_t pid = pool_start(2, 8, false);
    int good = 0;

    for (int i = 0; i < CROWD; i++)
        fds[i] = fc_connect(path);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < CROWD; i++)
            fc_get(fds[i], "/", true);
        for (int i = 0; i < CROWD; i++)
            good += fc_answer(fds[i], &a) && a.status == 200;
    }
    ok(good == 20 * CROWD, "256 connections at once, 20 rounds: %d answers", good);
    for (int i = 0; i < CROWD; i++)
        close(fds[i]);
    pool_stop(pid);
}

static void
test_respawn(void)
{
    pid_t pid = pool_start(1, 2, false);
    int64_t began, worst = 0;
    int back = 0;

    for (int i = 0; i < 20; i++) {
        int fd = fc_connect(path);
        pid_t victim;

        get(fd, "/pid", false);
        victim = (pid_t)strtol(fc_text(&a), NULL, 10);
        close(fd);
        began = ms();
        kill(victim, SIGKILL);
        fd = fc_connect(path);
        back += get(fd, "/pid", false) && strtol(fc_text(&a), NULL, 10) != victim;
        if (ms() - began > worst)
            worst = ms() - began;
        close(fd);
    }
    ok(back == 20 && worst < 1100, "killed 20 times, served 20 times, at worst after %d ms",
        (int)worst);
    ok(pool_stop(pid) == 0, "and ends well");
}

static void
test_drain(void)
{
    pid_t pid;
    int busy[4], idle = -1, status;

    shared->gate = shared->at_door = 0;
    pid = pool_start(1, 8, false);
    get(idle = fc_connect(path), "/", true);
    for (int i = 0; i < 4; i++)
        fc_get(busy[i] = fc_connect(path), "/gate", true);
    while (shared->at_door < 4)
        usleep(1000);
    kill(pid, SIGINT);
    ok(fc_stirs(idle, 1000) && !fc_answer(idle, &a), "an idle connection is let go");
    shared->gate = 1;
    for (int i = 0; i < 4; i++)
        ok(fc_answer(busy[i], &a) && a.status == 200, "what was begun is finished");
    waitpid(pid, &status, 0);
    ok(status == 0, "and the pool ends well");
    close(idle);
    unlink(path);
}

static void
test_waiting(void)
{
    enum { WAITING = 300 };
    static int fds[WAITING];
    pid_t pid;
    int64_t began;
    int quiet = 0, told = 0, fd;

    shared->gate = shared->version = shared->announced = 0;
    pid = pool_start(1, 2, true);
    for (int i = 0; i < WAITING; i++)
        fc_get(fds[i] = fc_connect(path), "/wait", true);
    fd = fc_connect(path);
    ok(get(fd, "/", true), "300 who wait hold no thread");
    for (int i = 0; i < WAITING; i++)
        quiet += !fc_stirs(fds[i], 0);
    ok(quiet == WAITING, "and hear nothing while there is nothing");
    close(fds[0]); /* went away */
    began = ms();
    shared->version = 1;
    shared->announced++;
    for (int i = 1; i < WAITING; i++)
        told += fc_answer(fds[i], &a) && strcmp(fc_text(&a), "news") == 0;
    ok(told == WAITING - 1 && ms() - began < 500, "news reach all of them in %d ms",
        (int)(ms() - began));
    ok(get(fds[1], "/", true), "their connections serve on");
    shared->version = 0;
    began = ms();
    ok(get(fds[1], "/wait", true) && strcmp(fc_text(&a), "time") == 0, "without news time ends it");
    ok(ms() - began >= 650 && ms() - began < 1200, "after %d of 700 ms", (int)(ms() - began));
    shared->gate = 1;
    began = ms();
    ok(get(fds[1], "/wait", true) && strcmp(fc_text(&a), "news") == 0 && ms() - began < 200,
        "news between the look and the parking are not lost");
    shared->gate = shared->version = 0;
    fc_get(fds[1], "/wait", true);
    usleep(20000);
    began = ms();
    kill(pid, SIGINT);
    ok(fc_answer(fds[1], &a) && strcmp(fc_text(&a), "time") == 0 && ms() - began < 500,
        "who waits is answered when the pool ends");
    for (int i = 1; i < WAITING; i++)
        close(fds[i]);
    pool_stop(pid);
}

static void
test_successor(void)
{
    pid_t old = pool_start(1, 2, false), new = 0;
    int kept = fc_connect(path), good = 0, status = -1;

    get(kept, "/", true);
    kill(old, SIGTERM);
    waitpid(old, &status, 0);
    ok(status == 0 && get(kept, "/", true), "told to end, a pool leaves, but its workers serve on");
    for (int i = 0; i < 200; i++) {
        int fd = fc_connect(path);

        if (i == 100)
            new = pool_start(1, 2, false);
        good += get(fd, "/", false);
        close(fd);
    }
    ok(good == 200, "so a successor takes over without a gap");
    ok(fc_stirs(kept, 5000) && !fc_answer(kept, &a), "in the end they let their connections go");
    close(kept);
    pool_stop(new);
}

int
main(void)
{
    char dir[] = "/tmp/fcgi_test.XXXXXX";

    if (mkdtemp(dir) == NULL || chdir(dir) != 0)
        return 1;
    signal(SIGPIPE, SIG_IGN);
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_requests();
    test_dawdlers();
    test_crowd();
    test_respawn();
    test_drain();
    test_waiting();
    test_successor();
    unlink("fcgi_test.log");
    if (chdir("/") == 0)
        rmdir(dir);
    return done();
}
