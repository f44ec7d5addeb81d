/*
 * SEQUENCE { to be signed, AlgorithmIdentifier, BIT STRING }: the shape of certificates, CRLs and
 * PKCS#10 requests. The signature comes from elsewhere, so the frame is put around the very bytes
 * that were signed and nothing is encoded again.
 */
#ifndef HALL_PKI_SIGNED_H
#define HALL_PKI_SIGNED_H

#include "pki/key.h"

struct signed_parts {
    struct blob tbs, algorithm, signature; /* DER elements but for signature: its bytes */
};

struct blob signed_wrap(
    struct arena *arena, enum algorithm a, struct blob tbs, struct blob signature);
/* Points into der; false when it has another shape. */
bool signed_split(struct blob der, struct signed_parts *out);
/* E_INVALID for another shape or algorithm, E_FORBIDDEN for a signature of another key. */
enum err signed_verify(struct op *op, enum algorithm a, struct blob spki, struct blob der) MUST_USE;

/* PEM with this label ("CERTIFICATE", "X509 CRL") around DER, in the arena. */
const char *pem_encode(struct op *op, const char *label, struct blob der);
/* The first block with this label; E_INVALID when there is none. */
enum err pem_decode(struct op *op, const char *label, const char *pem, struct blob *out) MUST_USE;

#endif
