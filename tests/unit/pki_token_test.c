/* The soft token, requests and containers, with the word of OpenSSL's own program. */
#include "pki/signed.h"
#include "pki_fixture.h"

static const char pin[] = "A7KQ4MZ9XW3T";

static struct blob
request_by_openssl(struct fixture *f, const char *algorithm, const char *options)
{
    struct blob der;

    if (shell(f, NULL,
            "cd %s && openssl genpkey %s -out k.pem 2>/dev/null && openssl req -new -key k.pem "
            "-subj /CN=whatever %s -outform DER -out k.csr 2>/dev/null",
            f->dir, algorithm, options) != 0 ||
        disk_read(&f->op, path_of(f, "k.csr"), 65536, &der) != OK)
        abort();
    return der;
}

static void
test_csr(struct fixture *f, enum algorithm a)
{
    const struct token_ops *token = token_soft();
    struct token_key key, other;
    struct blob csr, spki, signature;
    unsigned char *copy;
    const char *text;
    int status;

    ok(token->keygen(&f->op, a, &key) == OK && token->keygen(&f->op, a, &other) == OK,
        "%s: the token makes keys", algorithm_name(a));
    ok(token->csr(&f->op, &key, &csr) == OK && csr_check(&f->op, a, csr, &spki) == OK &&
            blob_equal(spki, key.spki),
        "its request proves possession and gives the key");
    put_file(f, "t.csr", csr);
    status = shell(f, &text, "cd %s && openssl req -inform DER -in t.csr -verify -noout %s 2>&1",
        f->dir, a == ALGORITHM_SM2 ? "-vfyopt distid:1234567812345678" : "");
    ok(status == 0 && strstr(text, "OK") != NULL, "openssl agrees: %s", text);
    copy = arena_alloc(f->op.arena, csr.size);
    memcpy(copy, csr.data, csr.size);
    copy[csr.size - 2] ^= 1;
    ok(csr_check(&f->op, a, (struct blob){copy, csr.size}, &spki) != OK,
        "a spoiled signature proves nothing");
    ok(csr_check(&f->op, a == ALGORITHM_SM2 ? ALGORITHM_P256 : ALGORITHM_SM2, csr, &spki) ==
            E_INVALID,
        "a key of another kind is refused");
    ok(token->sign(&f->op, &key, blob_text("challenge"), &signature) == OK &&
            key_verify(&f->op, a, key.spki, blob_text("challenge"), signature) == OK &&
            key_verify(&f->op, a, other.spki, blob_text("challenge"), signature) == E_FORBIDDEN &&
            key_verify(&f->op, a, key.spki, blob_text("challengf"), signature) == E_FORBIDDEN,
        "it signs a challenge, which verifies with its key and bytes alone");
}

