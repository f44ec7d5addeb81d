#include "worker/loop.h"

#include <time.h>

#include "base/log.h"
#include "io/clock.h"
#include "io/conf.h"
#include "io/db.h"
#include "worker/jobs.h"

enum { KINDS = 64, LEASE_SPARE_S = 5 };

/* A fresh operation: what one job knew is wiped before the next. */
static void
begin(struct op *op, const char *trace)
{
    arena_reset(op->arena);
    op->now = clock_now();
    op->deadline_ms = op_monotonic_ms() + op->conf->job_ms;
    op->trace = arena_printf(op->arena, "%s", trace);
    op->note = NULL;
    op->faults = op->last_fault = NULL;
    op->actor = (struct actor){.role = "system", .ip = ""};
    op->lang = LANG_ZH;
}

static int64_t
backoff(const struct job_kind *k, int64_t attempts)
{
    int64_t s = k->backoff_s[0];

    for (int i = 1; i < JOB_BACKOFFS && i < attempts && k->backoff_s[i] != 0; i++)
        s = k->backoff_s[i];
    return s;
}

/* A try that failed: later, or for a person to look at. */
static void
failed(struct op *op, const struct job_kind *k, const struct job *j, enum err e)
{
    const char *note = op->note == NULL ? err_code(e) : op->note;
    enum err ended;

    log_warn(
        op, "job failed", "kind", j->kind, "key", j->key, "code", err_code(e), "note", note, NULL);
    if (e == E_STALE && op->note == NULL)
        return;
    op->deadline_ms = op_monotonic_ms() + 2000;
    ended = k->every_s == 0 && j->attempts >= k->tries
                ? job_park(op, j, note)
                : job_later(op, j, backoff(k, j->attempts), note);
    if (ended != OK)
        log_warn(op, "job left to its lease", "key", j->key, "note", op->note, NULL);
}

/* A clock runs again, whether it could do its work or not. */
static enum err
run(struct op *op, const struct job_kind *k, const struct job *j)
{
    TRY(k->run(op, j));
    if (k->every_s == 0)
        return OK;
    return job_later(op, j, k->every_s == EVERY_TICK ? op->conf->clock_s : k->every_s, NULL);
}

/* Does one job; false when there was none. */
static bool
turn(struct op *op)
{
    const char *kinds[KINDS + 1] = {NULL};
    const struct job_kind *k;
    struct job job;
    int n = 0;
    enum err e;

    begin(op, "worker");
    for (k = job_kinds; k->kind != NULL && n < KINDS; k++)
        kinds[n++] = k->kind;
    e = job_claim(op, kinds, op->conf->job_ms / 1000 + LEASE_SPARE_S, &job);
    if (e != OK)
        log_warn(op, "queue out of reach", "note", op->note, NULL);
    if (e != OK || job.id == 0)
        return false;
    op->trace = arena_printf(op->arena, "job-%lld", (long long)job.id);
    k = job_kind_find(job.kind);
    e = run(op, k, &job);
    if (e != OK)
        failed(op, k, &job, e);
    else if (k->every_s == 0)
        log_info(op, "job done", "kind", job.kind, "key", job.key, NULL);
    return true;
}

/* Listening comes before looking: what is added in between announces itself. One wake answers all
 * that was announced. */
static void
sleep_until_due(struct op *op)
{
    const struct timespec moment = {.tv_nsec = 200000000};
    const char *news;
    int64_t s = 0, ms;
    enum err e;

    begin(op, "worker");
    e = db_listen(op, "job");
    if (e == OK)
        e = job_next_due(op, 60, &s);
    ms = s * 1000 < op->conf->poll_ms ? s * 1000 : op->conf->poll_ms;
    if (e == OK)
        e = db_wait(op, (int)ms, &news);
    while (e == OK && news != NULL)
        e = db_wait(op, 0, &news);
    if (e != OK)
        nanosleep(&moment, NULL);
}

void
loop_run(struct op *op, const volatile sig_atomic_t *stop, _Atomic int64_t *alive_ms)
{
    while (!*stop) {
        *alive_ms = op_monotonic_ms();
        if (!turn(op) && !*stop)
            sleep_until_due(op);
    }
}

enum err
loop_wind_clocks(struct op *op)
{
    begin(op, "worker");
    for (const struct job_kind *k = job_kinds; k->kind != NULL; k++)
        if (k->every_s != 0)
            TRY(job_add(op, &(struct job_order){.kind = k->kind,
                                .key = arena_printf(op->arena, "clock/%s", k->kind)}));
    return OK;
}
