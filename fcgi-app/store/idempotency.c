#include "store/idempotency.h"

#include <string.h>

#include "io/db.h"
#include "io/hash.h"
#include "io/vault.h"

static const char *
context(struct op *op, const char *key)
{
    return arena_printf(op->arena, "idempotency/%s", key);
}

enum err
idempotency_begin(struct op *op, const char *scope, const char *key, const void *request, size_t n,
    struct kept_reply *out)
{
    unsigned char digest[HASH_SIZE];
    const char *hex;
    int64_t ours;
    ROWS r = NULL;
    const void *sealed, *plain;
    size_t sealed_n, plain_n, etag_n;

    hash_sha256(request, n, digest);
    hex = db_bytes(op, digest, sizeof(digest));
    out->status = 0;
    TRY(DO(op, Q_IDEMPOTENCY_RESERVE, &ours, scope, key, hex));
    if (ours == 1)
        return OK;
    TRY(RUN(op, Q_IDEMPOTENCY_GET, &r, scope, key, hex));
    if (row_count(r) != 1 || (row_bool(r, 0, "same") && row_null(r, 0, "status")))
        return op_fail(op, E_IN_PROGRESS, "the first request with this key is under way");
    if (!row_bool(r, 0, "same"))
        return op_fail(op, E_KEY_REUSED, "another request under the same key");
    sealed = row_bytes(op, r, 0, "reply_sealed", &sealed_n);
    TRY(vault_unseal(op, VAULT_PERSONAL, context(op, key), sealed, sealed_n, &plain, &plain_n));
    out->status = row_int(r, 0, "status");
    etag_n = strcspn(plain, "\n");
    out->etag = arena_strndup(op->arena, plain, etag_n);
    out->body = (const char *)plain + etag_n + 1;
    return OK;
}

enum err
idempotency_keep(struct op *op, const char *scope, const char *key, const struct kept_reply *reply)
{
    const char *plain = arena_printf(op->arena, "%s\n%s", reply->etag, reply->body);
    const void *sealed;
    size_t n;

    TRY(vault_seal(op, VAULT_PERSONAL, context(op, key), plain, strlen(plain), &sealed, &n));
    return DO(op, Q_IDEMPOTENCY_KEEP, NULL, scope, key, db_int(op, reply->status),
        db_bytes(op, sealed, n));
}

enum err
idempotency_drop(struct op *op, const char *scope, const char *key)
{
    return DO(op, Q_IDEMPOTENCY_DROP, NULL, scope, key);
}

enum err
idempotency_sweep(struct op *op)
{
    return DO0(op, Q_IDEMPOTENCY_SWEEP, NULL);
}
