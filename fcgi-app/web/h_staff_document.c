/* Scans and photographs as staff look at them; each look is written down. */
#include <string.h>

#include "domain/material.h"
#include "flow/documents.h"
#include "web/routes.h"

/* Finance needs the voucher alone. */
static bool
may_see(const struct call *c, const char *kind)
{
    return (c->who.roles & (STAFF_REVIEWER | STAFF_ADMINISTRATOR)) != 0 ||
           strcmp(kind, material_code(MATERIAL_PAYMENT_VOUCHER)) == 0;
}

static void
answer(struct call *c, const struct shown *s)
{
    c->reply->body = s->data;
    c->reply->size = s->size;
    c->reply->content_type = s->content_type;
    http_reply_header(c->reply, "Content-Disposition",
        arena_printf(c->op->arena, "inline; filename=\"%s-%s\"", c->args[0], s->name));
}

static enum err
h_look(struct call *c, const void *in, void *out)
{
    struct shown s;

    (void)in;
    (void)out;
    if (!may_see(c, c->args[1]))
        return op_fail(c->op, E_FORBIDDEN, "%.40s", c->args[1]);
    TRY(documents_look(c->op, c->args[0], c->args[1], &s));
    answer(c, &s);
    return OK;
}

struct preview_query {
    int64_t page;
};
static const struct field preview_query_fields[] = {
    INT(struct preview_query, page, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_preview(struct call *c, const void *in, void *out)
{
    const struct preview_query *q = c->query;
    struct shown s;
    int pages;

    (void)in;
    (void)out;
    if (!may_see(c, c->args[1]))
        return op_fail(c->op, E_FORBIDDEN, "%.40s", c->args[1]);
    TRY(documents_preview(
        c->op, c->args[0], c->args[1], q->page == 0 ? 1 : (int)q->page, &s, &pages));
    http_reply_header(c->reply, "X-Pages", arena_printf(c->op->arena, "%d", pages));
    answer(c, &s);
    return OK;
}

const struct route h_staff_document_routes[] = {
    {"GET", "/api/admin/v1/orders/{order_no}/documents/{kind}", POOL_STAFF,
        STAFF_REVIEWER | STAFF_FINANCE | STAFF_ADMINISTRATOR, .types = "image/jpeg application/pdf",
        .run = h_look, .summary = "查看扫描件或身份证照片，留有记录"},
    {"GET", "/api/admin/v1/orders/{order_no}/documents/{kind}/preview", POOL_STAFF,
        STAFF_REVIEWER | STAFF_FINANCE | STAFF_ADMINISTRATOR, BODY(query, preview_query),
        .types = "image/jpeg", .run = h_preview,
        .summary = "查看一页重新绘制的图像，不含原文件的其他内容，留有记录",
        REFUSES(E_DOCUMENT_UNREADABLE)},
    {.method = NULL},
};
