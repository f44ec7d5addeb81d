#include "web/problem.h"

#include "io/record.h"

struct problem_fault {
    const char *pointer, *code, *detail;
};
static const struct field fault_fields[] = {
    STR(struct problem_fault, pointer, 0, 500),
    STR(struct problem_fault, code, 1, 60),
    STR(struct problem_fault, detail, 1, 500),
    {.type = F_END},
};

struct problem {
    const char *type, *title, *detail, *code, *request_id;
    int64_t status;
};
static const struct field problem_fields[] = {
    STR(struct problem, type, 1, 200, .format = "uri"),
    STR(struct problem, title, 1, 500),
    INT(struct problem, status, 400, 599),
    STR(struct problem, detail, 1, 500),
    STR(struct problem, code, 1, 60),
    STR(struct problem, request_id, 1, 100),
    {.type = F_END},
};

json_t *
problem_schema(void)
{
    json_t *s = record_schema(problem_fields, true);
    json_t *props = json_object_get(s, "properties");

    json_object_set_new(props, "errors",
        json_pack("{ss so}", "type", "array", "items", record_schema(fault_fields, true)));
    json_object_set_new(props, "state", json_pack("{ss}", "type", "string"));
    return s;
}

static json_t *
faults(const struct op *op)
{
    json_t *a = json_array();

    for (const struct fault *f = op->faults; f != NULL; f = f->next) {
        const struct problem_fault row = {f->pointer, f->code, f->detail};

        json_array_append_new(a, record_encode(fault_fields, &row, false));
    }
    return a;
}

void
problem_reply(struct op *op, enum err e, struct http_reply *out)
{
    const char *text = err_text(e, op->lang);
    struct problem p = {
        .type = arena_printf(op->arena, "urn:hall:problem:%s", err_code(e)),
        .title = text,
        .status = err_status(e),
        .detail = text,
        .code = err_code(e),
        .request_id = op->trace,
    };
    json_auto_t *v = record_encode(problem_fields, &p, false);

    if (op->faults != NULL)
        json_object_set_new(v, "errors", faults(op));
    if (e == E_STATE && op->state != NULL)
        json_object_set_new(v, "state", json_string(op->state));
    out->status = err_status(e);
    out->content_type = "application/problem+json";
    out->body = record_dump(op, v);
    out->size = json_dumpb(v, NULL, 0, JSON_COMPACT | JSON_SORT_KEYS);
    if (err_status(e) == 429 || e == E_UNAVAILABLE)
        http_reply_header(out, "Retry-After",
            arena_printf(op->arena, "%lld",
                (long long)(op->retry_after_s > 0 ? op->retry_after_s
                            : e == E_UNAVAILABLE  ? 2
                                                  : 60)));
}
