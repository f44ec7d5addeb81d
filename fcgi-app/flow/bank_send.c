#include "flow/bank_send.h"

#include <string.h>

#include "base/log.h"
#include "domain/pin.h"
#include "domain/reason.h"
#include "flow/issue.h"
#include "flow/submit.h"
#include "io/db.h"
#include "provider/provider.h"
#include "store/audit.h"
#include "store/bank_verification.h"
#include "store/notice.h"
#include "store/pin.h"

enum { FEN = 1, GAP_LEAST_S = 2, GAP_MOST_S = 3600 };

struct bank_work {
    const char *reference;
};
static const struct field work_fields[] = {
    STR(struct bank_work, reference, 1, 20),
    {.type = F_END},
};

/* What one try works on. */
struct errand {
    const struct job *job;
    struct order order;
    struct attempt attempt;
    struct pin pin;
    enum { NOTHING_LEFT, SEND, ASK } next;
};

static enum err
lock(struct op *op, struct errand *e)
{
    struct bank_work work = {NULL};

    TRY(record_read(op, work_fields, e->job->payload, &work));
    TRY(order_lock_id(op, e->job->order_id, &e->order));
    TRY(job_hold(op, e->job));
    return bank_verification_lock(op, work.reference, &e->attempt);
}

/* Each wait is half as long again as the time that has passed: 2 s at first, then up to an hour. */
static int64_t
gap(const struct op *op, const struct attempt *a)
{
    int64_t half = (op->now - a->submitted_at) / 2;

    return half < GAP_LEAST_S ? GAP_LEAST_S : half > GAP_MOST_S ? GAP_MOST_S : half;
}

static enum reason_code
reason_of(enum transfer_reason r)
{
    static const enum reason_code codes[] = {
        [TRANSFER_NO_REASON] = REASON_BANK_OTHER,
        [TRANSFER_NAME_MISMATCH] = REASON_BANK_NAME,
        [TRANSFER_NO_ACCOUNT] = REASON_BANK_NO_ACCOUNT,
        [TRANSFER_ACCOUNT_STATUS] = REASON_BANK_STATUS,
        [TRANSFER_WRONG_BRANCH] = REASON_BANK_BRANCH,
        [TRANSFER_BANK_SYSTEM] = REASON_BANK_SYSTEM,
        [TRANSFER_OTHER] = REASON_BANK_OTHER,
    };

    return codes[r];
}

/* T27: the memo has the PIN to whoever holds the account. */
static enum err
succeed(struct op *op, struct errand *e, const char *serial)
{
    struct order *o = &e->order;
    const struct attempt *a = &e->attempt;

    TRY(bank_verification_finish(op, a, ATTEMPT_OK, NULL, serial));
    TRY(pin_sent(op, o));
    TRY(order_step(op, o, MOVE_T27, NULL));
    TRY(notice_add(op, &SAY(N16, o->id, "no", o->order_no, "tail4", a->account_tail)));
    TRY(issue_queue(op, o));
    TRY(job_add(op, &(struct job_order){
                        .kind = "BANK_WATCH",
                        .key = arena_printf(op->arena, "bank-watch/%s", a->reference),
                        .order_id = o->id,
                        .payload = e->job->payload,
                        .in_s = 3600,
                    }));
    return job_done(op, e->job);
}

/* T28: the PIN is worth nothing any more, wherever it went. */
static enum err
fail(struct op *op, struct errand *e, enum reason_code why, const char *serial)
{
    struct order *o = &e->order;

    TRY(bank_verification_finish(op, &e->attempt, ATTEMPT_FAILED, reason_code(why), serial));
    TRY(pin_burn(op, o));
    TRY(submit_pause(op, o));
    TRY(order_step(op, o, MOVE_T28,
        arena_printf(op->arena, "{\"reason\":\"%s\",\"shown\":\"%s\"}", reason_code(why),
            reason_text(why, LANG_ZH))));
    TRY(notice_add(op, &SAY(N17, o->id, "no", o->order_no, "reason", reason_text(why, LANG_ZH))));
    return job_done(op, e->job);
}

