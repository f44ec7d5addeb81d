/* The sandbox's control calls, over a plain socket: PUT behaviour, count what arrived. */
#ifndef HALL_TESTS_PROVIDER_CONTROL_H
#define HALL_TESTS_PROVIDER_CONTROL_H

#include <stdarg.h>

#include "provider_help.h"

static int sandbox_port;

/* One control call; the body of the answer is in the arena, `size` bytes. Ends the test program
 * when the sandbox refuses: then the test itself is wrong. */
static inline const char *
control_raw(struct op *op, const char *method, const char *path, const char *body, size_t *size)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons((uint16_t)sandbox_port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const char *head = arena_printf(op->arena,
        "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
        method, path, sandbox_port, strlen(body), body);
    size_t n = 0, room = 1 << 21;
    char *text = arena_alloc(op->arena, room), *end;
    ssize_t got;

    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
        send(fd, head, strlen(head), MSG_NOSIGNAL) != (ssize_t)strlen(head)) {
        printf("Bail out! the sandbox does not answer\n");
        exit(1);
    }
    while (n + 1 < room && (got = read(fd, text + n, room - 1 - n)) > 0)
        n += (size_t)got;
    close(fd);
    text[n] = '\0';
    end = strstr(text, "\r\n\r\n");
    if (end == NULL || strncmp(text, "HTTP/1.1 2", 10) != 0) {
        printf("Bail out! %s %s %s: %s\n", method, path, body, text);
        exit(1);
    }
    *size = n - (size_t)(end + 4 - text);
    return end + 4;
}

static inline const struct tree *
control(struct op *op, const char *method, const char *path, const char *body)
{
    size_t n;
    const char *text = control_raw(op, method, path, body, &n);
    const struct tree *t = NULL;

    if (tree_read(op, text, n, &t) != OK) {
        printf("Bail out! %s %s is not JSON\n", method, path);
        exit(1);
    }
    return t;
}

static inline size_t
length(const struct tree *list)
{
    size_t n = 0;

    for (const struct tree *t = list == NULL ? NULL : list->first; t != NULL; t = t->next)
        n++;
    return n;
}

/* For one action, `times` calls (0: until further notice). */
static inline void
behave(struct op *op, const char *provider, const char *action, const char *mode, int times)
{
    control(op, "PUT", "/sandbox/behaviour",
        arena_printf(op->arena,
            "{\"provider\":\"%s\",\"mode\":\"%s\",\"action\":\"%s\",\"times\":%s,\"seconds\":1}",
            provider, mode, action, times == 0 ? "null" : arena_printf(op->arena, "%d", times)));
}

static inline int64_t
last_request(struct op *op)
{
    const struct tree *items =
        tree_get(control(op, "GET", "/sandbox/requests?limit=1", ""), "items");
    int64_t id = 0;

    return tree_int(items, "0.id", &id) ? id : 0;
}

/* How many calls of an action arrived behind `after`; *good says whether all were signed right. */
static inline size_t
requests_since(struct op *op, int64_t after, const char *provider, const char *action, bool *good)
{
    const struct tree *items =
        tree_get(control(op, "GET",
                     arena_printf(op->arena, "/sandbox/requests?provider=%s&action=%s&after=%lld",
                         provider, action, (long long)after),
                     ""),
            "items");

    *good = true;
    for (const struct tree *t = items->first; t != NULL; t = t->next)
        *good &= tree_text(t, "signature") != NULL && strcmp(tree_text(t, "signature"), "ok") == 0;
    return length(items);
}

#endif
