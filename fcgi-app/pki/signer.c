#include "pki/signer.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "io/conf.h"
#include "pki/ca.h"
#include "pki/crl.h"
#include "pki/disk.h"
#include "pki/lint.h"

enum { STATEMENT_MAX = 64 * 1024, EARLY = 300, LATE = 7 * 86400, CA_KEYS = 2 };

struct ca_key {
    struct issuer issuer;
    const char *id; /* hex of its key id */
    struct key *key;
};

struct signer {
    const struct conf *conf;
    struct arena *arena; /* of what lives as long as the signer */
    struct ca_key ca[CA_KEYS];
    struct key *audit;
    const char *audit_id;
    struct journal *journal;
};

static const enum algorithm ca_algorithms[CA_KEYS] = {ALGORITHM_SM2, ALGORITHM_P256};

void
signer_close(struct signer *s)
{
    if (s == NULL)
        return;
    journal_close(s->journal);
    for (int i = 0; i < CA_KEYS; i++)
        key_free(s->ca[i].key);
    key_free(s->audit);
    arena_free(s->arena);
    free(s);
}

static void
signer_drop(struct signer **s)
{
    signer_close(*s);
}

/* A key is of use only when it is the one that its certificate names. */
static enum err
open_ca(struct op *op, struct signer *s, int i, const char *passphrase)
{
    struct ca_key *ca = &s->ca[i];
    struct blob spki;

    TRY(issuer_open(op, s->conf, ca_algorithms[i], &ca->issuer));
    TRY(ca_key_open(op, s->conf->ca_dir, ca_algorithms[i], passphrase, &ca->key));
    TRY(key_spki(op, ca->key, &spki));
    if (!blob_equal(spki, ca->issuer.spki))
        return op_fail(op, E_INVALID, "the key of %s is not of its certificate",
            algorithm_name(ca_algorithms[i]));
    ca->id = issuer_id(op->arena, &ca->issuer);
    return OK;
}

static enum err
open_all(struct op *op, struct signer *s, size_t *torn)
{
    unsigned char id[KEY_ID_SIZE];
    const char *passphrase;
    struct blob spki;

    TRY(ca_passphrase(op, s->conf->ca_passphrase_file, &passphrase));
    for (int i = 0; i < CA_KEYS; i++)
        TRY(open_ca(op, s, i, passphrase));
    TRY(ca_key_open(op, s->conf->ca_dir, ALGORITHM_ED25519, passphrase, &s->audit));
    TRY(key_spki(op, s->audit, &spki));
    spki_key_id(spki, id);
    s->audit_id = text_hex(op->arena, id, sizeof(id));
    return journal_open(op, s->conf->journal, &s->journal, torn);
}

enum err
signer_open(struct op *op, const struct conf *conf, struct signer **out, size_t *torn)
{
    __attribute__((cleanup(signer_drop))) struct signer *s = calloc(1, sizeof(*s));
    struct op own = *op;
    enum err e;

    if (s == NULL)
        abort();
    s->conf = conf;
    s->arena = own.arena = arena_new(64 * 1024);
    e = open_all(&own, s, torn);
    if (e != OK)
        return op_fail(op, e, "%s", own.note != NULL ? own.note : "the signer cannot start");
    *out = s;
    s = NULL;
    return OK;
}

bool
signer_is_broken(const struct signer *s)
{
    return journal_is_broken(s->journal);
}

/* Everything about one request. */
struct job {
    struct op *op;
    struct signer *s;
    int64_t machine_now;
    struct signer_request request;
    struct signer_reply reply;
    struct signer_event *event;
};

static enum refusal
refuse(struct job *j, enum refusal r)
{
    j->event->note = j->op->note;
    return r;
}

static const struct ca_key *
ca_of(const struct job *j, enum algorithm a)
{
    for (int i = 0; i < CA_KEYS; i++)
        if (ca_algorithms[i] == a)
            return &j->s->ca[i];
    return NULL;
}

static void
give(struct job *j, const struct journal_entry *e, bool again)
{
    j->reply.again = j->event->again = again;
    j->reply.order_no = e->order_no;
    j->reply.reissue_no = e->reissue_no;
    j->reply.tbs = e->tbs;
    j->reply.signature = e->signature;
    j->reply.seq = e->seq;
    j->reply.time = e->time;
    j->reply.hash = arena_printf(j->op->arena, "%s", e->hash);
}

/* Signs, writes down, and only then gives. */
static enum refusal
sign(struct job *j, const struct key *key, struct blob bytes, struct journal_entry *e)
{
    int64_t seq, last;
    char hash[65];

    journal_head(j->s->journal, &seq, &last, hash);
    if (j->machine_now < last)
        return REFUSAL_CLOCK;
    e->time = j->machine_now;
    hash_sha256(bytes.data, bytes.size, e->tbs_sha256);
    if ((key != NULL && key_sign(j->op, key, bytes, &e->signature) != OK) ||
        journal_add(j->op, j->s->journal, e) != OK)
        return refuse(j, REFUSAL_JOURNAL);
    give(j, e, false);
    return REFUSAL_NONE;
}

