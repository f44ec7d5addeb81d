/* The papers that applicants print, sign and stamp. */
#include "flow/print.h"
#include "web/routes.h"

static enum err
answer_pdf(struct call *c, enum print_what what, const char *name)
{
    struct pdf pdf;

    TRY(print_paper(c->op, c->who.account, c->args[0], what, &pdf));
    c->reply->body = pdf.data;
    c->reply->size = pdf.size;
    c->reply->content_type = "application/pdf";
    http_reply_header(c->reply, "Content-Disposition",
        arena_printf(c->op->arena, "inline; filename=\"%s-%s.pdf\"", name, c->args[0]));
    return OK;
}

static enum err
h_application_form(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return answer_pdf(c, PRINT_APPLICATION, "application-form");
}

static enum err
h_seal_form(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return answer_pdf(c, PRINT_SEAL, "seal-collection-form");
}

#define ORDER "/api/v1/orders/{order_no}"
const struct route h_paper_routes[] = {
    {"GET", ORDER "/application-form.pdf", POOL_RENDER, SIGNED_IN, .types = "application/pdf",
        .run = h_application_form, .summary = "打印数字证书申请表", REFUSES(E_STATE)},
    {"GET", ORDER "/seal-collection-form.pdf", POOL_RENDER, SIGNED_IN, .types = "application/pdf",
        .run = h_seal_form, .summary = "打印电子签章采集表", REFUSES(E_STATE)},
    {.method = NULL},
};
