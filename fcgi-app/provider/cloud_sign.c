#include "provider/cloud_sign.h"

#include <string.h>

#include "base/text.h"
#include "io/sign.h"
#include "provider/wire.h"

enum err
acs3_authorization(struct op *op, const struct acs3 *a, const char **out)
{
    const char *lines = "", *names = "", *canonical, *hash;
    struct bytes mac;

    for (const struct pair *h = a->headers; h->name != NULL; h++) {
        lines = arena_printf(op->arena, "%s%s:%s\n", lines, h->name, h->value);
        names = arena_printf(op->arena, "%s%s%s", names, *names == '\0' ? "" : ";", h->name);
    }
    canonical = arena_printf(op->arena, "%s\n%s\n%s\n%s\n%s\n%s", a->method, a->path, a->query,
        lines, names, a->payload_sha256);
    TRY(sign_digest_hex(op, DIGEST_SHA256, canonical, &hash));
    TRY(sign_hmac_sha256(op, a->secret, strlen(a->secret),
        arena_printf(op->arena, "ACS3-HMAC-SHA256\n%s", hash), &mac));
    *out = arena_printf(op->arena, "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
        a->key_id, names, text_hex(op->arena, mac.data, mac.size));
    return OK;
}

enum err
tc3_authorization(struct op *op, const struct tc3 *t, const char **out)
{
    const char *date = wire_format_utc(op, t->at, "%Y-%m-%d"), *hash, *canonical, *scope, *text;
    char *first = arena_printf(op->arena, "TC3%s", t->secret);
    struct bytes k;

    TRY(sign_digest_hex(op, DIGEST_SHA256, t->payload, &hash));
    canonical = arena_printf(op->arena,
        "POST\n%s\n\ncontent-type:%s\nhost:%s\n\ncontent-type;host\n%s", t->path, t->content_type,
        t->host, hash);
    TRY(sign_digest_hex(op, DIGEST_SHA256, canonical, &hash));
    scope = arena_printf(op->arena, "%s/%s/tc3_request", date, t->service);
    text = arena_printf(
        op->arena, "TC3-HMAC-SHA256\n%lld\n%s\n%s", (long long)t->at, scope, hash);
    TRY(sign_hmac_sha256(op, first, strlen(first), date, &k));
    TRY(sign_hmac_sha256(op, k.data, k.size, t->service, &k));
    TRY(sign_hmac_sha256(op, k.data, k.size, "tc3_request", &k));
    TRY(sign_hmac_sha256(op, k.data, k.size, text, &k));
    *out = arena_printf(op->arena,
        "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%s",
        t->secret_id, scope, text_hex(op->arena, k.data, k.size));
    return OK;
}
