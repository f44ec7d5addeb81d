/*
 * Certificate revocation lists (RFC 5280 5): version 2, with the issuer's key identifier, a growing
 * number and a reason an entry. Like certificates they are to-be-signed bytes first, signed by the
 * signer, and verified here before they are published; OpenSSL cannot verify SM2 lists by itself.
 */
#ifndef HALL_PKI_CRL_H
#define HALL_PKI_CRL_H

#include "pki/issuer.h"

enum revocation_reason {
#define REASON(id, code, name, zh, en) REVOCATION_##id,
#include "pki/revocation.def"
    REVOCATION_MAX
};

bool revocation_parse(const char *name, enum revocation_reason *out);

struct revoked {
    unsigned char serial[SERIAL_SIZE];
    int64_t at; /* UTC seconds */
    enum revocation_reason reason;
};

struct crl_input {
    int64_t number;                   /* grows by one with each list of an issuer */
    int64_t this_update, next_update; /* UTC seconds; next_update within 400 days */
    const struct revoked *list;       /* any order, every serial once */
    size_t count;
};

/* TBSCertList in DER, to be signed by signer_crl(). Some 60 bytes an entry. */
enum err crl_tbs(struct op *op, const struct crl_input *in, const struct issuer *issuer,
    struct blob *out) MUST_USE;
struct blob crl_assemble(
    struct arena *arena, const struct issuer *issuer, struct blob tbs, struct blob signature);

struct crl_summary {
    int64_t number, this_update, next_update;
    size_t count;
};
/* Whether to-be-signed bytes are a list of this issuer, in every detail of the profile; what the
 * signer checks by itself before it signs. E_INVALID. */
enum err crl_check(
    struct op *op, struct blob tbs, const struct issuer *issuer, struct crl_summary *out) MUST_USE;
/* The same of a signed list, and its signature; E_FORBIDDEN when that is not the issuer's. Whether
 * the list is still fresh is for the caller to see in *out. */
enum err crl_verify(
    struct op *op, struct blob der, const struct issuer *issuer, struct crl_summary *out) MUST_USE;
/* Is this serial on a verified list? */
bool crl_find(struct blob der, const unsigned char serial[SERIAL_SIZE], struct revoked *out);

/* Verifies the list and puts it where nginx serves it, <ca_dir>/public/sm2-issuing.crl, unless one
 * with a higher number is there already. */
enum err crl_publish(struct op *op, const struct issuer *issuer, struct blob der) MUST_USE;

#endif
