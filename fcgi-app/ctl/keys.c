/* hall-ctl keys: the master keys of the vault. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/secret.h"
#include "ctl/textfile.h"
#include "ctl/verb.h"
#include "io/vault.h"

static const char *
new_line(struct op *op)
{
    char id[9];

    secret_text("abcdefghijklmnopqrstuvwxyz0123456789", id, 8);
    return vault_new_key(op->arena, id);
}

static enum err
make_file(struct op *op, const char *dir, const char *name)
{
    const char *path = arena_printf(op->arena, "%s/%s", dir, name);
    enum err e = textfile_new(op, path, new_line(op));

    if (e != OK && e != E_CONFLICT)
        return e;
    printf("%s %s\n", e == OK ? "made" : "kept", path);
    return OK;
}

/* A key that was overwritten would take everything it sealed with it: what is there is kept. */
enum err
ctl_keys(struct op *op, char *const *args)
{
    if (mkdir(args[0], 0700) != 0 && errno != EEXIST)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", args[0], strerror(errno));
    TRY(make_file(op, args[0], "data.keys"));
    return make_file(op, args[0], "pin.keys");
}

enum err
ctl_keys_add(struct op *op, char *const *args)
{
    const char *old;

    TRY(textfile_read(op, args[0], &old));
    TRY(textfile_replace(op, args[0], arena_printf(op->arena, "%s%s", new_line(op), old)));
    printf("added a key to %s; processes started from now on seal with it\n", args[0]);
    return OK;
}
