#include "flow/handover.h"

#include <string.h>

#include "base/text.h"
#include "domain/identity.h"
#include "io/encoding.h"
#include "io/hash.h"
#include "io/kv.h"

static const char *
key_of(struct op *op, const char *hash)
{
    return arena_printf(op->arena, "handover:%s", hash);
}

static const char *
hash_of(struct op *op, const char *token)
{
    return hash_sha256_hex(op->arena, token, strlen(token));
}

enum err
handover_make(struct op *op, int64_t check, const char **token)
{
    const char *last = arena_printf(op->arena, "handover-of:%lld", (long long)check);
    const char *id = arena_printf(op->arena, "%lld", (long long)check), *former, *hash;

    *token = encoding_token(op->arena);
    hash = hash_of(op, *token);
    TRY(kv_get(op, last, &former));
    if (former != NULL)
        TRY(kv_del(op, key_of(op, former)));
    TRY(kv_set(op, key_of(op, hash), id, IDENTITY_CODE_SECONDS));
    return kv_set(op, last, hash, IDENTITY_CODE_SECONDS);
}

enum err
handover_take(struct op *op, const char *token, int64_t *check)
{
    const char *id;

    TRY(kv_take(op, key_of(op, hash_of(op, token)), &id));
    if (id == NULL || !text_int(id, check))
        return op_fail(op, E_LINK_EXPIRED, "no such code, or not any more");
    return OK;
}
