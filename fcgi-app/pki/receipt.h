/*
 * Detached signatures that anybody can verify without us: the receipt of a certificate, and the
 * daily root of the audit log.
 *
 * The statement is a JSON object in its canonical bytes, as they are kept and handed out; the
 * signature is Ed25519 (RFC 8032) over exactly these bytes by the audit key, whose public half is
 * published as <pki_url>/audit.pem. With OpenSSL 3 alone:
 *
 *   openssl pkeyutl -verify -pubin -inkey audit.pem -rawin -in receipt.json -sigfile receipt.sig
 *
 * where receipt.sig are the 64 bytes of the signature (base64 -d when it was given as text).
 */
#ifndef HALL_PKI_RECEIPT_H
#define HALL_PKI_RECEIPT_H

#include "pki/key.h"

struct receipt {
    struct blob signature;      /* 64 bytes */
    const char *key_id;         /* hex of the key identifier, 40 characters */
    const char *public_key_pem; /* of the key that made it */
};

/* Has the signer sign these bytes (signer_client.h tells the errors) and verifies the answer with
 * the published key. The same bytes always have the same signature. */
enum err receipt_sign(struct op *op, struct blob json, struct receipt *out) MUST_USE;

/* OK, E_FORBIDDEN when it is not this key's signature over these bytes, E_INVALID for a bad key. */
enum err receipt_verify(
    struct op *op, struct blob json, struct blob signature, const char *public_key_pem) MUST_USE;

#endif
