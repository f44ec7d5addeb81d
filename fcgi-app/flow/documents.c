#include "flow/documents.h"

#include <string.h>

#include "base/text.h"
#include "flow/desk.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/files.h"
#include "paper/check.h"
#include "paper/qr.h"
#include "store/apply.h"
#include "store/audit.h"
#include "store/identity.h"
#include "store/revision.h"

/* A scan that this type of order has a slot for. */
static enum err
kind_of(struct op *op, const struct order *o, const char *code, enum material_kind *out)
{
    if (!material_parse(code, out) || material_source(*out) != MATERIAL_SCAN ||
        !material_applies(*out, o->type))
        return op_fail(op, E_NOT_FOUND, "no document %.40s", code);
    return OK;
}

static enum err
lock_open(struct op *op, int64_t account, const char *order_no, const char *code, struct order *o,
    enum material_kind *kind)
{
    TRY(order_lock(op, order_no, account, o));
    TRY(kind_of(op, o, code, kind));
    if (!material_open(*kind, o->type, o->state))
        return op_state(op, order_state_code(o->state), "changing a document");
    return OK;
}

/* What a paper of this kind has to be made for: the head of a digest; NULL where any will do. */
static const char *
wanted(struct op *op, enum material_kind kind, enum certificate_type type, const struct form *f)
{
    const char *digest;

    if (kind == MATERIAL_APPLICATION_FORM)
        digest = form_print_digest(op, type, f);
    else if (kind == MATERIAL_BUSINESS_LICENCE || kind == MATERIAL_SEAL_COLLECTION_FORM)
        digest = form_stamped_digest(op, type, f);
    else
        return NULL;
    return arena_strndup(op->arena, digest, QR_DIGEST);
}

/* An application form says itself what it was printed from. */
static const char *
bound(struct op *op, enum material_kind kind, const struct order *o, const struct scan_result *r,
    const char *otherwise)
{
    struct qr_mark m;

    for (int i = 0; kind == MATERIAL_APPLICATION_FORM && i < r->codes; i++)
        if (qr_parse(r->code[i], &m) && m.form == QR_APPLICATION_FORM &&
            strcmp(m.order_no, o->order_no) == 0)
            return arena_printf(op->arena, "%s", m.digest);
    return otherwise;
}

static const char *
checks_json(struct op *op, const struct check *checks, size_t n, bool *blocking)
{
    json_auto_t *list = json_array();

    *blocking = false;
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(list,
            json_pack("{ss sb ss ss}", "code", checks[i].code, "passed", checks[i].passed,
                "detail_zh", checks[i].detail[LANG_ZH], "detail_en", checks[i].detail[LANG_EN]));
        *blocking = *blocking || checks[i].blocking;
    }
    return record_dump(op, list);
}

/* Opens the upload in the cage and writes down what was found. */
static enum err
inspect(struct op *op, const struct order *o, enum material_kind kind, const struct upload *u,
    struct document *out)
{
    struct check checks[CHECKS_MAX];
    struct scan_result found;
    struct form form;
    struct check_wanted w = {kind, o->order_no, NULL};
    size_t n;

    TRY(scan_inspect(op, check_scan_kind(kind), u->data, u->size, &found));
    TRY(check_refusal(op, kind, &found));
    TRY(apply_form(op, o, &form));
    w.digest = wanted(op, kind, o->type, &form);
    n = check_list(op, &w, &found, checks);
    out->checks = checks_json(op, checks, n, &out->blocking);
    out->content_type = scan_type_name(found.type);
    out->bound_sha256 = bound(op, kind, o, &found, w.digest);
    return OK;
}

/* An order that is being corrected goes on being corrected (T23); else it is a plain act. */
static enum err
write_down(struct op *op, struct order *o, const char *action, const struct document *d)
{
    const char *detail =
        d->sha256 == NULL
            ? arena_printf(op->arena, "{\"kind\":\"%s\"}", d->kind)
            : arena_printf(op->arena, "{\"kind\":\"%s\",\"sha256\":\"%s\"}", d->kind, d->sha256);

    if (o->state == ORDER_RETURNED)
        return order_step(op, o, MOVE_T23, detail);
    return audit_add(op, arena_printf(op->arena, "orders/%s", o->order_no), action, o->id, detail);
}

enum err
documents_put(struct op *op, int64_t account, const char *order_no, const char *code,
    const struct upload *u, struct document *out)
{
    enum material_kind kind;
    struct order order;
    char sha256[65];

    {
        TX(tx, op);

        TRY(lock_open(op, account, order_no, code, &order, &kind));
        TRY(tx_commit(&tx)); /* looking takes a while: nobody shall wait for it */
    }
    TRY(inspect(op, &order, kind, u, out));
    TRY(files_put(op, op->conf->documents, u->data, u->size, sha256));
    out->sha256 = arena_printf(op->arena, "%s", sha256);
    out->size = (int64_t)u->size;
    {
        TX(tx, op);

        TRY(lock_open(op, account, order_no, code, &order, &kind));
        TRY(document_put(op, &order, kind, out));
        TRY(write_down(op, &order, "document_uploaded", out));
        return tx_commit(&tx);
    }
}

