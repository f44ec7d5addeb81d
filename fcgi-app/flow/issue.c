#include "flow/issue.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "domain/mask.h"
#include "flow/invoice.h"
#include "flow/making.h"
#include "flow/submit.h"
#include "io/conf.h"
#include "io/db.h"
#include "store/audit.h"
#include "store/notice.h"

enum { PAUSE_S = 30, LEAST_LEFT_MS = 3000, CLAIMS = 20 };

/* After the first, second, … failed try. */
static const int64_t waits_s[ISSUE_TRIES] = {60, 300, 1800, 7200, 21600};

struct issue_work {
    int64_t reissue_no;
};
static const struct field work_fields[] = {
    INT(struct issue_work, reissue_no, 0, 1000),
    {.type = F_END},
};

static enum err
add_job(struct op *op, const char *kind, const char *name, const struct order *o)
{
    const struct issue_work work = {o->reissue_no};
    const char *key =
        arena_printf(op->arena, "%s/%s/%lld", name, o->order_no, (long long)o->reissue_no);

    TRY(job_add(op, &(struct job_order){.kind = kind,
                        .key = key,
                        .order_id = o->id,
                        .payload = record_text(op, work_fields, &work)}));
    return job_again(op, key);
}

enum err
issue_queue(struct op *op, const struct order *o)
{
    TRY(issuance_add(op, o));
    return add_job(op, "ISSUE", "issue", o);
}

enum err
issue_give_up(struct op *op, const struct order *o)
{
    return add_job(op, "INTENT_DROP", "intent-drop", o);
}

/* The order and the job, both ours until the transaction ends. */
static enum err
lock(struct op *op, struct making *m)
{
    struct issue_work work = {0};

    TRY(record_read(op, work_fields, m->job->payload, &work));
    TRY(order_lock_id(op, m->job->order_id, &m->order));
    TRY(job_hold(op, m->job));
    m->is_over = m->order.reissue_no != work.reissue_no ||
                 (m->order.state != ORDER_ACCEPTED && m->order.state != ORDER_BANK_VERIFIED &&
                     m->order.state != ORDER_ISSUING);
    return OK;
}

/* Lost while we worked: somebody else has the order in hand. */
static enum err
lock_issuing(struct op *op, struct making *m)
{
    TRY(lock(op, m));
    return m->is_over || m->order.state != ORDER_ISSUING
               ? op_fail(op, E_STALE, "order %s is no longer ours", m->order.order_no)
               : OK;
}

/* T32, or T36b for a further try. A switched-off hall waits, and what is over is over. */
static enum err
claim(struct op *op, struct making *m)
{
    enum err e;
    TX(tx, op);

    TRY(lock(op, m));
    if (m->is_over) {
        TRY(job_done(op, m->job));
        return tx_commit(&tx);
    }
    TRY(issuance_gate(op, &m->order, &m->gate));
    e = submit_content(op, &m->order, &m->content);
    if (e != OK && e != E_INTERNAL)
        return e;
    if (!m->gate.is_on) {
        m->is_over = true;
        TRY(job_later(op, m->job, PAUSE_S, NULL));
        return tx_commit(&tx);
    }
    m->fault = making_judge(m);
    TRY(issuance_begin(op, &m->order, &m->attempts));
    TRY(order_step(op, &m->order, m->order.state == ORDER_ISSUING ? MOVE_T36B : MOVE_T32, NULL));
    return tx_commit(&tx);
}

/* The PIN under which the container is made: of the memo, or a new one for the SMS. */
static enum err
find_pin(struct op *op, struct making *m)
{
    bool by_memo = strcmp(m->order.pin_channel, "memo") == 0;

    TRY(pin_open(op, &m->order, &m->pin));
    if (by_memo && !(m->pin.id != 0 && m->pin.by_memo && m->pin.is_sent))
        m->fault = ISSUE_FAULT_NO_PIN;
    if (!by_memo && m->pin.id == 0)
        return pin_make(op, &m->order, "sms", &m->pin);
    return OK;
}

