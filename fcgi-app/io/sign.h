/*
 * The signatures and ciphers that providers dictate, through OpenSSL: RSA with SHA-256, SM2 with
 * SM3, AES-256-GCM, SM4-CBC, MD5.
 *
 * Everything returned is in the arena. Keys are read once and never change, so any number of
 * threads may use them. Unless something else is said, the failures are E_FORBIDDEN for what does
 * not verify, E_MALFORMED for what is not even of the right form, E_INTERNAL for OpenSSL.
 */
#ifndef HALL_IO_SIGN_H
#define HALL_IO_SIGN_H

#include <stddef.h>

#include "base/op.h"

struct key;

/* PEM files: an unencrypted private key, or a public key or certificate. RSA of at least 2048 bit
 * or SM2; E_INVALID for anything else. The caller frees. */
enum err key_read_private(const char *path, struct key **out) MUST_USE;
enum err key_read_public(const char *path, struct key **out) MUST_USE;
/* All certificates of one PEM file, at most `most`. */
enum err key_read_certificates(const char *path, struct key **out, size_t most, size_t *n) MUST_USE;
void sign_key_free(struct key *k);           /* NULL is fine */
const char *key_serial(const struct key *k); /* upper-case hex, "" unless from a certificate */
bool key_is_sm2(const struct key *k);

struct bytes {
    const unsigned char *data;
    size_t size;
};

/* base64 of the MD5 of a text, for the courier that dictates it. */
enum err sign_md5(struct op *op, const char *text, const char **out) MUST_USE;

/* base64 of HMAC-SHA-1 over a text, for the invoice platform that dictates it. */
enum err sign_hmac_sha1(
    struct op *op, const char *key, const char *text, const char **out) MUST_USE;

/* RSASSA-PKCS1-v1_5 with SHA-256 over the text; the signature is base64. */
enum err sign_rsa(struct op *op, const struct key *k, const char *text, const char **out) MUST_USE;
enum err sign_rsa_verify(
    struct op *op, const struct key *k, const void *data, size_t n, const char *signature) MUST_USE;

/* SM2 with SM3 (GB/T 32918.2) and the signer's id; the signature is r || s, 64 bytes, as banks
 * write it, in base64. */
enum err sign_sm2(struct op *op, const struct key *k, const char *id, const char *text,
    const char **out) MUST_USE;
enum err sign_sm2_verify(struct op *op, const struct key *k, const char *id, const char *text,
    const char *signature) MUST_USE;

/* SM4-CBC with PKCS#7 padding; key and iv of 16 bytes. */
enum err sign_sm4_seal(struct op *op, const void *key, const void *iv, const void *data, size_t n,
    struct bytes *out) MUST_USE;
enum err sign_sm4_open(struct op *op, const void *key, const void *iv, const void *data, size_t n,
    struct bytes *out) MUST_USE;

/* AES-256-GCM with the 16-byte tag at the end of the data; key of 32 bytes, iv of 12. */
enum err sign_gcm_open(struct op *op, const void *key, const char *iv, const char *aad,
    struct bytes sealed, struct bytes *out) MUST_USE;

#endif
