#include "pki/issuer.h"

#include <string.h>

#include "base/text.h"
#include "io/conf.h"
#include "pki/certificate.h"
#include "pki/disk.h"
#include "pki/parts.h"

enum { FILE_MAX = 64 * 1024 };

const char *
ca_public_path(struct arena *arena, const char *dir, const char *name, const char *tail)
{
    return arena_printf(arena, "%s/public/%s%s", dir, name, tail);
}

const char *
issuer_id(struct arena *arena, const struct issuer *issuer)
{
    return text_hex(arena, issuer->key_id, sizeof(issuer->key_id));
}

enum err
issuer_fill(struct op *op, struct blob certificate, struct blob root, struct issuer *out)
{
    struct certificate_summary own, top;
    struct certificate_parts parts;
    struct issuer in = *out;

    TRY(certificate_parse(op, certificate, &own));
    TRY(certificate_parse(op, root, &top));
    TRY(certificate_parts_read(op, certificate, &parts));
    if (!algorithm_parse(own.algorithm, &in.algorithm) ||
        !algorithm_parse(top.algorithm, &in.root_algorithm))
        return op_fail(op, E_INVALID, "a CA certificate has a key of an unknown kind");
    in.certificate = certificate;
    in.root = root;
    in.name = parts.subject;
    in.spki = own.spki;
    in.root_spki = top.spki;
    spki_key_id(own.spki, in.key_id);
    in.not_before = own.not_before;
    in.not_after = own.not_after;
    *out = in;
    return OK;
}

static enum err
read_certificate(
    struct op *op, const char *dir, const char *name, const char *tail, struct blob *out)
{
    struct blob pem;

    TRY(disk_read(op, ca_public_path(op->arena, dir, name, tail), FILE_MAX, &pem));
    return pem_decode(op, "CERTIFICATE", (const char *)pem.data, out);
}

static const char *
setting(const char *value)
{
    return *value != '\0' ? value : NULL;
}

enum err
issuer_open(struct op *op, const struct conf *conf, enum algorithm a, struct issuer *out)
{
    const char *name = algorithm_name(a);
    struct issuer in = {
        .crl_url = arena_printf(op->arena, "%s/%s-issuing.crl", conf->pki_url, name),
        .ca_url = arena_printf(op->arena, "%s/%s-issuing.cer", conf->pki_url, name),
        .ocsp_url = setting(conf->ocsp_url),
        .cps_url = setting(conf->cps_url),
        .policy = {[PROFILE_ORGANISATION] = setting(conf->policy_organisation),
            [PROFILE_PERSON] = setting(conf->policy_person)},
        .production = !conf->sandbox,
    };
    struct blob certificate, root;

    if (a != ALGORITHM_SM2 && a != ALGORITHM_P256)
        return op_fail(op, E_INVALID, "no issuing CA for %s", name);
    if (read_certificate(op, conf->ca_dir, name, "-issuing.crt", &certificate) != OK ||
        read_certificate(op, conf->ca_dir, name, "-root.crt", &root) != OK)
        return E_UNAVAILABLE;
    TRY(issuer_fill(op, certificate, root, &in));
    if (in.algorithm != a)
        return op_fail(op, E_INVALID, "the issuing certificate of %s has another key", name);
    TRY(certificate_path_verify(op, certificate, root, root));
    *out = in;
    return OK;
}
