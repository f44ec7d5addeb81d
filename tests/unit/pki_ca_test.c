/* Keys, and the CAs on disk. */
#include "pki/signed.h"
#include "pki_fixture.h"

static void
test_key(struct fixture *f, enum algorithm a)
{
    struct blob message = blob_text("message"), signature, pkcs8, spki, other_spki;
    const char *pem;
    KEY(key);
    KEY(again);
    KEY(other);
    KEY(none);

    if (key_generate(&f->op, a, &key) != OK || key_generate(&f->op, a, &other) != OK ||
        key_spki(&f->op, key, &spki) != OK || key_spki(&f->op, other, &other_spki) != OK)
        abort();
    ok(spki_check(&f->op, a, spki) == OK, "%s: the public key is in its one encoding",
        algorithm_name(a));
    ok(key_sign(&f->op, key, message, &signature) == OK &&
            key_verify(&f->op, a, spki, message, signature) == OK,
        "a signature verifies");
    ok(key_verify(&f->op, a, other_spki, message, signature) == E_FORBIDDEN,
        "but not with another key");
    ok(key_verify(&f->op, a, spki, blob_text("massage"), signature) == E_FORBIDDEN,
        "nor over other bytes");
    ok(key_pkcs8(&f->op, key, &pkcs8) == OK && key_open(&f->op, a, pkcs8, &again) == OK &&
            key_sign(&f->op, again, message, &signature) == OK &&
            key_verify(&f->op, a, spki, message, signature) == OK,
        "PKCS#8 and back it is the same key");
    for (int i = 0; i < ALGORITHM_MAX; i++)
        if (i != (int)a)
            ok(key_open(&f->op, (enum algorithm)i, pkcs8, &none) == E_INVALID &&
                    spki_check(&f->op, (enum algorithm)i, spki) == E_INVALID,
                "and not one of %s", algorithm_name((enum algorithm)i));
    ok(key_seal(&f->op, key, passphrase, &pem) == OK &&
            strstr(pem, "BEGIN ENCRYPTED PRIVATE KEY") != NULL,
        "it is sealed");
    ok(key_unseal(&f->op, a, pem, "another passphrase", &none) == E_FORBIDDEN,
        "another passphrase does not open it");
}

/* Points that are not on the curve, or written another way. */
static void
test_points(struct fixture *f)
{
    struct blob spki;
    unsigned char *p;
    KEY(key);

    if (key_generate(&f->op, ALGORITHM_P256, &key) != OK || key_spki(&f->op, key, &spki) != OK)
        abort();
    p = arena_alloc(f->op.arena, spki.size + 1);
    memcpy(p, spki.data, spki.size);
    p[spki.size - 1] ^= 1;
    ok(spki_check(&f->op, ALGORITHM_P256, (struct blob){p, spki.size}) == E_INVALID,
        "a point beside the curve is refused");
    p[spki.size - 1] ^= 1;
    p[spki.size] = 0;
    ok(spki_check(&f->op, ALGORITHM_P256, (struct blob){p, spki.size + 1}) == E_INVALID,
        "a byte too many is refused");
    ok(spki_check(&f->op, ALGORITHM_P256, (struct blob){p, 26}) == E_INVALID,
        "a key without a point is refused");
}

static mode_t
mode_of(struct fixture *f, const char *name)
{
    struct stat st;

    return stat(path_of(f, name), &st) == 0 ? st.st_mode & 0777 : 0;
}

static void
test_files(struct fixture *f)
{
    static const struct {
        const char *name;
        mode_t mode;
    } files[] = {{"ca/offline", 0700}, {"ca/key", 0700}, {"ca/public", 0755},
        {"ca/offline/sm2-root.key", 0600}, {"ca/offline/p256-root.key", 0600},
        {"ca/key/sm2-issuing.key", 0600}, {"ca/key/p256-issuing.key", 0600},
        {"ca/key/audit.key", 0600}, {"ca/public/sm2-root.crt", 0644},
        {"ca/public/p256-issuing.cer", 0644}, {"ca/public/sm2-chain.pem", 0644},
        {"ca/public/p256-root.crl", 0644}, {"ca/public/audit.pem", 0644}};
    char why[256] = "";
    const char *text;

    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        ok(mode_of(f, files[i].name) == files[i].mode, "%s has mode %o", files[i].name,
            (unsigned)files[i].mode);
    ok(ca_init(&f->op, f->conf.ca_dir, passphrase, why, sizeof(why)) == E_CONFLICT &&
            strstr(why, "a CA already") != NULL,
        "a CA is never overwritten: %s", why);
    ok(ca_init(&f->op, path_of(f, "other"), "short", why, sizeof(why)) == E_INVALID &&
            mode_of(f, "other") == 0,
        "a short passphrase is refused: %s", why);
    shell(f, &text,
        "cd %s && openssl x509 -in ca/public/p256-issuing.crt -noout -text | grep -A1 'Basic "
        "Constraints: critical' | tail -1",
        f->dir);
    ok(strstr(text, "CA:TRUE, pathlen:0") != NULL, "the issuing CA may make no other: %s", text);
    shell(f, &text, "cd %s && openssl x509 -in ca/public/sm2-root.crt -noout -text", f->dir);
    ok(strstr(text, "Certificate Sign, CRL Sign") != NULL && strstr(text, "SM2-with-SM3") != NULL,
        "the root is an SM2 CA");
    shell(f, &text, "cd %s && openssl x509 -in ca/public/p256-root.crt -noout -text", f->dir);
    ok(strstr(text, "ecdsa-with-SHA384") != NULL, "the other is P-384");
}

