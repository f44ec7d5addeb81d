/*
 * Making and looking after the CAs: two roots, each with one issuing CA.
 *
 *   <dir>/offline/  0700  sm2-root.key p256-root.key    to be taken away to a safe after the start
 *   <dir>/key/      0700  sm2-issuing.key p256-issuing.key audit.key    for the signer alone
 *   <dir>/public/   0755  {sm2,p256}-{root,issuing}.crt (PEM) .cer (DER), {sm2,p256}-root.crl,
 *                         {sm2,p256}-chain.pem (issuing, root), audit.pem (Ed25519 public key)
 *
 * Keys are PKCS#8 under a passphrase (pki/key.h), mode 0600. The root of the P-256 CA is P-384.
 */
#ifndef HALL_PKI_CA_H
#define HALL_PKI_CA_H

#include "pki/crl.h"
#include "pki/key.h"

enum { CA_PASSPHRASE_LEAST = 16 };

/*
 * Makes all of it in dir, which is created when absent. op->conf gives the names (ca_organisation)
 * and addresses (pki_url), op->now the validity: roots 20 years, issuing CAs 10 years. E_CONFLICT
 * when dir holds a CA already: nothing is ever overwritten. On failure `why` says so in one
 * sentence. The passphrase has at least CA_PASSPHRASE_LEAST characters.
 */
enum err ca_init(
    struct op *op, const char *dir, const char *passphrase, char *why, size_t why_size) MUST_USE;

/* One certificate or key that was looked at. */
struct ca_state {
    const char *name;    /* "sm2-root" */
    const char *subject; /* "" for the audit key and lists */
    const char *sha256;
    int64_t not_after; /* UTC seconds; of a list its next update; 0 for the audit key */
    const char *fault; /* NULL when all is well */
};
enum { CA_STATES_MAX = 8 };

/* Looks at everything in dir: chains, validity at op->now, the roots' lists, and with a passphrase
 * (else NULL) that the signer's keys open and are of their certificates. *out and *count are filled
 * also on failure: E_INVALID when something has a fault. */
enum err ca_check(struct op *op, const char *dir, const char *passphrase,
    struct ca_state out[CA_STATES_MAX], size_t *count) MUST_USE;

/* Signs a root's next revocation list, valid 13 months, with the key in <dir>/offline, and replaces
 * the one in public. list names the issuing CAs that are revoked, all of them each time. */
enum err ca_root_crl(struct op *op, const char *dir, const char *passphrase, enum algorithm ca,
    const struct revoked *list, size_t count) MUST_USE;

/* The signer's key of an issuing CA, or with ALGORITHM_ED25519 the audit key. */
enum err ca_key_open(struct op *op, const char *dir, enum algorithm a, const char *passphrase,
    struct key **out) MUST_USE;

/* First line of the file; E_INVALID when it is shorter than CA_PASSPHRASE_LEAST, E_FORBIDDEN when
 * others than its owner may read the file. */
enum err ca_passphrase(struct op *op, const char *path, const char **out) MUST_USE;

/* The public audit key, PEM. */
enum err ca_audit_key(struct op *op, const char *dir, const char **pem) MUST_USE;

#endif
