#include "pki/ca.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "io/conf.h"
#include "pki/certificate.h"
#include "pki/disk.h"
#include "pki/lint.h"
#include "pki/signed.h"

enum { ROOT_YEARS = 20, ISSUING_YEARS = 10, ROOT_CRL_DAYS = 395, FILE_MAX = 64 * 1024 };

/* A hierarchy: the name of its files, the algorithms of its two CAs, what stands in their names. */
static const struct hierarchy {
    enum algorithm issuing, root;
    const char *label;
} hierarchies[] = {
    {ALGORITHM_SM2, ALGORITHM_SM2, "SM2"},
    {ALGORITHM_P256, ALGORITHM_P384, "ECC"},
};
enum { HIERARCHIES = sizeof(hierarchies) / sizeof(*hierarchies) };

static const char *
file_of(struct op *op, const char *dir, const char *part, const char *name, const char *tail)
{
    return arena_printf(op->arena, "%s/%s/%s%s", dir, part, name, tail);
}

/* A CA certificate: the profile of its kind, linted like any other before it is signed. */
static enum err
make_certificate(struct op *op, struct certificate_profile_input *in, const struct issuer *issuer,
    const struct key *signer, struct blob *out)
{
    enum algorithm a = issuer != NULL ? issuer->algorithm : in->algorithm;
    struct lint_report report;
    struct blob tbs, signature;

    in->country = "CN";
    in->organisation = op->conf->ca_organisation;
    certificate_serial(in->serial);
    certificate_validity(op->now, in->kind == PROFILE_ROOT ? ROOT_YEARS : ISSUING_YEARS,
        &in->not_before, &in->not_after);
    TRY(certificate_tbs(op, in, issuer, &tbs));
    TRY(certificate_lint(op, in, issuer, tbs, &report));
    TRY(key_sign(op, signer, tbs, &signature));
    *out = certificate_assemble(op->arena, a, tbs, signature);
    return OK;
}

/* The root as the issuer of its issuing CA and of its list. */
static enum err
root_issuer(struct op *op, const char *name, struct blob root, struct issuer *out)
{
    struct issuer in = {
        .crl_url = arena_printf(op->arena, "%s/%s-root.crl", op->conf->pki_url, name),
        .ca_url = arena_printf(op->arena, "%s/%s-root.cer", op->conf->pki_url, name),
        .policy = {[PROFILE_ISSUING] = "2.5.29.32.0"}, /* anyPolicy */
        .production = !op->conf->sandbox,
    };

    TRY(issuer_fill(op, root, root, &in));
    *out = in;
    return OK;
}

static enum err
sign_root_crl(struct op *op, const struct issuer *root, const struct key *key,
    const struct crl_input *in, struct blob *out)
{
    struct crl_summary summary;
    struct blob tbs, signature;

    TRY(crl_tbs(op, in, root, &tbs));
    TRY(key_sign(op, key, tbs, &signature));
    *out = crl_assemble(op->arena, root, tbs, signature);
    return crl_verify(op, *out, root, &summary);
}

static enum err
write_key(struct op *op, const char *path, const struct key *k, const char *passphrase)
{
    const char *pem;

    TRY(key_seal(op, k, passphrase, &pem));
    return disk_create(op, path, 0600, blob_text(pem));
}

static enum err
write_certificate(
    struct op *op, const char *dir, const char *name, const char *which, struct blob der)
{
    const char *base = arena_printf(op->arena, "%s-%s", name, which);

    TRY(disk_create(op, ca_public_path(op->arena, dir, base, ".crt"), 0644,
        blob_text(pem_encode(op, "CERTIFICATE", der))));
    return disk_create(op, ca_public_path(op->arena, dir, base, ".cer"), 0644, der);
}

static enum err
make_root(struct op *op, const struct hierarchy *h, const struct key *key, struct blob *out)
{
    struct certificate_profile_input in = {.algorithm = h->root, .kind = PROFILE_ROOT};

    in.common_name = arena_printf(op->arena, "%s %s Root G1", op->conf->ca_organisation, h->label);
    TRY(key_spki(op, key, &in.spki));
    return make_certificate(op, &in, NULL, key, out);
}

static enum err
make_issuing(struct op *op, const struct hierarchy *h, const struct key *key,
    const struct issuer *root, const struct key *root_key, struct blob *out)
{
    struct certificate_profile_input in = {.algorithm = h->issuing, .kind = PROFILE_ISSUING};

    in.common_name =
        arena_printf(op->arena, "%s %s Issuing G1", op->conf->ca_organisation, h->label);
    TRY(key_spki(op, key, &in.spki));
    return make_certificate(op, &in, root, root_key, out);
}

