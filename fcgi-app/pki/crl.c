#include "pki/crl.h"

#include <stdlib.h>
#include <string.h>

#include "io/conf.h"
#include "pki/der.h"
#include "pki/disk.h"
#include "pki/guard.h"
#include "pki/signed.h"

enum { ENTRY_SIZE_MAX = 64, CRL_FILE_MAX = 64 * 1024 * 1024 };

static const struct {
    unsigned char code;
    const char *name;
} reasons[REVOCATION_MAX] = {
#define REASON(id, code, name, zh, en) [REVOCATION_##id] = {code, name},
#include "pki/revocation.def"
};

bool
revocation_parse(const char *name, enum revocation_reason *out)
{
    for (int i = 0; i < REVOCATION_MAX; i++)
        if (strcmp(reasons[i].name, name) == 0) {
            *out = (enum revocation_reason)i;
            return true;
        }
    return false;
}

static struct blob
oid_of(struct arena *a, const char *dotted)
{
    struct blob out = {NULL, 0};

    if (!der_oid(a, dotted, &out))
        abort(); /* a mistake in this file */
    return out;
}

static struct blob
extension(struct arena *a, const char *oid, struct blob value)
{
    return DER(a, DER_SEQUENCE, oid_of(a, oid), DER(a, DER_OCTET_STRING, value));
}

/* revokedCertificates entry; unspecified is said by saying nothing (RFC 5280 5.3.1). */
static struct blob
entry(struct arena *a, const struct revoked *r)
{
    struct blob more = {NULL, 0};

    if (r->reason != REVOCATION_UNSPECIFIED)
        more = DER(a, DER_SEQUENCE,
            extension(a, "2.5.29.21", DER(a, DER_ENUMERATED, {&reasons[r->reason].code, 1})));
    return DER(a, DER_SEQUENCE, der_unsigned(a, r->serial, SERIAL_SIZE), der_time(a, r->at), more);
}

/* All entries; an empty list is left out altogether (5.1.2.6). */
static struct blob
entries(struct arena *a, const struct crl_input *in)
{
    SCRATCH(scratch) = arena_new(4096);
    unsigned char *data = arena_alloc(a, in->count * ENTRY_SIZE_MAX + 1);
    size_t size = 0;

    if (in->count == 0)
        return (struct blob){NULL, 0};
    for (size_t i = 0; i < in->count; i++) {
        struct blob one = entry(scratch, &in->list[i]);

        if (one.size > ENTRY_SIZE_MAX)
            abort(); /* 2 + 18 + 17 + 14 is the longest */
        memcpy(data + size, one.data, one.size);
        size += one.size;
        arena_reset(scratch);
    }
    return DER(a, DER_SEQUENCE, {data, size});
}

enum err
crl_tbs(struct op *op, const struct crl_input *in, const struct issuer *issuer, struct blob *out)
{
    struct arena *a = op->arena;
    struct blob key_id = {issuer->key_id, KEY_ID_SIZE}, more;

    if (in->number < 0 || in->next_update <= in->this_update)
        return op_fail(op, E_INVALID, "CRL number or times");
    more = DER(a, DER_SEQUENCE,
        extension(a, "2.5.29.35", DER(a, DER_SEQUENCE, DER(a, DER_CONTEXT, key_id))),
        extension(a, "2.5.29.20", der_number(a, (unsigned long long)in->number)));
    *out = DER(a, DER_SEQUENCE, der_number(a, 1), /* v2 */
        algorithm_identifier(a, issuer->algorithm), issuer->name, der_time(a, in->this_update),
        der_time(a, in->next_update), entries(a, in), DER(a, DER_CONSTRUCTED, more));
    return OK;
}

struct blob
crl_assemble(
    struct arena *arena, const struct issuer *issuer, struct blob tbs, struct blob signature)
{
    return signed_wrap(arena, issuer->algorithm, tbs, signature);
}

enum err
crl_publish(struct op *op, const struct issuer *issuer, struct blob der)
{
    const char *path = ca_public_path(
        op->arena, op->conf->ca_dir, algorithm_name(issuer->algorithm), "-issuing.crl");
    struct crl_summary fresh, old;
    struct blob there;

    TRY(crl_verify(op, der, issuer, &fresh));
    if (disk_read(op, path, CRL_FILE_MAX, &there) == OK &&
        crl_verify(op, there, issuer, &old) == OK && old.number > fresh.number)
        return OK;
    return disk_replace(op, path, 0644, der);
}
