#include "provider/cloud_sign.h"

#include <string.h>

#include "base/text.h"
#include "io/hash.h"
#include "provider/wire.h"

const char *
acs3_authorization(struct op *op, const struct acs3 *a)
{
    const char *lines = "", *names = "", *canonical, *text;
    unsigned char mac[HASH_SIZE];

    for (const struct pair *h = a->headers; h->name != NULL; h++) {
        lines = arena_printf(op->arena, "%s%s:%s\n", lines, h->name, h->value);
        names = arena_printf(op->arena, "%s%s%s", names, *names == '\0' ? "" : ";", h->name);
    }
    canonical = arena_printf(op->arena, "%s\n%s\n%s\n%s\n%s\n%s", a->method, a->path, a->query,
        lines, names, a->payload_sha256);
    text = arena_printf(op->arena, "ACS3-HMAC-SHA256\n%s",
        hash_sha256_hex(op->arena, canonical, strlen(canonical)));
    hash_hmac(a->secret, strlen(a->secret), text, strlen(text), mac);
    return arena_printf(op->arena, "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
        a->key_id, names, text_hex(op->arena, mac, sizeof(mac)));
}

/* k = HMAC(k, text) */
static void
chain(unsigned char k[HASH_SIZE], const char *text)
{
    unsigned char next[HASH_SIZE];

    hash_hmac(k, HASH_SIZE, text, strlen(text), next);
    memcpy(k, next, HASH_SIZE);
}

const char *
tc3_authorization(struct op *op, const struct tc3 *t)
{
    const char *date = wire_format_utc(op, t->at, "%Y-%m-%d"), *canonical, *scope, *text;
    const char *first = arena_printf(op->arena, "TC3%s", t->secret);
    unsigned char k[HASH_SIZE];

    canonical = arena_printf(op->arena,
        "POST\n%s\n\ncontent-type:%s\nhost:%s\n\ncontent-type;host\n%s", t->path, t->content_type,
        t->host, hash_sha256_hex(op->arena, t->payload, strlen(t->payload)));
    scope = arena_printf(op->arena, "%s/%s/tc3_request", date, t->service);
    text = arena_printf(op->arena, "TC3-HMAC-SHA256\n%lld\n%s\n%s", (long long)t->at, scope,
        hash_sha256_hex(op->arena, canonical, strlen(canonical)));
    hash_hmac(first, strlen(first), date, strlen(date), k);
    chain(k, t->service);
    chain(k, "tc3_request");
    chain(k, text);
    return arena_printf(op->arena,
        "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%s",
        t->secret_id, scope, text_hex(op->arena, k, sizeof(k)));
}
