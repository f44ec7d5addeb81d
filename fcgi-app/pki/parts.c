#include "pki/parts.h"

#include <string.h>

/* AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY } */
static bool
read_attribute(struct arena *arena, struct blob *set, struct name_part *out)
{
    struct der pair, type, value;
    struct blob rest;

    if (!der_expect(set, DER_SEQUENCE, &pair))
        return false;
    rest = pair.body;
    if (!der_expect(&rest, DER_OID, &type) || !der_next(&rest, &value) || rest.size != 0)
        return false;
    out->oid = der_oid_text(arena, type.body);
    out->tag = value.tag;
    out->value = value.body;
    return out->oid != NULL;
}

bool
name_parts_read(
    struct arena *arena, struct blob name, struct name_part out[NAME_PARTS_MAX], size_t *count)
{
    struct der all, set;
    struct blob rest;
    size_t n = 0;

    if (!der_only(name, DER_SEQUENCE, &all))
        return false;
    for (rest = all.body; rest.size > 0;) {
        size_t first = n;

        if (!der_expect(&rest, DER_SET, &set) || set.body.size == 0)
            return false;
        while (set.body.size > 0)
            if (n == NAME_PARTS_MAX || !read_attribute(arena, &set.body, &out[n++]))
                return false;
        for (size_t i = first; i < n; i++)
            out[i].alone = n - first == 1;
    }
    *count = n;
    return true;
}

/* Extension ::= SEQUENCE { OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, OCTET STRING } */
static bool
read_extension(struct arena *arena, struct blob *list, struct certificate_extension *out)
{
    struct der all, oid, critical, value;
    struct blob rest;

    if (!der_expect(list, DER_SEQUENCE, &all))
        return false;
    rest = all.body;
    if (!der_expect(&rest, DER_OID, &oid))
        return false;
    out->critical = der_expect(&rest, DER_BOOLEAN, &critical);
    /* DER knows TRUE as FF only, and leaves a default away (X.690 11.1, 11.5). */
    if (out->critical && (critical.body.size != 1 || critical.body.data[0] != 0xFF))
        return false;
    if (!der_only(rest, DER_OCTET_STRING, &value))
        return false;
    out->oid = der_oid_text(arena, oid.body);
    out->value = value.body;
    return out->oid != NULL;
}

bool
extensions_read(struct arena *arena, struct blob sequence,
    struct certificate_extension out[EXTENSIONS_MAX], size_t *count)
{
    struct der list;
    size_t n = 0;

    if (!der_only(sequence, DER_SEQUENCE, &list) || list.body.size == 0)
        return false;
    while (list.body.size > 0)
        if (n == EXTENSIONS_MAX || !read_extension(arena, &list.body, &out[n++]))
            return false;
    *count = n;
    return true;
}

/* Validity ::= SEQUENCE { notBefore Time, notAfter Time } */
static bool
read_validity(struct blob validity, struct certificate_parts *c)
{
    return der_next(&validity, &c->not_before) && der_next(&validity, &c->not_after) &&
           validity.size == 0;
}

static bool
read_tbs(struct arena *arena, struct certificate_parts *c)
{
    struct der all, version, number, serial, algorithm, issuer, validity, subject, spki, item;
    struct blob rest;

    if (!der_only(c->frame.tbs, DER_SEQUENCE, &all))
        return false;
    rest = all.body;
    if (der_expect(&rest, DER_CONSTRUCTED, &version)) {
        if (!der_only(version.body, DER_INTEGER, &number) ||
            !der_integer(number.body, &c->version) || c->version == 0)
            return false;
    }
    if (!der_expect(&rest, DER_INTEGER, &serial) || !der_expect(&rest, DER_SEQUENCE, &algorithm) ||
        !der_expect(&rest, DER_SEQUENCE, &issuer) || !der_expect(&rest, DER_SEQUENCE, &validity) ||
        !der_expect(&rest, DER_SEQUENCE, &subject) || !der_expect(&rest, DER_SEQUENCE, &spki))
        return false;
    c->serial = serial.body;
    c->algorithm = algorithm.whole;
    c->issuer = issuer.whole;
    c->subject = subject.whole;
    c->spki = spki.whole;
    while (der_expect(&rest, DER_CONTEXT + 1, &item) || der_expect(&rest, DER_CONTEXT + 2, &item))
        c->unique_ids = true;
    if (der_expect(&rest, DER_CONSTRUCTED + 3, &item) &&
        !extensions_read(arena, item.body, c->extensions, &c->extension_count))
        return false;
    return rest.size == 0 && read_validity(validity.body, c) &&
           name_parts_read(arena, c->subject, c->names, &c->name_count);
}

enum err
certificate_parts_read(struct op *op, struct blob der, struct certificate_parts *out)
{
    struct certificate_parts c = {0};

    if (!signed_split(der, &c.frame) || !read_tbs(op->arena, &c))
        return op_fail(op, E_INVALID, "not a certificate in DER");
    *out = c;
    return OK;
}

enum err
certificate_tbs_read(struct op *op, struct blob tbs, struct certificate_parts *out)
{
    struct certificate_parts c = {.frame.tbs = tbs};

    if (!read_tbs(op->arena, &c))
        return op_fail(op, E_INVALID, "not a TBSCertificate in DER");
    *out = c;
    return OK;
}

const struct certificate_extension *
certificate_extension_find(const struct certificate_parts *c, const char *oid)
{
    for (size_t i = 0; i < c->extension_count; i++)
        if (strcmp(c->extensions[i].oid, oid) == 0)
            return &c->extensions[i];
    return NULL;
}
