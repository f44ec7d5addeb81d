#include "flow/signin.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "domain/password.h"
#include "domain/sms_code.h"
#include "io/db.h"
#include "io/hash.h"
#include "io/kv.h"
#include "io/password.h"
#include "store/audit.h"
#include "store/notice.h"

const char *const code_purposes[] = {
    [CODE_REGISTER] = "register",
    [CODE_LOGIN] = "login",
    [CODE_RESET_PASSWORD] = "reset_password",
    [CODE_CHANGE_PHONE] = "change_phone",
    NULL,
};

static const char *
key(struct op *op, const char *what, const char *phone, enum code_purpose purpose)
{
    return arena_printf(op->arena, "code-%s:%s:%s", what, code_purposes[purpose], phone);
}

/* forms.md 4.7; the numbers are counted per phone whatever the purpose. */
static enum err
check_limits(struct op *op, const char *phone)
{
    const struct {
        const char *name, *whose;
        int64_t most, window_s;
    } limits[] = {
        {"gap", phone, 1, SMS_CODE_GAP_SECONDS},
        {"hour", phone, SMS_CODE_PER_HOUR, 3600},
        {"day", phone, SMS_CODE_PER_DAY, 86400},
        {"ip", op->actor.ip, SMS_CODE_PER_ADDRESS_HOUR, 3600},
    };

    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
        TRY(kv_limit(op,
            arena_printf(op->arena, "limit-code-%s:%s", limits[i].name, limits[i].whose),
            limits[i].most, limits[i].window_s, &op->retry_after_s));
    return OK;
}

enum err
signin_send_code(struct op *op, const char *phone, enum code_purpose purpose)
{
    char code[SMS_CODE_DIGITS + 1];
    const char *const params[] = {"code", code, NULL};
    TX(tx, op);

    TRY(check_limits(op, phone));
    secret_text("0123456789", code, SMS_CODE_DIGITS);
    TRY(kv_set(op, key(op, "sent", phone, purpose),
        hash_sha256_hex(op->arena, code, SMS_CODE_DIGITS), SMS_CODE_SECONDS));
    TRY(kv_del(op, key(op, "tries", phone, purpose)));
    TRY(notice_add(
        op, &(struct notice_order){.notice = NOTICE_N01, .phone = phone, .params = params}));
    return tx_commit(&tx);
}

/* A code is good once; the fifth wrong entry voids it. */
static enum err
take_code(struct op *op, const char *phone, const char *code, enum code_purpose purpose)
{
    const char *sent, *given = hash_sha256_hex(op->arena, code, strlen(code));
    int64_t tries;

    TRY(kv_get(op, key(op, "sent", phone, purpose), &sent));
    if (sent == NULL)
        return op_fail(op, E_SMS_CODE_WRONG, "no code is open");
    TRY(kv_count(op, key(op, "tries", phone, purpose), SMS_CODE_SECONDS, &tries, NULL));
    if (tries > SMS_CODE_TRIES) {
        TRY(kv_del(op, key(op, "sent", phone, purpose)));
        return op_fail(op, E_SMS_CODE_WRONG, "too many tries");
    }
    if (!secret_equal(sent, strlen(sent), given, strlen(given)))
        return op_fail(op, E_SMS_CODE_WRONG, "wrong code");
    /* Of two requests with the same code one takes it. */
    TRY(kv_take(op, key(op, "sent", phone, purpose), &sent));
    return sent == NULL ? op_fail(op, E_SMS_CODE_WRONG, "taken meanwhile") : OK;
}

static enum err
check_password(struct op *op, const char *password, const char *phone)
{
    enum fault_code why;

    if (!password_check(password, phone, &why))
        op_fault(op, "/password", why);
    return op_faults(op);
}

enum err
signin_note(struct op *op, int64_t account, const char *action)
{
    op->actor.role = "applicant";
    op->actor.id = account;
    return audit_add(
        op, arena_printf(op->arena, "accounts/%lld", (long long)account), action, 0, NULL);
}

enum err
signin_register(struct op *op, const char *phone, const char *code, const char *password,
    const char *name, struct account *out)
{
    const char *hash;

    TRY(check_password(op, password, phone));
    TRY(take_code(op, phone, code, CODE_REGISTER));
    TRY(password_hash(op, password, &hash));
    {
        TX(tx, op);

        TRY(account_create(op, phone, name, hash, out));
        TRY(signin_note(op, out->id, "registered"));
        return tx_commit(&tx);
    }
}

