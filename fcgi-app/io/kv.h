/*
 * Redis, for what may be lost: sessions, counters, short-lived codes, announcements.
 *
 * One struct kv serves one thread. Every wait ends by the connection's time or op->deadline_ms,
 * whichever is first. A connection that failed in any way is dropped and opened anew at the next
 * use. Whatever goes wrong is E_UNAVAILABLE (counters therefore fail closed); keys and values are
 * never in the note. Commands travel as argument vectors, so no value can become a command.
 *
 * Keys are at most KV_KEY_MAX bytes, values and members KV_VALUE_MAX; every ttl_s is in seconds,
 * counted by Redis and at least 1, so that nothing is kept for ever. Texts come back in the arena.
 */
#ifndef HALL_IO_KV_H
#define HALL_IO_KV_H

#include "base/op.h"

enum { KV_KEY_MAX = 512, KV_VALUE_MAX = 65536, KV_SET_MAX = 1000 };

/* Remembers where (a unix socket); connects at the first use. user and password may be "". ms is
 * the time for one command. From the first kv_new on, the process ignores SIGPIPE. */
struct kv *kv_new(const char *socket, const char *user, const char *password, int ms);
void kv_free(struct kv *kv); /* NULL is fine */

enum err kv_ping(struct op *op) MUST_USE;

/* *value is NULL when there is no such key. */
enum err kv_get(struct op *op, const char *key, const char **value) MUST_USE;
/* As kv_get, and the key lives on for ttl_s from now: one round trip. */
enum err kv_get_touch(struct op *op, const char *key, int64_t ttl_s, const char **value) MUST_USE;
/* As kv_get, and the key is gone: of several callers only one gets the value. */
enum err kv_take(struct op *op, const char *key, const char **value) MUST_USE;
enum err kv_set(struct op *op, const char *key, const char *value, int64_t ttl_s) MUST_USE;
enum err kv_del(struct op *op, const char *key) MUST_USE; /* also when there is none */

/* Adds one to a counter that lives for ttl_s from its first count. *n is the new count, *left_s
 * (at least 1) how long the counter still lives. Both pointers may be NULL. */
enum err kv_count(
    struct op *op, const char *key, int64_t ttl_s, int64_t *n, int64_t *left_s) MUST_USE;

/* Counts one use and refuses with E_TOO_MANY from the (most + 1)th on within a window; then
 * *retry_after_s (may be NULL) is when the window ends. */
enum err kv_limit(struct op *op, const char *key, int64_t most, int64_t window_s,
    int64_t *retry_after_s) MUST_USE;

/* Sets of texts. Adding makes the whole set live for ttl_s from now. */
enum err kv_set_add(struct op *op, const char *key, const char *member, int64_t ttl_s) MUST_USE;
enum err kv_set_remove(struct op *op, const char *key, const char *member) MUST_USE;
/* At most KV_SET_MAX members, in no order. */
enum err kv_set_members(
    struct op *op, const char *key, const char *const **members, size_t *n) MUST_USE;

#endif
