/* What the signer signs and what it refuses; without its process. */
#include "base/text.h"
#include "pki/crl.h"
#include "pki/signed.h"
#include "pki/signer.h"
#include "pki_fixture.h"

struct bench {
    struct fixture f;
    struct signer *signer;
    int64_t machine_now;
    struct issuer issuer[2];
    struct signer_event event;
};

static const enum algorithm both[] = {ALGORITHM_SM2, ALGORITHM_P256};

static void
open_signer(struct bench *b)
{
    size_t torn = 0;
    enum err e = signer_open(&b->f.op, &b->f.conf, &b->signer, &torn);

    ok(e == OK && torn == 0, "the signer opens %s", e == OK ? "" : b->f.op.note);
    if (e != OK)
        exit(1);
}

static struct signer_reply
ask(struct bench *b, const struct signer_request *r)
{
    struct signer_reply reply = {.refusal = REFUSAL_MAX};
    struct blob bytes = signer_answer(
        &b->f.op, b->signer, b->machine_now, signer_request_encode(b->f.op.arena, r), &b->event);

    if (signer_reply_decode(&b->f.op, bytes, &reply) != OK)
        abort();
    return reply;
}

/* A request that is right in everything, for an order of its own. */
static struct signer_request
right(struct bench *b, enum algorithm a)
{
    static int orders;
    struct signer_request r = {.ask = ASK_CERTIFICATE};
    struct token_key key;

    r.order.order_no = arena_printf(b->f.op.arena, "2026112200%06d1", ++orders);
    memset(r.order.revision, 7, sizeof(r.order.revision));
    r.order.reviewers[0] = 12;
    r.order.reviewer_count = 1;
    r.profile = organisation(&b->f, a, &key);
    if (certificate_tbs(&b->f.op, &r.profile, &b->issuer[a == ALGORITHM_P256], &r.bytes) != OK)
        abort();
    return r;
}

static void
again(struct bench *b, struct signer_request *r)
{
    if (certificate_tbs(&b->f.op, &r->profile, &b->issuer[r->profile.algorithm == ALGORITHM_P256],
            &r->bytes) != OK)
        abort();
}

static void
refused(struct bench *b, const struct signer_request *r, enum refusal want, const char *what)
{
    struct signer_reply reply = ask(b, r);

    ok(reply.refusal == want && reply.signature.size == 0, "%s is refused: %s", what,
        refusal_code(reply.refusal));
}

static void
test_certificate(struct bench *b, enum algorithm a)
{
    struct signer_request r = right(b, a), other;
    const struct issuer *issuer = &b->issuer[a == ALGORITHM_P256];
    struct signer_reply first = ask(b, &r), second = ask(b, &r), third;
    struct blob der = certificate_assemble(b->f.op.arena, a, r.bytes, first.signature);

    ok(first.refusal == REFUSAL_NONE && !first.again, "a right request is signed");
    ok(certificate_verify(&b->f.op, der, r.bytes, issuer) == OK, "the certificate verifies");
    ok(second.again && blob_equal(second.signature, first.signature) && second.seq == first.seq,
        "asked again, the signature is the same");
    third = ask(b, &(struct signer_request){.ask = ASK_ORDER, .order = r.order});
    ok(third.refusal == REFUSAL_NONE && blob_equal(third.tbs, r.bytes) && third.issuer == a &&
            blob_equal(third.signature, first.signature) &&
            memcmp(third.serial, r.profile.serial, SERIAL_SIZE) == 0,
        "who lost the answer finds it by the order");
    other = (struct signer_request){.ask = ASK_SERIAL, .issuer = a};
    memcpy(other.serial, r.profile.serial, SERIAL_SIZE);
    third = ask(b, &other);
    ok(blob_equal(third.tbs, r.bytes), "and by the serial number");
    other.serial[5] ^= 1;
    refused(b, &other, REFUSAL_NOT_FOUND, "a serial number that was never signed");
    other = r;
    other.profile.locality = "大连市";
    again(b, &other);
    refused(b, &other, REFUSAL_SERIAL_TAKEN, "the same serial number for other bytes");
    ok(refusal_alarms(REFUSAL_SERIAL_TAKEN), "and staff are alarmed");
    certificate_serial(other.profile.serial);
    again(b, &other);
    refused(b, &other, REFUSAL_ORDER_TAKEN, "a second certificate of the same order");
    other.order.reissue_no = 1;
    ok(ask(b, &other).refusal == REFUSAL_NONE, "but a reissue is signed");
}

