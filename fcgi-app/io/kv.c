#include "io/kv.h"

#include <assert.h>
#include <errno.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

struct kv {
    redisContext *c;
    const char *socket, *user, *password;
    int ms;
    int set_ms; /* the time-out that the socket has now */
};

/* One command: its words, ended by NULL. The second word is the key, where there is one. */
struct command {
    const char *words[8];
};

static void
reply_free(redisReply **r)
{
    freeReplyObject(*r);
}
#define REPLY __attribute__((cleanup(reply_free))) redisReply *

struct kv *
kv_new(const char *socket, const char *user, const char *password, int ms)
{
    struct kv *kv = calloc(1, sizeof(*kv));

    if (kv == NULL)
        abort();
    *kv = (struct kv){.socket = socket, .user = user, .password = password, .ms = ms};
    signal(SIGPIPE, SIG_IGN); /* hiredis writes without MSG_NOSIGNAL */
    return kv;
}

static void
drop(struct kv *kv)
{
    if (kv->c != NULL)
        redisFree(kv->c);
    kv->c = NULL;
}

void
kv_free(struct kv *kv)
{
    if (kv == NULL)
        return;
    drop(kv);
    free(kv);
}

static enum err
failed(struct op *op, const char *doing, const char *why)
{
    enum err e = op_fail(op, E_UNAVAILABLE, "redis: %s: %s", doing, why);

    drop(op->kv);
    return e;
}

/* An error reply quotes what was sent; only its first word, the code, may be told. */
static enum err
refused(struct op *op, const char *doing, const redisReply *r)
{
    char code[32] = "an unexpected reply";

    if (r->type == REDIS_REPLY_ERROR)
        snprintf(code, sizeof(code), "%.*s", (int)strcspn(r->str, " "), r->str);
    return failed(op, doing, code);
}

/* Milliseconds for one step, 0 when the operation's time is up. */
static int
step_ms(const struct op *op)
{
    int left = op_left_ms(op);

    return left < op->kv->ms ? left : op->kv->ms;
}

