/* hall-ctl check-config: would a process with these settings start, and have what it needs? */
#include <stdio.h>

#include "ctl/verb.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/kv.h"
#include "io/vault.h"

static enum err
check_vault(struct op *op)
{
    char why[256];
    struct vault *v = vault_open(op->conf->data_keys, op->conf->pin_keys, why, sizeof(why));

    if (v == NULL)
        return op_fail(op, E_INVALID, "%s", why);
    vault_close(v);
    return OK;
}

/* What a setting that is not empty asks for. */
enum err
ctl_check_config(struct op *op, char *const *args)
{
    const struct conf *c = op->conf;
    const struct {
        const char *what, *setting;
        enum err (*run)(struct op *op);
    } checks[] = {
        {"keys", c->data_keys, check_vault},
        {"database", c->database, db_check},
        {"redis", c->redis, kv_ping},
    };
    const char *note = NULL;
    enum err first = OK;

    (void)args;
    for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
        enum err e;

        if (*checks[i].setting == '\0') {
            printf("%-10s not set\n", checks[i].what);
            continue;
        }
        e = checks[i].run(op);
        printf("%-10s %s\n", checks[i].what, e == OK ? "good" : op->note);
        if (first == OK && e != OK) {
            first = e;
            note = op->note;
        }
    }
    op->note = note;
    return first;
}
