#include "pki/certificate.h"

#include <string.h>

#include "pki/der.h"
#include "pki/signed.h"

/* One element of a DN: SET { SEQUENCE { type, value } }. */
static enum err
name_part(struct op *op, const struct attribute *a, const char *value, struct blob *out)
{
    struct blob oid;

    if (!der_oid(op->arena, a->oid, &oid))
        return op_fail(op, E_INTERNAL, "attribute.def: %s", a->oid);
    *out = DER(op->arena, DER_SET,
        DER(op->arena, DER_SEQUENCE, oid, DER(op->arena, a->tag, blob_text(value))));
    return OK;
}

static enum err
subject_name(struct op *op, const struct certificate_profile_input *in, struct blob *out)
{
    struct blob parts[ATTRIBUTES];
    size_t n = 0;

    for (int i = 0; i < ATTRIBUTES; i++) {
        const char *value = attribute_get(in, (enum attribute_index)i);

        if (value != NULL)
            TRY(name_part(op, &attributes[i], value, &parts[n++]));
    }
    *out = der_wrap(op->arena, DER_SEQUENCE, parts, n);
    return OK;
}

/* What the makers of extension values work on. */
struct maker {
    struct op *op;
    struct arena *a;
    const struct certificate_profile_input *in;
    const struct issuer *issuer;
};

static struct blob
oid_of(const struct maker *m, const char *dotted)
{
    struct blob out = {NULL, 0};

    return dotted != NULL && der_oid(m->a, dotted, &out) ? out : (struct blob){NULL, 0};
}

static struct blob
uri(const struct maker *m, const char *text) /* GeneralName [6] */
{
    return DER(m->a, DER_CONTEXT + 6, blob_text(text));
}

static struct blob
make_BASIC_CONSTRAINTS(const struct maker *m)
{
    static const unsigned char yes[1] = {0xFF};
    struct blob ca = DER(m->a, DER_BOOLEAN, {yes, 1});

    if (m->in->kind == PROFILE_ROOT)
        return DER(m->a, DER_SEQUENCE, ca);
    return DER(m->a, DER_SEQUENCE, ca, der_number(m->a, 0)); /* pathLenConstraint 0 */
}

static struct blob
make_KEY_USAGE(const struct maker *m)
{
    return DER(m->a, DER_BIT_STRING, {key_usage_bits(m->in->kind), 2});
}

static struct blob
make_EXTENDED_KEY_USAGE(const struct maker *m)
{
    return DER(m->a, DER_SEQUENCE, oid_of(m, "1.3.6.1.5.5.7.3.2"), /* clientAuth */
        oid_of(m, "1.3.6.1.5.5.7.3.4"));                           /* emailProtection */
}

static struct blob
make_SUBJECT_KEY_ID(const struct maker *m)
{
    unsigned char id[KEY_ID_SIZE];

    spki_key_id(m->in->spki, id);
    return DER(m->a, DER_OCTET_STRING, {id, sizeof(id)});
}

static struct blob
make_AUTHORITY_KEY_ID(const struct maker *m)
{
    return DER(m->a, DER_SEQUENCE, DER(m->a, DER_CONTEXT, {m->issuer->key_id, KEY_ID_SIZE}));
}

static struct blob
make_POLICIES(const struct maker *m)
{
    struct blob id = oid_of(m, m->issuer->policy[m->in->kind]), cps;

    if (m->issuer->cps_url == NULL || m->in->kind == PROFILE_ISSUING)
        return DER(m->a, DER_SEQUENCE, DER(m->a, DER_SEQUENCE, id));
    cps = DER(m->a, DER_SEQUENCE, oid_of(m, "1.3.6.1.5.5.7.2.1"),
        DER(m->a, DER_IA5, blob_text(m->issuer->cps_url)));
    return DER(m->a, DER_SEQUENCE, DER(m->a, DER_SEQUENCE, id, DER(m->a, DER_SEQUENCE, cps)));
}

static struct blob
make_CRL_POINTS(const struct maker *m)
{
    struct blob full_name = DER(m->a, DER_CONSTRUCTED, uri(m, m->issuer->crl_url));

    return DER(m->a, DER_SEQUENCE, DER(m->a, DER_SEQUENCE, DER(m->a, DER_CONSTRUCTED, full_name)));
}

