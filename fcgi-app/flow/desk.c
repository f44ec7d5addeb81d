#include "flow/desk.h"

#include "base/secret.h"
#include "domain/password.h"
#include "io/db.h"
#include "io/encoding.h"
#include "io/password.h"
#include "store/audit.h"

enum err
desk_note(struct op *op, const char *action, int64_t order_id, const char *detail)
{
    return audit_add(op, arena_printf(op->arena, "staff/%lld", (long long)op->actor.id), action,
        order_id, detail);
}

static enum err
refuse(struct op *op, const struct staff *s)
{
    if (s->id != 0) {
        TX(tx, op);

        TRY(staff_wrong(op, s->id));
        TRY(desk_note(op, "login_refused", 0, NULL));
        TRY(tx_commit(&tx));
    }
    return op_fail(op, E_LOGIN_WRONG, "staff login");
}

/* The person of this name, unless locked out. */
static enum err
find(struct op *op, const char *username, struct staff *out)
{
    TRY(staff_by_username(op, username, out));
    op->actor.role = "staff";
    op->actor.id = out->id;
    if (out->locked_s == 0)
        return OK;
    op->retry_after_s = out->locked_s;
    return op_fail(op, E_LOCKED, "staff %lld is locked", (long long)out->id);
}

enum err
desk_sign_in(
    struct op *op, const char *username, const char *password, const char *totp, struct staff *out)
{
    int64_t step;
    bool right;

    TRY(find(op, username, out));
    TRY(password_verify(op, password, out->password_hash, &right));
    step = out->id == 0 ? 0 : totp_check(out->totp, out->totp_n, totp, op->now, out->totp_step);
    if (right && out->id != 0 && !out->enrolled && step == 0)
        return op_fail(op, E_NOT_ENROLLED, "staff %lld", (long long)out->id);
    if (!right || step == 0)
        return refuse(op, out);
    {
        TX(tx, op);

        TRY(staff_right(op, out->id, step));
        if (!out->enrolled)
            TRY(desk_note(op, "enrolled", 0, NULL));
        TRY(desk_note(op, "login", 0, NULL));
        return tx_commit(&tx);
    }
}

enum err
desk_enrol(struct op *op, const char *username, const char *password, const char **totp)
{
    unsigned char secret[TOTP_SECRET];
    struct staff s;
    bool right;

    TRY(find(op, username, &s));
    TRY(password_verify(op, password, s.password_hash, &right));
    if (!right || s.id == 0 || s.enrolled)
        return refuse(op, &s);
    secret_random(secret, sizeof(secret));
    *totp = encoding_base32(op->arena, secret, sizeof(secret));
    {
        enum err e;
        TX(tx, op);

        e = staff_enrol(op, &s, secret, sizeof(secret));
        secret_wipe(secret, sizeof(secret));
        TRY(e);
        TRY(desk_note(op, "enrolment_shown", 0, NULL));
        return tx_commit(&tx);
    }
}

static enum err
check_password(struct op *op, const char *password, const char *username)
{
    enum fault_code why;

    if (!password_check(password, username, &why))
        op_fault(op, "/password", why);
    return op_faults(op);
}

enum err
desk_add_staff(struct op *op, const struct new_staff *n, int64_t *id)
{
    unsigned char secret[TOTP_SECRET];
    const char *hash;
    enum err e;

    TRY(check_password(op, n->password, n->username));
    TRY(password_hash(op, n->password, &hash));
    secret_random(secret, sizeof(secret)); /* nobody ever sees this one: see desk_enrol */
    {
        TX(tx, op);

        e = staff_add(op, n->username, n->name, hash, secret, sizeof(secret), &n->roles, id);
        secret_wipe(secret, sizeof(secret));
        if (e == E_CONFLICT) {
            op_fault(op, "/username", FAULT_TAKEN);
            return op_faults(op);
        }
        TRY(e);
        TRY(desk_note(
            op, "staff_added", 0, arena_printf(op->arena, "{\"staff\":%lld}", (long long)*id)));
        return tx_commit(&tx);
    }
}

enum err
desk_change_staff(struct op *op, int64_t id, const struct changed_staff *c)
{
    struct staff_change change = {
        .name = c->name, .state = c->state, .roles = c->roles, .enrol_again = c->enrol_again};

    if (id == op->actor.id && (c->state != NULL || c->roles.n > 0 || c->enrol_again))
        return op_fail(op, E_SECOND_PERSON, "own roles or state");
    if (c->password != NULL) {
        TRY(check_password(op, c->password, NULL));
        TRY(password_hash(op, c->password, &change.password_hash));
    }
    {
        TX(tx, op);

        TRY(staff_change(op, id, &change));
        TRY(desk_note(op, "staff_changed", 0,
            arena_printf(op->arena, "{\"staff\":%lld,\"roles\":%s,\"state\":%s,\"enrolment\":%s}",
                (long long)id, c->roles.n > 0 ? "true" : "false",
                c->state != NULL ? "true" : "false", c->enrol_again ? "true" : "false")));
        return tx_commit(&tx);
    }
}