static enum err
count_wrong(struct op *op, const struct account *a)
{
    TX(tx, op);

    TRY(account_wrong(op, a->id));
    TRY(signin_note(op, a->id, "login_refused"));
    return tx_commit(&tx);
}

static enum err
wrong_password(struct op *op, const struct account *a)
{
    if (a->id != 0)
        TRY(count_wrong(op, a));
    return op_fail(op, E_LOGIN_WRONG, "wrong phone or password");
}

enum err
signin_password(struct op *op, const char *phone, const char *password, struct account *out)
{
    bool right;

    TRY(kv_limit(op, arena_printf(op->arena, "limit-login:%s", op->actor.ip), 300, 3600,
        &op->retry_after_s));
    TRY(account_by_phone(op, phone, out));
    if (out->locked_s > 0) {
        op->retry_after_s = out->locked_s;
        return op_fail(op, E_LOCKED, "account %lld is locked", (long long)out->id);
    }
    TRY(password_verify(op, password, out->password_hash, &right));
    if (!right)
        return wrong_password(op, out);
    {
        TX(tx, op);

        TRY(account_right(op, out->id));
        TRY(signin_note(op, out->id, "login"));
        return tx_commit(&tx);
    }
}

enum err
signin_code(struct op *op, const char *phone, const char *code, struct account *out)
{
    TRY(take_code(op, phone, code, CODE_LOGIN));
    TRY(account_by_phone(op, phone, out));
    if (out->id == 0)
        return op_fail(op, E_LOGIN_WRONG, "no account");
    return signin_note(op, out->id, "login");
}

enum err
signin_reset_password(
    struct op *op, const char *phone, const char *code, const char *password, int64_t *id)
{
    struct account account;
    const char *hash;

    TRY(check_password(op, password, phone));
    TRY(take_code(op, phone, code, CODE_RESET_PASSWORD));
    TRY(account_by_phone(op, phone, &account));
    if (account.id == 0)
        return op_fail(op, E_SMS_CODE_WRONG, "no account");
    TRY(password_hash(op, password, &hash));
    {
        TX(tx, op);

        TRY(account_password(op, account.id, hash));
        TRY(signin_note(op, account.id, "password_reset"));
        *id = account.id;
        return tx_commit(&tx);
    }
}

/* ---- somebody who is signed in ---- */

/* A session alone changes neither login nor password: whoever finds an open browser knows neither.
 */
static enum err
check_current(struct op *op, const char *phone, const char *current, struct account *out)
{
    bool right;

    TRY(account_by_phone(op, phone, out));
    if (out->locked_s > 0) {
        op->retry_after_s = out->locked_s;
        return op_fail(op, E_LOCKED, "account %lld is locked", (long long)out->id);
    }
    TRY(password_verify(op, current, out->password_hash, &right));
    if (right)
        return OK;
    TRY(count_wrong(op, out));
    op_fault(op, "/current_password", FAULT_PASSWORD_WRONG);
    return op_faults(op);
}

enum err
signin_change_password(struct op *op, const char *phone, const char *current, const char *password)
{
    struct account account;
    const char *hash;

    TRY(check_password(op, password, phone));
    TRY(check_current(op, phone, current, &account));
    TRY(password_hash(op, password, &hash));
    {
        TX(tx, op);

        TRY(account_password(op, account.id, hash));
        TRY(signin_note(op, account.id, "password_changed"));
        return tx_commit(&tx);
    }
}

enum err
signin_change_phone(struct op *op, const char *phone, const char *current, const char *new_phone,
    const char *code, struct account *out)
{
    const char *const params[] = {"tail4", new_phone + strlen(new_phone) - 4, NULL};

    TRY(check_current(op, phone, current, out));
    TRY(take_code(op, new_phone, code, CODE_CHANGE_PHONE));
    {
        TX(tx, op);

        TRY(account_phone(op, out->id, new_phone));
        TRY(signin_note(op, out->id, "phone_changed"));
        TRY(notice_add(
            op, &(struct notice_order){.notice = NOTICE_N29, .phone = phone, .params = params}));
        out->phone = new_phone;
        return tx_commit(&tx);
    }
}