static struct blob
make_AUTHORITY_INFO(const struct maker *m)
{
    struct blob ocsp = {NULL, 0};

    if (m->issuer->ocsp_url != NULL && m->in->kind != PROFILE_ISSUING)
        ocsp =
            DER(m->a, DER_SEQUENCE, oid_of(m, "1.3.6.1.5.5.7.48.1"), uri(m, m->issuer->ocsp_url));
    return DER(m->a, DER_SEQUENCE, ocsp,
        DER(m->a, DER_SEQUENCE, oid_of(m, "1.3.6.1.5.5.7.48.2"), uri(m, m->issuer->ca_url)));
}

static struct blob
make_ORGANISATION_CODE(const struct maker *m)
{
    return DER(m->a, DER_PRINTABLE, blob_text(m->in->uscc));
}

static struct blob (*const makers[EXTENSIONS])(const struct maker *) = {
#define EXTENSION(name, oid, critical, kinds) [EXTENSION_##name] = make_##name,
#include "pki/extension.def"
};

static struct blob
extensions(const struct maker *m)
{
    static const unsigned char yes[1] = {0xFF};
    struct blob parts[EXTENSIONS];
    size_t n = 0;

    for (int i = 0; i < EXTENSIONS; i++) {
        const struct extension_rule *rule = &extension_rules[i];
        struct blob critical = {NULL, 0};

        if ((rule->kinds >> m->in->kind & 1) == 0)
            continue;
        if (rule->critical)
            critical = DER(m->a, DER_BOOLEAN, {yes, 1});
        parts[n++] = DER(m->a, DER_SEQUENCE, oid_of(m, rule->oid), critical,
            DER(m->a, DER_OCTET_STRING, makers[i](m)));
    }
    return DER(m->a, DER_CONSTRUCTED + 3, der_wrap(m->a, DER_SEQUENCE, parts, n));
}

/* What would make the makers read what is not there. */
static enum err
check_input(struct op *op, const struct certificate_profile_input *in, const struct issuer *issuer)
{
    struct blob oid;

    if (in->kind == PROFILE_ORGANISATION && in->uscc == NULL)
        return op_fail(op, E_INVALID, "organisation without a social credit code");
    if (spki_bits(in->spki).size == 0)
        return op_fail(op, E_INVALID, "no public key");
    if (in->kind == PROFILE_ROOT)
        return OK;
    if (issuer == NULL || issuer->crl_url == NULL || issuer->ca_url == NULL)
        return op_fail(op, E_INVALID, "no issuer");
    if (issuer->policy[in->kind] == NULL || !der_oid(op->arena, issuer->policy[in->kind], &oid))
        return op_fail(op, E_INVALID, "no policy for %s", profile_kind_name(in->kind));
    return OK;
}

enum err
certificate_tbs(struct op *op, const struct certificate_profile_input *in,
    const struct issuer *issuer, struct blob *out)
{
    struct arena *a = op->arena;
    bool root = in->kind == PROFILE_ROOT;
    struct maker m = {op, a, in, issuer};
    struct blob subject;

    TRY(check_input(op, in, issuer));
    TRY(subject_name(op, in, &subject));
    *out = DER(a, DER_SEQUENCE, DER(a, DER_CONSTRUCTED, der_number(a, 2)), /* v3 */
        der_unsigned(a, in->serial, SERIAL_SIZE),
        algorithm_identifier(a, root ? in->algorithm : issuer->algorithm),
        root ? subject : issuer->name,
        DER(a, DER_SEQUENCE, der_time(a, in->not_before), der_time(a, in->not_after)), subject,
        in->spki, extensions(&m));
    return OK;
}

struct blob
certificate_assemble(struct arena *arena, enum algorithm a, struct blob tbs, struct blob signature)
{
    return signed_wrap(arena, a, tbs, signature);
}

enum err
certificate_verify(struct op *op, struct blob der, struct blob tbs, const struct issuer *issuer)
{
    struct signed_parts parts;

    if (!signed_split(der, &parts) || !blob_equal(parts.tbs, tbs))
        return op_fail(op, E_INVALID, "the certificate does not hold the stored bytes");
    TRY(signed_verify(op, issuer->algorithm, issuer->spki, der));
    return certificate_path_verify(op, der, issuer->certificate, issuer->root);
}

const char *
certificate_chain_pem(struct op *op, struct blob der, const struct issuer *issuer)
{
    return arena_printf(op->arena, "%s%s%s", pem_encode(op, "CERTIFICATE", der),
        pem_encode(op, "CERTIFICATE", issuer->certificate),
        pem_encode(op, "CERTIFICATE", issuer->root));
}
