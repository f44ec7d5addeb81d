/*
 * Rules about extensions. Their values are read by OpenSSL, not by the code that wrote them, and
 * must come out the same when OpenSSL writes them again.
 */
#include <string.h>

#include <openssl/x509v3.h>

#include "domain/uscc.h"
#include "pki/guard.h"
#include "pki/lint_rule.h"

GUARD(ASN1_BIT_STRING)
GUARD(ASN1_OCTET_STRING)
GUARD(ASN1_PRINTABLESTRING)
GUARD(AUTHORITY_INFO_ACCESS)
GUARD(AUTHORITY_KEYID)
GUARD(BASIC_CONSTRAINTS)
GUARD(CERTIFICATEPOLICIES)
GUARD(CRL_DIST_POINTS)
GUARD(EXTENDED_KEY_USAGE)

static const struct certificate_extension *
find(const struct lint_view *v, enum extension_index i)
{
    return certificate_extension_find(v->c, extension_rules[i].oid);
}

static bool
due(const struct lint_view *v, enum extension_index i)
{
    return (extension_rules[i].kinds >> v->in->kind & 1) != 0;
}

/* Decodes the value of an extension as type; NULL when it is absent, not this type, or not in its
 * one encoding. The result belongs to the caller. */
#define DECODE(type, v, i) decode((v), (i), ASN1_ITEM_rptr(type))
static void *
decode(const struct lint_view *v, enum extension_index i, const ASN1_ITEM *it)
{
    const struct certificate_extension *e = find(v, i);
    const unsigned char *p = e != NULL ? e->value.data : NULL;
    ASN1_VALUE *value = NULL;
    unsigned char *again = NULL;
    int size;

    if (e != NULL)
        value = ASN1_item_d2i(NULL, &p, (long)e->value.size, it);
    if (value == NULL)
        return NULL;
    size = ASN1_item_i2d(value, &again, it);
    if (size < 0 || !blob_equal((struct blob){again, (size_t)size}, e->value)) {
        ASN1_item_free(value, it);
        value = NULL;
    }
    OPENSSL_free(again);
    return value;
}

static bool
same_bytes(const ASN1_STRING *s, const void *data, size_t size)
{
    return s != NULL && (size_t)ASN1_STRING_length(s) == size &&
           memcmp(ASN1_STRING_get0_data(s), data, size) == 0;
}

static bool
same_oid(const ASN1_OBJECT *o, const char *dotted)
{
    char text[128];

    return dotted != NULL && OBJ_obj2txt(text, sizeof(text), o, 1) > 0 && strcmp(text, dotted) == 0;
}

static bool
same_uri(const GENERAL_NAME *name, const char *url)
{
    return name->type == GEN_URI && url != NULL &&
           same_bytes(name->d.uniformResourceIdentifier, url, strlen(url));
}

bool
lint_extension_set(const struct lint_view *v)
{
    unsigned found = 0;

    for (size_t n = 0; n < v->c->extension_count; n++) {
        int i = 0;

        while (i < EXTENSIONS && strcmp(extension_rules[i].oid, v->c->extensions[n].oid) != 0)
            i++;
        if (i == EXTENSIONS || !due(v, (enum extension_index)i) || (found >> i & 1) != 0)
            return false;
        found |= 1U << i;
    }
    for (int i = 0; i < EXTENSIONS; i++)
        if (due(v, (enum extension_index)i) && (found >> i & 1) == 0)
            return false;
    return true;
}

bool
lint_extension_critical(const struct lint_view *v)
{
    for (int i = 0; i < EXTENSIONS; i++) {
        const struct certificate_extension *e = find(v, (enum extension_index)i);

        if (e != NULL && e->critical != extension_rules[i].critical)
            return false;
    }
    return true;
}

