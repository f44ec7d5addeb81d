/* certificate_path_verify() of pki/certificate.h: the one place where OpenSSL walks a chain. */
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "pki/certificate.h"
#include "pki/failure.h"
#include "pki/guard.h"

GUARD(X509)
GUARD(X509_STORE)
GUARD(X509_STORE_CTX)

static void
stack_drop(STACK_OF(X509) * *s)
{
    sk_X509_free(*s);
}

/* The SM2 id is a property of every certificate that SM2 signed (GB/T 35276); ECDSA refuses one. */
static X509 *
load(struct blob der)
{
    static const char id[] = "1234567812345678";
    const unsigned char *p = der.data;
    X509 *x = d2i_X509(NULL, &p, (long)der.size);
    ASN1_OCTET_STRING *s;

    if (x == NULL || p != der.data + der.size) {
        X509_free(x);
        return NULL;
    }
    if (X509_get_signature_nid(x) != NID_SM2_with_SM3)
        return x;
    s = ASN1_OCTET_STRING_new();
    if (s != NULL && ASN1_OCTET_STRING_set(s, (const unsigned char *)id, sizeof(id) - 1) == 1)
        X509_set0_distinguishing_id(x, s);
    return x;
}

enum err
certificate_path_verify(struct op *op, struct blob leaf, struct blob issuing, struct blob root)
{
    AUTO(X509) *x = load(leaf);
    AUTO(X509) *middle = load(issuing);
    AUTO(X509) *top = load(root);
    AUTO(X509_STORE) *store = X509_STORE_new();
    AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
    __attribute__((cleanup(stack_drop))) STACK_OF(X509) *untrusted = sk_X509_new_null();

    if (x == NULL || middle == NULL || top == NULL)
        return crypto_fail(op, E_INVALID, "a certificate of the path cannot be read");
    if (store == NULL || ctx == NULL || untrusted == NULL || sk_X509_push(untrusted, middle) <= 0 ||
        X509_STORE_add_cert(store, top) != 1 || X509_STORE_CTX_init(ctx, store, x, untrusted) != 1)
        return crypto_fail(op, E_INTERNAL, "verifying a path");
    X509_STORE_CTX_set_time(ctx, 0, (time_t)op->now);
    X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
    if (X509_verify_cert(ctx) != 1)
        return op_fail(op, E_FORBIDDEN, "path: %s at depth %d",
            X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)),
            X509_STORE_CTX_get_error_depth(ctx));
    return OK;
}
