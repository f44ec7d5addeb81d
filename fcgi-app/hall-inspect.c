/* hall-inspect CONF: opens what strangers uploaded, each file in a caged process of its own. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "io/conf.h"
#include "paper/cage.h"
#include "paper/inspector.h"

static void
log_death(const struct inspector_death *d)
{
    char signal[16], after[32];

    snprintf(signal, sizeof(signal), "%d", d->signal);
    snprintf(after, sizeof(after), "%lld", (long long)d->after);
    log_warn(NULL, d->by_time ? "inspection took too long" : "inspection died", "signal", signal,
        "ms", after, NULL);
}

int
main(int argc, char **argv)
{
    struct conf conf;
    char why[512];
    bool test = argc == 2 && strcmp(argv[1], "--self-test") == 0;

    if (argc != 2) {
        fprintf(stderr, "usage: hall-inspect CONF | --self-test\n");
        return 2;
    }
    if (conf_read(&conf, test ? "/dev/null" : argv[1], why, sizeof(why)) != OK) {
        fprintf(stderr, "hall-inspect: %s\n", why);
        return 1;
    }
    if (test) {
        struct cage cage = {conf.inspect_memory_mib << 20, (int)conf.inspect_ms / 1000};

        return cage_self_test(&cage) ? 0 : 1;
    }
    log_info(NULL, "inspecting", "socket", conf.inspect, NULL);
    if (inspector_serve(&conf, log_death, why, sizeof(why)) != OK) {
        log_warn(NULL, "inspector ends", "why", why, NULL);
        return 1;
    }
    return 0;
}
