/* The worker's part of a refund: the order's lock, the provider, the order's lock again. */
#include <string.h>

#include "base/text.h"
#include "flow/bank_verify.h"
#include "flow/invoice.h"
#include "flow/refund.h"
#include "io/db.h"
#include "provider/provider.h"
#include "store/apply.h"
#include "store/ledger.h"
#include "store/notice.h"

/* Soon after a transfer a bank may not know yet what it was told (bank_transfer.md). */
enum { BANK_QUIET_SECONDS = 900 };

struct work {
    const struct job *job;
    struct order order;
    struct payment payment;
    struct refund refund;
    struct bank_account account;
};

/* What became of it, from whichever provider. */
struct result {
    enum outcome outcome;
    enum refund_state state; /* when done */
    int64_t amount_fen;
    const char *provider_id;
    struct reason why;
};

static enum err
load(struct op *op, int64_t refund_id, int64_t order_id, struct work *w)
{
    TRY(order_lock_id(op, order_id, &w->order));
    TRY(refund_get(op, refund_id, &w->refund));
    return payment_get(op, w->refund.payment_id, &w->payment);
}

/* ---- its end ---- */

static const char *
yuan(struct op *op, const struct work *w)
{
    return text_yuan(op->arena, w->refund.amount_fen);
}

static enum err
succeed(struct op *op, struct work *w, const char *provider_id)
{
    struct refund_sums sums;

    TRY(refund_set_state(op, &w->refund, RETURN_SUCCEEDED, NULL, provider_id));
    TRY(refund_sums(op, w->payment.id, &sums));
    if (sums.back_fen == w->payment.received_fen)
        TRY(payment_set_state(op, w->payment.id, PAYMENT_REFUNDED));
    if (w->refund.closes_order)
        TRY(order_step(op, &w->order, MOVE_T48, NULL));
    if (w->payment.purpose == PAYMENT_FOR_ORDER)
        TRY(invoice_follow_refund(op, &w->order));
    return notice_add(op, &SAY(N27, w->order.id, "no", w->order.order_no, "amt", yuan(op, w)));
}

static enum err
fail(struct op *op, struct work *w, const char *why)
{
    TRY(refund_set_state(op, &w->refund, RETURN_FAILED, why, NULL));
    if (w->refund.closes_order)
        TRY(order_step(op, &w->order, MOVE_T49, NULL));
    else if (w->payment.purpose == PAYMENT_FOR_ORDER)
        TRY(invoice_follow_refund(op, &w->order));
    return notice_add(op, &SAY(N28, w->order.id, "no", w->order.order_no));
}

static enum err
later(struct op *op, struct work *w, enum return_state state, const struct result *r)
{
    int64_t age = w->refund.submitted_at == 0 ? 0 : op->now - w->refund.submitted_at;
    const char *why = r->outcome == OUTCOME_DONE ? NULL : r->why.code;

    TRY(refund_set_state(op, &w->refund, state, why, r->provider_id));
    return job_later(op, w->job, payment_retry_gap(age), why);
}

/* Whether the refund still waits for an end. A repeat of old news changes nothing. */
static bool
is_open(const struct refund *f)
{
    return f->state == RETURN_CREATED || f->state == RETURN_SUBMITTED || f->state == RETURN_UNKNOWN;
}

static enum err
settle(struct op *op, struct work *w, const struct result *r)
{
    TX(tx, op);

    TRY(load(op, w->refund.id, w->refund.order_id, w));
    if (!is_open(&w->refund))
        TRY(job_done(op, w->job));
    else if (r->outcome == OUTCOME_REFUSED ||
             (r->outcome == OUTCOME_DONE && r->state == REFUND_FAILED)) {
        TRY(fail(op, w, arena_printf(op->arena, "%s %s", r->why.code, r->why.text)));
        TRY(job_done(op, w->job));
    } else if (r->outcome == OUTCOME_DONE && r->state == REFUND_SUCCESS) {
        /* states.md T48: another amount than ours is nobody's success. */
        if (r->amount_fen != w->refund.amount_fen)
            return op_fail(op, E_PROVIDER, "refund %s: amount %lld", w->refund.out_refund_no,
                (long long)r->amount_fen);
        TRY(succeed(op, w, r->provider_id));
        TRY(job_done(op, w->job));
    } else
        TRY(later(op, w,
            r->outcome == OUTCOME_NOT_SENT ? RETURN_CREATED
            : r->outcome == OUTCOME_DONE   ? RETURN_SUBMITTED
                                           : RETURN_UNKNOWN,
            r));
    return tx_commit(&tx);
}