static void
test_approvals(struct bench *b)
{
    struct signer_request r = right(b, ALGORITHM_P256);

    r.order.reviewer_count = 0;
    refused(b, &r, REFUSAL_APPROVALS, "nobody's approval");
    r.order.reviewer_count = 2;
    r.order.reviewers[1] = r.order.reviewers[0];
    refused(b, &r, REFUSAL_APPROVALS, "the same reviewer twice");
    r.order.reviewers[1] = 0;
    refused(b, &r, REFUSAL_APPROVALS, "a reviewer without an id");
    b->f.conf.signer_reviewers = 2;
    r.order.reviewer_count = 1;
    refused(b, &r, REFUSAL_APPROVALS, "one reviewer where two must be");
    r.order.reviewer_count = 2;
    r.order.reviewers[1] = 13;
    ok(ask(b, &r).refusal == REFUSAL_NONE, "two different people are enough");
    b->f.conf.signer_reviewers = 1;
}

/* Each is what a worker that was taken over might try. */
static void
test_profile(struct bench *b)
{
    struct signer_request r = right(b, ALGORITHM_P256);

    r.profile.common_name = "另一家公司";
    refused(b, &r, REFUSAL_PROFILE, "bytes with another subject than the request says");
    r = right(b, ALGORITHM_P256);
    r.profile.serial[3] ^= 1;
    refused(b, &r, REFUSAL_PROFILE, "another serial number");
    r = right(b, ALGORITHM_P256);
    r.profile.not_after += 86400;
    again(b, &r);
    refused(b, &r, REFUSAL_PROFILE, "a day more than a year");
    r = right(b, ALGORITHM_P256);
    r.profile.kind = PROFILE_ISSUING;
    refused(b, &r, REFUSAL_KIND, "a CA");
    r.profile.kind = PROFILE_ORGANISATION;
    r.profile.algorithm = ALGORITHM_P384;
    refused(b, &r, REFUSAL_KIND, "a key without an issuing CA");
    r = right(b, ALGORITHM_P256);
    r.bytes = b->issuer[1].certificate;
    refused(b, &r, REFUSAL_PROFILE, "something else than a TBSCertificate");
    r = right(b, ALGORITHM_P256);
    b->issuer[1].crl_url = "http://elsewhere.example.test/crl";
    again(b, &r);
    refused(b, &r, REFUSAL_PROFILE, "another address than the signer's own settings have");
    if (issuer_open(&b->f.op, &b->f.conf, ALGORITHM_P256, &b->issuer[1]) != OK)
        abort();
    r = right(b, ALGORITHM_P256);
    certificate_validity(b->f.op.now - 8 * 86400, 1, &r.profile.not_before, &r.profile.not_after);
    again(b, &r);
    refused(b, &r, REFUSAL_VALIDITY, "a validity that begins eight days ago");
    certificate_validity(b->f.op.now + 86400, 1, &r.profile.not_before, &r.profile.not_after);
    again(b, &r);
    refused(b, &r, REFUSAL_VALIDITY, "a validity that begins tomorrow");
}

static void
test_void(struct bench *b)
{
    struct signer_request r = right(b, ALGORITHM_SM2), v = {.ask = ASK_VOID};
    struct signer_reply reply;

    v.order = r.order;
    v.issuer = ALGORITHM_SM2;
    memcpy(v.serial, r.profile.serial, SERIAL_SIZE);
    reply = ask(b, &v);
    ok(reply.refusal == REFUSAL_NONE && !reply.again, "an unsigned serial number is given up");
    ok(ask(b, &v).again, "and giving it up again changes nothing");
    refused(b, &r, REFUSAL_SERIAL_VOID, "a late request for what was given up");
    certificate_serial(r.profile.serial);
    again(b, &r);
    ok(ask(b, &r).refusal == REFUSAL_NONE, "a new serial number for the order is signed");
    memcpy(v.serial, r.profile.serial, SERIAL_SIZE);
    refused(b, &v, REFUSAL_ALREADY_SIGNED, "giving up what was signed");
}

