/* The scans of an order. */
#include "flow/documents.h"
#include "store/order_view.h"
#include "web/page.h"
#include "web/routes.h"

struct document_check {
    const char *code, *detail;
    bool passed;
};
static const struct field check_fields[] = {
    STR(struct document_check, code, 1, 40),
    BOOL(struct document_check, passed),
    STR(struct document_check, detail, 1, 500),
    {.type = F_END},
};

struct document_view {
    const char *kind, *sha256, *content_type;
    int64_t size, uploaded_at;
    bool blocking;
    struct list checks;
};
static const struct field document_view_fields[] = {
    STR(struct document_view, kind, 1, 40),
    STR(struct document_view, sha256, 64, 64),
    INT(struct document_view, size, 1, INT64_MAX),
    STR(struct document_view, content_type, 1, 40),
    TIME(struct document_view, uploaded_at),
    BOOL(struct document_view, blocking),
    LIST(struct document_view, checks, check_fields, struct document_check, 0, 20),
    {.type = F_END},
};

/* As stored, in both languages. */
struct stored_check {
    const char *code, *detail_zh, *detail_en;
    bool passed;
};
static const struct field stored_fields[] = {
    STR(struct stored_check, code, 1, 40),
    BOOL(struct stored_check, passed),
    STR(struct stored_check, detail_zh, 1, 500),
    STR(struct stored_check, detail_en, 1, 500),
    {.type = F_END},
};
struct stored_list {
    struct list checks;
};
static const struct field stored_list_fields[] = {
    LIST(struct stored_list, checks, stored_fields, struct stored_check, 0, 20),
    {.type = F_END},
};

static enum err
read_checks(struct op *op, const char *text, struct list *out)
{
    struct document_check *shown;
    const struct stored_check *s;
    struct stored_list stored;

    TRY(record_read(
        op, stored_list_fields, arena_printf(op->arena, "{\"checks\":%s}", text), &stored));
    s = stored.checks.items;
    shown = NEW_N(op->arena, stored.checks.n + 1, struct document_check);
    for (size_t i = 0; i < stored.checks.n; i++)
        shown[i] = (struct document_check){
            s[i].code, op->lang == LANG_EN ? s[i].detail_en : s[i].detail_zh, s[i].passed};
    *out = (struct list){.items = shown, .n = stored.checks.n};
    return OK;
}

static enum err
h_put(struct call *c, const void *in, void *out)
{
    const struct upload u = {c->http->body, c->http->size};
    struct document_view *view = out;
    struct document d;

    (void)in;
    TRY(documents_put(c->op, c->who.account, c->args[0], c->args[1], &u, &d));
    *view = (struct document_view){.kind = d.kind,
        .sha256 = d.sha256,
        .content_type = d.content_type,
        .size = d.size,
        .uploaded_at = d.uploaded_at,
        .blocking = d.blocking};
    return read_checks(c->op, d.checks, &view->checks);
}

static enum err
h_get(struct call *c, const void *in, void *out)
{
    struct shown s;

    (void)in;
    (void)out;
    TRY(documents_show(c->op, c->who.account, c->args[0], c->args[1], &s));
    c->etag = s.sha256;
    c->reply->body = s.data;
    c->reply->size = s.size;
    c->reply->content_type = s.content_type;
    http_reply_header(c->reply, "Content-Disposition",
        arena_printf(c->op->arena, "inline; filename=\"%s\"", s.name));
    return OK;
}

static enum err
h_delete(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return documents_drop(c->op, c->who.account, c->args[0], c->args[1]);
}

static enum err
h_confirm(struct call *c, const void *in, void *out)
{
    (void)in;
    TRY(documents_confirm(c->op, c->who.account, c->args[0]));
    return answer_order(c, c->args[0], out);
}

#define ORDER "/api/v1/orders/{order_no}"
#define SCANS "image/jpeg application/pdf"
const struct route h_document_routes[] = {
    {"POST", ORDER "/documents/confirmation", POOL_APPLICANT, SIGNED_IN, BODY(out, order_view),
        .run = h_confirm, .summary = "提交申请资料", REFUSES(E_STATE)},
    {"PUT", ORDER "/documents/{kind}", POOL_APPLICANT, SIGNED_IN, R_RAW, BODY(out, document_view),
        .types = SCANS, .max = 2097152, .run = h_put, .summary = "上传扫描件",
        REFUSES(E_STATE, E_DOCUMENT_UNREADABLE)},
    {"GET", ORDER "/documents/{kind}", POOL_APPLICANT, SIGNED_IN, R_ETAG, .types = SCANS,
        .run = h_get, .summary = "查看扫描件"},
    {"DELETE", ORDER "/documents/{kind}", POOL_APPLICANT, SIGNED_IN, .status = 204, .run = h_delete,
        .summary = "删除扫描件", REFUSES(E_STATE)},
    {.method = NULL},
};
