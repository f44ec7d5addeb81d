#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct line {
    char text[4096];
    size_t n;
};

static void
put(struct line *l, const char *s, size_t n)
{
    size_t room = sizeof(l->text) - 2 - l->n;

    if (n > room)
        n = room;
    memcpy(l->text + l->n, s, n);
    l->n += n;
}

static void
put_string(struct line *l, const char *s)
{
    char escaped[8];

    if (s == NULL) {
        put(l, "null", 4);
        return;
    }
    put(l, "\"", 1);
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\') {
            snprintf(escaped, sizeof(escaped), "\\%c", c);
            put(l, escaped, 2);
        } else if (c < 0x20 || c == 0x7f) {
            snprintf(escaped, sizeof(escaped), "\\u%04x", c);
            put(l, escaped, 6);
        } else {
            put(l, s, 1);
        }
    }
    put(l, "\"", 1);
}

static void
put_pair(struct line *l, const char *key, const char *value)
{
    put(l, ",", 1);
    put_string(l, key);
    put(l, ":", 1);
    put_string(l, value);
}

static void
write_line(const struct op *op, const char *level, const char *event, va_list ap)
{
    struct line l = {.n = 0};
    struct timespec t;
    struct tm tm;
    char at[32];
    const char *key;

    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &tm);
    strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%S", &tm);
    put(&l, "{\"at\":\"", 7);
    put(&l, at, strlen(at));
    snprintf(at, sizeof(at), ".%03dZ\"", (int)(t.tv_nsec / 1000000));
    put(&l, at, strlen(at));
    put_pair(&l, "level", level);
    put_pair(&l, "event", event);
    if (op != NULL && op->trace != NULL)
        put_pair(&l, "trace", op->trace);
    while ((key = va_arg(ap, const char *)) != NULL)
        put_pair(&l, key, va_arg(ap, const char *));
    memcpy(l.text + l.n, "}\n", 2);
    l.n += 2;
    /* One write keeps lines of several threads and processes whole. */
    if (write(STDERR_FILENO, l.text, l.n) < 0)
        return;
}

void
log_info(const struct op *op, const char *event, ...)
{
    va_list ap;

    va_start(ap, event);
    write_line(op, "info", event, ap);
    va_end(ap);
}

void
log_warn(const struct op *op, const char *event, ...)
{
    va_list ap;

    va_start(ap, event);
    write_line(op, "warn", event, ap);
    va_end(ap);
}
