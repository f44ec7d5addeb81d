#include "flow/making.h"

#include <string.h>

#include "base/text.h"
#include "io/conf.h"
#include "io/encoding.h"
#include "io/hash.h"
#include "io/vault.h"
#include "pki/lint.h"
#include "pki/receipt.h"
#include "pki/token.h"

enum { PSEUDONYM = 16 };

enum issue_fault
making_judge(const struct making *m)
{
    const struct issuance_gate *g = &m->gate;
    const struct order *o = &m->order;

    if (!g->is_paid)
        return ISSUE_FAULT_NOT_PAID;
    if (o->review_passed_sha256 == NULL || g->reviewers[0] == 0)
        return ISSUE_FAULT_NOT_REVIEWED;
    if (m->content == NULL || strcmp(m->content, o->review_passed_sha256) != 0)
        return ISSUE_FAULT_CHANGED;
    if (o->second_review && (g->reviewers[1] == 0 || g->reviewers[1] == g->reviewers[0]))
        return ISSUE_FAULT_SECOND_REVIEW;
    if (!g->is_identified)
        return ISSUE_FAULT_NOT_IDENTIFIED;
    if (o->pin_channel == NULL)
        return ISSUE_FAULT_NO_PIN;
    if (strcmp(o->pin_channel, "memo") == 0 && !g->is_bank_verified)
        return ISSUE_FAULT_NOT_BANK_VERIFIED;
    return ISSUE_FAULT_NONE;
}

static enum err
approvals(struct op *op, struct making *m)
{
    struct signer_order *a = &m->approvals;

    *a = (struct signer_order){.order_no = m->order.order_no, .reissue_no = m->order.reissue_no};
    if (!text_unhex(m->content, a->revision, sizeof(a->revision)))
        return op_fail(op, E_INTERNAL, "content of order %s", m->order.order_no);
    for (int i = 0; i < REVIEWERS_MAX; i++)
        if (m->gate.reviewers[i] != 0)
            a->reviewers[a->reviewer_count++] = m->gate.reviewers[i];
    return OK;
}

/* Where the subject is: an organisation by its form; a person by the credit code of the unit
 * (GB 32100, places 3 to 8 are the region of its registration), else by the address. */
static enum err
place(struct op *op, struct making *m)
{
    const struct form *f = &m->gate.form;
    struct certificate_profile_input *in = &m->input;
    const char *region = f->organisation.region;

    if (m->order.type == CERTIFICATE_NATURAL_PERSON)
        region = arena_strndup(op->arena, f->organisation.uscc + 2, 6);
    TRY(issuance_place(op, region, &in->province, &in->locality));
    if (in->province == NULL && f->delivery.region != NULL)
        TRY(issuance_place(op, f->delivery.region, &in->province, &in->locality));
    if (in->province == NULL)
        m->fault = ISSUE_FAULT_NO_PLACE;
    return OK;
}

/* The same person has the same number in every certificate; nobody finds the ID number from it. */
static enum err
pseudonym(struct op *op, const char *id_number, const char **out)
{
    unsigned char key[VAULT_INDEX];

    TRY(vault_index(op, VAULT_PERSONAL, arena_printf(op->arena, "certificate|%s", id_number), key));
    *out = text_hex(op->arena, key, PSEUDONYM);
    return OK;
}

enum err
making_describe(struct op *op, struct making *m)
{
    const struct form *f = &m->gate.form;
    struct certificate_profile_input *in = &m->input;

    *in = (struct certificate_profile_input){
        .country = "CN",
        .organisation = f->organisation.name,
    };
    if (!algorithm_parse(m->gate.algorithm, &in->algorithm))
        return op_fail(op, E_INTERNAL, "algorithm %s", m->gate.algorithm);
    TRY(approvals(op, m));
    TRY(place(op, m));
    if (m->order.type == CERTIFICATE_NATURAL_PERSON) {
        in->kind = PROFILE_PERSON;
        in->common_name = f->person.name;
        return pseudonym(op, f->person.id_number, &in->serial_number);
    }
    in->kind = PROFILE_ORGANISATION;
    in->common_name = f->organisation.name;
    in->unit = m->gate.project_name;
    in->uscc = f->organisation.uscc;
    return OK;
}

static struct blob
bytes(const void *data, size_t n)
{
    return (struct blob){data, n};
}

