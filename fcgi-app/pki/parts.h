/*
 * A certificate taken to pieces, each pointing at its own bytes in the original DER (RFC 5280
 * 4.1). Strict: what is not DER or has too many pieces is refused.
 */
#ifndef HALL_PKI_PARTS_H
#define HALL_PKI_PARTS_H

#include "pki/der.h"
#include "pki/key.h"
#include "pki/signed.h"

enum { NAME_PARTS_MAX = 16, EXTENSIONS_MAX = 16 };

struct name_part {
    const char *oid;
    unsigned tag;
    struct blob value;
    bool alone; /* the only attribute of its RelativeDistinguishedName */
};
struct certificate_extension {
    const char *oid;
    bool critical;
    struct blob value; /* inside of the OCTET STRING */
};
struct certificate_parts {
    struct signed_parts frame;
    long long version;                 /* 2 is v3 */
    struct blob serial;                /* contents of the INTEGER */
    struct blob algorithm;             /* the inner AlgorithmIdentifier */
    struct blob issuer, subject, spki; /* whole elements */
    struct der not_before, not_after;
    bool unique_ids;
    struct name_part names[NAME_PARTS_MAX];
    size_t name_count;
    struct certificate_extension extensions[EXTENSIONS_MAX];
    size_t extension_count;
};

enum err certificate_parts_read(
    struct op *op, struct blob der, struct certificate_parts *out) MUST_USE;
/* The same of a TBSCertificate alone; frame has nothing else. */
enum err certificate_tbs_read(
    struct op *op, struct blob tbs, struct certificate_parts *out) MUST_USE;
/* The first extension with this OID, or NULL. */
const struct certificate_extension *certificate_extension_find(
    const struct certificate_parts *c, const char *oid);
/* Takes a Name apart. */
bool name_parts_read(
    struct arena *arena, struct blob name, struct name_part out[NAME_PARTS_MAX], size_t *count);
/* Takes an Extensions SEQUENCE apart, of a certificate or of a CRL. */
bool extensions_read(struct arena *arena, struct blob sequence,
    struct certificate_extension out[EXTENSIONS_MAX], size_t *count);

#endif