/* ---- the way it came ---- */

static const struct pay_provider *
provider_of(struct op *op, const struct payment *p)
{
    return p->method == PAYMENT_ALIPAY ? op->providers->alipay : op->providers->wechat_pay;
}

static struct result
ask_payer(struct op *op, const struct work *w, bool send)
{
    const struct refund_request request = {
        .out_trade_no = w->payment.out_trade_no,
        .out_refund_no = w->refund.out_refund_no,
        .reason = w->refund.reason,
        .refund_fen = w->refund.amount_fen,
        .total_fen = w->payment.received_fen,
    };
    const struct pay_provider *p = provider_of(op, &w->payment);
    struct refund_status status = {.state = REFUND_PROCESSING};
    struct result r = {.why = {"", ""}};

    r.outcome = (send ? p->refund : p->refund_query)(op, &request, &status, &r.why);
    r.state = status.state;
    r.amount_fen = status.amount_fen;
    r.provider_id = status.refund_id;
    return r;
}

/* ---- by transfer ---- */

static struct result
from_bank(enum outcome outcome, const struct transfer_status *s, const struct work *w)
{
    static const enum refund_state states[] = {
        [TRANSFER_PROCESSING] = REFUND_PROCESSING,
        [TRANSFER_PAID] = REFUND_SUCCESS,
        [TRANSFER_FAILED] = REFUND_FAILED,
        [TRANSFER_RETURNED] = REFUND_FAILED,
    };

    return (struct result){
        .outcome = outcome,
        .state = states[s->state],
        .amount_fen = w->refund.amount_fen,
        .provider_id = s->bank_serial,
    };
}

static struct result
ask_bank(struct op *op, const struct work *w, bool send)
{
    const struct transfer_request request = {
        .reference = w->refund.out_refund_no,
        .account_name = w->account.account_name,
        .bank_code = w->account.bank_code,
        .account_number = w->account.account_number,
        .memo = send ? arena_printf(op->arena, "退款%s", w->order.order_no) : NULL,
        .amount_fen = w->refund.amount_fen,
        .gives_back = true,
    };
    const struct bank_provider *bank = op->providers->bank;
    struct transfer_status status = {.state = TRANSFER_PROCESSING};
    struct reason why = {"", ""};
    struct result r;

    r = from_bank(send ? bank->transfer(op, &request, &status, &why)
                       : bank->query(op, request.reference, w->refund.submitted_at, &status, &why),
        &status, w);
    r.why = why;
    return r;
}

/* An account that was named, else the one the money came from; its branch we know only where the
 * form holds the same account. It is written down, for a repeat must go to the same. */
static enum err
find_account(struct op *op, struct work *w, bool *found)
{
    struct form form;

    TRY(refund_account(op, &w->refund, &w->account));
    if (w->account.account_number == NULL) {
        TRY(refund_payer(op, &w->payment, &w->account));
        if (w->account.account_number != NULL) {
            TRY(apply_form(op, &w->order, &form));
            if (form.bank_account.account_number != NULL &&
                strcmp(form.bank_account.account_number, w->account.account_number) == 0)
                w->account.bank_code = form.bank_account.bank_code;
        }
        if (w->account.bank_code != NULL)
            TRY(refund_set_account(op, &w->refund, &w->account));
    }
    *found = w->account.account_number != NULL && w->account.bank_code != NULL;
    return OK;
}

/* ---- one try ---- */

/* An invoice is taken back before the money is (states.md, section 4; the service agreement says so
 * too). */
static enum err
wait_for_invoice(struct op *op, struct work *w, bool *go)
{
    if (w->payment.purpose == PAYMENT_FOR_ORDER)
        TRY(invoice_make_way(op, &w->order, go));
    return *go ? OK
               : job_later(op, w->job, payment_retry_gap(op->now - w->refund.created_at), NULL);
}

