/* hall-ctl audit-verify and journal-verify: do trail and journal say what was written in them? */
#include <stdio.h>

#include "ctl/verb.h"
#include "io/conf.h"
#include "pki/journal.h"
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