/* T34: serial, bytes and key are on the disk before anybody is asked to sign. An intent that is
 * there already is used again; one about other content has to go first (*stale). */
static enum err
prepare(struct op *op, struct making *m, bool *stale)
{
    TX(tx, op);

    TRY(lock_issuing(op, m));
    TRY(find_pin(op, m));
    if (m->fault != ISSUE_FAULT_NONE)
        return tx_commit(&tx);
    TRY(intent_live(op, &m->order, &m->intent));
    *stale = m->intent.id != 0 && strcmp(m->intent.content_sha256, m->content) != 0;
    if (*stale)
        return tx_commit(&tx);
    if (m->intent.id != 0) {
        TRY(making_resume(op, m));
        return tx_commit(&tx);
    }
    TRY(making_prepare(op, m));
    TRY(intent_add(op, &m->order, &m->intent));
    TRY(issuance_state(op, &m->order, "prepared", ISSUE_FAULT_NONE, NULL));
    TRY(order_step(
        op, &m->order, MOVE_T34, arena_printf(op->arena, "{\"serial\":\"%s\"}", m->intent.serial)));
    return tx_commit(&tx);
}

static enum err
tell(struct op *op, const struct making *m, const struct certificate *c)
{
    const struct order *o = &m->order;
    const char *tail6 = mask_tail(op->arena, c->serial, 6);

    TRY(notice_add(op, &SAY(N20, o->id, "no", o->order_no, "tail6", tail6, "date",
                           text_date_cn(op->arena, c->not_after))));
    if (m->pin.by_memo)
        return OK;
    return notice_add(op, &SAY(N19, o->id, "tail6", tail6, "pin", m->pin.text));
}

/* T35: certificate, container, receipt, state and messages come into the world together, or none of
 * them, and only while the job is ours. */
static enum err
release(struct op *op, struct making *m, struct blob der)
{
    struct certificate c;
    struct blob container;

    TRY(making_container(op, m, der, &container));
    TRY(making_record(op, m, der, &c));
    {
        TX(tx, op);

        TRY(lock_issuing(op, m));
        TRY(intent_release(op, &m->intent, der.data, der.size, container.data, container.size));
        TRY(certificate_add(op, &m->order, &m->intent, &c));
        TRY(pin_sent(op, &m->order));
        TRY(issuance_state(op, &m->order, "signed", ISSUE_FAULT_NONE, NULL));
        TRY(order_step(
            op, &m->order, MOVE_T35, arena_printf(op->arena, "{\"serial\":\"%s\"}", c.serial)));
        TRY(tell(op, m, &c));
        TRY(invoice_begin(op, &m->order));
        TRY(job_done(op, m->job));
        return tx_commit(&tx);
    }
}

/* It was signed, but not for what now stands: it comes into the world revoked, and the order goes
 * on under the next number. */
static enum err
bury(struct op *op, struct making *m)
{
    struct blob tbs = {m->intent.tbs, m->intent.tbs_n}, der;
    const char *serial, *stream = arena_printf(op->arena, "orders/%s", m->order.order_no);
    struct certificate_summary s;
    struct signer_reply reply;
    struct certificate c;

    TRY(signer_find_serial(op, m->input.algorithm, m->input.serial, &reply));
    der = certificate_assemble(op->arena, m->input.algorithm, tbs, reply.signature);
    TRY(certificate_verify(op, der, tbs, &m->issuer));
    TRY(certificate_parse(op, der, &s));
    c = (struct certificate){.subject = s.subject,
        .not_before = s.not_before,
        .not_after = s.not_after,
        .chain_pem = certificate_chain_pem(op, der, &m->issuer)};
    {
        bool is_current;
        TX(tx, op);

        TRY(lock(op, m));
        is_current = m->order.reissue_no == m->approvals.reissue_no;
        m->order.reissue_no = m->approvals.reissue_no;
        TRY(intent_release(op, &m->intent, der.data, der.size, NULL, 0));
        TRY(certificate_add(op, &m->order, &m->intent, &c));
        TRY(certificate_revoke(op, &m->order, "superseded", 0, 0, &serial));
        TRY(issuance_state(op, &m->order, "closed", ISSUE_FAULT_NONE, NULL));
        if (is_current)
            TRY(issuance_next_reissue(op, &m->order));
        TRY(audit_add(op, stream, "signed_and_revoked", m->order.id,
            arena_printf(op->arena, "{\"serial\":\"%s\"}", m->intent.serial)));
        if (is_current && m->order.state == ORDER_ISSUING) {
            TRY(order_step(op, &m->order, MOVE_T37, NULL));
            TRY(issue_queue(op, &m->order));
        }
        TRY(job_done(op, m->job));
        return tx_commit(&tx);
    }
}

