/* hall-ctl ca: making, renewing and checking what the signer and relying parties need. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ctl/verb.h"
#include "io/conf.h"
#include "pki/ca.h"

static enum err
passphrase(struct op *op, const char **out)
{
    if (*op->conf->ca_passphrase_file == '\0')
        return op_fail(op, E_INVALID, "ca_passphrase_file is not set");
    return ca_passphrase(op, op->conf->ca_passphrase_file, out);
}

enum err
ctl_ca_init(struct op *op, char *const *args)
{
    const char *secret;
    char why[512];
    enum err e;

    TRY(passphrase(op, &secret));
    e = ca_init(op, args[0], secret, why, sizeof(why));
    if (e != OK)
        return op_fail(op, e, "%s", why);
    printf("made %s; take %s/offline to a safe place away from this machine\n", args[0], args[0]);
    return OK;
}

/* Without the passphrase the keys are not looked at: not every machine that checks has it. */
enum err
ctl_ca_check(struct op *op, char *const *args)
{
    struct ca_state states[CA_STATES_MAX];
    const char *secret = NULL;
    size_t n = 0;
    enum err e;

    (void)args;
    if (*op->conf->ca_passphrase_file != '\0')
        TRY(passphrase(op, &secret));
    e = ca_check(op, op->conf->ca_dir, secret, states, &n);
    for (size_t i = 0; i < n; i++)
        printf("%-13s %-11s %s%s%s\n", states[i].name,
            states[i].not_after == 0 ? "" : text_date_cn(op->arena, states[i].not_after),
            states[i].fault == NULL ? "good" : states[i].fault, *states[i].subject ? "  " : "",
            states[i].subject);
    return e;
}

/* SERIAL REASON YYYY-MM-DD of every issuing CA that is revoked, ended by NULL. */
static enum err
read_revoked(struct op *op, char *const *args, struct revoked *list, size_t most, size_t *n)
{
    for (*n = 0; *args != NULL; args += 3, ++*n) {
        struct revoked *r = &list[*n];
        int64_t days;

        if (*n == most || args[1] == NULL || args[2] == NULL)
            return op_fail(op, E_INVALID, "SERIAL REASON YYYY-MM-DD for each, %zu at most", most);
        if (!text_unhex(args[0], r->serial, sizeof(r->serial)))
            return op_fail(op, E_INVALID, "%s is no serial number in hex", args[0]);
        if (!revocation_parse(args[1], &r->reason))
            return op_fail(op, E_INVALID, "%s is no reason", args[1]);
        if (!text_date(args[2], &days))
            return op_fail(op, E_INVALID, "%s is no date", args[2]);
        r->at = days * 86400;
    }
    return OK;
}

enum err
ctl_ca_root_crl(struct op *op, char *const *args)
{
    struct revoked list[8];
    enum algorithm ca;
    const char *secret;
    size_t n;

    if (!algorithm_parse(args[0], &ca))
        return op_fail(op, E_INVALID, "%s is no CA: sm2 or p256", args[0]);
    TRY(read_revoked(op, args + 1, list, sizeof(list) / sizeof(*list), &n));
    TRY(passphrase(op, &secret));
    TRY(ca_root_crl(op, op->conf->ca_dir, secret, ca, list, n));
    printf("signed the list of the %s root with %zu entries\n", args[0], n);
    return OK;
}
