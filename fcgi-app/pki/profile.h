/*
 * The certificate profile: what goes into a certificate, as plain values and tables.
 *
 * The input is what people reviewed plus the numbers of this issuance; everything else comes from
 * the issuer (pki/issuer.h). Extensions that a subscriber's certificate request may carry are
 * never looked at.
 */
#ifndef HALL_PKI_PROFILE_H
#define HALL_PKI_PROFILE_H

#include "pki/key.h"

enum profile_kind {
    PROFILE_ORGANISATION,
    PROFILE_PERSON,
    PROFILE_ISSUING, /* an issuing CA under a root */
    PROFILE_ROOT,
    PROFILE_KIND_MAX
};

#define KIND_BIT(kind)   (1U << PROFILE_##kind)
#define KINDS_SUBSCRIBER (KIND_BIT(ORGANISATION) | KIND_BIT(PERSON))
#define KINDS_CA         (KIND_BIT(ISSUING) | KIND_BIT(ROOT))
#define KINDS_ISSUED     (KINDS_SUBSCRIBER | KIND_BIT(ISSUING))
#define KINDS_ALL        (KINDS_SUBSCRIBER | KINDS_CA)

enum { SERIAL_SIZE = 16 };

struct certificate_profile_input {
    enum algorithm algorithm; /* of the key that is certified; a subscriber's issuer has the same */
    enum profile_kind kind;
    /* The subject, in this order: UTF-8 in normalisation form C, NULL where it has none. */
    const char *country;           /* "CN" */
    const char *province;          /* "辽宁省" */
    const char *locality;          /* "沈阳市" */
    const char *organisation;      /* name of the unit, at most 64 characters */
    const char *unit;              /* project, "辽宁政府采购"; organisations only */
    const char *common_name;       /* name of the unit or of the person, at most 64 characters */
    const char *serial_number;     /* a person's pseudonymous id; never the ID number */
    const char *uscc;              /* unified social credit code of an organisation, GB 32100 */
    int64_t not_before, not_after; /* UTC seconds, both inclusive */
    unsigned char serial[SERIAL_SIZE];
    struct blob spki; /* SubjectPublicKeyInfo, DER */
};

struct attribute {
    const char *field, *name, *oid;
    unsigned tag;
    int least, most;
    unsigned required, allowed; /* bits of kinds */
};
enum attribute_index {
#define ATTRIBUTE(field, name, oid, tag, least, most, required, allowed) ATTRIBUTE_##field,
#include "pki/attribute.def"
    ATTRIBUTES
};
extern const struct attribute attributes[ATTRIBUTES];

struct extension_rule {
    const char *name, *oid;
    bool critical;
    unsigned kinds;
};
enum extension_index {
#define EXTENSION(name, oid, critical, kinds) EXTENSION_##name,
#include "pki/extension.def"
    EXTENSIONS
};
extern const struct extension_rule extension_rules[EXTENSIONS];

const char *profile_kind_name(enum profile_kind k); /* "organisation" */

/* The field of the input behind an attribute: a place to read or to fill. */
const char *attribute_get(const struct certificate_profile_input *in, enum attribute_index i);
void attribute_set(struct certificate_profile_input *in, enum attribute_index i, const char *value);

/* keyUsage of a kind as the two bytes of its BIT STRING: unused bits and bits (RFC 5280 4.2.1.3) */
const unsigned char *key_usage_bits(enum profile_kind k);

/* 16 octets, positive, 126 bits of the system's random numbers. */
void certificate_serial(unsigned char out[SERIAL_SIZE]);

/* notBefore is ten minutes before the minute of now; notAfter is `years` calendar years later
 * less one second (29 February ends on 28 February). */
void certificate_validity(int64_t now, int years, int64_t *not_before, int64_t *not_after);
/* The whole number of such years between the two, or 0. */
int certificate_years(int64_t not_before, int64_t not_after);

/* The input as bytes, to be stored with an intent and sent to the signer, and back. E_MALFORMED
 * when the bytes are not what profile_encode makes. */
struct blob profile_encode(struct arena *arena, const struct certificate_profile_input *in);
enum err profile_decode(
    struct op *op, struct blob bytes, struct certificate_profile_input *out) MUST_USE;

#endif