static void
test_crl(struct bench *b)
{
    struct revoked one = {.at = b->f.op.now - 5, .reason = REVOCATION_KEY_COMPROMISE};
    struct crl_input in = {.number = 5,
        .this_update = b->f.op.now,
        .next_update = b->f.op.now + 2 * 86400,
        .list = &one,
        .count = 1};
    struct signer_request r = {.ask = ASK_CRL, .issuer = ALGORITHM_SM2};
    struct crl_summary summary;
    struct signer_reply reply;
    struct blob der;

    certificate_serial(one.serial);
    if (crl_tbs(&b->f.op, &in, &b->issuer[0], &r.bytes) != OK)
        abort();
    reply = ask(b, &r);
    der = crl_assemble(b->f.op.arena, &b->issuer[0], r.bytes, reply.signature);
    ok(reply.refusal == REFUSAL_NONE && crl_verify(&b->f.op, der, &b->issuer[0], &summary) == OK,
        "a revocation list is signed");
    ok(ask(b, &r).again, "the same list is answered from the journal");
    in.next_update += 1;
    if (crl_tbs(&b->f.op, &in, &b->issuer[0], &r.bytes) != OK)
        abort();
    refused(b, &r, REFUSAL_SERIAL_TAKEN, "another list of the same number");
    in.number = 4;
    if (crl_tbs(&b->f.op, &in, &b->issuer[0], &r.bytes) != OK)
        abort();
    refused(b, &r, REFUSAL_CRL, "a list with a number that does not grow");
    in.number = 6;
    if (crl_tbs(&b->f.op, &in, &b->issuer[1], &r.bytes) != OK)
        abort();
    refused(b, &r, REFUSAL_CRL, "a list of another issuer");
    r.issuer = ALGORITHM_P256;
    ok(ask(b, &r).refusal == REFUSAL_NONE, "each issuer counts by itself");
    r.bytes = right(b, ALGORITHM_P256).bytes;
    refused(b, &r, REFUSAL_CRL, "a certificate in the clothes of a list");
}

static void
test_statement(struct bench *b)
{
    struct signer_request r = {.ask = ASK_STATEMENT, .bytes = blob_text("{\"order\":\"1\"}")};
    struct signer_reply reply = ask(b, &r);
    const char *pem;
    struct blob spki;

    ok(reply.refusal == REFUSAL_NONE && reply.signature.size == 64, "a statement is signed");
    ok(ca_audit_key(&b->f.op, b->f.conf.ca_dir, &pem) == OK &&
            pem_decode(&b->f.op, "PUBLIC KEY", pem, &spki) == OK &&
            key_verify(&b->f.op, ALGORITHM_ED25519, spki, r.bytes, reply.signature) == OK,
        "by the audit key");
    ok(ask(b, &r).again, "and once only");
    r.bytes = right(b, ALGORITHM_P256).bytes;
    refused(b, &r, REFUSAL_STATEMENT, "a TBSCertificate as a statement");
    r.bytes = blob_text("{\xC0\x80}");
    refused(b, &r, REFUSAL_STATEMENT, "a statement that is not UTF-8");
}

static void
test_limits(struct bench *b)
{
    struct signer_request r = right(b, ALGORITHM_P256);
    int64_t now = b->machine_now;
    struct signer_reply reply;
    struct blob junk = blob_text("\xff\xff\xff");

    b->machine_now = now - 1000;
    refused(b, &r, REFUSAL_CLOCK, "signing with a clock behind the last entry");
    b->machine_now = now;
    b->f.conf.signer_per_hour = 1;
    refused(b, &r, REFUSAL_RATE, "one more than an hour may have");
    b->machine_now = now + 3600;
    ok(ask(b, &r).refusal == REFUSAL_NONE, "an hour later it is signed");
    b->f.conf.signer_per_hour = 1000000;
    if (signer_reply_decode(&b->f.op,
            signer_answer(&b->f.op, b->signer, b->machine_now, junk, &b->event), &reply) != OK)
        abort();
    ok(reply.refusal == REFUSAL_MALFORMED && b->event.ask == ASK_MAX, "junk is refused");
}

