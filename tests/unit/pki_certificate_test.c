/* From the CAs to a released certificate, with second opinions of OpenSSL's and other programs. */
#include "pki/signed.h"
#include "pki_fixture.h"

static bool
installed(const char *program)
{
    return system(program) == 0;
}

/* The profile all the way: to-be-signed bytes, lints, signature, checks; DER of the result. */
static struct blob
issue(struct fixture *f, const struct certificate_profile_input *in, const char *what)
{
    struct issuer issuer;
    struct lint_report report;
    struct blob tbs = {NULL, 0}, der = {NULL, 0};
    enum err e;

    ok(issuer_open(&f->op, &f->conf, in->algorithm, &issuer) == OK, "%s: the issuer opens", what);
    ok(certificate_tbs(&f->op, in, &issuer, &tbs) == OK, "%s: to-be-signed bytes are made", what);
    e = certificate_lint(&f->op, in, &issuer, tbs, &report);
    ok(e == OK && report.warnings == 0, "%s: they pass every lint %s", what,
        lint_report_json(f->op.arena, &report));
    der =
        certificate_assemble(f->op.arena, in->algorithm, tbs, sign_directly(f, in->algorithm, tbs));
    e = certificate_verify(&f->op, der, tbs, &issuer);
    ok(e == OK, "%s: the certificate verifies up to its root %s", what, e == OK ? "" : f->op.note);
    return der;
}

static void
check_refusals(struct fixture *f, const struct certificate_profile_input *in, struct blob der)
{
    struct issuer issuer, other;
    struct signed_parts parts;
    unsigned char *copy;
    struct blob tbs, spoiled;
    enum algorithm another = in->algorithm == ALGORITHM_SM2 ? ALGORITHM_P256 : ALGORITHM_SM2;

    if (issuer_open(&f->op, &f->conf, in->algorithm, &issuer) != OK ||
        issuer_open(&f->op, &f->conf, another, &other) != OK || !signed_split(der, &parts))
        abort();
    copy = arena_alloc(f->op.arena, der.size);
    memcpy(copy, der.data, der.size);
    copy[der.size - 3] ^= 1;
    spoiled = (struct blob){copy, der.size};
    ok(certificate_verify(&f->op, spoiled, parts.tbs, &issuer) != OK,
        "a spoiled signature is refused");
    copy[der.size - 3] ^= 1;
    copy[parts.tbs.size / 2] ^= 1;
    ok(certificate_verify(&f->op, spoiled, parts.tbs, &issuer) == E_INVALID,
        "other bytes than the stored ones are refused");
    ok(certificate_verify(&f->op, der, parts.tbs, &other) != OK, "another issuer is refused");
    f->op.now += 400 * 86400;
    ok(certificate_verify(&f->op, der, parts.tbs, &issuer) == E_FORBIDDEN,
        "after its last day it no longer verifies");
    f->op.now -= 400 * 86400;
    tbs = parts.tbs;
    tbs.size--;
    ok(certificate_verify(&f->op, der, tbs, &issuer) == E_INVALID, "and not for shorter bytes");
}

static void
check_summary(struct fixture *f, const struct certificate_profile_input *in, struct blob der)
{
    struct certificate_profile_input again = {0};
    struct certificate_summary s;
    struct signed_parts parts;

    ok(certificate_parse(&f->op, der, &s) == OK, "the certificate is read back");
    ok(s.not_before == in->not_before && s.not_after == in->not_after, "its validity");
    is(s.algorithm, algorithm_name(in->algorithm), "its key's algorithm");
    is(s.common_name, in->common_name, "its common name");
    ok(strstr(s.subject, "C=CN, ST=辽宁省, L=沈阳市, O=沈阳示例科技有限公司") == s.subject,
        "its subject in the order of the profile: %s", s.subject);
    ok(strlen(s.serial) == 32 && strlen(s.sha256) == 64 && strlen(s.subject_key_id) == 40,
        "its serial number, hash and key id");
    ok((in->uscc == NULL) == (s.uscc == NULL) && (s.uscc == NULL || !strcmp(s.uscc, in->uscc)),
        "its social credit code");
    ok(signed_split(der, &parts) && certificate_tbs_numbers(&f->op, parts.tbs, &again) == OK &&
            memcmp(again.serial, in->serial, SERIAL_SIZE) == 0 &&
            again.not_before == in->not_before && again.not_after == in->not_after &&
            blob_equal(again.spki, in->spki),
        "serial, validity and key come back from the stored bytes");
}

