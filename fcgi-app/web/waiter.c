#include "web/waiter.h"

#include <string.h>
#include <sys/epoll.h>

enum { WAIT_MAX_MS = 30000, ROOM = 2048 };

/* FNV-1a. Two topics that meet cost one needless look. */
static uint64_t
hash(const char *s)
{
    uint64_t h = 0xcbf29ce484222325U;

    for (; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001b3U;
    return h;
}

static const char *
keep(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

static const struct http_header *
keep_headers(struct arena *a, const struct http_header *from)
{
    struct http_header *all;
    size_t n = 0;

    while (from[n].name != NULL)
        n++;
    all = NEW_N(a, n + 1, struct http_header);
    for (size_t i = 0; i < n; i++)
        all[i] = (struct http_header){keep(a, from[i].name), keep(a, from[i].value)};
    return all;
}

void
waiter_new(struct conns *all, struct conn *c, const struct op *op, const struct http_request *in,
    const struct http_turn *turn)
{
    struct arena *a = arena_new(ROOM);
    struct waiter *w = NEW(a, struct waiter);
    int ms = turn->wait_ms < WAIT_MAX_MS ? turn->wait_ms : WAIT_MAX_MS;

    w->arena = a;
    w->in = *in;
    w->in.method = keep(a, in->method);
    w->in.path = keep(a, in->path);
    w->in.query = keep(a, in->query);
    w->in.ip = keep(a, in->ip);
    w->in.headers = keep_headers(a, in->headers);
    w->in.body = "";
    w->in.size = 0;
    w->trace = keep(a, op->trace);
    w->topic = hash(turn->topic);
    w->began_ms = op_monotonic_ms();
    w->until_ms = w->began_ms + ms;
    /* What libfcgi read with is half of its memory, and all has been read. */
    FCGX_FreeStream(&c->fcgx.in);
    pthread_mutex_lock(&all->lock);
    c->waiter = w;
    pthread_mutex_unlock(&all->lock);
}

void
waiter_look(struct conns *all, struct conn *c)
{
    pthread_mutex_lock(&all->lock);
    c->waiter->parked = c->waiter->news = false;
    pthread_mutex_unlock(&all->lock);
}

bool
waiter_park(struct conns *all, struct conn *c)
{
    bool park;

    pthread_mutex_lock(&all->lock);
    park = !c->waiter->news;
    if (park) {
        c->waiter->parked = true;
        conn_arm(all, c, EPOLLRDHUP);
    }
    pthread_mutex_unlock(&all->lock);
    return park;
}

void
waiter_free(struct conns *all, struct conn *c)
{
    struct waiter *w = c->waiter;

    pthread_mutex_lock(&all->lock);
    c->waiter = NULL;
    pthread_mutex_unlock(&all->lock);
    arena_free(w->arena);
}

/* A socket can nearly always be written to: asking for that hands the connection to one worker. */
static void
rouse(struct conns *all, struct conn *c)
{
    if (!c->waiter->parked)
        c->waiter->news = true;
    else if (conn_seize(c)) {
        c->waiter->parked = false;
        c->waiter->news = true;
        conn_arm(all, c, EPOLLOUT);
    }
}

void
waiter_wake(struct conns *all, const char *topic)
{
    uint64_t h = topic == NULL ? 0 : hash(topic);

    pthread_mutex_lock(&all->lock);
    for (uint32_t i = 0; i < all->high; i++) {
        struct conn *c = &all->all[i];

        if (c->waiter != NULL && (topic == NULL || c->waiter->topic == h))
            rouse(all, c);
    }
    pthread_mutex_unlock(&all->lock);
}

void
waiter_wake_late(struct conns *all, int64_t now_ms)
{
    pthread_mutex_lock(&all->lock);
    for (uint32_t i = 0; i < all->high; i++) {
        struct conn *c = &all->all[i];

        if (c->waiter != NULL && c->waiter->parked && now_ms >= c->waiter->until_ms)
            rouse(all, c);
    }
    pthread_mutex_unlock(&all->lock);
}
