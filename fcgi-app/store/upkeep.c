#include "store/upkeep.h"

#include <string.h>

#include "io/db.h"
#include "store/idempotency.h"

enum err
audit_anchor(struct op *op, int64_t *streams)
{
    return DO0(op, Q_AUDIT_ANCHOR, streams);
}

enum err
forget_videos(struct op *op, struct forgotten **out, size_t *n)
{
    struct forgotten *list;
    ROWS r = NULL;

    TRY(RUN0(op, Q_FORGET_VIDEOS, &r));
    *n = (size_t)row_count(r);
    *out = list = NEW_N(op->arena, *n + 1, struct forgotten);
    for (int i = 0; i < row_count(r); i++)
        list[i] = (struct forgotten){
            .id = row_int(r, i, "id"), .what = "video", .sha256 = row_str(op, r, i, "sha256")};
    return OK;
}

enum err
forget_files(struct op *op, int days, struct forgotten **out, size_t *n)
{
    struct forgotten *list;
    ROWS r = NULL;

    TRY(RUN(op, Q_FORGET_FILES, &r, db_int(op, days)));
    *n = (size_t)row_count(r);
    *out = list = NEW_N(op->arena, *n + 1, struct forgotten);
    for (int i = 0; i < row_count(r); i++)
        list[i] = (struct forgotten){
            .id = row_int(r, i, "id"),
            .what = row_str(op, r, i, "what"),
            .sha256 = row_str(op, r, i, "sha256"),
            .is_shared = row_bool(r, i, "is_shared"),
        };
    return OK;
}

enum err
forget_mark(struct op *op, const struct forgotten *f)
{
    if (strcmp(f->what, "video") == 0)
        return DO(op, Q_FORGET_VIDEO, NULL, db_int(op, f->id), f->sha256);
    return DO(op, Q_FORGET_FILE, NULL, f->what, db_int(op, f->id));
}

enum err
upkeep_sweep(struct op *op)
{
    TRY(idempotency_sweep(op));
    TRY(DO0(op, Q_JOB_WIPE, NULL));
    return DO0(op, Q_JOB_SWEEP, NULL);
}