/* What the journal says about a name: NONE when it was signed with the same bytes (and is given
 * again), NOT_FOUND when it is free. */
static enum refusal
seen(struct job *j, const struct journal_entry *e, struct blob bytes)
{
    unsigned char hash[HASH_SIZE];
    struct journal_entry old;
    enum err found = journal_by_name(j->op, j->s->journal, e->kind, e->issuer, e->name, &old);

    if (found == E_NOT_FOUND)
        return REFUSAL_NOT_FOUND;
    if (found != OK)
        return refuse(j, REFUSAL_JOURNAL);
    if (old.kind == JOURNAL_VOID)
        return REFUSAL_SERIAL_VOID;
    hash_sha256(bytes.data, bytes.size, hash);
    if (memcmp(hash, old.tbs_sha256, sizeof(hash)) != 0)
        return REFUSAL_SERIAL_TAKEN;
    give(j, &old, true);
    return REFUSAL_NONE;
}

static bool
approved(const struct job *j)
{
    const struct signer_order *o = &j->request.order;

    if (o->reviewer_count < j->s->conf->signer_reviewers)
        return false;
    for (int i = 0; i < o->reviewer_count; i++) {
        if (o->reviewers[i] <= 0)
            return false;
        for (int k = 0; k < i; k++)
            if (o->reviewers[i] == o->reviewers[k])
                return false;
    }
    return true;
}

static void
name_order(const struct job *j, struct journal_entry *e)
{
    const struct signer_order *o = &j->request.order;

    e->order_no = o->order_no;
    e->reissue_no = o->reissue_no;
    memcpy(e->revision, o->revision, sizeof(e->revision));
    memcpy(e->reviewers, o->reviewers, sizeof(e->reviewers));
    e->reviewer_count = o->reviewer_count;
}

/* The signer's own opinion of a profile that was never signed before. */
static enum refusal
judge(struct job *j, const struct ca_key *ca)
{
    const struct certificate_profile_input *in = &j->request.profile;
    struct lint_report report;
    struct journal_entry other;

    if (!approved(j))
        return REFUSAL_APPROVALS;
    if (journal_by_order(j->op, j->s->journal, j->request.order.order_no,
            j->request.order.reissue_no, &other) != E_NOT_FOUND)
        return REFUSAL_ORDER_TAKEN;
    if (in->not_before > j->op->now + EARLY || in->not_before < j->op->now - LATE)
        return REFUSAL_VALIDITY;
    if (certificate_lint(j->op, in, &ca->issuer, j->request.bytes, &report) != OK)
        return refuse(j, REFUSAL_PROFILE);
    if (journal_signed_since(j->s->journal, j->machine_now - 3599) >= j->s->conf->signer_per_hour)
        return REFUSAL_RATE;
    return REFUSAL_NONE;
}

static enum refusal
answer_certificate(struct job *j)
{
    const struct certificate_profile_input *in = &j->request.profile;
    const struct ca_key *ca = ca_of(j, in->algorithm);
    struct journal_entry e = {.kind = JOURNAL_CERTIFICATE, .tbs = j->request.bytes};
    enum refusal r;

    if (ca == NULL || (KINDS_SUBSCRIBER >> in->kind & 1) == 0)
        return REFUSAL_KIND;
    e.issuer = ca->id;
    e.name = j->event->name = text_hex(j->op->arena, in->serial, SERIAL_SIZE);
    name_order(j, &e);
    j->reply.issuer = in->algorithm;
    memcpy(j->reply.serial, in->serial, SERIAL_SIZE);
    r = seen(j, &e, j->request.bytes);
    if (r != REFUSAL_NOT_FOUND)
        return r;
    r = judge(j, ca);
    return r == REFUSAL_NONE ? sign(j, ca->key, j->request.bytes, &e) : r;
}

static enum refusal
answer_crl(struct job *j)
{
    const struct ca_key *ca = ca_of(j, j->request.issuer);
    struct journal_entry e = {.kind = JOURNAL_CRL};
    struct crl_summary crl;
    enum refusal r;

    if (ca == NULL)
        return REFUSAL_KIND;
    if (crl_check(j->op, j->request.bytes, &ca->issuer, &crl) != OK)
        return refuse(j, REFUSAL_CRL);
    e.issuer = ca->id;
    e.name = j->event->name = arena_printf(j->op->arena, "%lld", (long long)crl.number);
    j->reply.issuer = j->request.issuer;
    r = seen(j, &e, j->request.bytes);
    if (r != REFUSAL_NOT_FOUND)
        return r;
    if (crl.number <= journal_crl_number(j->s->journal, ca->id) ||
        crl.this_update > j->op->now + EARLY || crl.this_update < j->op->now - LATE)
        return REFUSAL_CRL;
    return sign(j, ca->key, j->request.bytes, &e);
}