/* From here on somebody outside may have heard of it. *go is false when there is nothing to do. */
static enum err
prepare(struct op *op, struct work *w, bool *send, bool *go)
{
    TX(tx, op);

    *go = true;
    TRY(load(op, w->refund.id, w->refund.order_id, w));
    *send = w->refund.state == RETURN_CREATED;
    if (!is_open(&w->refund)) {
        TRY(job_done(op, w->job));
        *go = false;
    } else if (w->refund.by_transfer) {
        TRY(find_account(op, w, go));
        if (!*go) {
            TRY(fail(op, w, "account_unknown"));
            TRY(job_done(op, w->job));
        }
    }
    if (*go && *send)
        TRY(wait_for_invoice(op, w, go));
    if (*go && *send) {
        if (w->refund.closes_order)
            TRY(bank_verification_burn(op, &w->order));
        TRY(refund_set_state(op, &w->refund, RETURN_SUBMITTED, NULL, NULL));
    }
    return tx_commit(&tx);
}

static struct result
ask(struct op *op, const struct work *w, bool send)
{
    return w->refund.by_transfer ? ask_bank(op, w, send) : ask_payer(op, w, send);
}

/* The provider has never heard of what we may have sent: the same number may go out again. A bank
 * may just be slow to know. */
static bool
is_unheard(struct op *op, const struct work *w, const struct result *r)
{
    return r->outcome == OUTCOME_REFUSED && strcmp(r->why.code, "NOT_FOUND") == 0 &&
           (!w->refund.by_transfer || op->now - w->refund.submitted_at >= BANK_QUIET_SECONDS);
}

enum err
refund_job(struct op *op, const struct job *j)
{
    const char *number = j->key + strlen("refund/");
    struct work w = {.job = j};
    struct refund_key key;
    struct result r;
    bool send, go;

    number = arena_strndup(op->arena, number, strcspn(number, "/"));
    TRY(refund_by_number(op, number, &key));
    if (key.id == 0)
        return op_fail(op, E_INTERNAL, "job %s has no refund", j->key);
    w.refund.id = key.id;
    w.refund.order_id = key.order_id;
    TRY(prepare(op, &w, &send, &go));
    if (!go)
        return OK;
    r = ask(op, &w, send);
    if (!send && is_unheard(op, &w, &r))
        r = ask(op, &w, true);
    else if (!send && r.outcome != OUTCOME_DONE)
        r.outcome = OUTCOME_UNKNOWN; /* the question failed, which says nothing of the refund */
    return settle(op, &w, &r);
}

/* ---- afterwards ---- */

static enum err
came_back(struct op *op, struct work *w)
{
    TRY(refund_set_state(op, &w->refund, RETURN_FAILED, "returned", NULL));
    TRY(payment_set_state(op, w->payment.id, PAYMENT_REFUNDING));
    return notice_add(op, &SAY(N28, w->order.id, "no", w->order.order_no));
}

static enum err
write_compared(struct op *op, struct work *w, const struct result *r)
{
    struct ledger_finding f = {.refund = true};
    TX(tx, op);

    TRY(load(op, w->refund.id, w->refund.order_id, w));
    if (w->refund.by_transfer && w->refund.state == RETURN_SUCCEEDED && r->state == REFUND_FAILED)
        TRY(came_back(op, w));
    f.id = w->refund.id;
    f.order_id = w->refund.order_id;
    f.at = w->refund.finished_at;
    f.number = w->refund.out_refund_no;
    f.method = payment_methods[w->payment.method];
    f.ours_fen = w->refund.state == RETURN_SUCCEEDED ? w->refund.amount_fen : 0;
    f.theirs_fen = r->outcome == OUTCOME_DONE && r->state == REFUND_SUCCESS ? r->amount_fen : 0;
    TRY(ledger_compared(op, &f));
    return tx_commit(&tx);
}

enum err
refund_compare(struct op *op, int64_t id, int64_t order_id)
{
    struct work w = {.refund = {.id = id, .order_id = order_id}};
    struct result r;

    TRY(refund_get(op, id, &w.refund));
    TRY(payment_get(op, w.refund.payment_id, &w.payment));
    r = ask(op, &w, false);
    if (r.outcome != OUTCOME_DONE &&
        !(r.outcome == OUTCOME_REFUSED && strcmp(r.why.code, "NOT_FOUND") == 0))
        return op_fail(op, E_PROVIDER, "comparing %s: %s", w.refund.out_refund_no, r.why.code);
    return write_compared(op, &w, &r);
}
