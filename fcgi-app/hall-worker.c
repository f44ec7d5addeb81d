/* The issuance worker: hall-worker CONF. It polls the queue, is the only one who calls the world
 * outside, and runs the clocks. */
#include <signal.h>
#include <stdio.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/conf.h"
#include "io/confine.h"
#include "io/db.h"
#include "io/prefork.h"
#include "io/record.h"
#include "io/vault.h"
#include "provider/provider.h"
#include "worker/loop.h"

static struct conf conf;
static const struct vault *vault;
static volatile sig_atomic_t stop;

static void
on_signal(int sig)
{
    (void)sig;
    stop = 1;
}

/* A signal ends the sleep, and what is being done is finished. */
static void
take_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal};
    sigset_t set;

    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int
child(void *arg, struct beat *beat)
{
    struct providers providers;
    struct op op = {.arena = arena_new(65536), .conf = &conf, .vault = vault};
    char why[256];

    (void)arg;
    take_signals();
    if (confine(true) != OK) {
        fprintf(stderr, "the kernel does not confine\n");
        return 1;
    }
    if (providers_open(&conf, false, &providers, why, sizeof(why)) != OK) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    op.providers = &providers;
    op.db = db_new(conf.database, (int)conf.database_connect_ms);
    if (loop_wind_clocks(&op) != OK)
        log_warn(NULL, "clocks are wound later", "note", op.note, NULL);
    loop_run(&op, &stop, &beat->alive_ms);
    return 0;
}

int
main(int argc, char **argv)
{
    struct prefork p = {.name = "worker", .child = child, .drain_ms = 10000};
    char why[256];

    if (argc != 2) {
        fprintf(stderr, "usage: hall-worker CONF\n");
        return 2;
    }
    record_init();
    if (conf_read(&conf, argv[1], why, sizeof(why)) != OK) {
        fprintf(stderr, "%s\n", why);
        return 2;
    }
    clock_open(conf.sandbox ? conf.clock_file : "");
    vault = vault_open(conf.data_keys, conf.pin_keys, why, sizeof(why));
    if (vault == NULL) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    p.processes = (int)conf.worker_processes;
    p.stuck_ms = (int)conf.job_ms + 30000;
    return prefork_run(&p);
}
