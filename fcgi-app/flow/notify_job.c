/* The worker's part of a callback. */
#include <string.h>

#include "base/text.h"
#include "flow/notify.h"
#include "flow/settle.h"
#include "io/db.h"
#include "store/inbox.h"
#include "store/notice.h"

static enum err
finish(struct op *op, const struct job *j, const struct inbox_row *row, const char *verdict)
{
    TRY(inbox_applied(op, row->id, verdict));
    return job_done(op, j);
}

/* ---- payments ---- */

static bool
status_of(const struct inbox_event *e, struct pay_status *out)
{
    *out = (struct pay_status){
        .state = PAY_IN_PROCESS,
        .out_trade_no = e->out_trade_no,
        .transaction_id = e->transaction_id,
        .amount_fen = e->amount_fen,
        .currency = e->currency,
        .paid_at = e->paid_at,
    };
    if (e->state != NULL && strcmp(e->state, "success") == 0)
        out->state = PAY_SUCCESS;
    else if (e->state != NULL && strcmp(e->state, "closed") == 0)
        out->state = PAY_CLOSED;
    return out->out_trade_no != NULL;
}

/* An amount that is not ours is believed only after the provider, asked itself, says the same. */
static enum err
make_sure(struct op *op, int64_t id, struct pay_status *s)
{
    struct reason why = {"", ""};
    struct payment p;

    TRY(payment_get(op, id, &p));
    if (s->state != PAY_SUCCESS ||
        (s->amount_fen == p.amount_fen && s->currency != NULL && strcmp(s->currency, "CNY") == 0))
        return OK;
    if (pay_provider_of(op, p.method)->query(op, p.out_trade_no, s, &why) != OUTCOME_DONE)
        return op_fail(op, E_PROVIDER, "asking about %s: %s", p.out_trade_no, why.code);
    return OK;
}

static enum err
apply_payment(struct op *op, const struct job *j, const struct inbox_row *row)
{
    const char *verdict = "unknown_payment";
    enum payment_method method;
    struct payment_key key = {0};
    struct pay_status status;

    if (status_of(&row->event, &status) && payment_method_parse(row->provider, &method))
        TRY(payment_by_number(op, method, status.out_trade_no, &key));
    if (key.id != 0)
        TRY(make_sure(op, key.id, &status));
    {
        TX(tx, op);

        op->actor.role = "provider";
        if (key.id != 0)
            TRY(pay_settle(op, key, &status, &verdict));
        TRY(finish(op, j, row, verdict));
        return tx_commit(&tx);
    }
}

/* What a wallet says of a refund sends us asking: its amounts are sums in one dialect. */
static enum err
apply_refund(struct op *op, const struct job *j, const struct inbox_row *row)
{
    TX(tx, op);

    TRY(job_hurry(op, arena_printf(op->arena, "refund/%s", row->event.out_refund_no)));
    TRY(finish(op, j, row, "asked"));
    return tx_commit(&tx);
}

/* ---- hints ---- */

static enum err
ask_sms(struct op *op, const char *name, bool *known)
{
    struct sms_receipt receipt = {NULL};
    struct reason why = {"", ""};
    struct sms_message m;
    struct inbox_sms sms;
    const char *state = NULL;
    int64_t id;

    *known = false;
    if (!text_int(name, &id))
        return OK;
    TRY(inbox_sms(op, id, &sms));
    if (sms.id == 0)
        return OK;
    m = (struct sms_message){.key = name, .phone = sms.phone};
    switch (op->providers->sms->query(op, &m, sms.sent_at, &receipt, &why)) {
    case OUTCOME_DONE:
        state = "delivered";
        break;
    case OUTCOME_REFUSED:
        state = strcmp(why.code, "NOT_FOUND") == 0 ? NULL : "failed";
        break;
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    *known = state != NULL;
    return state == NULL ? OK
                         : notice_result(op, id, state, receipt.provider_id,
                               *why.code == '\0' ? NULL : why.code);
}

static enum err
apply_sms(struct op *op, const struct job *j, const struct inbox_row *row)
{
    const struct strings *names = &row->event.names;
    bool known, any = false;

    for (size_t i = 0; i < names->n; i++) {
        TRY(ask_sms(op, names->items[i], &known));
        any = any || known;
    }
    return finish(op, j, row, any ? "asked" : "nothing");
}

/* The parcel's own job asks the courier and moves the order. */
static enum err
apply_courier(struct op *op, const struct job *j, const struct inbox_row *row)
{
    const struct strings *names = &row->event.names;
    struct inbox_parcel parcel;
    bool any = false;
    TX(tx, op);

    for (size_t i = 0; i < names->n; i++) {
        TRY(inbox_parcel(op, names->items[i], &parcel));
        if (parcel.id == 0)
            continue;
        TRY(job_hurry(op, arena_printf(op->arena, "track/%lld", (long long)parcel.id)));
        any = true;
    }
    TRY(finish(op, j, row, any ? "asked" : "nothing"));
    return tx_commit(&tx);
}

enum err
notify_job(struct op *op, const struct job *j)
{
    static const struct {
        const char *kind;
        enum err (*apply)(struct op *op, const struct job *j, const struct inbox_row *row);
    } kinds[] = {{"payment", apply_payment}, {"refund", apply_refund}, {"sms", apply_sms},
        {"courier", apply_courier}};
    const char *number = strchr(j->key, '/') + 1;
    struct inbox_row row;
    int64_t id;

    if (!text_int(arena_strndup(op->arena, number, strcspn(number, "/")), &id))
        return op_fail(op, E_INTERNAL, "job %s has no callback", j->key);
    TRY(inbox_get(op, id, &row));
    if (row.applied)
        return job_done(op, j);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(row.event.kind, kinds[i].kind) == 0)
            return kinds[i].apply(op, j, &row);
    return op_fail(op, E_INTERNAL, "callback %lld is of no kind known here", (long long)id);
}