static enum err
make_hierarchy(struct op *op, const struct hierarchy *h, const char *dir, const char *passphrase)
{
    const char *name = algorithm_name(h->issuing);
    struct crl_input none = {.number = 1, .this_update = op->now};
    struct blob root_der, issuing_der, crl;
    struct issuer root;
    const char *chain;
    KEY(root_key);
    KEY(issuing_key);

    TRY(key_generate(op, h->root, &root_key));
    TRY(key_generate(op, h->issuing, &issuing_key));
    TRY(make_root(op, h, root_key, &root_der));
    TRY(root_issuer(op, name, root_der, &root));
    TRY(make_issuing(op, h, issuing_key, &root, root_key, &issuing_der));
    TRY(certificate_path_verify(op, issuing_der, root_der, root_der));
    none.next_update = none.this_update + ROOT_CRL_DAYS * 86400LL;
    TRY(sign_root_crl(op, &root, root_key, &none, &crl));
    TRY(write_key(op, file_of(op, dir, "offline", name, "-root.key"), root_key, passphrase));
    TRY(write_key(op, file_of(op, dir, "key", name, "-issuing.key"), issuing_key, passphrase));
    TRY(write_certificate(op, dir, name, "root", root_der));
    TRY(write_certificate(op, dir, name, "issuing", issuing_der));
    chain = arena_printf(op->arena, "%s%s", pem_encode(op, "CERTIFICATE", issuing_der),
        pem_encode(op, "CERTIFICATE", root_der));
    TRY(disk_create(
        op, ca_public_path(op->arena, dir, name, "-chain.pem"), 0644, blob_text(chain)));
    return disk_create(op, ca_public_path(op->arena, dir, name, "-root.crl"), 0644, crl);
}

static enum err
make_audit_key(struct op *op, const char *dir, const char *passphrase)
{
    struct blob spki;
    KEY(key);

    TRY(key_generate(op, ALGORITHM_ED25519, &key));
    TRY(key_spki(op, key, &spki));
    TRY(write_key(op, file_of(op, dir, "key", "audit", ".key"), key, passphrase));
    return disk_create(op, ca_public_path(op->arena, dir, "audit", ".pem"), 0644,
        blob_text(pem_encode(op, "PUBLIC KEY", spki)));
}

static const struct {
    const char *name;
    mode_t mode;
} parts[] = {{"offline", 0700}, {"key", 0700}, {"public", 0755}};
enum { PARTS = sizeof(parts) / sizeof(*parts) };

static enum err
make_directories(struct op *op, const char *dir)
{
    if (mkdir(dir, 0755) != 0 && errno != EEXIST)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", dir, strerror(errno));
    for (size_t i = 0; i < PARTS; i++) {
        const char *path = arena_printf(op->arena, "%s/%s", dir, parts[i].name);

        if (mkdir(path, parts[i].mode) != 0 && errno == EEXIST)
            return op_fail(op, E_CONFLICT, "%s exists: there is a CA already", path);
        if (chmod(path, parts[i].mode) != 0)
            return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    }
    return OK;
}

static enum err
make_all(struct op *op, const char *dir, const char *passphrase)
{
    if (op->conf == NULL)
        return op_fail(op, E_INVALID, "there are no settings");
    if (strlen(passphrase) < CA_PASSPHRASE_LEAST)
        return op_fail(
            op, E_INVALID, "the passphrase has less than %d characters", CA_PASSPHRASE_LEAST);
    TRY(make_directories(op, dir));
    for (int i = 0; i < HIERARCHIES; i++)
        TRY(make_hierarchy(op, &hierarchies[i], dir, passphrase));
    TRY(make_audit_key(op, dir, passphrase));
    for (size_t i = 0; i < PARTS; i++)
        TRY(disk_flush_directory(op, file_of(op, dir, parts[i].name, "", "")));
    return OK;
}

enum err
ca_init(struct op *op, const char *dir, const char *passphrase, char *why, size_t why_size)
{
    enum err e = make_all(op, dir, passphrase);

    if (e != OK)
        snprintf(why, why_size, "%s", op->note != NULL ? op->note : err_code(e));
    return e;
}

static const struct hierarchy *
hierarchy_of(enum algorithm ca)
{
    for (int i = 0; i < HIERARCHIES; i++)
        if (hierarchies[i].issuing == ca)
            return &hierarchies[i];
    return NULL;
}

enum err
ca_root_crl(struct op *op, const char *dir, const char *passphrase, enum algorithm ca,
    const struct revoked *list, size_t count)
{
    const struct hierarchy *h = hierarchy_of(ca);
    const char *name = algorithm_name(ca);
    const char *path = ca_public_path(op->arena, dir, name, "-root.crl");
    struct crl_input in = {.this_update = op->now,
        .next_update = op->now + ROOT_CRL_DAYS * 86400LL,
        .list = list,
        .count = count};
    struct blob pem, der, old;
    struct crl_summary before;
    struct issuer root;
    KEY(key);

    if (h == NULL)
        return op_fail(op, E_INVALID, "there is no CA of %s", name);
    TRY(disk_read(op, ca_public_path(op->arena, dir, name, "-root.crt"), FILE_MAX, &pem));
    TRY(pem_decode(op, "CERTIFICATE", (const char *)pem.data, &der));
    TRY(root_issuer(op, name, der, &root));
    TRY(disk_read(op, path, FILE_MAX, &old));
    TRY(crl_verify(op, old, &root, &before));
    TRY(disk_read(op, file_of(op, dir, "offline", name, "-root.key"), FILE_MAX, &pem));
    TRY(key_unseal(op, h->root, (const char *)pem.data, passphrase, &key));
    in.number = before.number + 1;
    TRY(sign_root_crl(op, &root, key, &in, &der));
    return disk_replace(op, path, 0644, der);
}
