/* Reading certificates: certificate_parse() and certificate_tbs_numbers() of pki/certificate.h. */
#include <string.h>

#include "base/text.h"
#include "io/hash.h"
#include "pki/certificate.h"
#include "pki/parts.h"

static const char *
short_name(const char *oid)
{
    for (int i = 0; i < ATTRIBUTES; i++)
        if (strcmp(attributes[i].oid, oid) == 0)
            return attributes[i].name;
    return oid;
}

/* Separators inside of a value are escaped as RFC 4514 2.4 does, anything unprintable shows as
 * hex: the text is for people and must not lie about where a value ends. */
static const char *
value_text(struct arena *arena, struct blob value)
{
    struct blob left = value;
    char *out = arena_alloc(arena, 2 * value.size + 2), *p = out;

    if (!text_is_utf8((const char *)value.data, value.size))
        return arena_printf(arena, "#%s", text_hex(arena, value.data, value.size));
    for (; left.size > 0; left.data++, left.size--) {
        unsigned char c = *left.data;

        if (c < 0x20 || c == 0x7F)
            return arena_printf(arena, "#%s", text_hex(arena, value.data, value.size));
        if (strchr(",+\"\\<>;=", c) != NULL)
            *p++ = '\\';
        *p++ = (char)c;
    }
    *p = '\0';
    return out;
}

static const char *
name_text(struct arena *arena, const struct certificate_parts *c)
{
    const char *text = "";

    for (size_t i = 0; i < c->name_count; i++)
        text = arena_printf(arena, "%s%s%s=%s", text, i == 0 ? "" : ", ",
            short_name(c->names[i].oid), value_text(arena, c->names[i].value));
    return text;
}

static const char *
attribute_text(struct arena *arena, const struct certificate_parts *c, const char *oid)
{
    for (size_t i = 0; i < c->name_count; i++)
        if (strcmp(c->names[i].oid, oid) == 0)
            return value_text(arena, c->names[i].value);
    return "";
}

static const char *
key_algorithm(struct op *op, struct blob spki)
{
    static const enum algorithm known[] = {ALGORITHM_SM2, ALGORITHM_P256, ALGORITHM_P384};
    const char *note = op->note, *name = "";

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (spki_check(op, known[i], spki) == OK)
            name = algorithm_name(known[i]);
    op->note = note; /* not being one of them is no failure here */
    return name;
}

enum err
certificate_parse(struct op *op, struct blob der, struct certificate_summary *out)
{
    struct certificate_parts c, issuer = {0};
    const struct certificate_extension *ski, *code;
    struct certificate_summary s = {0};
    struct der value;
    long long from, until;

    TRY(certificate_parts_read(op, der, &c));
    if (!der_seconds(&c.not_before, &from) || !der_seconds(&c.not_after, &until))
        return op_fail(op, E_INVALID, "the certificate's validity cannot be read");
    if (!name_parts_read(op->arena, c.issuer, issuer.names, &issuer.name_count))
        return op_fail(op, E_INVALID, "the certificate's issuer cannot be read");
    ski = certificate_extension_find(&c, extension_rules[EXTENSION_SUBJECT_KEY_ID].oid);
    code = certificate_extension_find(&c, extension_rules[EXTENSION_ORGANISATION_CODE].oid);
    s.serial = text_hex(op->arena, c.serial.data, c.serial.size);
    s.subject = name_text(op->arena, &c);
    s.issuer = name_text(op->arena, &issuer);
    s.common_name = attribute_text(op->arena, &c, attributes[ATTRIBUTE_common_name].oid);
    if (code != NULL && der_only(code->value, DER_PRINTABLE, &value))
        s.uscc = value_text(op->arena, value.body);
    s.not_before = from;
    s.not_after = until;
    s.algorithm = key_algorithm(op, c.spki);
    s.sha256 = hash_sha256_hex(op->arena, der.data, der.size);
    s.spki_sha256 = hash_sha256_hex(op->arena, c.spki.data, c.spki.size);
    s.subject_key_id = "";
    if (ski != NULL && der_only(ski->value, DER_OCTET_STRING, &value))
        s.subject_key_id = text_hex(op->arena, value.body.data, value.body.size);
    s.spki = c.spki;
    *out = s;
    return OK;
}

enum err
certificate_tbs_numbers(struct op *op, struct blob tbs, struct certificate_profile_input *in)
{
    struct certificate_parts c;
    long long from, until;

    TRY(certificate_tbs_read(op, tbs, &c));
    if (c.serial.size != SERIAL_SIZE || !der_seconds(&c.not_before, &from) ||
        !der_seconds(&c.not_after, &until))
        return op_fail(op, E_INVALID, "serial or validity of the stored bytes cannot be read");
    memcpy(in->serial, c.serial.data, SERIAL_SIZE);
    in->not_before = from;
    in->not_after = until;
    in->spki = c.spki;
    return OK;
}
