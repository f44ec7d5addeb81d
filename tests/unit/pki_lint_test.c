/* Every row of pki/lint.def has a certificate that fails it. */
#include "pki/der.h"
#include "pki/signed.h"
#include "pki_fixture.h"

/* Where a TBSCertificate's elements are. */
enum { VERSION, SERIAL, ALGORITHM, ISSUER, VALIDITY, SUBJECT, SPKI, EXTENSION_LIST, PIECES };

/* A certificate in the making: what the lints are told (in, issuer) and what is built (tbs). */
struct trial {
    struct fixture *f;
    struct arena *a;
    struct certificate_profile_input in, built;
    struct issuer issuer, builder;
    struct blob tbs;
};

static void
build(struct trial *t)
{
    if (certificate_tbs(&t->f->op, &t->built, &t->builder, &t->tbs) != OK)
        abort();
}

/* Replaces one element of the TBSCertificate. */
static void
replace(struct trial *t, int which, struct blob with)
{
    struct blob parts[PIECES + 2], rest;
    struct der all, item;
    size_t n = 0;

    if (!der_only(t->tbs, DER_SEQUENCE, &all))
        abort();
    for (rest = all.body; der_next(&rest, &item); n++)
        parts[n] = (int)n == which ? with : item.whole;
    t->tbs = der_wrap(t->a, DER_SEQUENCE, parts, n);
}

static struct blob
piece(struct trial *t, int which)
{
    struct der all, item = {0};
    struct blob rest;

    if (!der_only(t->tbs, DER_SEQUENCE, &all))
        abort();
    rest = all.body;
    for (int i = 0; i <= which; i++)
        if (!der_next(&rest, &item))
            abort();
    return item.whole;
}

static struct blob
oid(struct trial *t, const char *dotted)
{
    struct blob out;

    if (!der_oid(t->a, dotted, &out))
        abort();
    return out;
}

static struct blob
attribute(struct trial *t, const char *dotted, unsigned tag, const char *value)
{
    return DER(t->a, DER_SEQUENCE, oid(t, dotted), DER(t->a, tag, blob_text(value)));
}

/* Puts one more element behind those inside of a SEQUENCE. */
static struct blob
append(struct trial *t, struct blob sequence, struct blob more)
{
    struct der all;

    if (!der_only(sequence, DER_SEQUENCE, &all))
        abort();
    return DER(t->a, DER_SEQUENCE, all.body, more);
}

static void
more_subject(struct trial *t, struct blob set_content)
{
    replace(t, SUBJECT, append(t, piece(t, SUBJECT), DER(t->a, DER_SET, set_content)));
}

/* Replaces (or with empty bytes removes) the extension with this OID; `dotted` NULL adds one. */
static void
change_extension(struct trial *t, const char *dotted, struct blob with)
{
    struct der outer, list, e;
    struct blob parts[20], rest, name = {NULL, 0};
    size_t n = 0;

    if (dotted != NULL)
        name = oid(t, dotted);
    if (!der_only(piece(t, EXTENSION_LIST), DER_CONSTRUCTED + 3, &outer) ||
        !der_only(outer.body, DER_SEQUENCE, &list))
        abort();
    for (rest = list.body; der_next(&rest, &e);) {
        bool same = name.size > 0 && memcmp(e.body.data, name.data, name.size) == 0;

        parts[n++] = same ? with : e.whole;
    }
    if (dotted == NULL)
        parts[n++] = with;
    replace(
        t, EXTENSION_LIST, DER(t->a, DER_CONSTRUCTED + 3, der_wrap(t->a, DER_SEQUENCE, parts, n)));
}

static struct blob
extension(struct trial *t, const char *dotted, bool critical, struct blob value)
{
    static const unsigned char yes[] = {0xFF};
    struct blob flag = {NULL, 0};

    if (critical)
        flag = DER(t->a, DER_BOOLEAN, {yes, 1});
    return DER(t->a, DER_SEQUENCE, oid(t, dotted), flag, DER(t->a, DER_OCTET_STRING, value));
}