/* Gives the intent up, if nobody has signed it: first the signer swears never to, then we write it
 * down (T37). done: this job has then nothing left to do. */
static enum err
drop(struct op *op, struct making *m, const char *why, bool done)
{
    struct certificate_profile_input numbers = {.algorithm = m->input.algorithm};
    struct blob tbs = {m->intent.tbs, m->intent.tbs_n};
    struct signer_reply reply;
    enum err e;

    TRY(certificate_tbs_numbers(op, tbs, &numbers));
    m->input = numbers;
    e = signer_void(op, &m->approvals, numbers.algorithm, numbers.serial, &reply);
    if (e == E_CONFLICT)
        return bury(op, m);
    TRY(e);
    {
        TX(tx, op);

        TRY(lock(op, m));
        TRY(intent_void(op, &m->intent, why));
        if (m->order.state == ORDER_ISSUING)
            TRY(order_step(op, &m->order, MOVE_T37,
                arena_printf(op->arena, "{\"serial\":\"%s\"}", m->intent.serial)));
        TRY(done ? job_done(op, m->job) : job_later(op, m->job, 0, NULL));
        return tx_commit(&tx);
    }
}

/* T38: a person must look. void_it: the signer will never sign the intent, so that the next try
 * prepares anew. */
static enum err
give_up(struct op *op, struct making *m, enum issue_fault fault, const char *note, bool void_it)
{
    TX(tx, op);

    TRY(lock_issuing(op, m));
    if (void_it)
        TRY(intent_void(op, &m->intent, issue_fault_code(fault)));
    TRY(issuance_state(op, &m->order, "failed", fault, note));
    TRY(order_step(op, &m->order, MOVE_T38,
        arena_printf(op->arena, "{\"fault\":\"%s\"}", issue_fault_code(fault))));
    TRY(job_done(op, m->job));
    log_warn(op, "issuance failed", "order", m->order.order_no, "fault", issue_fault_code(fault),
        "note", note, NULL);
    return tx_commit(&tx);
}

/* T36: the same again, later. */
static enum err
postpone(struct op *op, struct making *m, enum err e, const char *note)
{
    TX(tx, op);

    TRY(lock_issuing(op, m));
    TRY(issuance_state(
        op, &m->order, m->intent.id != 0 ? "prepared" : "queued", ISSUE_FAULT_NONE, note));
    TRY(order_step(
        op, &m->order, MOVE_T36, arena_printf(op->arena, "{\"code\":\"%s\"}", err_code(e))));
    TRY(job_later(op, m->job, waits_s[m->attempts - 1], note));
    return tx_commit(&tx);
}

