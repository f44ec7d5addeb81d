/* hall-ctl migrate: schema forward, grants again, tables of the domain, seed data. */
#include <stdio.h>
#include <string.h>

#include "ctl/seed.h"
#include "ctl/textfile.h"
#include "ctl/verb.h"
#include "domain/order.h"
#include "io/db.h"
#include "io/hash.h"

struct migration {
    const char *dir; /* SQLDIR/schema */
    rows applied;    /* what the database has seen, by name; NULL before the first file */
    int next;        /* the first row of it that has not met its file yet */
};

static enum err
apply_file(struct op *op, const char *name, const char *sql, const char *sha256)
{
    enum err e;
    TX(tx, op);

    e = db_script(op, sql);
    if (e != OK)
        return op_fail(op, e, "%s: %s", name, op->note);
    TRY(DO(op, Q_CTL_VERSION_ADD, NULL, name, sha256));
    TRY(tx_commit(&tx));
    printf("applied %s\n", name);
    return OK;
}

/* Files and rows are both sorted, so they go in step: first those that both know, then the new. */
static enum err
meet_file(struct op *op, struct migration *m, const char *name)
{
    const char *sql, *sha256, *known = NULL;

    TRY(textfile_read(op, arena_printf(op->arena, "%s/%s", m->dir, name), &sql));
    sha256 = hash_sha256_hex(op->arena, sql, strlen(sql));
    if (m->applied != NULL && m->next < row_count(m->applied))
        known = row_str(op, m->applied, m->next, "name");
    if (known == NULL)
        return apply_file(op, name, sql, sha256);
    if (strcmp(known, name) > 0)
        return op_fail(op, E_CONFLICT, "%s: comes before %s, which was applied", name, known);
    if (strcmp(known, name) < 0)
        return op_fail(op, E_CONFLICT, "%s: was applied, but the file is gone", known);
    if (strcmp(row_str(op, m->applied, m->next, "sha256"), sha256) != 0)
        return op_fail(op, E_CONFLICT, "%s: was applied, but changed since", name);
    m->next++;
    return OK;
}

static enum err
migrate_schema(struct op *op, const char *dir)
{
    struct migration m = {.dir = arena_printf(op->arena, "%s/schema", dir)};
    const char *const *names;
    ROWS known = NULL, applied = NULL;
    size_t n;

    TRY(textfile_list(op, m.dir, ".sql", &names, &n));
    TRY(RUN0(op, Q_CTL_VERSION_KNOWN, &known));
    if (row_bool(known, 0, "known")) {
        TRY(RUN0(op, Q_CTL_VERSIONS, &applied));
        m.applied = applied;
    }
    for (size_t i = 0; i < n; i++)
        TRY(meet_file(op, &m, names[i]));
    if (m.applied != NULL && m.next < row_count(m.applied))
        return op_fail(op, E_CONFLICT, "%s: was applied, but the file is gone",
            row_str(op, m.applied, m.next, "name"));
    return OK;
}

static enum err
grant(struct op *op, const char *dir)
{
    const char *roles = arena_printf(op->arena, "%s/role", dir), *sql;
    const char *const *names;
    size_t n;

    TRY(textfile_list(op, roles, ".sql", &names, &n));
    for (size_t i = 0; i < n; i++) {
        enum err e;
        TX(tx, op);

        TRY(textfile_read(op, arena_printf(op->arena, "%s/%s", roles, names[i]), &sql));
        e = db_script(op, sql);
        if (e != OK)
            return op_fail(op, e, "%s: %s", names[i], op->note);
        TRY(tx_commit(&tx));
    }
    return OK;
}

/* The database role of the process in which such an actor's move is made. */
static const char *
roles_of(struct op *op, const struct order_move *m)
{
    static const struct {
        unsigned actors;
        const char *role;
    } powers[] = {
        {ACTOR_APPLICANT, "hall_web"},
        {ACTOR_SYSTEM | ACTOR_PROVIDER, "hall_worker"},
        {ACTOR_REVIEWER | ACTOR_FINANCE | ACTOR_PRODUCTION | ACTOR_ADMINISTRATOR, "hall_staff"},
    };
    const char *list = "";

    for (size_t i = 0; i < sizeof(powers) / sizeof(*powers); i++)
        if ((m->actors & powers[i].actors) != 0)
            list =
                arena_printf(op->arena, "%s%s%s", list, *list == '\0' ? "" : ",", powers[i].role);
    return arena_printf(op->arena, "{%s}", list);
}

static enum err
write_domain(struct op *op)
{
    TX(tx, op);

    for (int s = 0; s < ORDER_STATE_MAX; s++)
        TRY(DO(op, Q_CTL_STATE_PUT, NULL, order_state_code(s), order_state_label(s, LANG_ZH),
            order_state_label(s, LANG_EN), db_bool(order_is_open(s))));
    TRY(DO0(op, Q_CTL_TRANSITION_CLEAR, NULL));
    for (const struct order_move *m = order_moves; m < order_moves + order_moves_n; m++)
        TRY(DO(op, Q_CTL_TRANSITION_PUT, NULL, order_move_code(m->id), order_state_code(m->from),
            order_state_code(m->to), roles_of(op, m)));
    return tx_commit(&tx);
}

enum err
ctl_migrate(struct op *op, char *const *args)
{
    ROWS alone = NULL;

    TRY(RUN0(op, Q_CTL_MIGRATE_ALONE, &alone));
    if (!row_bool(alone, 0, "alone"))
        return op_fail(op, E_IN_PROGRESS, "another migration is running");
    TRY(migrate_schema(op, args[0]));
    TRY(grant(op, args[0]));
    TRY(write_domain(op));
    TRY(seed_load(op, arena_printf(op->arena, "%s/seed", args[0])));
    printf("the database is up to date\n");
    return OK;
}
