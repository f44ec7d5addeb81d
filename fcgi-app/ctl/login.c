#include "ctl/login.h"

#include "base/secret.h"
#include "io/db.h"
#include "io/encoding.h"
#include "io/password.h"
#include "io/vault.h"
#include "store/audit.h"

/* Without letters and digits that look alike; 16 of 56 are 92 bits. */
static const char *
new_password(struct op *op)
{
    char text[17];

    secret_text("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", text, 16);
    return arena_printf(op->arena, "%s", text);
}

enum err
login_staff(
    struct op *op, const char *username, const char *name, const char *roles, struct login *out)
{
    const char *password = new_password(op), *hash, *stored;
    unsigned char secret[TOTP_SECRET];
    const void *sealed;
    size_t sealed_n;
    ROWS r = NULL;

    secret_random(secret, sizeof(secret));
    TRY(password_hash(op, password, &hash));
    TRY(vault_seal(op, VAULT_TOTP, arena_printf(op->arena, "staff/%s", username), secret,
        sizeof(secret), &sealed, &sealed_n));
    stored = db_bytes(op, sealed, sealed_n);
    if (name != NULL)
        TRY(RUN(op, Q_CTL_STAFF_ADD, &r, username, name, hash, stored, roles));
    else
        TRY(RUN(op, Q_CTL_STAFF_RESET, &r, username, hash, stored));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "no member of staff %s", username);
    TRY(audit_add(op, arena_printf(op->arena, "staff/%lld", (long long)row_int(r, 0, "id")),
        name != NULL ? "staff_added" : "staff_reset", 0, NULL));
    *out = (struct login){
        .username = username,
        .password = password,
        .totp = encoding_base32(op->arena, secret, sizeof(secret)),
    };
    secret_wipe(secret, sizeof(secret));
    return OK;
}

enum err
login_applicant(struct op *op, const char *phone, const char *name, struct login *out)
{
    const char *password = new_password(op), *hash;
    ROWS r = NULL;

    TRY(password_hash(op, password, &hash));
    TRY(RUN(op, Q_CTL_ACCOUNT_PUT, &r, phone, name, hash));
    TRY(audit_add(op, arena_printf(op->arena, "accounts/%lld", (long long)row_int(r, 0, "id")),
        "account_made", 0, NULL));
    *out = (struct login){.username = phone, .password = password};
    return OK;
}
