/* Reading and checking revocation lists: crl_check(), crl_verify(), crl_find() of pki/crl.h. */
#include <string.h>

#include "pki/crl.h"
#include "pki/der.h"
#include "pki/parts.h"
#include "pki/signed.h"

enum { NEXT_UPDATE_DAYS_MAX = 400 }; /* a root's list; subscribers' are far shorter */

struct crl_parts {
    struct der version, algorithm, issuer, this_update, next_update, entries, extensions;
    bool has_entries;
};

/* TBSCertList (RFC 5280 5.1), with what our profile always has. */
static bool
read_tbs(struct blob tbs, struct crl_parts *out)
{
    struct der all;
    struct blob rest;

    if (!der_only(tbs, DER_SEQUENCE, &all))
        return false;
    rest = all.body;
    if (!der_expect(&rest, DER_INTEGER, &out->version) ||
        !der_expect(&rest, DER_SEQUENCE, &out->algorithm) ||
        !der_expect(&rest, DER_SEQUENCE, &out->issuer) || !der_next(&rest, &out->this_update) ||
        !der_next(&rest, &out->next_update))
        return false;
    out->has_entries = der_expect(&rest, DER_SEQUENCE, &out->entries);
    return der_only(rest, DER_CONSTRUCTED, &out->extensions);
}

static bool
read_reason(struct blob extensions, struct revoked *out)
{
    /* SEQUENCE { SEQUENCE { reasonCode, OCTET STRING { ENUMERATED } } }, the code last */
    static const unsigned char head[] = {
        0x30, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01};
    static const int code_of[REVOCATION_MAX] = {
#define REASON(id, code, name, zh, en) [REVOCATION_##id] = code,
#include "pki/revocation.def"
    };

    out->reason = REVOCATION_UNSPECIFIED;
    if (extensions.size == 0)
        return true;
    if (extensions.size != sizeof(head) + 1 || memcmp(extensions.data, head, sizeof(head)) != 0)
        return false;
    for (int i = 0; i < REVOCATION_MAX; i++)
        if (i != REVOCATION_UNSPECIFIED && code_of[i] == extensions.data[sizeof(head)]) {
            out->reason = (enum revocation_reason)i;
            return true;
        }
    return false;
}

static bool
read_entry(struct blob *list, struct revoked *out)
{
    struct der all, serial, time;
    struct blob rest;
    long long at;

    if (!der_expect(list, DER_SEQUENCE, &all))
        return false;
    rest = all.body;
    if (!der_expect(&rest, DER_INTEGER, &serial) || serial.body.size != SERIAL_SIZE ||
        serial.body.data[0] == 0 || serial.body.data[0] > 0x7F || !der_next(&rest, &time) ||
        !der_seconds(&time, &at) || !read_reason(rest, out))
        return false;
    memcpy(out->serial, serial.body.data, SERIAL_SIZE);
    out->at = at;
    return true;
}

/* authorityKeyIdentifier with the issuer's key id alone, and cRLNumber; nothing else, both not
 * critical (5.2.1, 5.2.3). */
static bool
check_extensions(
    struct arena *arena, struct blob list, const struct issuer *issuer, int64_t *number)
{
    struct certificate_extension e[EXTENSIONS_MAX];
    struct der outer, id, integer;
    long long n;
    size_t count;

    if (!extensions_read(arena, list, e, &count) || count != 2 || e[0].critical || e[1].critical ||
        strcmp(e[0].oid, "2.5.29.35") != 0 || strcmp(e[1].oid, "2.5.29.20") != 0)
        return false;
    if (!der_only(e[0].value, DER_SEQUENCE, &outer) || !der_only(outer.body, DER_CONTEXT, &id) ||
        !blob_equal(id.body, (struct blob){issuer->key_id, KEY_ID_SIZE}) ||
        !der_only(e[1].value, DER_INTEGER, &integer) || !der_integer(integer.body, &n))
        return false;
    *number = n;
    return true;
}

static enum err
check_entries(struct op *op, const struct crl_parts *parts, struct crl_summary *s)
{
    struct blob rest = parts->entries.body;
    struct revoked r;

    if (parts->has_entries && rest.size == 0)
        return op_fail(op, E_INVALID, "CRL: an empty list of entries");
    if (!parts->has_entries)
        return OK;
    for (; rest.size > 0; s->count++)
        if (!read_entry(&rest, &r) || r.at > s->this_update)
            return op_fail(op, E_INVALID, "CRL: entry %zu is not right", s->count + 1);
    return OK;
}

enum err
crl_check(struct op *op, struct blob tbs, const struct issuer *issuer, struct crl_summary *out)
{
    struct crl_summary s = {0};
    struct crl_parts parts;
    long long version, from, until;

    if (!read_tbs(tbs, &parts) || !der_integer(parts.version.body, &version) || version != 1)
        return op_fail(op, E_INVALID, "CRL: not a list of version 2 in DER");
    if (!blob_equal(parts.algorithm.whole, algorithm_identifier(op->arena, issuer->algorithm)))
        return op_fail(op, E_INVALID, "CRL: another signature algorithm");
    if (!blob_equal(parts.issuer.whole, issuer->name))
        return op_fail(op, E_INVALID, "CRL: another issuer");
    if (!der_seconds(&parts.this_update, &from) || !der_seconds(&parts.next_update, &until) ||
        until <= from || until - from > NEXT_UPDATE_DAYS_MAX * 86400LL)
        return op_fail(op, E_INVALID, "CRL: times");
    if (!check_extensions(op->arena, parts.extensions.body, issuer, &s.number))
        return op_fail(op, E_INVALID, "CRL: extensions");
    s.this_update = from;
    s.next_update = until;
    TRY(check_entries(op, &parts, &s));
    *out = s;
    return OK;
}

enum err
crl_verify(struct op *op, struct blob der, const struct issuer *issuer, struct crl_summary *out)
{
    struct signed_parts frame;
    struct crl_summary s;

    if (!signed_split(der, &frame))
        return op_fail(op, E_INVALID, "CRL: not a signed list in DER");
    TRY(crl_check(op, frame.tbs, issuer, &s));
    TRY(signed_verify(op, issuer->algorithm, issuer->spki, der));
    *out = s;
    return OK;
}

bool
crl_find(struct blob der, const unsigned char serial[SERIAL_SIZE], struct revoked *out)
{
    struct signed_parts frame;
    struct crl_parts parts;
    struct blob rest;
    struct revoked r;

    if (!signed_split(der, &frame) || !read_tbs(frame.tbs, &parts) || !parts.has_entries)
        return false;
    for (rest = parts.entries.body; rest.size > 0 && read_entry(&rest, &r);)
        if (memcmp(r.serial, serial, SERIAL_SIZE) == 0) {
            *out = r;
            return true;
        }
    return false;
}