/* ---- what goes wrong, one function a row ---- */

static void
break_encoding(struct trial *t)
{
    replace(t, VERSION,
        DER(t->a, DER_CONSTRUCTED, {(const unsigned char *)"\2\2\0\2", 4})); /* not minimal */
}
static void
break_size(struct trial *t)
{
    char *big = arena_alloc(t->a, 4001);

    memset(big, 'a', 4000);
    big[4000] = '\0';
    change_extension(t, NULL, extension(t, "1.2.3.4", false, DER(t->a, DER_UTF8, blob_text(big))));
}
static void
break_version(struct trial *t)
{
    replace(t, VERSION, DER(t->a, DER_CONSTRUCTED, der_number(t->a, 1)));
}
static void
break_serial_shape(struct trial *t)
{
    t->in.serial[0] = t->built.serial[0] = 0x80; /* becomes 17 octets */
    build(t);
}
static void
break_serial_input(struct trial *t)
{
    t->built.serial[7] ^= 1;
    build(t);
}
static void
break_signature_algorithm(struct trial *t)
{
    replace(t, ALGORITHM, algorithm_identifier(t->a, ALGORITHM_P384));
}
static void
break_issuer_name(struct trial *t)
{
    replace(t, ISSUER, piece(t, SUBJECT));
}
static void
break_validity_encoding(struct trial *t)
{
    struct blob time = DER(t->a, DER_GENERALIZED_TIME, blob_text("20270101000000Z"));

    replace(t, VALIDITY, DER(t->a, DER_SEQUENCE, time, time));
}
static void
break_validity_input(struct trial *t)
{
    t->built.not_before -= 60;
    build(t);
}
static void
break_validity_years(struct trial *t)
{
    t->in.not_after += 1; /* the extra second */
    t->built.not_after += 1;
    build(t);
}
static void
break_validity_issuer(struct trial *t)
{
    t->issuer.not_after = t->in.not_after - 1;
}
static void
break_unique_ids(struct trial *t)
{
    struct blob spki = piece(t, SPKI), id;
    unsigned char *both;

    id = DER(t->a, DER_CONTEXT + 2, {(const unsigned char *)"\0\1", 2});
    both = arena_alloc(t->a, spki.size + id.size);
    memcpy(both, spki.data, spki.size);
    memcpy(both + spki.size, id.data, id.size);
    replace(t, SPKI, (struct blob){both, spki.size + id.size});
}
static void
break_key_algorithm(struct trial *t)
{
    struct token_key other;

    if (token_soft()->keygen(&t->f->op, ALGORITHM_P384, &other) != OK)
        abort();
    t->in.spki = t->built.spki = other.spki;
    build(t);
}
static void
break_key_input(struct trial *t)
{
    struct token_key other;

    if (token_soft()->keygen(&t->f->op, t->in.algorithm, &other) != OK)
        abort();
    t->built.spki = other.spki;
    build(t);
}
static void
break_key_other(struct trial *t)
{
    t->in.spki = t->built.spki = t->issuer.spki;
    build(t);
}
static void
break_subject_order(struct trial *t)
{
    more_subject(t, attribute(t, "2.5.4.6", DER_PRINTABLE, "CN"));
}
static void
break_subject_single(struct trial *t)
{
    struct blob both[] = {
        attribute(t, "2.5.4.5", DER_PRINTABLE, "1"), attribute(t, "2.5.4.5", DER_PRINTABLE, "2")};

    replace(t, SUBJECT, append(t, piece(t, SUBJECT), der_wrap(t->a, DER_SET, both, 2)));
}
static void
break_subject_set(struct trial *t)
{
    more_subject(t, attribute(t, "1.2.840.113549.1.9.1", DER_IA5, "a@example.test"));
}
static void
break_subject_type(struct trial *t)
{
    struct blob subject = piece(t, SUBJECT);
    unsigned char *copy = arena_alloc(t->a, subject.size), *at;

    memcpy(copy, subject.data, subject.size);
    at = memmem(copy, subject.size, "\x13\x02", 2); /* PrintableString of two: the country */
    if (at == NULL)
        abort();
    *at = DER_UTF8;
    replace(t, SUBJECT, (struct blob){copy, subject.size});
}
static void
break_subject_length(struct trial *t)
{
    t->in.organisation = t->built.organisation =
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
        "一二三四五六七八九十一二三四五六七八九十一二三四五";
    build(t);
}
static void
break_subject_characters(struct trial *t)
{
    t->in.locality = t->built.locality = "沈阳市 ";
    build(t);
}
static void
break_subject_nfc(struct trial *t)
{
    t->in.locality = t->built.locality = "Cafe\xCC\x81";
    build(t);
}
static void
break_subject_input(struct trial *t)
{
    t->built.province = "吉林省";
    build(t);
}
static void
break_subject_country(struct trial *t)
{
    t->in.country = t->built.country = "cn";
    build(t);
}
static void
break_subject_id_number(struct trial *t)
{
    t->in.unit = t->built.unit = "编号11010519491231002X"; /* the example of GB 11643 */
    build(t);
}
static void
break_subject_rare_han(struct trial *t)
{
    t->in.common_name = t->built.common_name = "\xF0\xA0\x80\x80";
    build(t);
}
static void
break_subject_short_name(struct trial *t)
{
    t->in.common_name = t->built.common_name = "沈阳示例";
    build(t);
}
static void
break_extension_set(struct trial *t)
{
    change_extension(t, NULL,
        extension(t, "2.5.29.17", false, /* subjectAltName */
            DER(t->a, DER_SEQUENCE, DER(t->a, DER_CONTEXT + 1, blob_text("a@example.test")))));
}
static void
break_extension_critical(struct trial *t)
{
    change_extension(t, "2.5.29.15",
        extension(
            t, "2.5.29.15", false, DER(t->a, DER_BIT_STRING, {key_usage_bits(t->in.kind), 2})));
}
static void
break_basic_constraints(struct trial *t)
{
    struct blob none = {NULL, 0};

    change_extension(t, NULL, extension(t, "2.5.29.19", true, DER(t->a, DER_SEQUENCE, none)));
}
static void
break_key_usage(struct trial *t)
{
    change_extension(t, "2.5.29.15",
        extension(
            t, "2.5.29.15", true, DER(t->a, DER_BIT_STRING, {key_usage_bits(PROFILE_ISSUING), 2})));
}
static void
break_extended_key_usage(struct trial *t)
{
    change_extension(t, "2.5.29.37",
        extension(t, "2.5.29.37", false,
            DER(t->a, DER_SEQUENCE, oid(t, "1.3.6.1.5.5.7.3.1")))); /* serverAuth */
}
static void
break_subject_key_id(struct trial *t)
{
    change_extension(t, "2.5.29.14",
        extension(
            t, "2.5.29.14", false, DER(t->a, DER_OCTET_STRING, {t->issuer.key_id, KEY_ID_SIZE})));
}
static void
break_authority_key_id(struct trial *t)
{
    t->builder.key_id[0] ^= 1;
    build(t);
}
static void
break_policies(struct trial *t)
{
    t->builder.policy[t->in.kind] = "2.999.1.77";
    build(t);
}
static void
break_policy_test(struct trial *t)
{
    t->issuer.production = true;
}
static void
break_crl_points(struct trial *t)
{
    t->builder.crl_url = "http://elsewhere.example.test/a.crl";
    build(t);
}
static void
break_authority_info(struct trial *t)
{
    t->builder.ocsp_url = "http://ocsp.example.test/";
    build(t);
}
static void
break_addresses(struct trial *t)
{
    t->issuer.ca_url = t->builder.ca_url = "https://pki.example.test/pki/a.cer";
    build(t);
}
static void
break_organisation_code(struct trial *t)
{
    t->in.uscc = t->built.uscc = "91210100MA0000000E"; /* wrong check character */
    build(t);
}