static bool
begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* What is to become of a try that failed. */
static enum err
trouble(struct op *op, struct making *m, enum err e)
{
    const char *note = op->note == NULL ? err_code(e) : op->note;
    struct signer_reply sworn;

    if (e == E_STALE)
        return e;
    if (op_left_ms(op) < LEAST_LEFT_MS)
        op->deadline_ms = op_monotonic_ms() + LEAST_LEFT_MS;
    log_warn(op, "issuance in trouble", "order", m->order.order_no, "code", err_code(e), "note",
        note, NULL);
    if (e == E_CERTIFICATE_LINT)
        return give_up(op, m, ISSUE_FAULT_LINT, note, false);
    if (e == E_SIGNER_REFUSED && (begins(note, "validity") || begins(note, "serial_void")))
        return drop(op, m, "too_old", false);
    if (e == E_SIGNER_REFUSED)
        return give_up(op, m, ISSUE_FAULT_SIGNER, note,
            signer_void(op, &m->approvals, m->input.algorithm, m->input.serial, &sworn) == OK);
    if (m->attempts >= ISSUE_TRIES)
        return give_up(op, m, ISSUE_FAULT_ATTEMPTS, note, false);
    return postpone(op, m, e, note);
}

static enum err
make(struct op *op, struct making *m)
{
    bool stale = false;
    struct blob der;

    TRY(making_describe(op, m));
    if (m->fault != ISSUE_FAULT_NONE)
        return OK;
    TRY(issuer_open(op, op->conf, m->input.algorithm, &m->issuer));
    TRY(prepare(op, m, &stale));
    if (m->fault != ISSUE_FAULT_NONE)
        return OK;
    if (stale)
        return drop(op, m, "content_changed", false);
    TRY(making_sign(op, m, &der));
    return release(op, m, der);
}

enum err
issue_job(struct op *op, const struct job *j)
{
    struct making m = {.job = j};
    enum err e;

    TRY(claim(op, &m));
    if (m.is_over)
        return OK;
    if (m.attempts > CLAIMS)
        return give_up(op, &m, ISSUE_FAULT_ATTEMPTS, "the worker died at it", false);
    if (m.fault == ISSUE_FAULT_NONE) {
        e = make(op, &m);
        if (e != OK)
            return trouble(op, &m, e);
    }
    return m.fault == ISSUE_FAULT_NONE ? OK : give_up(op, &m, m.fault, NULL, false);
}

/* The live intent of a number that the order may have left behind. */
static enum err
find_left(struct op *op, struct making *m)
{
    struct issue_work work = {0};
    TX(tx, op);

    TRY(record_read(op, work_fields, m->job->payload, &work));
    TRY(lock(op, m));
    m->approvals =
        (struct signer_order){.order_no = m->order.order_no, .reissue_no = work.reissue_no};
    m->order.reissue_no = work.reissue_no;
    TRY(intent_live(op, &m->order, &m->intent));
    m->is_over = m->intent.id == 0 || m->intent.is_released || m->order.state == ORDER_ISSUING;
    if (m->is_over)
        TRY(job_done(op, m->job));
    return tx_commit(&tx);
}

enum err
issue_drop_job(struct op *op, const struct job *j)
{
    struct making m = {.job = j};

    TRY(find_left(op, &m));
    if (m.is_over)
        return OK;
    if (!algorithm_parse(m.intent.issuer, &m.input.algorithm) ||
        !text_unhex(m.intent.content_sha256, m.approvals.revision, REVISION_SIZE))
        return op_fail(op, E_INTERNAL, "intent %lld", (long long)m.intent.id);
    TRY(issuer_open(op, op->conf, m.input.algorithm, &m.issuer));
    return drop(op, &m, "order_given_up", true);
}

static enum err
pick_up(struct op *op, const char *order_no)
{
    struct order order;
    TX(tx, op);

    TRY(order_lock(op, order_no, 0, &order));
    if (order.state == ORDER_ACCEPTED || order.state == ORDER_BANK_VERIFIED ||
        order.state == ORDER_ISSUING) {
        TRY(issue_queue(op, &order));
        log_warn(op, "order without a job picked up", "order", order_no, NULL);
    }
    return tx_commit(&tx);
}

enum err
issue_sweep_job(struct op *op, const struct job *j)
{
    const char *const *nos;

    (void)j;
    TRY(issuance_stray(op, &nos));
    for (; *nos != NULL; nos++)
        TRY(job_skip(op, "order not picked up", *nos, pick_up(op, *nos)));
    return OK;
}
