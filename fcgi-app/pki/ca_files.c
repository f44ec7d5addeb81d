/* Reading what ca_init() made: ca_key_open(), ca_passphrase(), ca_check() of pki/ca.h. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "io/conf.h"
#include "io/hash.h"
#include "pki/ca.h"
#include "pki/certificate.h"
#include "pki/disk.h"
#include "pki/signed.h"

enum { FILE_MAX = 64 * 1024 };

enum err
ca_key_open(
    struct op *op, const char *dir, enum algorithm a, const char *passphrase, struct key **out)
{
    const char *path = a == ALGORITHM_ED25519 ? arena_printf(op->arena, "%s/key/audit.key", dir)
                                              : arena_printf(op->arena, "%s/key/%s-issuing.key",
                                                    dir, algorithm_name(a));
    struct blob pem;

    TRY(disk_read(op, path, FILE_MAX, &pem));
    return key_unseal(op, a, (const char *)pem.data, passphrase, out);
}

enum err
ca_passphrase(struct op *op, const char *path, const char **out)
{
    struct blob text;
    struct stat st;
    size_t n;

    if (stat(path, &st) != 0)
        return op_fail(op, E_NOT_FOUND, "%s: %s", path, strerror(errno));
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return op_fail(op, E_FORBIDDEN, "%s: others than its owner may open it", path);
    TRY(disk_read(op, path, 4096, &text));
    n = strcspn((const char *)text.data, "\r\n");
    if (n < CA_PASSPHRASE_LEAST)
        return op_fail(op, E_INVALID, "%s: its first line has less than %d characters", path,
            CA_PASSPHRASE_LEAST);
    *out = arena_strndup(op->arena, (const char *)text.data, n);
    return OK;
}

enum err
ca_audit_key(struct op *op, const char *dir, const char **pem)
{
    struct blob text;

    TRY(disk_read(op, ca_public_path(op->arena, dir, "audit", ".pem"), FILE_MAX, &text));
    *pem = (const char *)text.data;
    return OK;
}

/* What ca_check() is at. */
struct check {
    struct op *op;
    const char *dir, *passphrase;
    struct ca_state *out;
    size_t count;
    bool faulty;
};

static struct ca_state *
look_at(struct check *c, const char *name, const char *tail)
{
    struct ca_state *s = &c->out[c->count++];

    *s = (struct ca_state){
        .name = arena_printf(c->op->arena, "%s%s", name, tail), .subject = "", .sha256 = ""};
    return s;
}

static void
judge(struct check *c, struct ca_state *s, enum err e)
{
    if (e == OK)
        return;
    s->fault = c->op->note != NULL ? c->op->note : err_code(e);
    c->faulty = true;
}

/* The signer's key must be the one of the certificate or of the public key file. */
static enum err
check_key(struct check *c, enum algorithm a, struct blob spki)
{
    struct blob own;
    KEY(key);

    if (c->passphrase == NULL)
        return OK;
    TRY(ca_key_open(c->op, c->dir, a, c->passphrase, &key));
    TRY(key_spki(c->op, key, &own));
    return blob_equal(own, spki) ? OK : op_fail(c->op, E_INVALID, "the key is another one");
}

static void
describe(struct check *c, struct ca_state *s, struct blob der)
{
    struct certificate_summary summary;

    if (certificate_parse(c->op, der, &summary) != OK)
        return;
    s->subject = summary.subject;
    s->sha256 = summary.sha256;
    s->not_after = summary.not_after;
}

static enum err
check_root_list(
    struct check *c, const char *name, const struct issuer *issuer, struct ca_state *state)
{
    struct issuer root = {0};
    struct crl_summary crl;
    struct revoked found;
    struct certificate_summary own;
    unsigned char serial[SERIAL_SIZE];
    struct blob der;

    TRY(disk_read(c->op, ca_public_path(c->op->arena, c->dir, name, "-root.crl"), FILE_MAX, &der));
    TRY(issuer_fill(c->op, issuer->root, issuer->root, &root));
    TRY(crl_verify(c->op, der, &root, &crl));
    TRY(certificate_parse(c->op, issuer->certificate, &own));
    state->sha256 = hash_sha256_hex(c->op->arena, der.data, der.size);
    state->not_after = crl.next_update;
    if (crl.next_update < c->op->now)
        return op_fail(c->op, E_INVALID, "the root's revocation list is out of date");
    if (text_unhex(own.serial, serial, SERIAL_SIZE) && crl_find(der, serial, &found))
        return op_fail(c->op, E_INVALID, "the issuing CA is revoked");
    return OK;
}

static void
check_hierarchy(struct check *c, enum algorithm a)
{
    const char *name = algorithm_name(a);
    struct ca_state *root = look_at(c, name, "-root"), *issuing = look_at(c, name, "-issuing");
    struct ca_state *list = look_at(c, name, "-root.crl");
    struct conf conf = *c->op->conf;
    struct issuer issuer;
    enum err e;

    conf.ca_dir = c->dir;
    e = issuer_open(c->op, &conf, a, &issuer);
    judge(c, root, e);
    judge(c, issuing, e);
    if (e != OK)
        return;
    describe(c, root, issuer.root);
    describe(c, issuing, issuer.certificate);
    judge(c, issuing, check_key(c, a, issuer.spki));
    judge(c, list, check_root_list(c, name, &issuer, list));
}

static enum err
check_audit(struct check *c, struct ca_state *s)
{
    const char *pem;
    struct blob spki;

    TRY(ca_audit_key(c->op, c->dir, &pem));
    TRY(pem_decode(c->op, "PUBLIC KEY", pem, &spki));
    s->sha256 = hash_sha256_hex(c->op->arena, spki.data, spki.size);
    return check_key(c, ALGORITHM_ED25519, spki);
}

enum err
ca_check(struct op *op, const char *dir, const char *passphrase, struct ca_state out[CA_STATES_MAX],
    size_t *count)
{
    struct check c = {.op = op, .dir = dir, .passphrase = passphrase, .out = out};
    struct ca_state *audit;

    check_hierarchy(&c, ALGORITHM_SM2);
    check_hierarchy(&c, ALGORITHM_P256);
    audit = look_at(&c, "audit", "");
    judge(&c, audit, check_audit(&c, audit));
    *count = c.count;
    return c.faulty ? E_INVALID : OK;
}
