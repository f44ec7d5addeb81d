/* Revocation lists. */
#include "pki/signed.h"
#include "pki_fixture.h"

enum { ENTRIES = 2000 };

static struct revoked list[ENTRIES];

static struct blob
sign_list(struct fixture *f, const struct issuer *issuer, struct blob tbs)
{
    return crl_assemble(f->op.arena, issuer, tbs, sign_directly(f, issuer->algorithm, tbs));
}

static void
openssl_reads(struct fixture *f, enum algorithm a, struct blob der)
{
    const char *text;
    int status;

    put_file(f, "list.crl", der);
    put_file(f, "list.pem", blob_text(pem_encode(&f->op, "X509 CRL", der)));
    shell(f, &text, "cd %s && openssl crl -in list.pem -noout -text | head -30", f->dir);
    ok(strstr(text, "Version 2") != NULL && strstr(text, "X509v3 CRL Number") != NULL &&
            strstr(text, "Authority Key Identifier") != NULL &&
            strstr(text, "Key Compromise") != NULL,
        "openssl reads version, number, key identifier and reason");
    if (a != ALGORITHM_P256)
        return; /* OpenSSL cannot verify SM2 lists */
    status = shell(f, &text,
        "cd %s && openssl crl -inform DER -in list.crl -CAfile ca/public/p256-issuing.crt -noout "
        "2>&1",
        f->dir);
    ok(status == 0 && strstr(text, "verify OK") != NULL, "openssl verifies it");
    if (system("command -v certtool >/dev/null") != 0) {
        ok(true, "# SKIP certtool is not installed");
        return;
    }
    status = shell(f, &text,
        "cd %s && certtool --verify-crl --infile list.pem --load-ca-certificate "
        "ca/public/p256-issuing.crt 2>&1 | grep 'Verification output: Verified'",
        f->dir);
    ok(status == 0, "GnuTLS verifies it");
}

static void
test_algorithm(struct fixture *f, enum algorithm a, enum algorithm another)
{
    struct crl_input in = {.number = 300,
        .this_update = f->op.now,
        .next_update = f->op.now + 2 * 86400,
        .list = list,
        .count = ENTRIES};
    struct issuer issuer, other;
    struct crl_summary s;
    struct revoked found;
    unsigned char stranger[SERIAL_SIZE], *copy;
    struct blob tbs, der;

    if (issuer_open(&f->op, &f->conf, a, &issuer) != OK ||
        issuer_open(&f->op, &f->conf, another, &other) != OK)
        abort();
    ok(crl_tbs(&f->op, &in, &issuer, &tbs) == OK, "%s: a list is made", algorithm_name(a));
    der = sign_list(f, &issuer, tbs);
    ok(crl_verify(&f->op, der, &issuer, &s) == OK && s.number == 300 && s.count == ENTRIES &&
            s.this_update == in.this_update && s.next_update == in.next_update,
        "it verifies, with number, times and entries");
    ok(crl_find(der, list[777].serial, &found) && found.at == list[777].at &&
            found.reason == list[777].reason,
        "a revoked serial number is on it");
    certificate_serial(stranger);
    ok(!crl_find(der, stranger, &found), "another is not");
    ok(crl_verify(&f->op, der, &other, &s) != OK, "another issuer's list is refused");
    copy = arena_alloc(f->op.arena, der.size);
    memcpy(copy, der.data, der.size);
    copy[der.size / 2] ^= 1;
    ok(crl_verify(&f->op, (struct blob){copy, der.size}, &issuer, &s) != OK,
        "a changed list is refused");
    openssl_reads(f, a, der);
    in.count = 0;
    ok(crl_tbs(&f->op, &in, &issuer, &tbs) == OK &&
            crl_verify(&f->op, sign_list(f, &issuer, tbs), &issuer, &s) == OK && s.count == 0,
        "an empty list is a list");
    in.next_update = in.this_update;
    ok(crl_tbs(&f->op, &in, &issuer, &tbs) == E_INVALID, "a list that ends as it begins is not");
}

static void
test_publish(struct fixture *f)
{
    struct crl_input in = {
        .number = 10, .this_update = f->op.now, .next_update = f->op.now + 86400};
    const char *path = path_of(f, "ca/public/sm2-issuing.crl");
    struct issuer issuer;
    struct blob tbs, ten, nine, there;

    if (issuer_open(&f->op, &f->conf, ALGORITHM_SM2, &issuer) != OK ||
        crl_tbs(&f->op, &in, &issuer, &tbs) != OK)
        abort();
    ten = sign_list(f, &issuer, tbs);
    in.number = 9;
    if (crl_tbs(&f->op, &in, &issuer, &tbs) != OK)
        abort();
    nine = sign_list(f, &issuer, tbs);
    ok(crl_publish(&f->op, &issuer, ten) == OK && disk_read(&f->op, path, 65536, &there) == OK &&
            blob_equal(there, ten),
        "a list is published");
    ok(crl_publish(&f->op, &issuer, nine) == OK && disk_read(&f->op, path, 65536, &there) == OK &&
            blob_equal(there, ten),
        "an older one does not replace it");
    ok(crl_publish(&f->op, &issuer, blob_text("junk")) == E_INVALID &&
            disk_read(&f->op, path, 65536, &there) == OK && blob_equal(there, ten),
        "and junk is not published");
}

static void
test_reasons(void)
{
    static const char *const names[] = {
#define REASON(id, code, name, zh, en) name,
#include "pki/revocation.def"
    };
    enum revocation_reason r;

    ok(revocation_parse("key_compromise", &r) && r == REVOCATION_KEY_COMPROMISE &&
            !revocation_parse("boredom", &r),
        "reasons are a closed list");
    for (int i = 0; i < REVOCATION_MAX; i++)
        ok(revocation_parse(names[i], &r) && (int)r == i, "%s", names[i]);
}

int
main(void)
{
    static struct fixture f;

    fixture_begin_ca(&f);
    for (int i = 0; i < ENTRIES; i++) {
        certificate_serial(list[i].serial);
        list[i].at = f.op.now - i;
        list[i].reason = (enum revocation_reason)((i + 1) % REVOCATION_MAX);
    }
    test_algorithm(&f, ALGORITHM_P256, ALGORITHM_SM2);
    test_algorithm(&f, ALGORITHM_SM2, ALGORITHM_P256);
    test_publish(&f);
    test_reasons();
    fixture_end(&f);
    return done();
}
