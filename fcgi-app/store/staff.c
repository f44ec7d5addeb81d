#include "store/staff.h"

#include <string.h>

#include "io/db.h"
#include "io/vault.h"

const struct field staff_row_fields[] = {
    STR(struct staff_row, id, 1, 20),
    STR(struct staff_row, username, 2, 32),
    STR(struct staff_row, name, 1, 40),
    STRS(struct staff_row, roles, 1, 5),
    STR(struct staff_row, state, 1, 20),
    BOOL(struct staff_row, totp_enrolled),
    TIME(struct staff_row, created_at),
    {.type = F_END},
};

struct names {
    struct strings roles;
};
static const struct field names_fields[] = {
    STRS(struct names, roles, 0, 10),
    {.type = F_END},
};

static enum err
read_roles(struct op *op, const char *json, struct strings *out)
{
    struct names names;

    TRY(record_read(op, names_fields, arena_printf(op->arena, "{\"roles\":%s}", json), &names));
    *out = names.roles;
    return OK;
}

static const char *
roles_json(struct op *op, const struct strings *roles)
{
    json_auto_t *a = json_array();

    for (size_t i = 0; i < roles->n; i++)
        json_array_append_new(a, json_string(roles->items[i]));
    return roles->n == 0 ? NULL : record_dump(op, a);
}

static const char *
context(struct op *op, const char *username)
{
    return arena_printf(op->arena, "staff/%s", username);
}

enum err
staff_by_username(struct op *op, const char *username, struct staff *out)
{
    const void *sealed;
    ROWS r = NULL;
    size_t n;

    *out = (struct staff){.id = 0};
    TRY(RUN(op, Q_STAFF_BY_USERNAME, &r, username));
    if (row_count(r) == 0)
        return OK;
    out->username = row_str(op, r, 0, "username");
    out->name = row_str(op, r, 0, "name");
    out->password_hash = row_str(op, r, 0, "password_hash");
    out->totp_step = row_int(r, 0, "totp_step");
    out->enrolled = row_bool(r, 0, "totp_enrolled");
    out->locked_s = row_int(r, 0, "locked_s");
    sealed = row_bytes(op, r, 0, "totp_sealed", &n);
    TRY(vault_unseal(op, VAULT_TOTP, context(op, username), sealed, n, &out->totp, &out->totp_n));
    TRY(read_roles(op, row_str(op, r, 0, "roles"), &out->roles));
    out->id = row_int(r, 0, "id");
    return OK;
}

enum err
staff_wrong(struct op *op, int64_t id)
{
    return DO(op, Q_STAFF_WRONG, NULL, db_int(op, id));
}

enum err
staff_right(struct op *op, int64_t id, int64_t totp_step)
{
    int64_t n;

    TRY(DO(op, Q_STAFF_RIGHT, &n, db_int(op, id), db_int(op, totp_step)));
    return n == 1 ? OK : op_fail(op, E_LOGIN_WRONG, "the code was used before");
}

enum err
staff_enrol(struct op *op, const struct staff *s, const void *totp, size_t totp_n)
{
    const void *sealed;
    int64_t done;
    size_t n;

    TRY(vault_seal(op, VAULT_TOTP, context(op, s->username), totp, totp_n, &sealed, &n));
    TRY(DO(op, Q_STAFF_ENROL, &done, db_int(op, s->id), db_bytes(op, sealed, n)));
    return done == 1 ? OK : op_fail(op, E_LOGIN_WRONG, "enrolled meanwhile");
}

enum err
staff_list(struct op *op, int64_t id, struct list *out)
{
    struct staff_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_STAFF_LIST, &r, id == 0 ? NULL : db_int(op, id)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct staff_row);
    for (int i = 0; i < row_count(r); i++) {
        items[i] = (struct staff_row){
            .number = row_int(r, i, "id"),
            .id = row_str(op, r, i, "id"),
            .username = row_str(op, r, i, "username"),
            .name = row_str(op, r, i, "name"),
            .state = row_str(op, r, i, "state"),
            .totp_enrolled = row_bool(r, i, "totp_enrolled"),
            .created_at = row_int(r, i, "created_at"),
        };
        TRY(read_roles(op, row_str(op, r, i, "roles"), &items[i].roles));
    }
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
staff_add(struct op *op, const char *username, const char *name, const char *password_hash,
    const void *totp, size_t totp_n, const struct strings *roles, int64_t *id)
{
    const void *sealed;
    ROWS r = NULL;
    size_t n;

    TRY(vault_seal(op, VAULT_TOTP, context(op, username), totp, totp_n, &sealed, &n));
    TRY(RUN(op, Q_STAFF_ADD, &r, username, name, password_hash, db_bytes(op, sealed, n),
        roles_json(op, roles)));
    *id = row_int(r, 0, "id");
    return OK;
}

enum err
staff_change(struct op *op, int64_t id, const struct staff_change *c)
{
    int64_t n;

    TRY(DO(op, Q_STAFF_CHANGE, &n, db_int(op, id), c->name, roles_json(op, &c->roles), c->state,
        c->password_hash, c->enrol_again ? "true" : "false"));
    return n == 1 ? OK : op_fail(op, E_NOT_FOUND, "staff %lld", (long long)id);
}
