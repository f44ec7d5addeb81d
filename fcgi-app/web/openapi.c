#include "web/openapi.h"

#include <ctype.h>
#include <string.h>

#include "web/problem.h"

static const struct {
    const char *name, *location, *description;
} schemes[] = {
    {"applicant", "hall_session", "Session of an applicant"},
    {"phone", "hall_phone", "Session of one identity check on the phone"},
    {"staff", "hall_staff", "Session of a member of staff"},
};

/* What any route may answer, whatever it does. */
static const enum err common[] = {
    E_INVALID, E_MALFORMED, E_NOT_FOUND, E_TOO_LARGE, E_UNSUPPORTED_TYPE, E_UNAVAILABLE, OK};

static json_t *
content(const char *type, json_t *schema)
{
    json_t *media = json_object();

    json_object_set_new(media, "schema", schema);
    return json_pack("{so}", type, media);
}

static json_t *
refusal(enum err e)
{
    json_t *ref = json_pack("{ss}", "$ref", "#/components/schemas/problem");

    return json_pack("{ss so}", "description", err_text(e, LANG_EN), "content",
        content("application/problem+json", ref));
}

static void
add_refusal(json_t *responses, enum err e)
{
    char status[8];

    snprintf(status, sizeof(status), "%d", err_status(e));
    if (json_object_get(responses, status) == NULL)
        json_object_set_new(responses, status, refusal(e));
}

static void
add_refusals(json_t *responses, const struct route *r)
{
    for (const enum err *e = common; *e != OK; e++)
        add_refusal(responses, *e);
    for (const enum err *e = r->refusals; e != NULL && *e != OK; e++)
        add_refusal(responses, *e);
    if (r->guard != ANYONE)
        add_refusal(responses, E_UNAUTHENTICATED);
    if (r->guard != ANYONE || strcmp(r->method, "GET") != 0)
        add_refusal(responses, E_FORBIDDEN);
    if (r->flags & R_IDEMPOTENT)
        add_refusal(responses, E_KEY_REUSED);
    if (r->flags & R_IF_MATCH) {
        add_refusal(responses, E_PRECONDITION);
        add_refusal(responses, E_STALE);
    }
}

/* Bytes of these types, separated by spaces; nothing is said about what is in them. The contract
 * itself is the one JSON reply that has no table. */
static json_t *
raw_content(const char *types)
{
    json_t *all = json_object();
    char one[64];

    for (const char *p = types; *p != '\0';) {
        const char *end = strchrnul(p, ' ');

        snprintf(one, sizeof(one), "%.*s", (int)(end - p), p);
        json_object_set_new(all, one,
            strcmp(one, "application/json") == 0 ? json_pack("{s{ss}}", "schema", "type", "object")
                                                 : json_object());
        p = *end == ' ' ? end + 1 : end;
    }
    return all;
}

static json_t *
success(const struct route *r)
{
    json_t *s = json_pack("{ss}", "description", r->summary);

    if (r->out != NULL)
        json_object_set_new(s, "content", content("application/json", record_schema(r->out, true)));
    else if (r->types != NULL && !(r->flags & R_RAW))
        json_object_set_new(s, "content", raw_content(r->types));
    return s;
}

static json_t *
request_body(const struct route *r)
{
    bool raw = (r->flags & R_RAW) != 0;

    return json_pack("{sb so}", "required", raw || (r->in_size > 0 && !(r->flags & R_MAY_BE_EMPTY)),
        "content",
        raw ? raw_content(r->types) : content("application/json", record_schema(r->in, false)));
}

static json_t *
parameter(const char *name, const char *in, bool required, json_t *schema)
{
    return json_pack(
        "{ss ss sb so}", "name", name, "in", in, "required", required, "schema", schema);
}

static json_t *
string_schema(void)
{
    return json_pack("{ss}", "type", "string");
}

