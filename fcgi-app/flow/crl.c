#include "flow/crl.h"

#include <string.h>

#include "base/log.h"
#include "io/conf.h"
#include "io/db.h"
#include "pki/crl.h"
#include "pki/signer_client.h"
#include "store/certificate.h"

/* Numbers that were signed before a crash kept them from being stored are skipped: a list's number
 * has to grow, not to be without gaps (RFC 5280 5.2.3). */
enum { NUMBERS_TRIED = 20 };

static enum err
read_entries(struct op *op, const char *issuer, struct revoked **out, size_t *n)
{
    struct crl_entry *entries;
    struct revoked *list;

    TRY(crl_entries(op, issuer, &entries, n));
    *out = list = NEW_N(op->arena, *n + 1, struct revoked);
    for (size_t i = 0; i < *n; i++) {
        memcpy(list[i].serial, entries[i].serial, SERIAL_SIZE);
        list[i].at = entries[i].at;
        if (!revocation_parse(entries[i].reason, &list[i].reason))
            return op_fail(op, E_INTERNAL, "revoked for %.60s", entries[i].reason);
    }
    return OK;
}

static enum err
sign(struct op *op, const struct issuer *issuer, struct crl_input *in, struct blob *der)
{
    struct signer_reply reply;
    struct blob tbs;
    enum err e = E_SIGNER_REFUSED;

    for (int i = 0; i < NUMBERS_TRIED && e == E_SIGNER_REFUSED; i++) {
        in->number++;
        TRY(crl_tbs(op, in, issuer, &tbs));
        e = signer_crl(op, issuer->algorithm, tbs, &reply);
    }
    TRY(e);
    *der = crl_assemble(op->arena, issuer, tbs, reply.signature);
    return OK;
}

static enum err
make(struct op *op, const struct issuer *issuer, int64_t last)
{
    const char *name = algorithm_name(issuer->algorithm);
    struct crl_input in = {
        .number = last, .this_update = op->now, .next_update = op->now + CRL_LASTS_S};
    struct crl_signed made = {.issuer = name};
    struct revoked *list;
    struct blob der;

    TRY(read_entries(op, name, &list, &in.count));
    in.list = list;
    TRY(sign(op, issuer, &in, &der));
    made.number = in.number;
    made.this_update = in.this_update;
    made.next_update = in.next_update;
    made.entries = (int64_t)in.count;
    made.der = der.data;
    made.der_n = der.size;
    TRY(crl_add(op, &made));
    log_info(op, "revocation list", "issuer", name, "number",
        arena_printf(op->arena, "%lld", (long long)made.number), NULL);
    return OK;
}

static enum err
publish(struct op *op, const struct issuer *issuer)
{
    struct crl_signed last;

    TRY(crl_last(op, algorithm_name(issuer->algorithm), &last));
    TRY(crl_publish(op, issuer, (struct blob){last.der, last.der_n}));
    return crl_published(op, &last);
}

static enum err
look_after(struct op *op, enum algorithm a)
{
    struct issuer issuer;
    struct crl_row row;

    TRY(crl_due(op, algorithm_name(a), CRL_EVERY_S, &row));
    if (!row.is_due && !row.is_unpublished)
        return OK;
    TRY(issuer_open(op, op->conf, a, &issuer));
    if (row.is_due)
        TRY(make(op, &issuer, row.number));
    return publish(op, &issuer);
}

enum err
crl_job(struct op *op, const struct job *j)
{
    (void)j;
    TRY(look_after(op, ALGORITHM_SM2));
    return look_after(op, ALGORITHM_P256);
}
