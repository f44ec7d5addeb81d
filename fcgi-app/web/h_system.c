/* What the hall says of itself: health, the contract, and the bare answer for measuring. */
#include <string.h>

#include "io/db.h"
#include "io/kv.h"
#include "web/openapi.h"
#include "web/routes.h"

struct status {
    const char *status;
};
static const struct field status_fields[] = {
    STR(struct status, status, 1, 20),
    {.type = F_END},
};

static enum err
h_noop(struct call *c, const void *in, void *out)
{
    (void)c;
    (void)in;
    ((struct status *)out)->status = "ok";
    return OK;
}

static enum err
h_health(struct call *c, const void *in, void *out)
{
    ROWS r = NULL;

    TRY(kv_ping(c->op));
    TRY(RUN0(c->op, Q_PING, &r));
    return h_noop(c, in, out);
}

static enum err
document(struct call *c, const char *title, const char *prefix)
{
    c->reply->body = openapi_text(c->op, title, prefix);
    c->reply->size = strlen(c->reply->body);
    c->reply->content_type = "application/json";
    return OK;
}

static enum err
h_openapi(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return document(c, "The hall", "/api/v1/");
}

static enum err
h_openapi_staff(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    return document(c, "The staff desk", "/api/admin/v1/");
}

const struct route h_system_routes[] = {
    {"GET", "/api/v1/noop", POOL_APPLICANT, ANYONE, BODY(out, status), .run = h_noop,
        .summary = "空应答，用于测速"},
    {"GET", "/api/v1/health", POOL_APPLICANT, ANYONE, BODY(out, status), .run = h_health,
        .summary = "数据库与会话服务是否可用"},
    {"GET", "/api/v1/openapi.json", POOL_APPLICANT, ANYONE, .types = "application/json",
        .run = h_openapi, .summary = "本接口的 OpenAPI 文档"},
    {"GET", "/api/admin/v1/openapi.json", POOL_STAFF, ANYONE, .types = "application/json",
        .run = h_openapi_staff, .summary = "工作人员接口的 OpenAPI 文档"},
    {.method = NULL},
};
