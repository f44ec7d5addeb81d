/*
 * Key pairs, signatures and their algorithms.
 *
 * SM2 signatures are always made and verified with the signer's id "1234567812345678" (GB/T 35276
 * 10, GM/T 0009): OpenSSL's own default is the empty id, which nobody else understands.
 */
#ifndef HALL_PKI_KEY_H
#define HALL_PKI_KEY_H

#include "base/op.h"
#include "pki/blob.h"

enum algorithm {
#define ALGORITHM(id, name, type, group, digest, signature, curve) ALGORITHM_##id,
#include "pki/algorithm.def"
    ALGORITHM_MAX
};

const char *algorithm_name(enum algorithm a);                /* "sm2" */
bool algorithm_parse(const char *name, enum algorithm *out); /* false: no such */
/* AlgorithmIdentifier of the signature, DER. */
struct blob algorithm_identifier(struct arena *arena, enum algorithm a);

/* A private key in memory; a thing: declared with KEY and freed on every path. */
struct key;
void key_free(struct key *k);
void key_drop(struct key **k);
#define KEY(name) __attribute__((cleanup(key_drop))) struct key *name = NULL

/* Private numbers then live in locked memory that core dumps leave out. Once, at the start of a
 * process that keeps keys; without it keys work all the same. */
void key_lock_memory(void);

enum err key_generate(struct op *op, enum algorithm a, struct key **out) MUST_USE;
/* PKCS#8 DER; E_INVALID when it is not a key of this algorithm. */
enum err key_open(struct op *op, enum algorithm a, struct blob pkcs8, struct key **out) MUST_USE;
enum err key_pkcs8(struct op *op, const struct key *k, struct blob *out) MUST_USE;
/* SubjectPublicKeyInfo, DER. */
enum err key_spki(struct op *op, const struct key *k, struct blob *out) MUST_USE;

/* PEM "ENCRYPTED PRIVATE KEY": PBES2, PBKDF2-HMAC-SHA256 with 600000 rounds, AES-256-CBC. */
enum err key_seal(
    struct op *op, const struct key *k, const char *passphrase, const char **pem) MUST_USE;
/* E_FORBIDDEN when the passphrase does not open it. */
enum err key_unseal(struct op *op, enum algorithm a, const char *pem, const char *passphrase,
    struct key **out) MUST_USE;

/* Signature over message: ECDSA-Sig-Value DER for the curves, 64 bytes for Ed25519. */
enum err key_sign(
    struct op *op, const struct key *k, struct blob message, struct blob *out) MUST_USE;
/* OK, E_FORBIDDEN when the signature is not of this key, E_INVALID when spki is no such key. */
enum err key_verify(struct op *op, enum algorithm a, struct blob spki, struct blob message,
    struct blob signature) MUST_USE;

/* Whether an SM2 signature was made with the empty id, OpenSSL's default: to tell its maker so. */
bool key_signed_with_empty_id(struct blob spki, struct blob message, struct blob signature);

/* E_INVALID unless spki is a key of this algorithm, in DER, by named curve, uncompressed, and a
 * point of the curve (RFC 5480 2, GB/T 32918.1 6.2.1). */
enum err spki_check(struct op *op, enum algorithm a, struct blob spki) MUST_USE;
/* The bits of the BIT STRING in spki; empty when it cannot be read. */
struct blob spki_bits(struct blob spki);
/* Key identifier: SHA-1 of those bits (RFC 5280 4.2.1.2, method 1); a name, not a protection. */
enum { KEY_ID_SIZE = 20 };
void spki_key_id(struct blob spki, unsigned char out[KEY_ID_SIZE]);

#endif
