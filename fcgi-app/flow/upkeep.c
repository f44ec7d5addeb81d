#include "flow/upkeep.h"

#include "base/log.h"
#include "io/conf.h"
#include "io/files.h"
#include "store/upkeep.h"

enum err
anchor_job(struct op *op, const struct job *j)
{
    int64_t streams;

    (void)j;
    return audit_anchor(op, &streams);
}

/* The bytes first: what is still mentioned is looked for again, what is not would stay for ever. */
static enum err
drop(struct op *op, const struct forgotten *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!list[i].is_shared)
            TRY(files_drop(op, op->conf->documents, list[i].sha256));
        TRY(forget_mark(op, &list[i]));
    }
    if (n > 0)
        log_info(op, "files forgotten", "n", arena_printf(op->arena, "%zu", n), NULL);
    return OK;
}

enum err
forget_job(struct op *op, const struct job *j)
{
    struct forgotten *list;
    size_t n;

    (void)j;
    TRY(forget_videos(op, &list, &n));
    TRY(drop(op, list, n));
    TRY(forget_files(op, FORGET_DAYS, &list, &n));
    return drop(op, list, n);
}

enum err
sweep_job(struct op *op, const struct job *j)
{
    (void)j;
    TRY(upkeep_sweep(op));
    return files_sweep(op, op->conf->documents, NULL);
}