static void
openssl_opinion(struct fixture *f, enum algorithm a, struct blob der)
{
    const char *name = algorithm_name(a), *text;
    const char *id = a == ALGORITHM_SM2 ? "-vfyopt distid:1234567812345678" : "";
    int status;

    put_file(f, "ee.pem", blob_text(pem_encode(&f->op, "CERTIFICATE", der)));
    status = shell(f, &text,
        "cd %s && openssl verify %s -CAfile ca/public/%s-root.crt ca/public/%s-issuing.crt 2>&1",
        f->dir, id, name, name);
    ok(status == 0, "openssl verifies the issuing CA under its root: %s", text);
    if (a == ALGORITHM_SM2) /* its option reaches only the last certificate of a path */
        status = shell(f, &text,
            "cd %s && openssl verify %s -partial_chain -trusted ca/public/sm2-issuing.crt ee.pem "
            "2>&1",
            f->dir, id);
    else
        status = shell(f, &text,
            "cd %s && openssl verify -x509_strict -CAfile ca/public/p256-root.crt -untrusted "
            "ca/public/p256-issuing.crt ee.pem 2>&1",
            f->dir);
    ok(status == 0, "openssl verifies the certificate: %s", text);
    shell(f, &text, "cd %s && openssl x509 -in ee.pem -noout -text -nameopt utf8 2>&1", f->dir);
    ok(strstr(text, "Digital Signature, Non Repudiation") != NULL &&
            strstr(text, "X509v3 Key Usage: critical") != NULL,
        "openssl reads the key usage");
    ok(strstr(text, "TLS Web Client Authentication, E-mail Protection") != NULL,
        "openssl reads the extended key usage");
    ok(strstr(
           text, arena_printf(f->op.arena, "http://pki.example.test/pki/%s-issuing.crl", name)) &&
            strstr(text, "CA Issuers - URI:http://pki.example.test/pki/") != NULL &&
            strstr(text, "CPS: http://pki.example.test/cps") != NULL,
        "openssl reads the addresses");
    ok(strstr(text, "Basic Constraints") == NULL, "and sees no basic constraints");
}

static void
other_opinions(struct fixture *f)
{
    const char *text;

    if (installed("command -v certtool >/dev/null")) {
        int status = shell(f, &text,
            "cd %s && cat ee.pem ca/public/p256-issuing.crt | certtool --verify "
            "--load-ca-certificate ca/public/p256-root.crt 2>&1",
            f->dir);
        ok(status == 0 && strstr(text, "Verified") != NULL, "GnuTLS verifies the P-256 path");
    } else {
        ok(true, "# SKIP certtool is not installed");
    }
    if (installed("command -v certutil >/dev/null")) {
        int status = shell(f, &text,
            "cd %s && rm -rf nss && mkdir nss && certutil -N -d nss --empty-password && certutil "
            "-A -d nss -n root -t CT,C,C -i ca/public/p256-root.crt && certutil -A -d nss -n sub "
            "-t ,, -i ca/public/p256-issuing.crt && certutil -A -d nss -n ee -t ,, -i ee.pem && "
            "certutil -V -e -d nss -n ee -u C 2>&1",
            f->dir);
        ok(status == 0, "NSS verifies the P-256 path: %s", text);
    } else {
        ok(true, "# SKIP certutil is not installed");
    }
}

static void
check_chain(struct fixture *f, struct blob der)
{
    struct issuer issuer;
    const char *pem, *text;

    if (issuer_open(&f->op, &f->conf, ALGORITHM_P256, &issuer) != OK)
        abort();
    pem = certificate_chain_pem(&f->op, der, &issuer);
    put_file(f, "chain.pem", blob_text(pem));
    shell(f, &text, "grep -c BEGIN %s/chain.pem", f->dir);
    is(text, "3", "the chain has three certificates");
}

int
main(void)
{
    static const enum algorithm both[] = {ALGORITHM_SM2, ALGORITHM_P256};
    static struct fixture f;

    fixture_begin_ca(&f);
    for (int i = 0; i < 2; i++) {
        struct token_key key;
        struct certificate_profile_input unit = organisation(&f, both[i], &key);
        struct certificate_profile_input human = person(&f, both[i], &key);
        struct blob der = issue(&f, &human, "person");

        check_summary(&f, &human, der);
        openssl_opinion(&f, both[i], der);
        der = issue(&f, &unit, "organisation");
        check_summary(&f, &unit, der);
        check_refusals(&f, &unit, der);
        openssl_opinion(&f, both[i], der);
        check_chain(&f, der);
    }
    other_opinions(&f);
    fixture_end(&f);
    return done();
}
