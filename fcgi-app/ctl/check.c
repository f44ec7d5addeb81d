/* hall-ctl check-config: would a process with these settings start, and have what it needs? */
#include <stdio.h>
#include <string.h>

#include "ctl/verb.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/kv.h"
#include "io/vault.h"
#include "pki/signer_client.h"
#include "provider/provider.h"

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

/* Loads the keys and addresses of the world outside; nothing is sent. */
static enum err
check_providers(struct op *op)
{
    struct providers all;
    char why[256];

    if (providers_open(op->conf, strcmp(op->conf->pool, "callback") == 0, &all, why, sizeof(why)) !=
        OK)
        return op_fail(op, E_INVALID, "%s", why);
    return OK;
}

/* Only the callback pool and the worker, which alone has the PIN keys, know providers. */
static const char *
provider_setting(const struct conf *c)
{
    return strcmp(c->pool, "callback") == 0 ? c->pool : c->pin_keys;
}

static enum err
check_signer(struct op *op)
{
    struct signer_reply reply;

    return signer_status(op, &reply);
}

/* The signer itself, which alone has a journal, need not be there yet. */
static const char *
signer_setting(const struct conf *c)
{
    return *c->journal == '\0' ? c->signer : "";
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
        {"providers", provider_setting(c), check_providers},
        {"signer", signer_setting(c), check_signer},
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
