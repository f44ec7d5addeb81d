#include "flow/send.h"

#include "io/db.h"
#include "provider/provider.h"
#include "store/notice.h"

static enum err
finish(struct op *op, const struct job *j, const struct notice_message *n, const char *state,
    const char *provider_id, const struct reason *why)
{
    TX(tx, op);

    TRY(notice_result(op, n->sms_id, state, provider_id, why == NULL ? NULL : why->code));
    TRY(job_done(op, j));
    return tx_commit(&tx);
}

/* What became of an earlier try; *again when the message has to be sent once more. */
static enum err
look_up(struct op *op, const struct job *j, const struct notice_message *n,
    const struct sms_message *m, int64_t first_at, bool *again)
{
    struct sms_receipt receipt = {NULL};
    struct reason why = {"", ""};

    *again = false;
    switch (op->providers->sms->query(op, m, first_at, &receipt, &why)) {
    case OUTCOME_DONE:
        return finish(op, j, n, "delivered", receipt.provider_id, NULL);
    case OUTCOME_REFUSED:
        *again = true;
        return OK;
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    return op_fail(op, E_PROVIDER, "sms %s: fate unknown, %s", m->key, why.code);
}

enum err
send_sms_job(struct op *op, const struct job *j)
{
    struct sms_receipt receipt = {NULL};
    struct reason why = {"", ""};
    struct notice_message n;
    struct sms_message m;
    int64_t first_at;
    bool tried, again = true;

    TRY(notice_read(op, j->secret, &n));
    TRY(notice_try(op, n.sms_id, &first_at, &tried));
    m = (struct sms_message){
        .key = arena_printf(op->arena, "%lld", (long long)n.sms_id),
        .phone = n.phone,
        .template = n.name,
        .text = n.text,
        .params = n.params,
    };
    if (tried) /* the job may have counted anew since */
        TRY(look_up(op, j, &n, &m, first_at, &again));
    if (!again)
        return OK;
    switch (op->providers->sms->send(op, &m, &receipt, &why)) {
    case OUTCOME_DONE:
        return finish(op, j, &n, "submitted", receipt.provider_id, NULL);
    case OUTCOME_REFUSED:
        return finish(op, j, &n, "failed", NULL, &why);
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNKNOWN:
        break;
    }
    return op_fail(op, E_PROVIDER, "sms %s: %s", m.key, why.code);
}