bool
lint_basic_constraints(const struct lint_view *v)
{
    AUTO(BASIC_CONSTRAINTS) *b = NULL;

    if (!due(v, EXTENSION_BASIC_CONSTRAINTS))
        return find(v, EXTENSION_BASIC_CONSTRAINTS) == NULL;
    b = DECODE(BASIC_CONSTRAINTS, v, EXTENSION_BASIC_CONSTRAINTS);
    if (b == NULL || !b->ca)
        return false;
    if (v->in->kind == PROFILE_ROOT)
        return b->pathlen == NULL;
    return b->pathlen != NULL && ASN1_INTEGER_get(b->pathlen) == 0;
}

bool
lint_key_usage(const struct lint_view *v)
{
    static const int subscriber[] = {0, 1}, ca[] = {5, 6}; /* bits of RFC 5280 4.2.1.3 */
    const int *bits = (KINDS_CA >> v->in->kind & 1) != 0 ? ca : subscriber;
    AUTO(ASN1_BIT_STRING) *b = DECODE(ASN1_BIT_STRING, v, EXTENSION_KEY_USAGE);

    if (b == NULL)
        return false;
    for (int i = 0; i < 16; i++)
        if ((ASN1_BIT_STRING_get_bit(b, i) == 1) != (i == bits[0] || i == bits[1]))
            return false;
    return true;
}

bool
lint_extended_key_usage(const struct lint_view *v)
{
    AUTO(EXTENDED_KEY_USAGE) *e = NULL;

    if (!due(v, EXTENSION_EXTENDED_KEY_USAGE))
        return find(v, EXTENSION_EXTENDED_KEY_USAGE) == NULL;
    e = DECODE(EXTENDED_KEY_USAGE, v, EXTENSION_EXTENDED_KEY_USAGE);
    return e != NULL && sk_ASN1_OBJECT_num(e) == 2 &&
           OBJ_obj2nid(sk_ASN1_OBJECT_value(e, 0)) == NID_client_auth &&
           OBJ_obj2nid(sk_ASN1_OBJECT_value(e, 1)) == NID_email_protect;
}

bool
lint_subject_key_id(const struct lint_view *v)
{
    AUTO(ASN1_OCTET_STRING) *s = DECODE(ASN1_OCTET_STRING, v, EXTENSION_SUBJECT_KEY_ID);
    unsigned char id[KEY_ID_SIZE];

    spki_key_id(v->c->spki, id);
    return same_bytes(s, id, sizeof(id));
}

bool
lint_authority_key_id(const struct lint_view *v)
{
    AUTO(AUTHORITY_KEYID) *a = NULL;

    if (!due(v, EXTENSION_AUTHORITY_KEY_ID))
        return find(v, EXTENSION_AUTHORITY_KEY_ID) == NULL;
    a = DECODE(AUTHORITY_KEYID, v, EXTENSION_AUTHORITY_KEY_ID);
    return a != NULL && a->issuer == NULL && a->serial == NULL &&
           same_bytes(a->keyid, v->issuer->key_id, KEY_ID_SIZE);
}

/* No qualifier, or the one address of the practice statement. */
static bool
qualifier_right(const struct lint_view *v, const POLICYINFO *p)
{
    const POLICYQUALINFO *q;

    if (v->issuer->cps_url == NULL || v->in->kind == PROFILE_ISSUING)
        return sk_POLICYQUALINFO_num(p->qualifiers) <= 0;
    if (sk_POLICYQUALINFO_num(p->qualifiers) != 1)
        return false;
    q = sk_POLICYQUALINFO_value(p->qualifiers, 0);
    return OBJ_obj2nid(q->pqualid) == NID_id_qt_cps &&
           same_bytes(q->d.cpsuri, v->issuer->cps_url, strlen(v->issuer->cps_url));
}

bool
lint_policies(const struct lint_view *v)
{
    AUTO(CERTIFICATEPOLICIES) *list = NULL;
    const POLICYINFO *p;

    if (!due(v, EXTENSION_POLICIES))
        return find(v, EXTENSION_POLICIES) == NULL;
    list = DECODE(CERTIFICATEPOLICIES, v, EXTENSION_POLICIES);
    if (list == NULL || sk_POLICYINFO_num(list) != 1)
        return false;
    p = sk_POLICYINFO_value(list, 0);
    return same_oid(p->policyid, v->issuer->policy[v->in->kind]) && qualifier_right(v, p);
}

