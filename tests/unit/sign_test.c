#include "io/sign.h"

#include "io/encoding.h"
#include "provider_help.h"
#include "tap.h"

static struct key *
private_key(const char *path)
{
    struct key *k = NULL;

    ok(key_read_private(path, &k) == OK, "%s is a private key", path);
    return k;
}

static struct key *
public_key(const char *path)
{
    struct key *k = NULL;

    ok(key_read_public(path, &k) == OK, "%s is a public key or certificate", path);
    return k;
}

static void
test_rsa(struct op *op, const struct tree *v)
{
    const char *text = tree_text(v, "wx_request_post.string_to_sign"), *signature = NULL;
    struct key *private = private_key(KEYS "wx_merchant.key.pem");
    struct key *public = public_key(KEYS "wx_merchant.pub.pem");
    struct key *other = public_key(KEYS "wx_platform.crt.pem");
    char *flipped;

    ok(sign_rsa(op, private, text, &signature) == OK, "RSA signs");
    is(signature, tree_text(v, "wx_request_post.signature"), "RSA signs byte for byte the vector");
    ok(sign_rsa_verify(op, public, text, strlen(text), signature) == OK, "and verifies it");
    ok(sign_rsa_verify(op, public, text, strlen(text) - 1, signature) == E_FORBIDDEN,
        "not over another text");
    ok(sign_rsa_verify(op, other, text, strlen(text), signature) == E_FORBIDDEN,
        "not with another key");
    flipped = arena_printf(op->arena, "%s", signature);
    flipped[10] = flipped[10] == 'A' ? 'B' : 'A';
    ok(sign_rsa_verify(op, public, text, strlen(text), flipped) == E_FORBIDDEN,
        "a changed signature fails");
    ok(sign_rsa_verify(op, public, text, strlen(text), "%%%%") == E_MALFORMED,
        "what is no base64 is malformed");
    ok(sign_rsa_verify(op, public, text, strlen(text), "") == E_FORBIDDEN, "so is none at all");
    ok(*key_serial(public) == '\0' && strlen(key_serial(other)) >= 8,
        "only a certificate has a serial");
    ok(!key_is_sm2(public), "an RSA key is no SM2 key");
    sign_key_free(private);
    sign_key_free(public);
    sign_key_free(other);
}

static void
test_sm2(struct op *op, const struct tree *v)
{
    const char *text = tree_text(v, "cmb_cdc_style.signed_string"), *mine = NULL;
    const char *id = tree_text(v, "cmb_cdc_style.sm2_user_id");
    const char *given = tree_text(v, "cmb_cdc_style.sm2_raw_b64");
    struct key *private = private_key(KEYS "sm2_client.key.pem");
    struct key *public = public_key(KEYS "sm2_client.pub.pem");

    ok(key_is_sm2(private) && key_is_sm2(public), "SM2 keys are told from RSA");
    ok(sign_sm2_verify(op, public, id, text, given) == OK, "SM2 verifies the vector");
    ok(sign_sm2_verify(op, public, "1234567812345678", text, given) == E_FORBIDDEN,
        "not under another id");
    ok(sign_sm2_verify(op, public, id, "x", given) == E_FORBIDDEN, "not over another text");
    ok(sign_sm2_verify(op, public, id, text, "AAAA") == E_MALFORMED, "64 bytes or malformed");
    ok(sign_sm2(op, private, id, text, &mine) == OK && strlen(mine) == 88, "SM2 signs 64 bytes");
    ok(sign_sm2_verify(op, public, id, text, mine) == OK, "and its signature verifies");
    for (int i = 0; i < 64; i++) { /* short r and s come up: they must be padded */
        if (sign_sm2(op, private, id, text, &mine) != OK ||
            sign_sm2_verify(op, public, id, text, mine) != OK) {
            ok(false, "signature %d", i);
            break;
        }
    }
    ok(sign_rsa(op, private, text, &mine) != OK ||
            sign_rsa_verify(op, public, text, 1, given) != OK,
        "an SM2 key does not pass for RSA");
    sign_key_free(private);
    sign_key_free(public);
}

