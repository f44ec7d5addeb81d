#include "web/query.h"

#include <string.h>

#include "base/text.h"

static int
digit(char c)
{
    unsigned char v;
    char pair[3] = {'0', c, '\0'};

    return text_unhex(pair, &v, 1) ? v : -1;
}

static const char *
decoded(struct op *op, const char *s, size_t n)
{
    char *out = arena_alloc(op->arena, n + 1), *p = out;

    for (size_t i = 0; i < n; i++) {
        if (s[i] == '%') {
            if (n - i < 3 || digit(s[i + 1]) < 0 || digit(s[i + 2]) < 0)
                return NULL;
            *p++ = (char)(digit(s[i + 1]) << 4 | digit(s[i + 2]));
            i += 2;
        } else {
            *p++ = s[i] == '+' ? ' ' : s[i];
        }
    }
    *p = '\0';
    return text_is_utf8(out, (size_t)(p - out)) ? out : NULL;
}

const char *
query_value(struct op *op, const char *query, const char *name)
{
    size_t n = strlen(name);

    for (const char *p = query; *p != '\0';) {
        const char *end = strchrnul(p, '&');

        if (strncmp(p, name, n) == 0 && p[n] == '=')
            return decoded(op, p + n + 1, (size_t)(end - p) - n - 1);
        p = *end == '&' ? end + 1 : end;
    }
    return NULL;
}

/* The JSON that the text stands for, so that the table judges it like any body. */
static json_t *
typed(const struct field *f, const char *s)
{
    int64_t n;

    if (f->type == F_INT && text_int(s, &n))
        return json_integer(n);
    if (f->type == F_BOOL && (strcmp(s, "true") == 0 || strcmp(s, "1") == 0))
        return json_true();
    if (f->type == F_BOOL && (strcmp(s, "false") == 0 || strcmp(s, "0") == 0))
        return json_false();
    return json_string(s);
}

static const struct field *
field_of(const struct field *f, const char *name)
{
    for (; f->type != F_END; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

/* "name=value"; without a value it is as if it were not there. False when it cannot be decoded. */
static bool
take(struct op *op, const struct field *fields, const char *pair, size_t n, json_t *into)
{
    const char *equals = memchr(pair, '=', n), *name, *value;
    size_t name_n = equals == NULL ? n : (size_t)(equals - pair);
    const struct field *f;

    if (n == 0)
        return true;
    name = decoded(op, pair, name_n);
    value = equals == NULL ? "" : decoded(op, equals + 1, n - name_n - 1);
    f = name == NULL ? NULL : field_of(fields, name);
    if (f == NULL)
        op_fault(op, arena_printf(op->arena, "?%.100s", name == NULL ? "" : name), FAULT_UNKNOWN);
    else if (value == NULL)
        op_fault(op, arena_printf(op->arena, "?%s", name), FAULT_CHARACTERS);
    else if (json_object_get(into, name) != NULL)
        op_fault(op, arena_printf(op->arena, "?%s", name), FAULT_TWICE);
    else if (*value != '\0')
        json_object_set_new(into, name, typed(f, value));
    return name != NULL && value != NULL;
}

enum err
query_decode(struct op *op, const struct field *f, const char *query, void *out)
{
    json_auto_t *v = json_object();

    for (const char *p = query; *p != '\0';) {
        const char *end = strchrnul(p, '&');

        if (!take(op, f, p, (size_t)(end - p), v))
            return op_fail(op, E_MALFORMED, "the query cannot be decoded");
        p = *end == '&' ? end + 1 : end;
    }
    /* The table names members as of a body, "?/limit". */
    if (record_decode(op, f, v, "?", out, NULL) != OK)
        for (struct fault *fault = op->faults; fault != NULL; fault = fault->next)
            if (strncmp(fault->pointer, "?/", 2) == 0)
                fault->pointer = arena_printf(op->arena, "?%s", fault->pointer + 2);
    return op_faults(op);
}
