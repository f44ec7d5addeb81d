#include "store/document.h"

#include "io/db.h"

enum err
document_current(struct op *op, int64_t order_id, enum material_kind kind, struct document *out)
{
    ROWS r = NULL;

    *out = (struct document){.kind = material_code(kind)};
    TRY(RUN(op, Q_DOCUMENT_CURRENT, &r, db_int(op, order_id), out->kind));
    if (row_count(r) == 0)
        return OK;
    out->id = row_int(r, 0, "id");
    out->sha256 = row_str(op, r, 0, "sha256");
    out->size = row_int(r, 0, "size");
    out->content_type = row_str(op, r, 0, "content_type");
    out->checks = row_str(op, r, 0, "checks");
    out->blocking = row_bool(r, 0, "blocking");
    out->bound_sha256 = row_str(op, r, 0, "bound_sha256");
    out->uploaded_at = row_int(r, 0, "uploaded_at");
    out->fresh = row_bool(r, 0, "fresh");
    return OK;
}

enum err
document_put(struct op *op, const struct order *o, enum material_kind kind, struct document *d)
{
    const char *order = db_int(op, o->id);
    ROWS r = NULL;

    d->kind = material_code(kind);
    TRY(DO(op, Q_DOCUMENT_RETIRE, NULL, order, d->kind));
    TRY(RUN(op, Q_DOCUMENT_ADD, &r, order, d->kind, d->sha256, db_int(op, d->size), d->content_type,
        db_int(op, o->revision_no), d->checks, db_bool(d->blocking), d->bound_sha256));
    d->uploaded_at = row_int(r, 0, "uploaded_at");
    return OK;
}

enum err
document_drop(struct op *op, int64_t order_id, enum material_kind kind)
{
    int64_t n;

    TRY(DO(op, Q_DOCUMENT_RETIRE, &n, db_int(op, order_id), material_code(kind)));
    return n == 1 ? OK : op_fail(op, E_NOT_FOUND, "no %s", material_code(kind));
}

enum err
document_bind(struct op *op, int64_t order_id, enum material_kind kind, const char *bound_sha256)
{
    return DO(op, Q_DOCUMENT_BIND, NULL, db_int(op, order_id), material_code(kind), bound_sha256);
}

enum err
document_shown(struct op *op, const char *order_no, int64_t account, enum material_kind kind,
    struct document_file *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_DOCUMENT_SHOWN, &r, order_no, db_int(op, account), material_code(kind)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "%s of %.40s", material_code(kind), order_no);
    *out =
        (struct document_file){0, row_str(op, r, 0, "sha256"), row_str(op, r, 0, "content_type")};
    return OK;
}

enum err
document_desk(
    struct op *op, const char *order_no, enum material_kind kind, struct document_file *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_DOCUMENT_DESK, &r, order_no, material_code(kind)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "%s of %.40s", material_code(kind), order_no);
    *out = (struct document_file){
        row_int(r, 0, "order_id"), row_str(op, r, 0, "sha256"), row_str(op, r, 0, "content_type")};
    return OK;
}
