#include "store/job.h"

#include <string.h>

#include "base/log.h"
#include "io/db.h"
#include "io/vault.h"

static const char *
context(struct op *op, const char *key)
{
    return arena_printf(op->arena, "jobs/%s", key);
}

enum err
job_add(struct op *op, const struct job_order *j)
{
    const char *secret = NULL;

    if (j->secret != NULL) {
        const void *sealed;
        size_t n;

        TRY(vault_seal(
            op, VAULT_SMS, context(op, j->key), j->secret, strlen(j->secret), &sealed, &n));
        secret = db_bytes(op, sealed, n);
    }
    return DO(op, Q_JOB_ADD, NULL, j->kind, j->key,
        j->order_id == 0 ? NULL : db_int(op, j->order_id), j->payload, secret, db_int(op, j->in_s));
}

/* {"A","B"}: our own words, which need no quoting. */
static const char *
text_array(struct op *op, const char *const *names)
{
    const char *s = "";

    for (; *names != NULL; names++)
        s = arena_printf(op->arena, "%s%s%s", s, *s == '\0' ? "" : ",", *names);
    return arena_printf(op->arena, "{%s}", s);
}

enum err
job_claim(struct op *op, const char *const *kinds, int64_t lease_s, struct job *out)
{
    const void *sealed, *plain;
    size_t n, plain_n;
    ROWS r = NULL;

    out->id = 0;
    TRY(RUN(op, Q_JOB_CLAIM, &r, text_array(op, kinds), db_int(op, lease_s)));
    if (row_count(r) == 0)
        return OK;
    out->id = row_int(r, 0, "id");
    out->order_id = row_int(r, 0, "order_id");
    out->kind = row_str(op, r, 0, "kind");
    out->key = row_str(op, r, 0, "key");
    out->payload = row_str(op, r, 0, "payload");
    out->attempts = row_int(r, 0, "attempts");
    out->fence = row_int(r, 0, "fence");
    out->secret = NULL;
    if (row_null(r, 0, "secret"))
        return OK;
    sealed = row_bytes(op, r, 0, "secret", &n);
    TRY(vault_unseal(op, VAULT_SMS, context(op, out->key), sealed, n, &plain, &plain_n));
    out->secret = plain;
    return OK;
}

static enum err
held(struct op *op, const struct job *j, int64_t n)
{
    return n == 1 ? OK : op_fail(op, E_STALE, "job %lld is no longer ours", (long long)j->id);
}

enum err
job_done(struct op *op, const struct job *j)
{
    int64_t n;

    TRY(DO(op, Q_JOB_DONE, &n, db_int(op, j->id), db_int(op, j->fence)));
    return held(op, j, n);
}

enum err
job_later(struct op *op, const struct job *j, int64_t in_s, const char *failure)
{
    int64_t n;

    TRY(DO(
        op, Q_JOB_LATER, &n, db_int(op, j->id), db_int(op, j->fence), db_int(op, in_s), failure));
    return held(op, j, n);
}

enum err
job_park(struct op *op, const struct job *j, const char *failure)
{
    int64_t n;

    TRY(DO(op, Q_JOB_PARK, &n, db_int(op, j->id), db_int(op, j->fence), failure));
    return held(op, j, n);
}

enum err
job_hurry(struct op *op, const char *key)
{
    return DO(op, Q_JOB_HURRY, NULL, key);
}

enum err
job_hurry_kind(struct op *op, int64_t order_id, const char *kind)
{
    return DO(op, Q_JOB_HURRY_KIND, NULL, db_int(op, order_id), kind);
}

enum err
job_hold(struct op *op, const struct job *j)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_JOB_HOLD, &r, db_int(op, j->id), db_int(op, j->fence)));
    return held(op, j, row_count(r));
}

enum err
job_again(struct op *op, const char *key)
{
    return DO(op, Q_JOB_AGAIN, NULL, key);
}

enum err
job_next_due(struct op *op, int64_t most_s, int64_t *s)
{
    ROWS r = NULL;

    TRY(RUN0(op, Q_JOB_NEXT_DUE, &r));
    *s = row_null(r, 0, "s") || row_int(r, 0, "s") > most_s ? most_s : row_int(r, 0, "s");
    if (*s < 0)
        *s = 0;
    return OK;
}

enum err
job_wake(struct op *op, int64_t id)
{
    int64_t n;

    TRY(DO(op, Q_JOB_WAKE, &n, db_int(op, id)));
    return n == 1 ? OK : op_fail(op, E_NOT_FOUND, "job %lld is not parked", (long long)id);
}

enum err
job_skip(struct op *op, const char *what, const char *order_no, enum err e)
{
    if (e == E_UNAVAILABLE)
        return e;
    if (e != OK)
        log_warn(op, what, "order", order_no, "code", err_code(e), "note", op->note, NULL);
    op->note = NULL;
    return OK;
}
