#include "web/conn.h"

#include <stdlib.h>
#include <sys/epoll.h>

struct conns *
conns_new(void)
{
    struct conns *all = calloc(1, sizeof(*all));

    if (all == NULL)
        abort();
    pthread_mutex_init(&all->lock, NULL);
    all->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (all->epoll >= 0)
        return all;
    free(all);
    return NULL;
}

struct conn *
conn_take(struct conns *all, int fd)
{
    struct conn *c;

    pthread_mutex_lock(&all->lock);
    c = all->free;
    if (c != NULL)
        all->free = c->next_free;
    else if (all->high < CONNS_MAX) {
        c = &all->all[all->high++];
        c->ticket = 1;
    }
    pthread_mutex_unlock(&all->lock);
    if (c == NULL)
        return NULL;
    all->open++;
    FCGX_InitRequest(&c->fcgx, -1, 0);
    c->fcgx.ipcFd = fd;
    c->fcgx.keepConnection = 1;
    c->known = false;
    return c;
}

void
conn_arm(struct conns *all, struct conn *c, uint32_t events)
{
    int what = c->known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    uint32_t ticket = c->ticket;
    struct epoll_event e = {
        .events = events | EPOLLONESHOT,
        .data.u64 = (uint64_t)ticket << 32 | (uint64_t)(c - all->all),
    };

    c->known = true;
    c->armed = ticket;
    if (epoll_ctl(all->epoll, what, c->fcgx.ipcFd, &e) != 0)
        abort();
}

struct conn *
conn_claim(struct conns *all, uint64_t event)
{
    struct conn *c = &all->all[event & UINT32_MAX];
    uint32_t ticket = (uint32_t)(event >> 32);

    return atomic_compare_exchange_strong(&c->ticket, &ticket, ticket + 1) ? c : NULL;
}

bool
conn_seize(struct conn *c)
{
    uint32_t ticket = c->armed;

    return atomic_compare_exchange_strong(&c->ticket, &ticket, ticket + 1);
}

void
conn_drop(struct conns *all, struct conn *c)
{
    FCGX_Free(&c->fcgx, 1);
    pthread_mutex_lock(&all->lock);
    c->next_free = all->free;
    all->free = c;
    pthread_mutex_unlock(&all->lock);
    all->open--;
}
