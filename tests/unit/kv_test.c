/* Redis against a server of our own, which is also stopped, killed and started again. */
#include "io/kv.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static char home[] = "/tmp/kv_test.XXXXXX";
static char socket_path[64];
static pid_t server;

static struct op
new_op(const char *user, const char *password)
{
    return (struct op){
        .arena = arena_new(4096),
        .kv = kv_new(socket_path, user, password, 300),
        .deadline_ms = op_monotonic_ms() + 60000,
    };
}

static void
end_op(struct op *op)
{
    kv_free(op->kv);
    arena_free(op->arena);
}

static void
stop_server(void)
{
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    unlink(socket_path);
}

static void
start_server(void)
{
    struct op op = new_op("", "");
    const struct timespec moment = {.tv_nsec = 5000000};

    server = fork();
    if (server == 0) {
        int out = open("/dev/null", O_WRONLY);

        dup2(out, STDOUT_FILENO);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* no server outlives the test */
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket_path, "--save",
            "", "--user", "hall", "on", ">word", "+@all", "~hall:*", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; kv_ping(&op) != OK; i++) {
        if (i == 1000)
            abort();
        nanosleep(&moment, NULL);
    }
    end_op(&op);
}

static void
check_values(struct op *op)
{
    const char *v = "untouched";

    ok(kv_get(op, "a", &v) == OK && v == NULL, "an absent key is NULL");
    ok(kv_set(op, "a", "x y\r\nDEL a\r\n\"'%s", 60) == OK && kv_get(op, "a", &v) == OK,
        "a value is set");
    is(v, "x y\r\nDEL a\r\n\"'%s", "and comes back as it was");
    ok(kv_take(op, "a", &v) == OK && v != NULL && v[0] == 'x', "it can be taken");
    ok(kv_take(op, "a", &v) == OK && v == NULL, "once");
    ok(kv_set(op, "a", "", 60) == OK && kv_get(op, "a", &v) == OK && v != NULL && *v == '\0',
        "one may be empty");
    ok(kv_del(op, "a") == OK && kv_del(op, "a") == OK && kv_get(op, "a", &v) == OK && v == NULL,
        "it can be deleted, and again");
}

static void
check_expiry(struct op *op)
{
    const struct timespec over_a_second = {.tv_sec = 1, .tv_nsec = 100000000};
    const char *v;

    ok(kv_set(op, "short", "1", 1) == OK && kv_set(op, "touched", "1", 1) == OK &&
            kv_get_touch(op, "touched", 60, &v) == OK && v != NULL &&
            kv_set_add(op, "s", "1", 1) == OK && kv_count(op, "c", 1, NULL, NULL) == OK &&
            kv_count(op, "c", 60, NULL, NULL) == OK,
        "keys with a second to live");
    nanosleep(&over_a_second, NULL);
    ok(kv_get(op, "short", &v) == OK && v == NULL, "a value has expired");
    ok(kv_get(op, "touched", &v) == OK && v != NULL, "unless it was touched");
    ok(kv_get(op, "c", &v) == OK && v == NULL, "and a counter, from its first count on");
    ok(kv_set(op, "short", "1", 0) == E_UNAVAILABLE, "no key without an end is made");
}

static void
check_counting(struct op *op)
{
    int64_t n = 0, left = 0, retry = 0;

    ok(kv_count(op, "n", 100, &n, &left) == OK && n == 1 && left >= 99 && left <= 100, "one");
    ok(kv_count(op, "n", 100, &n, &left) == OK && n == 2, "two");
    for (int i = 0; i < 3; i++)
        ok(kv_limit(op, "l", 3, 50, &retry) == OK && retry == 0, "use %d of 3", i + 1);
    ok(kv_limit(op, "l", 3, 50, &retry) == E_TOO_MANY && retry >= 49 && retry <= 50,
        "the fourth is told when to come again");
    ok(kv_limit(op, "l2", 3, 50, NULL) == OK, "another key counts for itself");
}

static void
check_sets(struct op *op)
{
    const char *const *members;
    size_t n;

    ok(kv_set_members(op, "s", &members, &n) == OK && n == 0, "an absent set is empty");
    ok(kv_set_add(op, "s", "x", 60) == OK && kv_set_add(op, "s", "y", 60) == OK &&
            kv_set_add(op, "s", "x", 60) == OK && kv_set_members(op, "s", &members, &n) == OK &&
            n == 2,
        "a set has each member once");
    ok(kv_set_remove(op, "s", "x") == OK && kv_set_members(op, "s", &members, &n) == OK && n == 1 &&
            strcmp(members[0], "y") == 0,
        "a member can leave");
}