static enum refusal
answer_statement(struct job *j)
{
    struct blob b = j->request.bytes;
    struct journal_entry e = {.kind = JOURNAL_STATEMENT, .issuer = j->s->audit_id};
    enum refusal r;

    /* Never anything that could be taken for another kind of signed object. */
    if (b.size < 2 || b.size > STATEMENT_MAX || b.data[0] != '{' || b.data[b.size - 1] != '}' ||
        !text_is_utf8((const char *)b.data, b.size))
        return REFUSAL_STATEMENT;
    e.name = j->event->name = hash_sha256_hex(j->op->arena, b.data, b.size);
    j->reply.issuer = ALGORITHM_ED25519;
    r = seen(j, &e, b);
    return r == REFUSAL_NOT_FOUND ? sign(j, j->s->audit, b, &e) : r;
}

static enum refusal
answer_void(struct job *j)
{
    const struct ca_key *ca = ca_of(j, j->request.issuer);
    struct blob nothing = {(const unsigned char *)"", 0};
    struct journal_entry e = {.kind = JOURNAL_VOID}, old;
    enum err found;

    if (ca == NULL)
        return REFUSAL_KIND;
    e.issuer = ca->id;
    e.name = j->event->name = text_hex(j->op->arena, j->request.serial, SERIAL_SIZE);
    name_order(j, &e);
    j->reply.issuer = j->request.issuer;
    memcpy(j->reply.serial, j->request.serial, SERIAL_SIZE);
    found = journal_by_name(j->op, j->s->journal, JOURNAL_VOID, ca->id, e.name, &old);
    if (found == E_NOT_FOUND)
        return sign(j, NULL, nothing, &e);
    if (found != OK)
        return refuse(j, REFUSAL_JOURNAL);
    if (old.kind != JOURNAL_VOID)
        return REFUSAL_ALREADY_SIGNED;
    give(j, &old, true);
    return REFUSAL_NONE;
}

/* Fills the reply from an entry about a certificate. */
static enum refusal
found_certificate(struct job *j, enum err found, const struct journal_entry *e)
{
    if (found == E_NOT_FOUND)
        return REFUSAL_NOT_FOUND;
    if (found != OK)
        return refuse(j, REFUSAL_JOURNAL);
    if (e->kind == JOURNAL_VOID)
        return REFUSAL_SERIAL_VOID;
    for (int i = 0; i < CA_KEYS; i++)
        if (strcmp(j->s->ca[i].id, e->issuer) == 0)
            j->reply.issuer = ca_algorithms[i];
    if (!text_unhex(e->name, j->reply.serial, SERIAL_SIZE))
        return REFUSAL_JOURNAL;
    j->event->name = e->name;
    give(j, e, true);
    return REFUSAL_NONE;
}

static enum refusal
answer_serial(struct job *j)
{
    const struct ca_key *ca = ca_of(j, j->request.issuer);
    struct journal_entry e;
    const char *name = text_hex(j->op->arena, j->request.serial, SERIAL_SIZE);

    if (ca == NULL)
        return REFUSAL_KIND;
    return found_certificate(
        j, journal_by_name(j->op, j->s->journal, JOURNAL_CERTIFICATE, ca->id, name, &e), &e);
}

static enum refusal
answer_order(struct job *j)
{
    const struct signer_order *o = &j->request.order;
    struct journal_entry e;

    return found_certificate(
        j, journal_by_order(j->op, j->s->journal, o->order_no, o->reissue_no, &e), &e);
}

static enum refusal
answer_next(struct job *j)
{
    struct journal_entry e;

    return found_certificate(j, journal_next(j->op, j->s->journal, j->request.seq, &e), &e);
}

static enum refusal
answer_status(struct job *j)
{
    char hash[65];

    journal_head(j->s->journal, &j->reply.seq, &j->reply.time, hash);
    j->reply.hash = arena_printf(j->op->arena, "%s", hash);
    return journal_is_broken(j->s->journal) ? REFUSAL_JOURNAL : REFUSAL_NONE;
}

static enum refusal (*const answers[ASK_MAX])(struct job *) = {
    [ASK_CERTIFICATE] = answer_certificate,
    [ASK_CRL] = answer_crl,
    [ASK_STATEMENT] = answer_statement,
    [ASK_VOID] = answer_void,
    [ASK_SERIAL] = answer_serial,
    [ASK_ORDER] = answer_order,
    [ASK_NEXT] = answer_next,
    [ASK_STATUS] = answer_status,
};

struct blob
signer_answer(struct op *op, struct signer *s, int64_t machine_now, struct blob request,
    struct signer_event *event)
{
    struct job j = {.op = op, .s = s, .machine_now = machine_now, .event = event};

    *event = (struct signer_event){.ask = ASK_MAX};
    op->note = NULL;
    if (signer_request_decode(op, request, &j.request) != OK) {
        j.reply.refusal = refuse(&j, REFUSAL_MALFORMED);
    } else {
        event->ask = j.request.ask;
        event->order_no = j.request.order.order_no;
        j.reply.refusal = answers[j.request.ask](&j);
    }
    event->refusal = j.reply.refusal;
    return signer_reply_encode(op->arena, &j.reply);
}