enum err
making_prepare(struct op *op, struct making *m)
{
    struct certificate_profile_input *in = &m->input;
    struct lint_report report;
    const struct token_ops *token = token_soft();
    struct token_key key;
    struct blob csr, tbs;

    /* Whatever holds the key, the certificate is for one whose possession it has proved. */
    TRY(token->keygen(op, in->algorithm, &key));
    TRY(token->csr(op, &key, &csr));
    TRY(csr_check(op, in->algorithm, csr, &in->spki));
    certificate_serial(in->serial);
    certificate_validity(op->now, (int)m->order.years, &in->not_before, &in->not_after);
    TRY(certificate_tbs(op, in, &m->issuer, &tbs));
    TRY(certificate_lint(op, in, &m->issuer, tbs, &report));
    m->intent = (struct intent){
        .issuer = algorithm_name(in->algorithm),
        .serial = text_hex(op->arena, in->serial, SERIAL_SIZE),
        .content_sha256 = m->content,
        .tbs = tbs.data,
        .tbs_n = tbs.size,
        .key = key.secret.data,
        .key_n = key.secret.size,
        .spki_sha256 = hash_sha256_hex(op->arena, key.spki.data, key.spki.size),
        .lint = lint_report_json(op->arena, &report),
    };
    return OK;
}

enum err
making_resume(struct op *op, struct making *m)
{
    if (strcmp(m->intent.issuer, algorithm_name(m->input.algorithm)) != 0)
        return op_fail(op, E_SIGNER_REFUSED, "validity: the project changed its algorithm");
    return certificate_tbs_numbers(op, bytes(m->intent.tbs, m->intent.tbs_n), &m->input);
}

enum err
making_sign(struct op *op, struct making *m, struct blob *der)
{
    struct blob tbs = bytes(m->intent.tbs, m->intent.tbs_n);
    struct signer_reply reply;

    TRY(signer_certificate(op, &m->approvals, &m->input, tbs, &reply));
    *der = certificate_assemble(op->arena, m->input.algorithm, tbs, reply.signature);
    return certificate_verify(op, *der, tbs, &m->issuer);
}

/* What the receipt says. The same certificate has the same receipt, whenever it is written. */
struct statement {
    const char *kind, *order_no, *serial, *subject, *issuer, *algorithm, *certificate_sha256,
        *content_sha256;
    int64_t reissue_no, not_before, not_after, issued_at;
};
static const struct field statement_fields[] = {
    STR(struct statement, kind, 1, 40),
    STR(struct statement, order_no, 17, 17),
    STR(struct statement, serial, 32, 32),
    STR(struct statement, subject, 1, 1000),
    STR(struct statement, issuer, 1, 1000),
    STR(struct statement, algorithm, 1, 10),
    STR(struct statement, certificate_sha256, 64, 64),
    STR(struct statement, content_sha256, 64, 64),
    INT(struct statement, reissue_no, 0, 1000),
    TIME(struct statement, not_before),
    TIME(struct statement, not_after),
    TIME(struct statement, issued_at),
    {.type = F_END},
};

struct signed_statement {
    const char *statement, *signature, *algorithm, *key_id, *key_url, *public_key;
};
static const struct field signed_fields[] = {
    STR(struct signed_statement, statement, 1, 4000),
    STR(struct signed_statement, signature, 1, 200),
    STR(struct signed_statement, algorithm, 1, 20),
    STR(struct signed_statement, key_id, 40, 40),
    STR(struct signed_statement, key_url, 1, 200),
    STR(struct signed_statement, public_key, 1, 1000, .flags = F_LINES),
    {.type = F_END},
};

static enum err
receipt(
    struct op *op, const struct making *m, const struct certificate_summary *s, const char **out)
{
    const struct statement say = {
        .kind = "certificate_receipt",
        .order_no = m->order.order_no,
        .reissue_no = m->order.reissue_no,
        .serial = s->serial,
        .subject = s->subject,
        .issuer = s->issuer,
        .algorithm = s->algorithm,
        .certificate_sha256 = s->sha256,
        .content_sha256 = m->intent.content_sha256,
        .not_before = s->not_before,
        .not_after = s->not_after,
        .issued_at = m->intent.prepared_at,
    };
    struct signed_statement all = {.statement = record_text(op, statement_fields, &say)};
    struct receipt r;

    TRY(receipt_sign(op, blob_text(all.statement), &r));
    all.signature = encoding_base64(op->arena, r.signature.data, r.signature.size);
    all.algorithm = "Ed25519";
    all.key_id = r.key_id;
    all.key_url = arena_printf(op->arena, "%s/audit.pem", op->conf->pki_url);
    all.public_key = r.public_key_pem;
    *out = record_text(op, signed_fields, &all);
    return OK;
}

enum err
making_record(struct op *op, struct making *m, struct blob der, struct certificate *out)
{
    struct certificate_summary s;

    TRY(certificate_parse(op, der, &s));
    *out = (struct certificate){
        .serial = s.serial,
        .subject = s.subject,
        .not_before = s.not_before,
        .not_after = s.not_after,
        .chain_pem = certificate_chain_pem(op, der, &m->issuer),
    };
    return receipt(op, m, &s, &out->receipt);
}

enum err
making_container(struct op *op, struct making *m, struct blob der, struct blob *out)
{
    const struct token_key key = {
        .algorithm = m->input.algorithm,
        .secret = bytes(m->intent.key, m->intent.key_n),
        .spki = m->input.spki,
    };

    return token_soft()->deliver(op, &key, der, &m->issuer, m->pin.text, out);
}
