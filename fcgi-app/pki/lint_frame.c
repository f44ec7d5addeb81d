/* Rules about everything but subject and extensions. */
#include <string.h>

#include <openssl/x509.h>

#include "pki/guard.h"
#include "pki/lint_rule.h"

enum { CERTIFICATE_SIZE_MAX = 4096 };

GUARD(X509)

/* Another reader must understand all of it, and writing it again must give the same bytes. */
bool
lint_encoding(const struct lint_view *v)
{
    const unsigned char *p = v->der.data;
    AUTO(X509) *x = d2i_X509(NULL, &p, (long)v->der.size);
    unsigned char *again = NULL;
    int size;
    bool same;

    if (x == NULL || p != v->der.data + v->der.size)
        return false;
    size = i2d_re_X509_tbs(x, &again);
    same = size > 0 && blob_equal((struct blob){again, (size_t)size}, v->c->frame.tbs);
    OPENSSL_free(again);
    return same;
}

bool
lint_size(const struct lint_view *v)
{
    return v->der.size <= CERTIFICATE_SIZE_MAX;
}

bool
lint_version(const struct lint_view *v)
{
    return v->c->version == 2;
}

bool
lint_serial_shape(const struct lint_view *v)
{
    return v->c->serial.size == SERIAL_SIZE && v->c->serial.data[0] > 0 &&
           v->c->serial.data[0] < 0x80;
}

bool
lint_serial_input(const struct lint_view *v)
{
    return blob_equal(v->c->serial, (struct blob){v->in->serial, SERIAL_SIZE});
}

bool
lint_signature_algorithm(const struct lint_view *v)
{
    return blob_equal(v->c->algorithm, algorithm_identifier(v->op->arena, v->signer)) &&
           blob_equal(v->c->algorithm, v->c->frame.algorithm);
}

bool
lint_issuer_name(const struct lint_view *v)
{
    return blob_equal(v->c->issuer, v->issuer != NULL ? v->issuer->name : v->c->subject);
}

static bool
time_right(const struct der *time)
{
    long long at;

    /* 2050-01-01 is where GeneralizedTime begins, not a second earlier */
    return der_seconds(time, &at) &&
           (time->tag == DER_UTC_TIME) == (at < 2524608000LL && at >= -631152000LL);
}

bool
lint_validity_encoding(const struct lint_view *v)
{
    return time_right(&v->c->not_before) && time_right(&v->c->not_after);
}

bool
lint_validity_input(const struct lint_view *v)
{
    long long from, until;

    return der_seconds(&v->c->not_before, &from) && der_seconds(&v->c->not_after, &until) &&
           from == v->in->not_before && until == v->in->not_after;
}

bool
lint_validity_years(const struct lint_view *v)
{
    long long from, until;
    int years;

    if (!der_seconds(&v->c->not_before, &from) || !der_seconds(&v->c->not_after, &until))
        return false;
    years = certificate_years(from, until);
    switch (v->in->kind) {
    case PROFILE_ROOT:
        return years == 20;
    case PROFILE_ISSUING:
        return years == 10;
    default:
        return years >= 1 && years <= 5;
    }
}

bool
lint_validity_issuer(const struct lint_view *v)
{
    long long from, until;

    return v->issuer == NULL ||
           (der_seconds(&v->c->not_before, &from) && der_seconds(&v->c->not_after, &until) &&
               from >= v->issuer->not_before && until <= v->issuer->not_after);
}

bool
lint_unique_ids(const struct lint_view *v)
{
    return !v->c->unique_ids;
}

bool
lint_key_algorithm(const struct lint_view *v)
{
    return spki_check(v->op, v->in->algorithm, v->c->spki) == OK;
}

bool
lint_key_input(const struct lint_view *v)
{
    return blob_equal(v->c->spki, v->in->spki);
}

bool
lint_key_other(const struct lint_view *v)
{
    return v->issuer == NULL || (!blob_equal(v->c->spki, v->issuer->spki) &&
                                    !blob_equal(v->c->spki, v->issuer->root_spki));
}
