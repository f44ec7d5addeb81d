/*
 * Certificates: to-be-signed bytes from the profile, the signature put to them, and the checks
 * before anything leaves the house. All functions are pure but for op->now.
 */
#ifndef HALL_PKI_CERTIFICATE_H
#define HALL_PKI_CERTIFICATE_H

#include "pki/issuer.h"
#include "pki/profile.h"

/* TBSCertificate in DER. issuer is NULL for a root, which issues itself. Encodes what it is given
 * and judges nothing but what cannot be encoded (E_INVALID): judging is certificate_lint's. */
enum err certificate_tbs(struct op *op, const struct certificate_profile_input *in,
    const struct issuer *issuer, struct blob *out) MUST_USE;

/* Certificate in DER of the stored tbs and its signature by a key of algorithm a. */
struct blob certificate_assemble(
    struct arena *arena, enum algorithm a, struct blob tbs, struct blob signature);

/* The last check before release: der holds exactly tbs, the signature is the issuer's (with the
 * SM2 id 1234567812345678), and the path to the root holds at op->now. E_INVALID or E_FORBIDDEN. */
enum err certificate_verify(
    struct op *op, struct blob der, struct blob tbs, const struct issuer *issuer) MUST_USE;

/* Path leaf, issuing, root by OpenSSL with RFC 5280's strict rules, at op->now. E_FORBIDDEN. */
enum err certificate_path_verify(
    struct op *op, struct blob leaf, struct blob issuing, struct blob root) MUST_USE;

struct certificate_summary {
    const char *serial;           /* hex, 32 characters for ours */
    const char *subject, *issuer; /* "C=CN, ST=辽宁省, …" for people */
    const char *common_name;
    const char *uscc;              /* NULL unless an organisation's */
    int64_t not_before, not_after; /* UTC seconds */
    const char *algorithm;         /* of the subject's key: "sm2", "p256", "p384"; "" other */
    const char *sha256;            /* of the whole DER, hex */
    const char *spki_sha256;       /* of the SubjectPublicKeyInfo, hex */
    const char *subject_key_id;    /* hex, "" when absent */
    struct blob spki;
};
/* E_INVALID when it is not a certificate. In the arena. */
enum err certificate_parse(
    struct op *op, struct blob der, struct certificate_summary *out) MUST_USE;

/* PEM of the certificate, the issuing CA's and the root's, in this order. */
const char *certificate_chain_pem(struct op *op, struct blob der, const struct issuer *issuer);

/* Takes serial, validity and key of stored to-be-signed bytes into an input whose subject was made
 * anew from the reviewed revision: what a second attempt sends to the signer. E_INVALID when the
 * bytes are no TBSCertificate of ours. */
enum err certificate_tbs_numbers(
    struct op *op, struct blob tbs, struct certificate_profile_input *in) MUST_USE;

#endif
