/* hall-ctl staff, hall-ctl seed-logins: who may sign in. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/login.h"
#include "ctl/textfile.h"
#include "ctl/verb.h"
#include "io/db.h"
#include "io/record.h"

static void
print_login(const struct login *l)
{
    printf(
        "username     %s\npassword     %s\ntotp secret  %s\n", l->username, l->password, l->totp);
    printf("otpauth://totp/hall:%s?secret=%s&issuer=hall\n", l->username, l->totp);
    printf("These are shown this once.\n");
}

/* --name NAME and any number of --role ROLE; roles are gathered as a PostgreSQL array. */
static enum err
read_options(struct op *op, char *const *args, const char **name, const char **roles)
{
    const char *list = "";

    *name = NULL;
    for (; *args != NULL; args += 2) {
        if (args[1] == NULL)
            return op_fail(op, E_INVALID, "%s needs a value", args[0]);
        if (strcmp(args[0], "--name") == 0)
            *name = args[1];
        else if (strcmp(args[0], "--role") != 0)
            return op_fail(op, E_INVALID, "%s is no option", args[0]);
        else if (strspn(args[1], "abcdefghijklmnopqrstuvwxyz") != strlen(args[1]))
            return op_fail(op, E_INVALID, "%s is no role", args[1]);
        else
            list = arena_printf(op->arena, "%s%s%s", list, *list == '\0' ? "" : ",", args[1]);
    }
    if (*name == NULL || **name == '\0' || *list == '\0')
        return op_fail(op, E_INVALID, "--name and --role are needed");
    *roles = arena_printf(op->arena, "{%s}", list);
    return OK;
}

enum err
ctl_staff_add(struct op *op, char *const *args)
{
    const char *name, *roles = "{}";
    struct login l;
    TX(tx, op);

    TRY(read_options(op, args + 1, &name, &roles));
    TRY(login_staff(op, args[0], name, roles, &l));
    TRY(tx_commit(&tx));
    print_login(&l);
    return OK;
}

enum err
ctl_staff_reset(struct op *op, char *const *args)
{
    struct login l;
    TX(tx, op);

    TRY(login_staff(op, args[0], NULL, NULL, &l));
    TRY(tx_commit(&tx));
    print_login(&l);
    return OK;
}

/* ---- logins of a sandbox ---- */

static const char phone[] = "13900000001";

static const struct seeded {
    const char *username, *role, *name;
} seeded[] = {
    {"reviewer", "reviewer", "审核员一"},
    {"reviewer2", "reviewer", "审核员二"},
    {"finance", "finance", "财务员一"},
    {"finance2", "finance", "财务员二"},
    {"production", "production", "制证员一"},
    {"production2", "production", "制证员二"},
    {"auditor", "auditor", "审计员"},
    {"administrator", "administrator", "管理员"},
};
enum { SEEDED = sizeof(seeded) / sizeof(*seeded) };

static enum err
are_there(struct op *op, const char *path, bool *all)
{
    const char *names = "";
    ROWS r = NULL;

    for (int i = 0; i < SEEDED; i++)
        names = arena_printf(op->arena, "%s%s%s", names, i == 0 ? "" : ",", seeded[i].username);
    TRY(RUN(op, Q_CTL_LOGINS_COUNT, &r, arena_printf(op->arena, "{%s}", names), phone));
    *all = row_int(r, 0, "n") == SEEDED + 1 && access(path, R_OK) == 0;
    return OK;
}

static enum err
seed_staff(struct op *op, const struct seeded *s, struct login *out)
{
    enum err e = login_staff(op, s->username, NULL, NULL, out);

    if (e != E_NOT_FOUND)
        return e;
    return login_staff(op, s->username, s->name, arena_printf(op->arena, "{%s}", s->role), out);
}

/* In a sandbox the passwords stand in a file, so that tests and people can sign in. */
enum err
ctl_seed_logins(struct op *op, char *const *args)
{
    json_auto_t *list = json_array();
    struct login l;
    bool all;
    TX(tx, op);

    TRY(are_there(op, args[0], &all));
    if (all) {
        printf("kept %s\n", args[0]);
        return OK;
    }
    TRY(login_applicant(op, phone, "申请人", &l));
    json_array_append_new(list,
        json_pack("{ssssss}", "role", "applicant", "phone", l.username, "password", l.password));
    for (int i = 0; i < SEEDED; i++) {
        TRY(seed_staff(op, &seeded[i], &l));
        json_array_append_new(list, json_pack("{ssssssss}", "role", seeded[i].role, "username",
                                        l.username, "password", l.password, "totp_secret", l.totp));
    }
    unlink(args[0]); /* it tells old passwords; whatever fails from here on, no file means: again */
    TRY(tx_commit(&tx));
    TRY(textfile_new(op, args[0], arena_printf(op->arena, "%s\n", record_dump(op, list))));
    printf("made %s\n", args[0]);
    return OK;
}
