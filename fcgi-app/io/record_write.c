/* Replies as text, written straight from the struct: what the database made as JSON is copied. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/record.h"

/* Grows in the arena by doubling; what it outgrew goes with the operation. */
struct writer {
    struct arena *arena;
    char *text;
    size_t n, room;
};

static void
put(struct writer *w, const char *s, size_t n)
{
    if (w->room - w->n < n + 1) {
        size_t room = (w->room + n + 1) * 2;
        char *more = arena_alloc(w->arena, room);

        if (w->n > 0)
            memcpy(more, w->text, w->n);
        w->text = more;
        w->room = room;
    }
    memcpy(w->text + w->n, s, n);
    w->n += n;
}

static void
put_text(struct writer *w, const char *s)
{
    put(w, s, strlen(s));
}

static void
put_char(struct writer *w, char c)
{
    put(w, &c, 1);
}

static void
put_escaped(struct writer *w, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    char code[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};

    if (c == '"' || c == '\\') {
        put_char(w, '\\');
        put_char(w, (char)c);
    } else if (c == '\n') {
        put(w, "\\n", 2);
    } else {
        put(w, code, sizeof(code));
    }
}

static void
put_string(struct writer *w, const char *s)
{
    put_char(w, '"');
    while (*s != '\0') {
        size_t n = 0;

        while ((unsigned char)s[n] >= 0x20 && s[n] != '"' && s[n] != '\\' && s[n] != 0x7f)
            n++;
        put(w, s, n);
        s += n;
        if (*s != '\0')
            put_escaped(w, (unsigned char)*s++);
    }
    put_char(w, '"');
}

static void
put_int(struct writer *w, int64_t v)
{
    char digits[24], *p = digits + sizeof(digits);
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    do
        *--p = (char)('0' + u % 10);
    while ((u /= 10) != 0);
    if (v < 0)
        *--p = '-';
    put(w, p, (size_t)(digits + sizeof(digits) - p));
}

static void put_object(struct writer *w, const struct field *f, const void *in);

static void
put_list(struct writer *w, const struct field *f, const struct list *list)
{
    put_char(w, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i > 0)
            put_char(w, ',');
        put_object(w, f->of, (const char *)list->items + i * f->of_size);
    }
    put_char(w, ']');
}

static void
put_strings(struct writer *w, const struct strings *strings)
{
    put_char(w, '[');
    for (size_t i = 0; i < strings->n; i++) {
        if (i > 0)
            put_char(w, ',');
        put_string(w, strings->items[i]);
    }
    put_char(w, ']');
}

static void
put_or_null(struct writer *w, const char *s, void (*how)(struct writer *, const char *))
{
    if (s == NULL)
        put_text(w, "null");
    else
        how(w, s);
}

static void
put_field(struct writer *w, const struct field *f, const void *at)
{
    const char *s;

    switch (f->type) {
    case F_STR:
        put_or_null(w, *(const char *const *)at, put_string);
        break;
    case F_RAW:
        put_or_null(w, *(const char *const *)at, put_text);
        break;
    case F_INT:
        put_int(w, *(const int64_t *)at);
        break;
    case F_BOOL:
        put_text(w, *(const bool *)at ? "true" : "false");
        break;
    case F_ENUM:
        s = ((const char *const *)f->of)[*(const int *)at];
        put_or_null(w, s == NULL || *s == '\0' ? NULL : s, put_string);
        break;
    case F_TIME:
        put_or_null(w, *(const int64_t *)at == 0 ? NULL : text_time(w->arena, *(const int64_t *)at),
            put_string);
        break;
    case F_OBJ:
        put_object(w, f->of, at);
        break;
    case F_REF:
        if (*(void *const *)at == NULL)
            put_text(w, "null");
        else
            put_object(w, f->of, *(void *const *)at);
        break;
    case F_LIST:
        put_list(w, f, at);
        break;
    case F_STRS:
        put_strings(w, at);
        break;
    case F_END:
        abort();
    }
}

static void
put_object(struct writer *w, const struct field *f, const void *in)
{
    char sep = '{';

    if (f->type == F_END)
        put_char(w, '{');
    for (; f->type != F_END; f++) {
        put_char(w, sep);
        put_string(w, f->name);
        put_char(w, ':');
        put_field(w, f, (const char *)in + f->off);
        sep = ',';
    }
    put_char(w, '}');
}

const char *
record_reply(struct op *op, const struct field *f, const void *in, size_t *n)
{
    struct writer w = {.arena = op->arena};

    put_object(&w, f, in);
    w.text[w.n] = '\0';
    *n = w.n;
    return w.text;
}
