/*
 * What holds a subscriber's key: a medium that makes the key, proves that it has it, and takes the
 * certificate. Here: the soft token, whose key is in the house for as long as it takes to put it
 * into a container under the PIN.
 */
#ifndef HALL_PKI_TOKEN_H
#define HALL_PKI_TOKEN_H

#include "pki/issuer.h"
#include "pki/key.h"

enum { CSR_SIZE_MAX = 4096, PIN_LEAST = 8 };

/* A key as the hall keeps it between the steps of an issuance. */
struct token_key {
    enum algorithm algorithm;
    struct blob secret; /* of the soft token: PKCS#8 DER; to be sealed at once and never logged */
    struct blob spki;   /* SubjectPublicKeyInfo, DER */
};

struct token_ops {
    const char *name; /* "soft" */
    enum err (*keygen)(struct op *op, enum algorithm a, struct token_key *out) MUST_USE;
    /* PKCS#10 with an empty subject: proves possession, names nobody. */
    enum err (*csr)(struct op *op, const struct token_key *key, struct blob *out) MUST_USE;
    /* Signature over bytes of the server's choosing, for csr-less proofs after the delivery. */
    enum err (*sign)(
        struct op *op, const struct token_key *key, struct blob message, struct blob *out) MUST_USE;
    /* What the subscriber is given: for the soft token PKCS#12 of key, certificate and chain. The
     * certificate must be of this key (E_INVALID). pin: PIN_LEAST to 64 printable ASCII. */
    enum err (*deliver)(struct op *op, const struct token_key *key, struct blob certificate,
        const struct issuer *issuer, const char *pin, struct blob *out) MUST_USE;
};

/* Never NULL; may be used by any thread. */
const struct token_ops *token_soft(void);

/* Checks a PKCS#10 and gives its key: DER of at most CSR_SIZE_MAX bytes, a key of this algorithm by
 * named curve, self-signed by it, for SM2 with the id 1234567812345678. Subject, attributes and
 * extensions are not looked at. E_INVALID or E_FORBIDDEN (the note tells an empty SM2 id apart). */
enum err csr_check(struct op *op, enum algorithm a, struct blob csr, struct blob *spki) MUST_USE;

/* PKCS#12 (RFC 7292): certificates and key under AES-256-CBC with PBKDF2-HMAC-SHA256, MAC with
 * HMAC-SHA256, 600000 rounds each. pin is 1 to 64 printable ASCII. chain: DER certificates. */
enum err container_make(struct op *op, const struct token_key *key, struct blob certificate,
    const struct blob *chain, size_t chain_count, const char *pin, struct blob *out) MUST_USE;

#endif
