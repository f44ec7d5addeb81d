/* The worker's part of an online payment: ask first, then lock the order and write. */
#include <string.h>

#include "flow/settle.h"
#include "io/db.h"

/* The attempt that a job is about; its number stands behind the first slash of the key. */
static enum err
find(struct op *op, const struct job *j, struct payment_key *key, struct payment *p)
{
    const char *number = strchr(j->key, '/') + 1;

    number = arena_strndup(op->arena, number, strcspn(number, "/"));
    TRY(payment_by_number(op, PAYMENT_METHOD_MAX, number, key));
    if (key->id == 0)
        return op_fail(op, E_INTERNAL, "job %s has no payment", j->key);
    return payment_get(op, key->id, p);
}

static bool
is_open(const struct payment *p)
{
    return p->state == PAYMENT_PREPARING || p->state == PAYMENT_PENDING;
}

/* ---- opening ---- */

static enum err
show_code(struct op *op, const struct job *j, struct payment_key key, const char *code_url)
{
    struct order o;
    bool taken;
    TX(tx, op);

    TRY(order_lock_id(op, key.order_id, &o));
    TRY(payment_code(op, key.id, code_url, &taken));
    if (!taken) {
        TRY(payment_reclose(op, key.id));
        TRY(job_add(
            op, &(struct job_order){
                    .kind = "PAY_CLOSE",
                    .key = arena_printf(op->arena, "pay-close/%s/opened", strchr(j->key, '/') + 1),
                    .order_id = key.order_id,
                }));
    }
    TRY(job_done(op, j));
    return tx_commit(&tx);
}

/* The provider will not have it: the applicant chooses anew. */
static enum err
give_up(struct op *op, const struct job *j, struct payment_key key)
{
    struct payment p;
    struct order o;
    TX(tx, op);

    TRY(order_lock_id(op, key.order_id, &o));
    TRY(payment_get(op, key.id, &p));
    if (is_open(&p)) {
        TRY(payment_shut(op, key.id, phrase_text(PHRASE_CHANNEL_REFUSED, LANG_ZH)));
        if (order_move_allowed(o.state, MOVE_T08))
            TRY(order_step(op, &o, MOVE_T08, NULL));
    }
    TRY(job_done(op, j));
    return tx_commit(&tx);
}

enum err
pay_open_job(struct op *op, const struct job *j)
{
    struct reason why = {"", ""};
    struct pay_request request;
    struct payment_key key;
    const char *code_url;
    struct payment p;
    bool closing;

    TRY(find(op, j, &key, &p));
    if (p.state != PAYMENT_PREPARING || op->now >= p.expires_at)
        return job_done(op, j);
    /* First the other code dies; where its provider is out of reach, we do not wait for ever. */
    TRY(payment_in_the_way(op, &p, &closing));
    if (closing && op->now - p.created_at < PAYMENT_SWITCH_SECONDS)
        return job_later(op, j, 1, NULL);
    request = (struct pay_request){
        .out_trade_no = p.out_trade_no, .amount_fen = p.amount_fen, .expires_at = p.expires_at};
    TRY(payment_subject(op, p.order_id, &request.subject));
    switch (pay_provider_of(op, p.method)->open(op, &request, &code_url, &why)) {
    case OUTCOME_DONE:
        return show_code(op, j, key, code_url);
    case OUTCOME_REFUSED:
        /* Paid already, after an answer that was lost: the query finds out. */
        return strcmp(why.code, "PAID") == 0 ? job_done(op, j) : give_up(op, j, key);
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    return op_fail(op, E_PROVIDER, "opening %s: %s", p.out_trade_no, why.code);
}

/* ---- asking and closing ---- */

static enum err
apply(struct op *op, const struct job *j, struct payment_key key, const struct pay_status *s)
{
    const char *verdict;
    TX(tx, op);

    TRY(pay_settle(op, key, s, &verdict));
    TRY(job_done(op, j));
    return tx_commit(&tx);
}

/* After an answer that is no end yet, or after none. */
static enum err
ask_later(struct op *op, const struct job *j, int64_t gap, const struct reason *why)
{
    int64_t failed = payment_failed_gap(j->attempts);

    if (*why->code == '\0')
        return job_later(op, j, gap, NULL);
    return job_later(op, j, failed > gap ? failed : gap, why->code);
}

/* Ask, close, ask again: a payer may be faster than our closing. */
static enum err
close_there(struct op *op, const struct job *j, struct payment_key key, const struct payment *p)
{
    const struct pay_provider *provider = pay_provider_of(op, p->method);
    struct pay_status status = {.state = PAY_IN_PROCESS};
    struct reason why = {"", ""};
    enum outcome o = provider->query(op, p->out_trade_no, &status, &why);

    if (o == OUTCOME_DONE && status.state == PAY_NOTPAY) {
        o = provider->close(op, p->out_trade_no, &why);
        if (o == OUTCOME_DONE || (o == OUTCOME_REFUSED && strcmp(why.code, "PAID") == 0)) {
            bool shut = o == OUTCOME_DONE;

            o = provider->query(op, p->out_trade_no, &status, &why);
            /* One that nobody scanned is not known there, before and after. */
            if (o == OUTCOME_DONE && shut && status.state == PAY_NOTPAY)
                status.state = PAY_CLOSED;
        }
    }
    if (o == OUTCOME_DONE && (status.state == PAY_SUCCESS || status.state == PAY_CLOSED))
        return apply(op, j, key, &status);
    return ask_later(op, j, 1, &why);
}

enum { WATCH_SECONDS = 120 };

/* A code that nobody scanned cannot be closed everywhere: until it dies by itself somebody may
 * still pay it. */
static bool
is_watched(const struct op *op, const struct payment *p)
{
    return p->state == PAYMENT_CLOSED && op->now < p->expires_at + WATCH_SECONDS;
}

enum err
pay_query_job(struct op *op, const struct job *j)
{
    struct pay_status status = {.state = PAY_IN_PROCESS};
    struct reason why = {"", ""};
    struct payment_key key;
    struct payment p;
    enum outcome o;
    int64_t gap;

    TRY(find(op, j, &key, &p));
    gap = payment_poll_gap(op->now - p.created_at);
    if (!is_open(&p) && !is_watched(op, &p))
        return job_done(op, j);
    if (p.closing || (p.state == PAYMENT_PREPARING && op->now < p.expires_at))
        return job_later(op, j, gap, NULL);
    if (is_open(&p) && op->now >= p.expires_at)
        return close_there(op, j, key, &p);
    o = pay_provider_of(op, p.method)->query(op, p.out_trade_no, &status, &why);
    if (o == OUTCOME_DONE && (status.state == PAY_SUCCESS || status.state == PAY_CLOSED))
        return apply(op, j, key, &status);
    return ask_later(op, j, gap, &why);
}

enum err
pay_close_job(struct op *op, const struct job *j)
{
    struct payment_key key;
    struct payment p;

    TRY(find(op, j, &key, &p));
    return p.closing ? close_there(op, j, key, &p) : job_done(op, j);
}
