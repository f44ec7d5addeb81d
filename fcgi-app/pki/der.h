/*
 * The little DER that is needed beside OpenSSL: frames around to-be-signed bytes that were signed
 * elsewhere, and a strict reader (X.690 10 and 11) that keeps pointing at the original bytes, so
 * that what is compared is what was signed.
 */
#ifndef HALL_PKI_DER_H
#define HALL_PKI_DER_H

#include "pki/blob.h"

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0A,
    DER_UTF8 = 0x0C,
    DER_PRINTABLE = 0x13,
    DER_IA5 = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,     /* [n] primitive: DER_CONTEXT + n */
    DER_CONSTRUCTED = 0xA0, /* [n] constructed: DER_CONSTRUCTED + n */
};

/* One element: body is what is inside, whole includes tag and length. */
struct der {
    unsigned tag;
    struct blob body, whole;
};

/* Tag, length and the parts one after the other. */
struct blob der_wrap(struct arena *a, unsigned tag, const struct blob *parts, size_t n);
#define DER(a, tag, ...)                                     \
    der_wrap((a), (tag), (const struct blob[]){__VA_ARGS__}, \
        sizeof((const struct blob[]){__VA_ARGS__}) / sizeof(struct blob))

/* A non-negative INTEGER of big-endian bytes; leading zeros are dropped. */
struct blob der_unsigned(struct arena *a, const unsigned char *bytes, size_t n);
struct blob der_number(struct arena *a, unsigned long long n);
/* A BIT STRING of whole bytes. */
struct blob der_bits(struct arena *a, struct blob bytes);
/* UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5). */
struct blob der_time(struct arena *a, long long utc_seconds);
/* Dotted text to OBJECT IDENTIFIER; false when it is not one. */
bool der_oid(struct arena *a, const char *dotted, struct blob *out);

/* Takes the first element off *rest; false when there is none or it is not DER. */
bool der_next(struct blob *rest, struct der *out);
/* The same, and its tag must be this one. */
bool der_expect(struct blob *rest, unsigned tag, struct der *out);
/* in is exactly one element with this tag. */
bool der_only(struct blob in, unsigned tag, struct der *out);
/* Dotted text of the body of an OBJECT IDENTIFIER, or NULL. */
const char *der_oid_text(struct arena *a, struct blob body);
/* UTC seconds of a UTCTime or GeneralizedTime as RFC 5280 allows them; false otherwise. */
bool der_seconds(const struct der *time, long long *out);
/* The body of a non-negative INTEGER that fits 63 bits. */
bool der_integer(struct blob body, long long *out);

#endif