static json_t *
parameters(const struct route *r)
{
    json_t *a = json_array();
    char name[64];

    for (const char *p = strchr(r->path, '{'); p != NULL; p = strchr(p + 1, '{')) {
        snprintf(name, sizeof(name), "%.*s", (int)(strchr(p, '}') - p - 1), p + 1);
        json_array_append_new(a, parameter(name, "path", true, string_schema()));
    }
    if (r->query != NULL) {
        json_auto_t *s = record_schema(r->query, false);
        json_t *props = json_object_get(s, "properties");

        for (const struct field *f = r->query; f->type != F_END; f++)
            json_array_append_new(a, parameter(f->name, "query", !(f->flags & F_OPT),
                                         json_incref(json_object_get(props, f->name))));
    }
    if (r->flags & R_WAIT)
        json_array_append_new(
            a, parameter("wait", "query", false,
                   json_pack("{ss si si}", "type", "integer", "minimum", 0, "maximum", 25)));
    if (r->flags & R_IF_MATCH)
        json_array_append_new(a, parameter("If-Match", "header", true, string_schema()));
    if (r->flags & R_IDEMPOTENT)
        json_array_append_new(a, parameter("Idempotency-Key", "header", false, string_schema()));
    return a;
}

/* "post_orders_order_no_cancellation": unique, because method and path are. */
static const char *
operation_id(struct op *op, const struct route *r)
{
    char *id = arena_printf(op->arena, "%s%s", r->method, strchr(r->path + 5, '/')), *q = id;

    for (const char *p = id; *p != '\0'; p++) {
        if (isalnum((unsigned char)*p))
            *q++ = (char)tolower((unsigned char)*p);
        else if (q > id && q[-1] != '_' && p[1] != '\0')
            *q++ = '_';
    }
    *q = '\0';
    if (q > id && q[-1] == '_')
        q[-1] = '\0';
    return id;
}

static json_t *
operation(struct op *op, const struct route *r)
{
    json_t *o = json_pack("{ss ss}", "operationId", operation_id(op, r), "summary", r->summary);
    json_t *responses = json_object();
    char status[8];

    snprintf(status, sizeof(status), "%d", r->status != 0 ? r->status : 200);
    json_object_set_new(responses, status, success(r));
    if (r->flags & R_TWO_PEOPLE)
        json_object_set_new(responses, "202", success(r));
    if (r->flags & (R_WAIT | R_ETAG))
        json_object_set_new(responses, "304", json_pack("{ss}", "description", "Not changed"));
    add_refusals(responses, r);
    json_object_set_new(o, "parameters", parameters(r));
    if (r->in != NULL || (r->flags & R_RAW))
        json_object_set_new(o, "requestBody", request_body(r));
    json_object_set_new(o, "responses", responses);
    if (r->guard == ANYONE)
        json_object_set_new(o, "security", json_array());
    else
        json_object_set_new(o, "security",
            json_pack("[{s[]}]", r->guard & SIGNED_IN ? "applicant"
                                 : r->guard & PHONE   ? "phone"
                                                      : "staff"));
    return o;
}

static json_t *
components(void)
{
    json_t *security = json_object();

    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
        json_object_set_new(security, schemes[i].name,
            json_pack("{ss ss ss ss}", "type", "apiKey", "in", "cookie", "name",
                schemes[i].location, "description", schemes[i].description));
    return json_pack(
        "{s{so} so}", "schemas", "problem", problem_schema(), "securitySchemes", security);
}

const char *
openapi_text(struct op *op, const char *title, const char *prefix)
{
    json_t *paths = json_object();
    json_auto_t *doc = NULL;

    for (const struct route *const *t = route_tables; *t != NULL; t++) {
        for (const struct route *r = *t; r->method != NULL; r++) {
            json_t *item = json_object_get(paths, r->path);
            char verb[8] = "";

            if (strncmp(r->path, prefix, strlen(prefix)) != 0)
                continue;
            if (item == NULL)
                json_object_set_new(paths, r->path, item = json_object());
            for (size_t i = 0; r->method[i] != '\0' && i < sizeof(verb) - 1; i++)
                verb[i] = (char)tolower((unsigned char)r->method[i]);
            json_object_set_new(item, verb, operation(op, r));
        }
    }
    doc = json_pack("{ss s{ss ss s{ss ss}} s[{ss}] so so}", "openapi", "3.1.0", "info", "title",
        title, "version", "1", "license", "name", "proprietary", "identifier",
        "LicenseRef-proprietary", "servers", "url", "/", "paths", paths, "components",
        components());
    return record_dump(op, doc);
}