static struct timeval
span(int ms)
{
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

static enum err
set_time(struct op *op)
{
    struct kv *kv = op->kv;
    int ms = step_ms(op);

    if (ms <= 0) /* which would mean: wait for ever */
        return failed(op, "waiting", "no time left");
    if (ms == kv->set_ms)
        return OK;
    if (redisSetTimeout(kv->c, span(ms)) != REDIS_OK)
        return failed(op, "time-out", kv->c->errstr);
    kv->set_ms = ms;
    return OK;
}

static enum err
put(struct op *op, const struct command *cmd)
{
    const char *words[8];
    size_t sizes[8];
    int n = 0;

    for (; n < 8 && cmd->words[n] != NULL; n++) {
        words[n] = cmd->words[n];
        sizes[n] = strlen(words[n]);
        if (sizes[n] > (n == 1 ? KV_KEY_MAX : KV_VALUE_MAX))
            return failed(op, words[0], "a key or value is too long");
    }
    if (redisAppendCommandArgv(op->kv->c, n, words, sizes) != REDIS_OK)
        return failed(op, words[0], op->kv->c->errstr);
    return OK;
}

static enum err
take(struct op *op, const char *doing, redisReply **out)
{
    struct kv *kv = op->kv;
    void *r = NULL;

    if (redisGetReply(kv->c, &r) != REDIS_OK)
        return failed(op, doing, kv->c->err == REDIS_ERR_IO ? strerror(errno) : kv->c->errstr);
    *out = r;
    return (*out)->type == REDIS_REPLY_ERROR ? refused(op, doing, *out) : OK;
}

static enum err
authenticate(struct op *op)
{
    struct kv *kv = op->kv;
    const struct command named = {{"AUTH", kv->user, kv->password}};
    const struct command unnamed = {{"AUTH", kv->password}};
    REPLY r = NULL;

    if (*kv->password == '\0' && *kv->user == '\0')
        return OK;
    TRY(put(op, *kv->user == '\0' ? &unnamed : &named));
    return take(op, "AUTH", &r);
}

static enum err
connect_now(struct op *op)
{
    struct kv *kv = op->kv;
    int ms = step_ms(op);

    if (ms <= 0)
        return failed(op, "connecting", "no time left");
    kv->c = redisConnectUnixWithTimeout(kv->socket, span(ms));
    if (kv->c == NULL)
        abort();
    if (kv->c->err != 0)
        return failed(op, "connecting", kv->c->errstr);
    kv->set_ms = 0;
    TRY(set_time(op));
    return authenticate(op);
}

/* Nothing is expected on an idle connection: if it can be read, the server has closed it. */
static void
notice_death(struct kv *kv)
{
    struct pollfd p;

    if (kv->c == NULL)
        return;
    p = (struct pollfd){.fd = kv->c->fd, .events = POLLIN};
    if (poll(&p, 1, 0) != 0)
        drop(kv);
}

static enum err
begin(struct op *op)
{
    notice_death(op->kv);
    if (op->kv->c == NULL)
        return connect_now(op);
    return set_time(op);
}

static enum err
run(struct op *op, const struct command *cmd, redisReply **out)
{
    TRY(begin(op));
    TRY(put(op, cmd));
    return take(op, cmd->words[0], out);
}

/*
 * All or nothing, in one round trip. Within EXEC Redis' clock stands still, so a key cannot expire
 * between two of the commands. *out is the array of their replies, none of them an error.
 */
static enum err
run_together(struct op *op, const struct command *cmds, size_t n, redisReply **out)
{
    const char *doing = cmds[0].words[0];

    TRY(begin(op));
    TRY(put(op, &(const struct command){{"MULTI"}}));
    for (size_t i = 0; i < n; i++)
        TRY(put(op, &cmds[i]));
    TRY(put(op, &(const struct command){{"EXEC"}}));
    for (size_t i = 0; i < n + 1; i++) {
        REPLY queued = NULL;

        TRY(take(op, doing, &queued));
    }
    TRY(take(op, doing, out));
    if ((*out)->type != REDIS_REPLY_ARRAY || (*out)->elements != n)
        return refused(op, doing, *out);
    for (size_t i = 0; i < n; i++)
        if ((*out)->element[i]->type == REDIS_REPLY_ERROR)
            return refused(op, cmds[i].words[0], (*out)->element[i]);
    return OK;
}

static enum err
run_text(struct op *op, const struct command *cmd, const char **value)
{
    REPLY r = NULL;

    TRY(run(op, cmd, &r));
    if (r->type == REDIS_REPLY_NIL)
        *value = NULL;
    else if (r->type == REDIS_REPLY_STRING)
        *value = arena_strndup(op->arena, r->str, r->len);
    else
        return refused(op, cmd->words[0], r);
    return OK;
}

static enum err
run_plain(struct op *op, const struct command *cmd)
{
    REPLY r = NULL;

    return run(op, cmd, &r);
}

static const char *
number(struct op *op, int64_t n)
{
    return arena_printf(op->arena, "%lld", (long long)n);
}

enum err
kv_ping(struct op *op)
{
    return run_plain(op, &(const struct command){{"PING"}});
}

enum err
kv_get(struct op *op, const char *key, const char **value)
{
    return run_text(op, &(const struct command){{"GET", key}}, value);
}

enum err
kv_get_touch(struct op *op, const char *key, int64_t ttl_s, const char **value)
{
    const struct command cmd = {{"GETEX", key, "EX", number(op, ttl_s)}};

    return run_text(op, &cmd, value);
}

enum err
kv_take(struct op *op, const char *key, const char **value)
{
    return run_text(op, &(const struct command){{"GETDEL", key}}, value);
}

enum err
kv_set(struct op *op, const char *key, const char *value, int64_t ttl_s)
{
    return run_plain(op, &(const struct command){{"SET", key, value, "EX", number(op, ttl_s)}});
}

enum err
kv_del(struct op *op, const char *key)
{
    return run_plain(op, &(const struct command){{"DEL", key}});
}

enum err
kv_count(struct op *op, const char *key, int64_t ttl_s, int64_t *n, int64_t *left_s)
{
    const struct command cmds[] = {
        {{"SET", key, "0", "NX", "EX", number(op, ttl_s)}},
        {{"INCR", key}},
        {{"PTTL", key}},
    };
    REPLY r = NULL;

    TRY(run_together(op, cmds, 3, &r));
    if (n != NULL)
        *n = r->element[1]->integer;
    if (left_s != NULL) {
        long long ms = r->element[2]->integer;

        *left_s = ms <= 1000 ? 1 : (ms + 999) / 1000;
    }
    return OK;
}

enum err
kv_limit(struct op *op, const char *key, int64_t most, int64_t window_s, int64_t *retry_after_s)
{
    int64_t n, left_s;

    TRY(kv_count(op, key, window_s, &n, &left_s));
    if (n <= most)
        return OK;
    if (retry_after_s != NULL)
        *retry_after_s = left_s;
    return op_fail(op, E_TOO_MANY, "limit of %lld in %lld s", (long long)most, (long long)window_s);
}

enum err
kv_set_add(struct op *op, const char *key, const char *member, int64_t ttl_s)
{
    const struct command cmds[] = {
        {{"SADD", key, member}},
        {{"EXPIRE", key, number(op, ttl_s)}},
    };
    REPLY r = NULL;

    return run_together(op, cmds, 2, &r);
}

enum err
kv_set_remove(struct op *op, const char *key, const char *member)
{
    return run_plain(op, &(const struct command){{"SREM", key, member}});
}

enum err
kv_set_members(struct op *op, const char *key, const char *const **members, size_t *n)
{
    /* SRANDMEMBER gives different members, all of a small set, and unlike SMEMBERS has a bound. */
    const struct command cmd = {{"SRANDMEMBER", key, number(op, KV_SET_MAX)}};
    const char **list;
    REPLY r = NULL;

    TRY(run(op, &cmd, &r));
    if (r->type != REDIS_REPLY_ARRAY)
        return refused(op, "SRANDMEMBER", r);
    list = NEW_N(op->arena, r->elements + 1, const char *);
    for (size_t i = 0; i < r->elements; i++)
        list[i] = arena_strndup(op->arena, r->element[i]->str, r->element[i]->len);
    *members = list;
    *n = r->elements;
    return OK;
}