static void (*const breakers[LINTS])(struct trial *) = {
#define LINT(id, severity, clause, zh, en) [LINT_##id] = break_##id,
#include "pki/lint.def"
};

static struct trial
fresh(struct fixture *f, enum algorithm a)
{
    struct trial t = {.f = f, .a = f->op.arena};
    struct token_key key;

    t.in = t.built = organisation(f, a, &key);
    if (issuer_open(&f->op, &f->conf, a, &t.issuer) != OK)
        abort();
    t.builder = t.issuer;
    build(&t);
    return t;
}

static bool
reports(const struct lint_report *r, enum lint_id id)
{
    for (size_t i = 0; i < r->errors + r->warnings; i++)
        if (r->failed[i] == &lints[id])
            return true;
    return false;
}

static void
test_rows(struct fixture *f, enum algorithm a)
{
    for (int i = 0; i < LINTS; i++) {
        struct trial t = fresh(f, a);
        struct lint_report r;
        enum err e;

        breakers[i](&t);
        e = certificate_lint(&f->op, &t.in, &t.issuer, t.tbs, &r);
        ok(reports(&r, (enum lint_id)i) &&
                (e == E_CERTIFICATE_LINT) == (lints[i].severity == LINT_ERROR || r.errors > 0),
            "%s fails where it must: %s", lints[i].id, lint_report_json(f->op.arena, &r));
        ok(*lints[i].text[LANG_ZH] != '\0' && *lints[i].text[LANG_EN] != '\0', "and says so");
    }
}

