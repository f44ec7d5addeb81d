/* A pool of the hall: hall-fcgi CONF. Which routes, database role and limits it has is its
 * configuration. */
#include <stdio.h>
#include <string.h>

#include "io/conf.h"
#include "io/db.h"
#include "io/kv.h"
#include "io/record.h"
#include "io/vault.h"
#include "paper/fonts.h"
#include "provider/provider.h"
#include "web/fcgi.h"
#include "web/route.h"

static struct conf conf;
static const struct vault *vault;
static const struct providers *providers;

/* A pool has what its configuration names and nothing else. */
static void
open_handles(struct op *op)
{
    op->vault = vault;
    op->providers = providers;
    if (conf.database[0] != '\0')
        op->db = db_new(conf.database, (int)conf.database_connect_ms);
    if (conf.redis[0] != '\0')
        op->kv = kv_new(conf.redis, conf.redis_user, conf.redis_password, (int)conf.redis_ms);
}

/* Order numbers that triggers of the schema announce. */
static enum err
order_news(struct op *op, int wait_ms, const char **topic, bool *gap)
{
    *gap = db_socket(op) < 0; /* the connection is new: who knows what was said meanwhile */
    if (*gap) {
        enum err e = db_listen(op, "order_changed");

        *gap = e == OK;
        TRY(e);
    }
    return db_wait(op, wait_ms, topic);
}

/* What is shared by all threads and never changes. */
static enum err
open_shared(char *why, size_t why_size)
{
    static struct providers verifying;

    record_init();
    if (conf.data_keys[0] != '\0' &&
        (vault = vault_open(conf.data_keys, NULL, why, why_size)) == NULL)
        return E_INVALID;
    if (strcmp(conf.pool, "render") == 0)
        return fonts_open(conf.fonts, why, why_size);
    if (strcmp(conf.pool, "callback") != 0)
        return OK;
    TRY(providers_open(&conf, true, &verifying, why, why_size));
    providers = &verifying;
    return OK;
}

int
main(int argc, char **argv)
{
    struct fcgi_hooks hooks = {.open = open_handles, .body_limit = route_body_limit};
    char why[256];

    if (argc != 2) {
        fprintf(stderr, "usage: hall-fcgi CONF\n");
        return 2;
    }
    if (conf_read(&conf, argv[1], why, sizeof(why)) != OK || open_shared(why, sizeof(why)) != OK) {
        fprintf(stderr, "%s\n", why);
        return 2;
    }
    if (strcmp(conf.pool, "watch") == 0)
        hooks.news = order_news;
    return fcgi_serve(&conf, route_serve, &hooks);
}