enum err
documents_drop(struct op *op, int64_t account, const char *order_no, const char *code)
{
    enum material_kind kind;
    struct order order;
    TX(tx, op);

    TRY(lock_open(op, account, order_no, code, &order, &kind));
    TRY(document_drop(op, order.id, kind));
    TRY(write_down(
        op, &order, "document_removed", &(struct document){.kind = material_code(kind)}));
    return tx_commit(&tx);
}

static enum err
read_file(struct op *op, enum material_kind kind, const struct document_file *f, struct shown *out)
{
    TRY(files_get(
        op, op->conf->documents, f->sha256, material_max_size(kind), &out->data, &out->size));
    out->content_type = f->content_type;
    out->sha256 = f->sha256;
    out->name = arena_printf(op->arena, "%s.%s", material_code(kind),
        strcmp(f->content_type, "application/pdf") == 0 ? "pdf" : "jpg");
    return OK;
}

enum err
documents_show(
    struct op *op, int64_t account, const char *order_no, const char *code, struct shown *out)
{
    struct document_file file;
    enum material_kind kind;

    if (!material_parse(code, &kind) || material_source(kind) != MATERIAL_SCAN)
        return op_fail(op, E_NOT_FOUND, "no document %.40s", code);
    TRY(document_shown(op, order_no, account, kind, &file));
    return read_file(op, kind, &file, out);
}

enum err
documents_look(struct op *op, const char *order_no, const char *code, struct shown *out)
{
    struct document_file file;
    enum material_kind kind;
    TX(tx, op);

    if (!material_parse(code, &kind) || material_source(kind) == MATERIAL_VIDEO)
        return op_fail(op, E_NOT_FOUND, "no document %.40s", code);
    TRY(document_desk(op, order_no, kind, &file));
    TRY(read_file(op, kind, &file, out));
    TRY(desk_note(op, "document_seen", file.order_id,
        arena_printf(
            op->arena, "{\"kind\":\"%s\",\"sha256\":\"%s\"}", material_code(kind), file.sha256)));
    return tx_commit(&tx);
}

enum err
documents_preview(
    struct op *op, const char *order_no, const char *code, int page, struct shown *out, int *pages)
{
    struct scan_picture p;

    TRY(documents_look(op, order_no, code, out));
    TRY(scan_show(op, out->data, out->size, page, &p));
    if (p.problem != SCAN_FINE)
        return op_fail(op, E_DOCUMENT_UNREADABLE, "%s", scan_problem_name(p.problem));
    if (p.jpeg == NULL)
        return op_fail(op, E_NOT_FOUND, "page %d of %d", page, p.pages);
    out->data = p.jpeg;
    out->size = p.size;
    out->content_type = "image/jpeg";
    out->name = arena_printf(op->arena, "%s-%d.jpg", code, page);
    *pages = p.pages;
    return OK;
}

/* Why the document in a slot will not do; FAULT_MAX when it will. */
static enum fault_code
judge(struct op *op, enum material_kind kind, const struct document *d, const struct order *o,
    const struct form *f)
{
    bool form = kind == MATERIAL_APPLICATION_FORM;
    const char *want = wanted(op, kind, o->type, f);

    if (d->id == 0)
        return FAULT_DOCUMENT_MISSING;
    if (d->blocking)
        return FAULT_DOCUMENT_BLOCKED;
    if (want == NULL || (d->bound_sha256 != NULL && strcmp(d->bound_sha256, want) == 0))
        return FAULT_MAX;
    if (!form && o->state == ORDER_RETURNED && d->fresh)
        return FAULT_MAX;
    return form ? FAULT_DOCUMENT_REPRINT : FAULT_DOCUMENT_RENEW;
}

enum err
documents_check(struct op *op, const struct order *o, const struct form *f)
{
    for (int k = 0; k < MATERIAL_MAX; k++) {
        enum material_kind kind = (enum material_kind)k;
        struct document d;
        enum fault_code why;

        if (!material_required(kind, o->type))
            continue;
        TRY(document_current(op, o->id, kind, &d));
        why = judge(op, kind, &d, o, f);
        if (why != FAULT_MAX)
            op_fault(op, arena_printf(op->arena, "/documents/%s", d.kind), why);
    }
    return OK;
}

enum err
documents_bind(struct op *op, const struct order *o, const struct form *f)
{
    static const enum material_kind kinds[] = {
        MATERIAL_BUSINESS_LICENCE, MATERIAL_SEAL_COLLECTION_FORM};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        TRY(document_bind(op, o->id, kinds[i], wanted(op, kinds[i], o->type, f)));
    return OK;
}

enum err
documents_confirm(struct op *op, int64_t account, const char *order_no)
{
    struct order order;
    struct form form;
    bool holds;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &order));
    if (!order_move_allowed(order.state, MOVE_T05))
        return op_state(op, order_state_code(order.state), "confirming the documents");
    TRY(apply_form(op, &order, &form));
    TRY(documents_check(op, &order, &form));
    TRY(op_faults(op));
    TRY(identity_holds(op, order.id, &holds));
    TRY(order_step(op, &order, holds ? MOVE_T05B : MOVE_T05, NULL));
    return tx_commit(&tx);
}