static void
check_bounds(struct op *op)
{
    static char long_key[KV_KEY_MAX + 2], long_value[KV_VALUE_MAX + 2];
    const char *v;

    memset(long_key, 'k', sizeof(long_key) - 1);
    memset(long_value, 'v', sizeof(long_value) - 1);
    ok(kv_set(op, long_key, "1", 60) == E_UNAVAILABLE, "a key has a bound");
    ok(kv_set(op, "k", long_value, 60) == E_UNAVAILABLE, "a value too");
    long_key[KV_KEY_MAX] = long_value[KV_VALUE_MAX] = '\0';
    ok(kv_set(op, long_key, long_value, 60) == OK && kv_get(op, long_key, &v) == OK &&
            strcmp(v, long_value) == 0,
        "up to it they travel");
}

static void
check_refusals(struct op *op)
{
    struct op named = new_op("hall", "word"), wrong = new_op("hall", "secret-word");
    const char *v;

    ok(kv_set_add(op, "secret-key", "1", 60) == OK && kv_get(op, "secret-key", &v) == E_UNAVAILABLE,
        "a value of another type cannot be had");
    is(op->note, "redis: GET: WRONGTYPE", "the note has the code alone");
    ok(kv_count(op, "secret-key", 60, NULL, NULL) == E_UNAVAILABLE &&
            strstr(op->note, "secret") == NULL,
        "nor be counted");
    ok(kv_ping(op) == OK, "and the next call works");
    ok(kv_set(&named, "hall:a", "1", 60) == OK, "a named user signs in");
    ok(kv_set(&named, "other:a", "1", 60) == E_UNAVAILABLE && strstr(named.note, "other") == NULL,
        "and has its rights only");
    ok(kv_ping(&wrong) == E_UNAVAILABLE && strstr(wrong.note, "secret") == NULL,
        "a wrong password is refused");
    end_op(&named);
    end_op(&wrong);
}

static void
check_trouble(struct op *op)
{
    int64_t began, took, deadline = op->deadline_ms;
    const char *v;

    ok(kv_set(op, "t", "1", 60) == OK, "all is well");
    kill(server, SIGSTOP);
    began = op_monotonic_ms();
    ok(kv_get(op, "t", &v) == E_UNAVAILABLE, "a stopped server does not answer");
    took = op_monotonic_ms() - began;
    ok(took >= 250 && took < 600, "and is waited for as long as set (%lld ms)", (long long)took);
    op->deadline_ms = op_monotonic_ms() + 50;
    began = op_monotonic_ms();
    ok(kv_get(op, "t", &v) == E_UNAVAILABLE, "nor to who has less time");
    took = op_monotonic_ms() - began;
    ok(took < 200, "who waits less (%lld ms)", (long long)took);
    ok(kv_get(op, "t", &v) == E_UNAVAILABLE, "without time nothing is tried");
    op->deadline_ms = deadline;
    kill(server, SIGCONT);
    ok(kv_get(op, "t", &v) == OK && v != NULL && strcmp(v, "1") == 0,
        "it goes on, and late answers are not taken for new ones");
    stop_server();
    ok(kv_get(op, "t", &v) == E_UNAVAILABLE, "a killed one is told");
    start_server();
    ok(kv_get(op, "t", &v) == OK && v == NULL, "and the new one found");
    stop_server();
    start_server();
    ok(kv_get(op, "t", &v) == OK, "also when nobody called in between");
}

static void *
count_to_1000(void *arg)
{
    struct op op = new_op("", "");
    int64_t *greatest = arg;

    for (int i = 0; i < 1000; i++)
        if (kv_count(&op, "race", 60, greatest, NULL) != OK)
            abort();
    end_op(&op);
    return NULL;
}

static void
check_threads(void)
{
    int64_t greatest[4] = {0}, most = 0;
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        if (pthread_create(&threads[i], NULL, count_to_1000, &greatest[i]) != 0)
            abort();
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        most = greatest[i] > most ? greatest[i] : most;
    }
    ok(most == 4000, "four threads lose no count");
}

int
main(void)
{
    struct op op;

    if (mkdtemp(home) == NULL || chdir(home) != 0)
        abort();
    snprintf(socket_path, sizeof(socket_path), "%s/redis", home);
    start_server();
    op = new_op("", "");
    check_values(&op);
    check_expiry(&op);
    check_counting(&op);
    check_sets(&op);
    check_bounds(&op);
    check_refusals(&op);
    check_trouble(&op);
    check_threads();
    end_op(&op);
    stop_server();
    rmdir(home);
    return done();
}
