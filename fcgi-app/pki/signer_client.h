/*
 * Asking the signer. Every call opens a connection to the socket that the setting `signer` names
 * and ends by op->deadline_ms; repeating any of them is safe: what was signed is answered again
 * from the signer's journal. So E_UNAVAILABLE always means: ask again later, with the same bytes.
 * E_SIGNER_REFUSED is final; the note begins with the code of pki/refusal.def.
 */
#ifndef HALL_PKI_SIGNER_CLIENT_H
#define HALL_PKI_SIGNER_CLIENT_H

#include "pki/signer_message.h"

/* Signature over tbs by the issuing CA of in->algorithm. */
enum err signer_certificate(struct op *op, const struct signer_order *order,
    const struct certificate_profile_input *in, struct blob tbs, struct signer_reply *out) MUST_USE;

/* Makes sure that this serial number is never signed, before an intent is given up: E_CONFLICT
 * when it has been signed, and then the intent must be released. */
enum err signer_void(struct op *op, const struct signer_order *order, enum algorithm issuer,
    const unsigned char serial[SERIAL_SIZE], struct signer_reply *out) MUST_USE;

/* What was signed: tbs and signature; E_NOT_FOUND. */
enum err signer_find_serial(struct op *op, enum algorithm issuer,
    const unsigned char serial[SERIAL_SIZE], struct signer_reply *out) MUST_USE;
enum err signer_find_order(
    struct op *op, const char *order_no, int64_t reissue_no, struct signer_reply *out) MUST_USE;

/* The first certificate that was signed after entry `seq` (0 for the very first), with order, tbs,
 * signature and its own seq: how the journal is compared with the database. E_NOT_FOUND at the
 * end. */
enum err signer_next(struct op *op, int64_t seq, struct signer_reply *out) MUST_USE;

/* Signature over a TBSCertList by this issuing CA. */
enum err signer_crl(
    struct op *op, enum algorithm issuer, struct blob tbs, struct signer_reply *out) MUST_USE;

/* Ed25519 signature of the audit key over a JSON object of at most 64 KiB; see pki/receipt.h. */
enum err signer_statement(struct op *op, struct blob json, struct signer_reply *out) MUST_USE;

/* Seq, time and hash of the last entry of its journal. */
enum err signer_status(struct op *op, struct signer_reply *out) MUST_USE;

#endif