bool
lint_policy_test(const struct lint_view *v)
{
    const char *oid = v->issuer != NULL ? v->issuer->policy[v->in->kind] : NULL;

    return oid == NULL || !v->issuer->production || strncmp(oid, "2.999.", 6) != 0;
}

bool
lint_crl_points(const struct lint_view *v)
{
    AUTO(CRL_DIST_POINTS) *list = NULL;
    const DIST_POINT *d;

    if (!due(v, EXTENSION_CRL_POINTS))
        return find(v, EXTENSION_CRL_POINTS) == NULL;
    list = DECODE(CRL_DIST_POINTS, v, EXTENSION_CRL_POINTS);
    if (list == NULL || sk_DIST_POINT_num(list) != 1)
        return false;
    d = sk_DIST_POINT_value(list, 0);
    return d->reasons == NULL && d->CRLissuer == NULL && d->distpoint != NULL &&
           d->distpoint->type == 0 && sk_GENERAL_NAME_num(d->distpoint->name.fullname) == 1 &&
           same_uri(sk_GENERAL_NAME_value(d->distpoint->name.fullname, 0), v->issuer->crl_url);
}

bool
lint_authority_info(const struct lint_view *v)
{
    AUTO(AUTHORITY_INFO_ACCESS) *list = NULL;
    const ACCESS_DESCRIPTION *last, *first;
    bool ocsp;

    if (!due(v, EXTENSION_AUTHORITY_INFO))
        return find(v, EXTENSION_AUTHORITY_INFO) == NULL;
    ocsp = v->issuer->ocsp_url != NULL && v->in->kind != PROFILE_ISSUING;
    list = DECODE(AUTHORITY_INFO_ACCESS, v, EXTENSION_AUTHORITY_INFO);
    if (list == NULL || sk_ACCESS_DESCRIPTION_num(list) != (ocsp ? 2 : 1))
        return false;
    first = sk_ACCESS_DESCRIPTION_value(list, 0);
    last = sk_ACCESS_DESCRIPTION_value(list, ocsp ? 1 : 0);
    if (ocsp && (OBJ_obj2nid(first->method) != NID_ad_OCSP ||
                    !same_uri(first->location, v->issuer->ocsp_url)))
        return false;
    return OBJ_obj2nid(last->method) == NID_ad_ca_issuers &&
           same_uri(last->location, v->issuer->ca_url);
}

/* http, because a reader that must fetch a CRL to trust TLS would go round in circles; plain
 * ASCII; and in production a host that the world can reach. */
static bool
address_right(const char *url, bool production)
{
    const char *host;

    if (url == NULL)
        return true;
    host = url + 7;
    if (strncmp(url, "http://", 7) != 0 || strlen(url) > 256)
        return false;
    for (const char *p = url; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~' || strchr("\"<>\\^`{|}", *p) != NULL)
            return false;
    return !production || (strncmp(host, "127.", 4) != 0 && strncmp(host, "localhost", 9) != 0 &&
                              strncmp(host, "[::1]", 5) != 0);
}

bool
lint_addresses(const struct lint_view *v)
{
    bool production = v->issuer != NULL && v->issuer->production;

    return v->issuer == NULL || (address_right(v->issuer->crl_url, production) &&
                                    address_right(v->issuer->ca_url, production) &&
                                    address_right(v->issuer->ocsp_url, production));
}

bool
lint_organisation_code(const struct lint_view *v)
{
    AUTO(ASN1_PRINTABLESTRING) *s = NULL;
    enum fault_code why;

    if (!due(v, EXTENSION_ORGANISATION_CODE))
        return find(v, EXTENSION_ORGANISATION_CODE) == NULL && v->in->uscc == NULL;
    s = DECODE(ASN1_PRINTABLESTRING, v, EXTENSION_ORGANISATION_CODE);
    return s != NULL && v->in->uscc != NULL && uscc_check(v->in->uscc, &why) &&
           same_bytes(s, v->in->uscc, strlen(v->in->uscc));
}