static void
test_ciphers(struct op *op, const struct tree *v)
{
    const char *key = tree_text(v, "cmb_cdc_style.sm4_key"),
               *iv = tree_text(v, "cmb_cdc_style.sm4_iv");
    const char *plain = tree_text(v, "cmb_cdc_style.plaintext");
    const struct tree *callback;
    const char *body = tree_text(v, "wx_callback.body"), *nonce;
    struct bytes sealed = {0}, opened = {0};
    unsigned char *spoilt;
    const void *raw;

    ok(sign_sm4_seal(op, key, iv, plain, strlen(plain), &sealed) == OK, "SM4 seals");
    is(encoding_base64(op->arena, sealed.data, sealed.size), tree_text(v, "cmb_cdc_style.DATA_b64"),
        "byte for byte as the vector");
    ok(sign_sm4_open(op, key, iv, sealed.data, sealed.size, &opened) == OK, "SM4 opens");
    is((const char *)opened.data, plain, "the same text");
    ok(sign_sm4_open(op, key, iv, sealed.data, sealed.size - 1, &opened) == E_MALFORMED,
        "half a block is malformed");
    ok(sign_sm4_open(op, key, iv, sealed.data, 0, &opened) == E_MALFORMED, "so is nothing");
    ok(sign_sm4_open(op, "0000000000000000", iv, sealed.data, sealed.size, &opened) != OK ||
            strcmp((const char *)opened.data, plain) != 0,
        "another key does not open it");

    ok(tree_read(op, body, strlen(body), &callback) == OK, "the callback is JSON");
    nonce = tree_text(callback, "resource.nonce");
    key = tree_text(v, "wx_callback.apiv3_key");
    ok(encoding_unbase64(op->arena, tree_text(callback, "resource.ciphertext"), &raw, &sealed.size),
        "its ciphertext is base64");
    sealed.data = raw;
    ok(sign_gcm_open(op, key, nonce, "transaction", sealed, &opened) == OK, "GCM opens");
    is((const char *)opened.data, tree_text(v, "wx_callback.resource_plaintext"), "the vector");
    ok(sign_gcm_open(op, key, nonce, "refund", sealed, &opened) == E_FORBIDDEN,
        "not with other associated data");
    ok(sign_gcm_open(op, key, "short", "transaction", sealed, &opened) == E_MALFORMED,
        "the nonce has 12 bytes");
    spoilt = memcpy(arena_alloc(op->arena, sealed.size), sealed.data, sealed.size);
    spoilt[3] ^= 1;
    sealed.data = spoilt;
    ok(sign_gcm_open(op, key, nonce, "transaction", sealed, &opened) == E_FORBIDDEN,
        "a flipped bit is found");
    sealed.size = 15;
    ok(sign_gcm_open(op, key, nonce, "transaction", sealed, &opened) == E_MALFORMED,
        "less than a tag is malformed");
}

static void
test_keys(void)
{
    static const char *const not_private[] = {KEYS "rsa1024.key.pem", KEYS "wx_merchant.pub.pem",
        KEYS "none.pem", KEYS "cmb_sig.json", "/dev/null", KEYS};
    struct key *k = NULL, *many[4];
    size_t n = 0;

    for (size_t i = 0; i < sizeof(not_private) / sizeof(*not_private); i++)
        ok(key_read_private(not_private[i], &k) == E_INVALID, "%s is no private key of ours",
            not_private[i]);
    ok(key_read_public(KEYS "wx_merchant.key.pem", &k) == E_INVALID, "a private key is no public");
    ok(key_read_certificates(KEYS "wx_platform.crt.pem", many, 4, &n) == OK && n == 1,
        "one certificate");
    sign_key_free(many[0]);
    ok(key_read_certificates(KEYS "wx_platform.pub.pem", many, 4, &n) == E_INVALID,
        "a public key is no certificate");
    sign_key_free(NULL);
}

int
main(void)
{
    struct op op = op_new(VECTOR_NOW);
    const struct tree *v = vectors(&op);
    const char *md5 = NULL;

    test_rsa(&op, v);
    test_sm2(&op, v);
    test_ciphers(&op, v);
    test_keys();
    ok(sign_md5(&op, tree_text(v, "sf_published_params.urlencoded"), &md5) == OK, "MD5");
    is(md5, tree_text(v, "sf_published_params.standard_md5"), "as published");
    arena_free(op.arena);
    return done();
}
