/* hall-ctl: what the owner of the hall does by hand. `hall-ctl` alone lists the verbs. */
#include <stdio.h>
#include <string.h>

#include "ctl/verb.h"
#include "io/clock.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/kv.h"
#include "io/record.h"
#include "io/vault.h"

static enum err
sample_config(struct op *op, char *const *args)
{
    (void)op, (void)args;
    conf_sample();
    return OK;
}

enum { OWNER = NEEDS_CONF | NEEDS_DATABASE, MANY = 99 };

static const struct verb verbs[] = {
    {"migrate", "SQLDIR", "bring schema, grants, moves and seed data up to date", OWNER, 1, 1,
        ctl_migrate},
    {"keys", "DIR", "make data.keys and pin.keys, unless they are there", 0, 1, 1, ctl_keys},
    {"keys add", "FILE", "put a new key before the others", 0, 1, 1, ctl_keys_add},
    {"ca init", "DIR", "make two roots and two issuing CAs, unless they are there", NEEDS_CONF, 1,
        1, ctl_ca_init},
    {"ca check", "", "are certificates, lists and keys of the CAs in order?", NEEDS_CONF, 0, 0,
        ctl_ca_check},
    {"ca root-crl", "sm2|p256 [SERIAL REASON DATE]...", "sign a root's next list, once a year",
        NEEDS_CONF, 1, 25, ctl_ca_root_crl},
    {"staff add", "USERNAME --name NAME --role ROLE...", "print password and second factor once",
        OWNER | NEEDS_VAULT, 5, MANY, ctl_staff_add},
    {"staff reset", "USERNAME", "new password and second factor; ends the sessions",
        OWNER | NEEDS_VAULT, 1, 1, ctl_staff_reset},
    {"seed-logins", "FILE", "sandbox: one login per role, written to FILE",
        OWNER | NEEDS_VAULT | NEEDS_SANDBOX, 1, 1, ctl_seed_logins},
    {"check-config", "", "would a process with this CONF have what it needs?", NEEDS_CONF, 0, 0,
        ctl_check_config},
    {"audit-verify", "", "walk the hash chains; names the first event that is wrong", OWNER, 0, 0,
        ctl_audit_verify},
    {"journal-verify", "", "the signer's journal: hash chain, order of times, nothing signed twice",
        NEEDS_CONF, 0, 0, ctl_journal_verify},
    {"journal-compare", "", "asks the signer for every certificate: does the database know it?",
        OWNER, 0, 0, ctl_journal_compare},
    {"clock", "SHIFT", "sandbox: set the hall's clock off the real one: +3d, -2h, 0",
        OWNER | NEEDS_SANDBOX, 1, 1, ctl_clock},
    {"sample-config", "", "print every setting with its default", 0, 0, 0, sample_config},
};
enum { VERBS = sizeof(verbs) / sizeof(*verbs) };

static int
usage(void)
{
    fprintf(stderr, "usage: hall-ctl CONF VERB ...   (CONF may be - for keys and sample-config)\n");
    for (const struct verb *v = verbs; v < verbs + VERBS; v++)
        fprintf(stderr, "  %-15s %-37s %s\n", v->name, v->usage, v->what);
    return 2;
}

/* Words of the name that the arguments begin with; 0 when it is another verb. */
static int
matches(const struct verb *v, int n, char *const *args)
{
    size_t first = strcspn(v->name, " ");
    const char *second = v->name[first] == ' ' ? v->name + first + 1 : NULL;

    if (n < 1 || strlen(args[0]) != first || strncmp(args[0], v->name, first) != 0)
        return 0;
    if (second == NULL)
        return 1;
    return n >= 2 && strcmp(args[1], second) == 0 ? 2 : 0;
}

/* The longest name wins: `keys add FILE` is not `keys DIR`. */
static const struct verb *
find_verb(int n, char *const *args, int *words)
{
    const struct verb *found = NULL;

    *words = 0;
    for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
        int w = matches(v, n, args);

        if (w > *words) {
            found = v;
            *words = w;
        }
    }
    return found;
}

/* Opens what the verb needs. */
static enum err
prepare(struct op *op, const struct verb *v, const char *path, struct vault **vault)
{
    static struct conf conf;
    char why[512];

    if ((v->needs & NEEDS_CONF) == 0)
        return OK;
    if (conf_read(&conf, path, why, sizeof(why)) != OK)
        return op_fail(op, E_INVALID, "%s", why);
    clock_open(conf.clock_file);
    op->now = clock_now();
    op->conf = &conf;
    op->db = db_new(conf.database, (int)conf.database_connect_ms);
    op->kv = kv_new(conf.redis, conf.redis_user, conf.redis_password, (int)conf.redis_ms);
    if ((v->needs & NEEDS_SANDBOX) != 0 && conf.sandbox == 0)
        return op_fail(op, E_FORBIDDEN, "%s is for a sandbox", v->name);
    if ((v->needs & NEEDS_DATABASE) != 0 && *conf.database == '\0')
        return op_fail(op, E_INVALID, "%s: database is not set", path);
    if ((v->needs & NEEDS_VAULT) != 0 &&
        (*vault = vault_open(conf.data_keys, conf.pin_keys, why, sizeof(why))) == NULL)
        return op_fail(op, E_INVALID, "%s", why);
    op->vault = *vault;
    return OK;
}

static int
run(const struct verb *v, const char *path, char *const *args)
{
    struct op op = {
        .arena = arena_new(1 << 20),
        .deadline_ms = op_monotonic_ms() + 600000,
        .trace = "hall-ctl",
        .actor = {.role = "system", .ip = ""},
    };
    struct vault *vault = NULL;
    enum err e = prepare(&op, v, path, &vault);

    if (e == OK)
        e = v->run(&op, args);
    if (e != OK)
        fprintf(stderr, "hall-ctl %s: %s: %s\n", v->name, err_code(e),
            op.note == NULL ? err_text(e, LANG_EN) : op.note);
    db_free(op.db);
    kv_free(op.kv);
    vault_close(vault);
    arena_free(op.arena);
    return e == OK ? 0 : 1;
}

int
main(int argc, char **argv)
{
    const struct verb *v;
    int words;

    if (argc < 3 || (v = find_verb(argc - 2, argv + 2, &words)) == NULL ||
        argc - 2 - words < v->least || argc - 2 - words > v->most)
        return usage();
    record_init();
    setvbuf(stdout, NULL, _IOLBF, 0);
    return run(v, argv[1], argv + 2 + words);
}