/* Two members of staff have said what the transfer came to. */
static bool
is_judged(const struct attempt *a)
{
    return a->manual_result != NULL && a->second_staff != 0;
}

static enum err
judged(struct op *op, struct errand *e)
{
    e->next = NOTHING_LEFT;
    return strcmp(e->attempt.manual_result, "ok") == 0 ? succeed(op, e, NULL)
                                                       : fail(op, e, REASON_BANK_OTHER, NULL);
}

/*
 * Asks again in so many seconds. Two people may have agreed while the bank was being asked: nobody
 * can wake a job that somebody is at, so it looks itself.
 */
static enum err
later(struct op *op, struct errand *e, int64_t in_s, const char *why)
{
    if (is_judged(&e->attempt) && e->order.state == ORDER_BANK_VERIFICATION_PENDING)
        return judged(op, e);
    return job_later(op, e->job, in_s, why);
}

/* From the commit of this on, the bank may have it. */
static enum err
begin_sending(struct op *op, struct errand *e)
{
    struct attempt *a = &e->attempt;

    e->next = SEND;
    TRY(pin_open(op, &e->order, &e->pin));
    if (e->pin.id == 0)
        TRY(pin_make(op, &e->order, "memo", &e->pin));
    if (a->pin_id != 0 && a->pin_id != e->pin.id)
        return op_fail(op, E_INTERNAL, "%s has lost its PIN", a->reference);
    TRY(bank_verification_sending(op, a, e->pin.id));
    if (a->submitted_at == 0)
        TRY(order_step(op, &e->order, MOVE_T26, NULL));
    a->submitted_at = op->now;
    return OK;
}

static enum err
prepare(struct op *op, struct errand *e)
{
    TX(tx, op);

    TRY(lock(op, e));
    if (e->order.state != ORDER_BANK_VERIFICATION_PENDING || e->attempt.state == ATTEMPT_OK ||
        e->attempt.state == ATTEMPT_FAILED) {
        e->next = NOTHING_LEFT;
        TRY(job_done(op, e->job));
    } else if (is_judged(&e->attempt)) {
        TRY(judged(op, e));
    } else if (e->attempt.state == ATTEMPT_QUEUED) {
        TRY(begin_sending(op, e));
    } else {
        e->next = ASK;
    }
    return tx_commit(&tx);
}

/* The bank's final word, whichever call it came with. */
static enum err
conclude(struct op *op, struct errand *e, const struct transfer_status *s)
{
    TX(tx, op);

    TRY(lock(op, e));
    if (s->state == TRANSFER_PAID)
        TRY(succeed(op, e, s->bank_serial));
    else
        TRY(fail(op, e, reason_of(s->reason), s->bank_serial));
    return tx_commit(&tx);
}

/* T29, once: nothing but questions from here on. */
static enum err
wait(struct op *op, struct errand *e, const struct reason *why)
{
    TX(tx, op);

    TRY(lock(op, e));
    if (e->attempt.state == ATTEMPT_SENT) {
        TRY(bank_verification_state(op, &e->attempt, ATTEMPT_UNKNOWN));
        TRY(order_step(op, &e->order, MOVE_T29, NULL));
    }
    TRY(later(op, e, gap(op, &e->attempt), why == NULL ? NULL : why->code));
    return tx_commit(&tx);
}

/* The bank certainly does not have it: the same reference may go out again. */
static enum err
requeue(struct op *op, struct errand *e, int64_t in_s, const char *why)
{
    TX(tx, op);

    TRY(lock(op, e));
    TRY(bank_verification_state(op, &e->attempt, ATTEMPT_QUEUED));
    TRY(later(op, e, in_s, why));
    return tx_commit(&tx);
}

static enum err
said(struct op *op, struct errand *e, const struct transfer_status *s, const struct reason *why)
{
    return s->state == TRANSFER_PROCESSING ? wait(op, e, why) : conclude(op, e, s);
}

