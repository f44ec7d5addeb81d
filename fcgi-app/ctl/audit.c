/* hall-ctl audit-verify, journal-verify and journal-compare: do trail and journal say what was
 * written in them, and does the database know all that was signed? */
#include <stdio.h>

#include "base/text.h"
#include "ctl/verb.h"
#include "io/conf.h"
#include "io/hash.h"
#include "pki/signer_client.h"
#include "store/issuance.h"
#include "store/trail.h"

enum err
ctl_audit_verify(struct op *op, char *const *args)
{
    int64_t events;

    (void)args;
    TRY(trail_verify(op, &events));
    printf("%lld events, all whole\n", (long long)events);
    return OK;
}

/* The hash is what an auditor writes down: a later journal that is whole and does not hold it was
 * written anew. */
enum err
ctl_journal_verify(struct op *op, char *const *args)
{
    struct journal_report r;

    (void)args;
    if (*op->conf->journal == '\0')
        return op_fail(op, E_INVALID, "journal is not set: use the signer's settings");
    TRY(journal_verify(op, op->conf->journal, &r));
    printf("%lld entries, all whole: %lld certificates, %lld voids, %lld lists, %lld statements\n",
        (long long)r.entries, (long long)r.certificates, (long long)r.voids, (long long)r.crls,
        (long long)r.statements);
    printf("the last has the hash %s\n", r.head);
    if (r.torn > 0)
        printf("behind it stand %zu bytes of one that is not finished\n", r.torn);
    return OK;
}

/* The next certificate that the signer knows of, and whether the database knows the same bytes. */
static enum err
compare_next(struct op *op, int64_t *seq, int64_t *unknown)
{
    struct signer_reply r;
    const char *serial;
    bool known;

    TRY(signer_next(op, *seq, &r));
    *seq = r.seq;
    serial = text_hex(op->arena, r.serial, SERIAL_SIZE);
    TRY(intent_known(op, algorithm_name(r.issuer), serial,
        hash_sha256_hex(op->arena, r.tbs.data, r.tbs.size), &known));
    if (known)
        return OK;
    ++*unknown;
    printf("%s %s was signed for order %s, issue %lld\n", algorithm_name(r.issuer), serial,
        r.order_no, (long long)r.reissue_no);
    return OK;
}

/* After a backup was restored: what was signed since it was made can be revoked only once the
 * database has it again. */
enum err
ctl_journal_compare(struct op *op, char *const *args)
{
    struct op one = *op; /* each certificate's memory is given back */
    int64_t seq = 0, n = 0, unknown = 0;
    enum err e;

    (void)args;
    one.arena = arena_new(64 * 1024);
    while ((e = compare_next(&one, &seq, &unknown)) == OK) {
        arena_reset(one.arena);
        n++;
    }
    if (e != E_NOT_FOUND)
        e = op_fail(op, e, "after entry %lld: %s", (long long)seq, one.note);
    else if (unknown > 0)
        e = op_fail(op, E_CONFLICT, "%lld of %lld certificates are unknown to the database",
            (long long)unknown, (long long)n);
    else
        e = OK;
    arena_free(one.arena);
    if (e == OK)
        printf("%lld certificates, all in the database\n", (long long)n);
    return e;
}
