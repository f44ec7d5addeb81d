#include "store/account.h"

#include <string.h>

#include "io/db.h"

static void
fill(struct op *op, rows r, struct account *out)
{
    out->id = row_int(r, 0, "id");
    out->phone = row_str(op, r, 0, "phone");
    out->name = row_str(op, r, 0, "name");
    out->created_at = row_int(r, 0, "created_at");
}

static enum err
taken(struct op *op, enum err e)
{
    if (e == E_CONFLICT && strcmp(db_constraint(op), "account_phone_key") == 0)
        return op_fail(op, E_PHONE_TAKEN, "the phone has an account");
    return e;
}

enum err
account_create(struct op *op, const char *phone, const char *name, const char *password_hash,
    struct account *out)
{
    ROWS r = NULL;

    TRY(taken(op, RUN(op, Q_ACCOUNT_CREATE, &r, phone, name, password_hash)));
    fill(op, r, out);
    return OK;
}

enum err
account_by_phone(struct op *op, const char *phone, struct account *out)
{
    ROWS r = NULL;

    *out = (struct account){.id = 0};
    TRY(RUN(op, Q_ACCOUNT_BY_PHONE, &r, phone));
    if (row_count(r) == 0)
        return OK;
    fill(op, r, out);
    out->password_hash = row_str(op, r, 0, "password_hash");
    out->locked_s = row_int(r, 0, "locked_s");
    return OK;
}

enum err
account_wrong(struct op *op, int64_t id)
{
    return DO(op, Q_ACCOUNT_WRONG, NULL, db_int(op, id));
}

enum err
account_right(struct op *op, int64_t id)
{
    return DO(op, Q_ACCOUNT_RIGHT, NULL, db_int(op, id));
}

enum err
account_password(struct op *op, int64_t id, const char *password_hash)
{
    return DO(op, Q_ACCOUNT_PASSWORD, NULL, db_int(op, id), password_hash);
}

enum err
account_phone(struct op *op, int64_t id, const char *phone)
{
    return taken(op, DO(op, Q_ACCOUNT_PHONE, NULL, db_int(op, id), phone));
}