static enum err
send(struct op *op, struct errand *e)
{
    struct transfer_status status = {.state = TRANSFER_PROCESSING};
    struct transfer_request request = {
        .reference = e->attempt.reference,
        .account_name = e->attempt.account.account_name,
        .bank_code = e->attempt.account.bank_code,
        .account_number = e->attempt.account.account_number,
        .amount_fen = FEN,
    };
    struct reason why = {"", ""};

    TRY(pin_memo(op, e->pin.text, &request.memo));
    switch (op->providers->bank->transfer(op, &request, &status, &why)) {
    case OUTCOME_DONE:
        return said(op, e, &status, &why);
    case OUTCOME_NOT_SENT:
        return requeue(op, e, e->job->attempts < 8 ? 5 * e->job->attempts : 60, why.code);
    case OUTCOME_UNKNOWN:
        return wait(op, e, &why);
    case OUTCOME_REFUSED:
        break;
    }
    /* A name that no bank can write is for the applicant to correct, all else for us. */
    if (strcmp(why.code, "NAME") == 0) {
        status = (struct transfer_status){TRANSFER_FAILED, TRANSFER_NAME_MISMATCH, NULL};
        return conclude(op, e, &status);
    }
    TRY(requeue(op, e, 60, why.code));
    return op_fail(op, E_PROVIDER, "bank: %s, %s", why.code, why.text);
}

static enum err
ask(struct op *op, struct errand *e)
{
    struct transfer_status status = {.state = TRANSFER_PROCESSING};
    struct reason why = {"", ""};

    switch (op->providers->bank->query(
        op, e->attempt.reference, e->attempt.submitted_at, &status, &why)) {
    case OUTCOME_DONE:
        return said(op, e, &status, &why);
    case OUTCOME_REFUSED:
        if (strcmp(why.code, "NOT_FOUND") == 0 && op->now - e->attempt.submitted_at > BANK_GRACE_S)
            return requeue(op, e, 0, why.code);
        break;
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    return wait(op, e, &why);
}

enum err
bank_send_job(struct op *op, const struct job *j)
{
    struct errand e = {.job = j};

    TRY(prepare(op, &e));
    return e.next == SEND ? send(op, &e) : e.next == ASK ? ask(op, &e) : OK;
}

/* A success that was taken back. Before the certificate the gate of issuance now stays shut; after
 * it staff decide. */
static enum err
came_back(struct op *op, struct errand *e, const struct transfer_status *s)
{
    const char *why = reason_code(reason_of(s->reason));
    TX(tx, op);

    TRY(lock(op, e));
    if (e->attempt.state == ATTEMPT_OK) {
        TRY(bank_verification_finish(op, &e->attempt, ATTEMPT_FAILED, why, s->bank_serial));
        TRY(audit_add(op, arena_printf(op->arena, "orders/%s", e->order.order_no),
            "bank_transfer_returned", e->order.id,
            arena_printf(op->arena, "{\"attempt\":%lld,\"reason\":\"%s\"}",
                (long long)e->attempt.number, why)));
    }
    TRY(job_done(op, e->job));
    log_warn(op, "transfer came back", "order", e->order.order_no, "state",
        order_state_code(e->order.state), NULL);
    return tx_commit(&tx);
}

static enum err
look(struct op *op, struct errand *e)
{
    TX(tx, op);

    TRY(lock(op, e));
    e->next = e->attempt.state == ATTEMPT_OK ? ASK : NOTHING_LEFT;
    if (e->next == NOTHING_LEFT)
        TRY(job_done(op, e->job));
    return tx_commit(&tx);
}

enum err
bank_watch_job(struct op *op, const struct job *j)
{
    struct transfer_status status = {.state = TRANSFER_PROCESSING};
    struct reason why = {"", ""};
    struct errand e = {.job = j};
    int64_t age;

    TRY(look(op, &e));
    if (e.next == NOTHING_LEFT)
        return OK;
    if (op->providers->bank->query(
            op, e.attempt.reference, e.attempt.submitted_at, &status, &why) == OUTCOME_DONE &&
        (status.state == TRANSFER_RETURNED || status.state == TRANSFER_FAILED))
        return came_back(op, &e, &status);
    age = op->now - e.attempt.finished_at;
    return age > BANK_WATCH_S ? job_done(op, j)
                              : job_later(op, j, age < 86400 ? 7200 : 43200, NULL);
}
