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

enum err
query_decode(struct op *op, const struct field *f, const char *query, void *out)
{
    json_auto_t *v = json_object();

    for (const struct field *g = f; g->type != F_END; g++) {
        const char *s = query_value(op, query, g->name);

        if (s != NULL && *s != '\0')
            json_object_set_new(v, g->name, typed(g, s));
    }
    return record_decode(op, f, v, "?", out, NULL);
}
