#include "web/fcgi_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/conf.h"
#include "web/cgi.h"
#include "web/waiter.h"

enum {
    IO_MS = 4000,            /* nginx sends and takes whole requests: who dawdles is broken */
    DRAINED_BODY = 64 << 20, /* a body over its limit is read and thrown away up to here */
};

/* While libfcgi works on a descriptor, the ticking thread watches it. */
static void
io_begin(struct worker *w, int fd)
{
    pthread_mutex_lock(&w->lock);
    w->io_fd = fd;
    w->io_since_ms = op_monotonic_ms();
    pthread_mutex_unlock(&w->lock);
}

static void
io_end(struct worker *w)
{
    io_begin(w, -1);
}

void
fcgi_cut_dawdlers(struct pool *p, int64_t now_ms)
{
    for (int i = 0; i < p->conf->threads; i++) {
        struct worker *w = &p->workers[i];

        pthread_mutex_lock(&w->lock);
        if (w->io_fd >= 0 && now_ms - w->io_since_ms > IO_MS) {
            shutdown(w->io_fd, SHUT_RDWR);
            w->io_fd = -1;
        }
        pthread_mutex_unlock(&w->lock);
    }
}

/* Everything up to and including the end-of-stream record, or the connection is of no more use. */
static bool
read_body(struct worker *w, FCGX_Stream *from, struct http_request *in, size_t length)
{
    const struct fcgi_hooks *hooks = w->pool->hooks;
    size_t limit = hooks->body_limit == NULL ? (size_t)w->op.conf->max_body
                                             : hooks->body_limit(in->method, in->path);

    if (length > DRAINED_BODY)
        return false;
    in->too_large = length > limit;
    if (in->too_large) {
        char trash[4096];
        size_t n = length;

        while (n > 0) {
            int part = n < sizeof(trash) ? (int)n : (int)sizeof(trash);

            if (FCGX_GetStr(trash, part, from) != part)
                return false;
            n -= (size_t)part;
        }
    } else if (length > 0) {
        char *body = arena_alloc(w->op.arena, length + 1);

        if (FCGX_GetStr(body, (int)length, from) != (int)length)
            return false;
        body[length] = '\0';
        in->body = body;
        in->size = length;
    }
    return FCGX_GetChar(from) == EOF && FCGX_GetError(from) == 0;
}

static bool
read_request(struct worker *w, struct conn *c, struct http_request *in)
{
    FCGX_Request *r = &c->fcgx;
    size_t length = 0;
    bool good;

    io_begin(w, r->ipcFd);
    FCGX_Detach(r); /* closes without lingering */
    good = FCGX_Accept_r(r) == 0 && cgi_request(&w->op, r->envp, in, &length) == OK &&
           read_body(w, r->in, in, length);
    io_end(w);
    return good;
}

static void
log_request(
    const struct op *op, const struct http_request *in, const struct http_reply *out, int64_t ms)
{
    char status[16], took[24];

    snprintf(status, sizeof(status), "%d", out->status);
    snprintf(took, sizeof(took), "%lld", (long long)ms);
    log_info(
        op, "request", "method", in->method, "path", in->path, "status", status, "ms", took, NULL);
}

static void
answer(struct worker *w, struct conn *c, const struct http_request *in,
    const struct http_reply *out, int64_t began_ms)
{
    FCGX_Request *r = &c->fcgx;
    const char *head = cgi_head(&w->op, out);

    io_begin(w, r->ipcFd);
    FCGX_PutStr(head, (int)strlen(head), r->out);
    if (out->size > 0)
        FCGX_PutStr(out->body, (int)out->size, r->out);
    FCGX_FClose(r->err);
    if (FCGX_FClose(r->out) != 0 || w->pool->closing)
        r->keepConnection = 0;
    FCGX_Finish_r(r);
    io_end(w);
    log_request(&w->op, in, out, op_monotonic_ms() - began_ms);
}

/* After an answer the connection waits for the next request, unless nginx wants it closed. */
static void
go_on(struct worker *w, struct conn *c)
{
    if (c->fcgx.ipcFd < 0)
        conn_drop(w->pool->conns, c);
    else
        conn_arm(w->pool->conns, c, EPOLLIN);
}

static void
refresh(struct worker *w)
{
    arena_reset(w->op.arena);
    w->op = w->fresh;
    w->op.now = clock_now();
    w->op.deadline_ms = op_monotonic_ms() + w->op.conf->request_ms;
}

static enum http_verdict
turn(struct worker *w, const struct http_request *in, struct http_reply *out, struct http_turn *t)
{
    memset(out, 0, sizeof(*out));
    t->may_park = w->pool->hooks->news != NULL;
    if (w->pool->handler(&w->op, in, out, t) == HTTP_ANSWERED)
        return HTTP_ANSWERED;
    if (!t->may_park || t->wait_over || t->topic == NULL)
        abort(); /* the handler was told */
    return HTTP_PARK;
}

/* Looks for an answer until there is one or nothing new happened since the last look. */
static void
look(struct worker *w, struct conn *c)
{
    struct conns *conns = w->pool->conns;
    const struct waiter *waiter = c->waiter;

    do {
        struct http_reply out;
        struct http_turn t = {0};

        waiter_look(conns, c);
        refresh(w);
        w->op.trace = waiter->trace;
        t.wait_over = w->pool->ending || op_monotonic_ms() >= waiter->until_ms;
        if (turn(w, &waiter->in, &out, &t) == HTTP_ANSWERED) {
            answer(w, c, &waiter->in, &out, waiter->began_ms);
            waiter_free(conns, c);
            go_on(w, c);
            return;
        }
    } while (!waiter_park(conns, c));
}

static void
attend(struct worker *w, struct conn *c, uint32_t events)
{
    struct conns *conns = w->pool->conns;
    int64_t began_ms = op_monotonic_ms();
    struct http_request in;
    struct http_reply out;
    struct http_turn t = {0};

    if (c->waiter != NULL) {
        if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0) {
            look(w, c);
            return;
        }
        waiter_free(conns, c); /* nobody is there any more */
        conn_drop(conns, c);
        return;
    }
    refresh(w);
    if (!read_request(w, c, &in)) {
        conn_drop(conns, c);
        return;
    }
    if (turn(w, &in, &out, &t) == HTTP_ANSWERED) {
        answer(w, c, &in, &out, began_ms);
        go_on(w, c);
        return;
    }
    waiter_new(conns, c, &w->op, &in, &t);
    look(w, c);
}

bool
fcgi_admit(struct pool *p)
{
    int fd = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);
    struct conn *c;

    if (fd < 0)
        return false;
    c = conn_take(p->conns, fd);
    if (c == NULL)
        close(fd);
    else
        conn_arm(p->conns, c, EPOLLIN);
    return true;
}

void *
fcgi_work(void *arg)
{
    struct worker *w = arg;
    struct conns *conns = w->pool->conns;

    w->fresh.conf = w->pool->conf;
    w->op.arena = w->fresh.arena = arena_new(FCGI_ARENA);
    w->pool->hooks->open(&w->fresh);
    for (;;) {
        struct epoll_event e;
        struct conn *c;

        if (epoll_wait(conns->epoll, &e, 1, -1) != 1)
            continue;
        *w->busy_ms = op_monotonic_ms();
        if ((c = conn_claim(conns, e.data.u64)) != NULL)
            attend(w, c, e.events);
        *w->busy_ms = 0;
    }
    return NULL;
}