static const char *
fault_of(const struct ca_state *states, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(states[i].name, name) == 0)
            return states[i].fault;
    return "not looked at";
}

static void
test_check(struct fixture *f)
{
    struct ca_state s[CA_STATES_MAX];
    size_t n = 0;
    int64_t now = f->op.now;

    ok(ca_check(&f->op, f->conf.ca_dir, passphrase, s, &n) == OK && n == 7,
        "everything is in order, with the keys");
    ok(ca_check(&f->op, f->conf.ca_dir, NULL, s, &n) == OK, "and without");
    ok(ca_check(&f->op, f->conf.ca_dir, "not the passphrase", s, &n) == E_INVALID &&
            fault_of(s, n, "audit") != NULL && fault_of(s, n, "sm2-root") == NULL,
        "a wrong passphrase is a fault of the keys");
    f->op.now = now + 400 * 86400;
    ok(ca_check(&f->op, f->conf.ca_dir, NULL, s, &n) == E_INVALID &&
            fault_of(s, n, "sm2-root.crl") != NULL && fault_of(s, n, "sm2-issuing") == NULL,
        "after 13 months the root's list is out of date: %s", fault_of(s, n, "sm2-root.crl"));
    f->op.now = now + 11 * 366 * 86400LL;
    ok(ca_check(&f->op, f->conf.ca_dir, NULL, s, &n) == E_INVALID &&
            fault_of(s, n, "p256-issuing") != NULL,
        "after eleven years the issuing CA is: %s", fault_of(s, n, "p256-issuing"));
    f->op.now = now;
    ok(ca_check(&f->op, path_of(f, "nowhere"), NULL, s, &n) == E_INVALID, "nothing is a fault");
}

static void
test_root_list(struct fixture *f)
{
    struct revoked one = {.at = f->op.now, .reason = REVOCATION_KEY_COMPROMISE};
    struct certificate_summary own;
    struct ca_state s[CA_STATES_MAX];
    struct issuer issuer;
    const char *text;
    size_t n;

    if (issuer_open(&f->op, &f->conf, ALGORITHM_P256, &issuer) != OK ||
        certificate_parse(&f->op, issuer.certificate, &own) != OK)
        abort();
    for (int i = 0; i < SERIAL_SIZE; i++) {
        unsigned byte;

        if (sscanf(own.serial + 2 * i, "%2x", &byte) != 1)
            abort();
        one.serial[i] = (unsigned char)byte;
    }
    ok(ca_root_crl(&f->op, f->conf.ca_dir, "not the passphrase", ALGORITHM_P256, NULL, 0) ==
            E_FORBIDDEN,
        "a root's list needs the passphrase");
    ok(ca_root_crl(&f->op, f->conf.ca_dir, passphrase, ALGORITHM_P256, &one, 1) == OK,
        "a root revokes its issuing CA");
    shell(f, &text,
        "cd %s && openssl crl -inform DER -in ca/public/p256-root.crl -noout -crlnumber -verify "
        "-CAfile ca/public/p256-root.crt 2>&1",
        f->dir);
    ok(strstr(text, "verify OK") != NULL && strstr(text, "02") != NULL,
        "openssl verifies the second list");
    ok(ca_check(&f->op, f->conf.ca_dir, NULL, s, &n) == E_INVALID &&
            strstr(fault_of(s, n, "p256-root.crl"), "revoked") != NULL,
        "and the check sees it");
    shell(f, &text,
        "cd %s && cat ca/public/p256-root.crt >both.pem && openssl crl -inform DER -in "
        "ca/public/p256-root.crl >>both.pem && openssl verify -crl_check -CAfile both.pem "
        "ca/public/p256-issuing.crt 2>&1",
        f->dir);
    ok(strstr(text, "certificate revoked") != NULL, "as openssl does");
}

static void
test_passphrase(struct fixture *f)
{
    const char *text;

    ok(ca_passphrase(&f->op, f->conf.ca_passphrase_file, &text) == OK &&
            strcmp(text, passphrase) == 0,
        "the passphrase is the first line");
    chmod(f->conf.ca_passphrase_file, 0640);
    ok(ca_passphrase(&f->op, f->conf.ca_passphrase_file, &text) == E_FORBIDDEN,
        "a file that others may read is refused");
    chmod(f->conf.ca_passphrase_file, 0600);
    put_file(f, "empty", blob_text("\n"));
    ok(ca_passphrase(&f->op, path_of(f, "empty"), &text) == E_INVALID, "an empty one too");
}

int
main(void)
{
    static struct fixture f;

    fixture_begin_ca(&f);
    for (int a = 0; a < ALGORITHM_MAX; a++)
        test_key(&f, (enum algorithm)a);
    test_points(&f);
    test_files(&f);
    test_check(&f);
    test_passphrase(&f);
    test_root_list(&f);
    fixture_end(&f);
    return done();
}