static void
test_foreign_requests(struct fixture *f)
{
    struct blob spki, csr;

    csr = request_by_openssl(f, "-algorithm SM2", "-sm3 -sigopt distid:1234567812345678");
    ok(csr_check(&f->op, ALGORITHM_SM2, csr, &spki) == OK, "openssl's SM2 request is taken");
    csr = request_by_openssl(f, "-algorithm SM2", "-sm3");
    ok(csr_check(&f->op, ALGORITHM_SM2, csr, &spki) == E_FORBIDDEN &&
            strstr(f->op.note, "empty SM2 id") != NULL,
        "one with the empty id is refused and told why: %s", f->op.note);
    csr = request_by_openssl(f, "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-sha256");
    ok(csr_check(&f->op, ALGORITHM_P256, csr, &spki) == OK, "openssl's P-256 request is taken");
    csr = request_by_openssl(f,
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "-sha256");
    ok(csr_check(&f->op, ALGORITHM_P256, csr, &spki) != OK, "explicit parameters are refused");
    csr = request_by_openssl(f, "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "-sha384");
    ok(csr_check(&f->op, ALGORITHM_P256, csr, &spki) == E_INVALID, "another curve is refused");
    csr = request_by_openssl(f, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "-sha256");
    ok(csr_check(&f->op, ALGORITHM_P256, csr, &spki) == E_INVALID, "RSA is refused");
    ok(csr_check(&f->op, ALGORITHM_P256, blob_text("MIIB"), &spki) == E_INVALID, "and junk is");
}

static struct blob
certify(struct fixture *f, const struct certificate_profile_input *in, struct issuer *issuer)
{
    struct blob tbs;

    if (issuer_open(&f->op, &f->conf, in->algorithm, issuer) != OK ||
        certificate_tbs(&f->op, in, issuer, &tbs) != OK)
        abort();
    return certificate_assemble(
        f->op.arena, in->algorithm, tbs, sign_directly(f, in->algorithm, tbs));
}

static void
openssl_opens(struct fixture *f, struct blob p12, struct blob certificate)
{
    const char *text, *pem = pem_encode(&f->op, "CERTIFICATE", certificate);
    int status;

    put_file(f, "t.p12", p12);
    put_file(f, "t.pem", blob_text(pem));
    put_file(f, "pin", blob_text(pin));
    status = shell(
        f, &text, "cd %s && openssl pkcs12 -in t.p12 -passin file:pin -info -noout 2>&1", f->dir);
    ok(status == 0 && strstr(text, "AES-256-CBC, Iteration 600000, PRF hmacWithSHA256") != NULL &&
            strstr(text, "MAC: sha256, Iteration 600000") != NULL &&
            strstr(text, "Shrouded Keybag: PBES2") != NULL,
        "openssl opens it and names the protection");
    shell(f, &text,
        "cd %s && openssl pkcs12 -in t.p12 -passin file:pin -nodes 2>/dev/null >all.pem; grep -c "
        "'BEGIN CERT' all.pem; grep -c 'BEGIN PRIVATE' all.pem",
        f->dir);
    is(text, "3\n1", "it holds three certificates and one key");
    status = shell(f, &text,
        "cd %s && openssl pkcs12 -in t.p12 -passin file:pin -clcerts -nokeys 2>/dev/null | openssl "
        "x509 -noout -pubkey >a && openssl pkey -in all.pem -pubout >b && openssl x509 -in t.pem "
        "-noout -pubkey >c && cmp a b && cmp b c",
        f->dir);
    ok(status == 0, "the key is that of the certificate");
    status =
        shell(f, &text, "cd %s && openssl pkcs12 -in t.p12 -passin pass:wrong -noout 2>&1", f->dir);
    ok(status != 0, "openssl does not open it with another PIN");
}

static void
test_container(struct fixture *f, enum algorithm a)
{
    struct token_key key, other;
    struct certificate_profile_input in = organisation(f, a, &key);
    struct issuer issuer;
    struct blob der = certify(f, &in, &issuer), p12;
    const struct token_ops *token = token_soft();

    ok(token->deliver(&f->op, &key, der, &issuer, pin, &p12) == OK, "%s: a container is made",
        algorithm_name(a));
    ok(memmem(p12.data, p12.size, in.organisation, strlen(in.organisation)) == NULL,
        "the name cannot be read from outside");
    openssl_opens(f, p12, der);
    ok(token->deliver(&f->op, &key, der, &issuer, "A7K", &p12) == E_INVALID,
        "a short PIN is refused");
    ok(token->deliver(&f->op, &key, der, &issuer, "中文密码中文密码", &p12) == E_INVALID,
        "a PIN that programs encode differently is refused");
    if (token->keygen(&f->op, a, &other) != OK)
        abort();
    ok(token->deliver(&f->op, &other, der, &issuer, pin, &p12) == E_INVALID,
        "another key's certificate is refused");
}

int
main(void)
{
    static struct fixture f;

    fixture_begin_ca(&f);
    test_csr(&f, ALGORITHM_SM2);
    test_csr(&f, ALGORITHM_P256);
    test_foreign_requests(&f);
    test_container(&f, ALGORITHM_SM2);
    test_container(&f, ALGORITHM_P256);
    fixture_end(&f);
    return done();
}
