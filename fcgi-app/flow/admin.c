#include "flow/admin.h"

#include "flow/desk.h"
#include "io/db.h"
#include "store/job.h"

enum err
admin_change_project(struct op *op, const char *code, const struct project_change *c)
{
    struct list found;
    TX(tx, op);

    TRY(admin_projects(op, code, &found));
    if (found.n != 1)
        return op_fail(op, E_NOT_FOUND, "project %.40s", code);
    TRY(admin_project_save(op, code, c));
    TRY(desk_note(op, "project_changed", 0,
        arena_printf(
            op->arena, "{\"project\":\"%s\",\"version\":%lld}", code, (long long)c->version + 1)));
    return tx_commit(&tx);
}

enum err
admin_retry_work(struct op *op, int64_t job)
{
    TX(tx, op);

    TRY(job_wake(op, job));
    TRY(desk_note(
        op, "work_retried", 0, arena_printf(op->arena, "{\"job\":%lld}", (long long)job)));
    return tx_commit(&tx);
}
