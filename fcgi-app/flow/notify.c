#include "flow/notify.h"

#include <string.h>

#include "io/db.h"
#include "io/hash.h"
#include "store/inbox.h"

static const char *const senders[] = {
    [SENDER_WECHAT_PAY] = "wechat_pay",
    [SENDER_ALIPAY] = "alipay",
    [SENDER_SMS] = "sms",
    [SENDER_COURIER] = "courier",
};

enum { EVENT_ID_MOST = 128, NAMES_MOST = 200 };

static enum err
store(struct op *op, enum sender from, const char *event_id, const struct inbox_event *e)
{
    bool was_new;
    TX(tx, op);

    if (strlen(event_id) > EVENT_ID_MOST)
        return op_fail(op, E_MALFORMED, "event id of %zu bytes", strlen(event_id));
    TRY(inbox_add(op, senders[from], event_id, e, &was_new));
    return tx_commit(&tx);
}

static const char *const pay_states[] = {
    [PAY_NOTPAY] = "notpay",
    [PAY_SUCCESS] = "success",
    [PAY_CLOSED] = "closed",
    [PAY_IN_PROCESS] = "in_process",
};

/* Signed by the sender. */
static enum err
take_payment(
    struct op *op, enum sender from, const struct pay_provider *p, const struct callback *cb)
{
    struct pay_event seen;
    struct inbox_event e = {.kind = "payment"};

    TRY(p->verify(op, cb, &seen));
    if (seen.is_refund) {
        e.kind = "refund";
        e.out_refund_no = seen.refund.out_refund_no;
    } else {
        e.out_trade_no = seen.pay.out_trade_no;
        e.state = pay_states[seen.pay.state];
        e.transaction_id = seen.pay.transaction_id;
        e.currency = seen.pay.currency;
        e.amount_fen = seen.pay.amount_fen;
        e.paid_at = seen.pay.paid_at;
    }
    return store(op, from, seen.event_id, &e);
}

/* Not signed: it only says where to look, and the same words again say nothing new. */
static enum err
take_hint(struct op *op, enum sender from, const char *kind, const struct callback *cb,
    const char **names, size_t n)
{
    const struct inbox_event e = {
        .kind = kind,
        .names = {.items = names, .n = n < NAMES_MOST ? n : NAMES_MOST},
    };

    return n == 0 ? OK : store(op, from, hash_sha256_hex(op->arena, cb->body, cb->size), &e);
}

static enum err
take(struct op *op, enum sender from, const struct callback *cb)
{
    const struct providers *all = op->providers;
    const char **names;
    size_t n;

    switch (from) {
    case SENDER_WECHAT_PAY:
        return take_payment(op, from, all->wechat_pay, cb);
    case SENDER_ALIPAY:
        return take_payment(op, from, all->alipay, cb);
    case SENDER_SMS:
        TRY(all->sms->parse_push(op, cb, &names, &n));
        return take_hint(op, from, "sms", cb, names, n);
    case SENDER_COURIER:
        break;
    }
    TRY(all->courier->parse_push(op, cb, &names, &n));
    return take_hint(op, from, "courier", cb, names, n);
}

/* The sender's own words; false where this process does not know the sender. */
static bool
say(const struct providers *all, enum sender from, bool accepted, struct acknowledgement *a)
{
    const struct pay_provider *wallet = NULL;

    if (from == SENDER_SMS && all->sms != NULL)
        all->sms->answer(accepted, &a->status, &a->content_type, &a->body);
    else if (from == SENDER_COURIER && all->courier != NULL)
        all->courier->answer(accepted, &a->status, &a->content_type, &a->body);
    else if (from == SENDER_WECHAT_PAY)
        wallet = all->wechat_pay;
    else if (from == SENDER_ALIPAY)
        wallet = all->alipay;
    if (wallet != NULL)
        wallet->answer(accepted, &a->status, &a->content_type, &a->body);
    return a->body != NULL;
}

enum err
notify_take(
    struct op *op, enum sender from, const struct callback *cb, struct acknowledgement *answer)
{
    enum err e;

    answer->body = NULL;
    if (op->providers == NULL || !say(op->providers, from, false, answer))
        return op_fail(op, E_UNAVAILABLE, "%s is not configured", senders[from]);
    e = take(op, from, cb);
    (void)say(op->providers, from, e == OK, answer);
    return e;
}