/* Every byte of a good request, changed: never a crash, never a signature over what is not right.
 */
static void
test_junk(struct bench *b)
{
    struct signer_request r = right(b, ALGORITHM_P256);
    struct blob good = signer_request_encode(b->f.op.arena, &r);
    unsigned char *copy = arena_alloc(b->f.op.arena, good.size);
    int signed_count = 0;

    memcpy(copy, good.data, good.size);
    for (size_t i = 0; i < good.size; i += 7) {
        struct op op = b->f.op;
        struct signer_reply reply;

        op.arena = arena_new(65536);
        copy[i] ^= 0x15;
        if (signer_reply_decode(&op,
                signer_answer(
                    &op, b->signer, b->machine_now, (struct blob){copy, good.size}, &b->event),
                &reply) != OK)
            abort();
        /* Order, reissue and revision are the worker's word; nothing else may differ. */
        signed_count += reply.refusal == REFUSAL_NONE && !reply.again;
        copy[i] ^= 0x15;
        arena_free(op.arena);
    }
    ok(signed_count <= 1, "changed requests get no signature but for the words on the order: %d",
        signed_count);
}

/* The journal walked from its beginning, as the worker compares it with its database. */
static void
test_walk(struct bench *b)
{
    struct signer_request r = {.ask = ASK_NEXT};
    struct journal_report report;
    struct signer_reply reply;
    int64_t n = 0;

    while ((reply = ask(b, &r)).refusal == REFUSAL_NONE && reply.seq > r.seq) {
        n += reply.order_no != NULL && reply.tbs.size > 0 && reply.signature.size > 0;
        r.seq = reply.seq;
    }
    ok(reply.refusal == REFUSAL_NOT_FOUND &&
            journal_verify(&b->f.op, b->f.conf.journal, &report) == OK && n == report.certificates,
        "every certificate is met on a walk through the journal: %lld", (long long)n);
}

static void
test_restart(struct bench *b)
{
    struct signer_request r = right(b, ALGORITHM_P256);
    struct signer_reply before = ask(b, &r), after;
    struct journal_report report;
    struct signer *second = NULL;

    ok(signer_open(&b->f.op, &b->f.conf, &second, NULL) == E_CONFLICT,
        "a second signer on the same journal does not start");
    signer_close(b->signer);
    open_signer(b);
    after = ask(b, &r);
    ok(after.again && blob_equal(before.signature, after.signature),
        "a restarted signer answers from its journal");
    ok(journal_verify(&b->f.op, b->f.conf.journal, &report) == OK && report.certificates > 0 &&
            report.voids == 1 && report.crls == 2 && report.statements == 1,
        "an auditor verifies the journal: %lld certificates", (long long)report.certificates);
    after = ask(b, &(struct signer_request){.ask = ASK_STATUS});
    ok(after.refusal == REFUSAL_NONE && after.seq == report.entries &&
            strcmp(after.hash, report.head) == 0,
        "and the status names the same head");
}

int
main(void)
{
    static struct bench b;

    fixture_begin_ca(&b.f);
    b.machine_now = b.f.op.now;
    for (int i = 0; i < 2; i++)
        if (issuer_open(&b.f.op, &b.f.conf, both[i], &b.issuer[i]) != OK)
            abort();
    open_signer(&b);
    for (int i = 0; i < 2; i++)
        test_certificate(&b, both[i]);
    test_approvals(&b);
    test_profile(&b);
    test_void(&b);
    test_crl(&b);
    test_statement(&b);
    test_limits(&b);
    test_walk(&b);
    test_restart(&b);
    test_junk(&b);
    signer_close(b.signer);
    fixture_end(&b.f);
    return done();
}