/* Rows that look at several things: each thing. */
static void
test_details(struct fixture *f)
{
    struct trial t = fresh(f, ALGORITHM_P256);
    struct lint_report r;
    enum err e;

    change_extension(&t, "1.2.156.10260.4.1.4", (struct blob){NULL, 0});
    e = certificate_lint(&f->op, &t.in, &t.issuer, t.tbs, &r);
    ok(e != OK && reports(&r, LINT_extension_set) && reports(&r, LINT_organisation_code),
        "an extension that is missing");
    t = fresh(f, ALGORITHM_P256);
    change_extension(&t, NULL,
        extension(
            &t, "2.5.29.14", false, DER(t.a, DER_OCTET_STRING, {t.issuer.key_id, KEY_ID_SIZE})));
    e = certificate_lint(&f->op, &t.in, &t.issuer, t.tbs, &r);
    ok(e != OK && reports(&r, LINT_extension_set), "an extension that is there twice");
    t = fresh(f, ALGORITHM_P256);
    t.issuer.production = true;
    t.issuer.crl_url = t.builder.crl_url = "http://127.0.0.1:8080/pki/a.crl";
    build(&t);
    e = certificate_lint(&f->op, &t.in, &t.issuer, t.tbs, &r);
    ok(e != OK && reports(&r, LINT_addresses), "a loopback address in production");
    t = fresh(f, ALGORITHM_P256);
    t.in.locality = t.built.locality = "沈阳\xE2\x80\xAE市"; /* turns the rest round */
    build(&t);
    e = certificate_lint(&f->op, &t.in, &t.issuer, t.tbs, &r);
    ok(e != OK && reports(&r, LINT_subject_characters), "a character that turns text round");
    t = fresh(f, ALGORITHM_P256);
    t.tbs.size -= 5;
    e = certificate_lint(&f->op, &t.in, &t.issuer, t.tbs, &r);
    ok(e == E_CERTIFICATE_LINT && reports(&r, LINT_encoding), "bytes that were cut short");
}

int
main(void)
{
    static struct fixture f;

    fixture_begin_ca(&f);
    test_rows(&f, ALGORITHM_P256);
    test_rows(&f, ALGORITHM_SM2);
    test_details(&f);
    fixture_end(&f);
    return done();
}
