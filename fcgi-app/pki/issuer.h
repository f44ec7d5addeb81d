/* What everybody may know of an issuing CA: its certificates and where relying parties look. */
#ifndef HALL_PKI_ISSUER_H
#define HALL_PKI_ISSUER_H

#include "pki/profile.h"

struct issuer {
    enum algorithm algorithm;      /* of its key: ALGORITHM_SM2 or ALGORITHM_P256 */
    enum algorithm root_algorithm; /* of the root's */
    struct blob certificate, root; /* DER */
    struct blob name;              /* its subject as in its certificate, DER */
    struct blob spki, root_spki;
    unsigned char key_id[KEY_ID_SIZE]; /* its subjectKeyIdentifier */
    int64_t not_before, not_after;
    const char *crl_url;                  /* of the CRL that lists what it issued */
    const char *ca_url;                   /* of its own certificate */
    const char *ocsp_url, *cps_url;       /* NULL where there is none */
    const char *policy[PROFILE_KIND_MAX]; /* dotted; NULL for a kind it does not issue */
    bool production;                      /* test policies and loopback addresses are errors */
};

/* Reads <ca_dir>/public and checks that the issuing certificate is of the root and valid now.
 * E_UNAVAILABLE when the files are not there, E_INVALID when they are not right. In the arena. */
enum err issuer_open(
    struct op *op, const struct conf *conf, enum algorithm a, struct issuer *out) MUST_USE;

/* Fills all but the addresses from the two certificates; no signature is checked. */
enum err issuer_fill(
    struct op *op, struct blob certificate, struct blob root, struct issuer *out) MUST_USE;

/* Hex of the key id, 40 characters: how journal and messages name an issuer. */
const char *issuer_id(struct arena *arena, const struct issuer *issuer);

/* "<ca_dir>/public/sm2-root.crt" for ("sm2", "-root.crt"); ca.h lists the files. */
const char *ca_public_path(
    struct arena *arena, const char *dir, const char *name, const char *tail);

#endif
