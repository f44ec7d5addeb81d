#include "io/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/unicode.h"

enum { DEPTH = 16 };

struct decode {
    struct op *op;
    struct strings *missing;
    size_t missing_room;
};

/* ---- memory: what JSON held may be personal, so it is wiped when freed ---- */

struct chunk {
    size_t n;
    _Alignas(max_align_t) unsigned char data[];
};

static void *
wiping_malloc(size_t n)
{
    struct chunk *c = malloc(sizeof(*c) + n);

    if (c == NULL)
        return NULL;
    c->n = n;
    return c->data;
}

static void
wiping_free(void *p)
{
    struct chunk *c;

    if (p == NULL)
        return;
    c = (struct chunk *)((char *)p - offsetof(struct chunk, data));
    explicit_bzero(c->data, c->n);
    free(c);
}

void
record_init(void)
{
    json_set_alloc_funcs(wiping_malloc, wiping_free);
}

/* ---- parsing ---- */

static bool
too_deep(const char *s, size_t n)
{
    int depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < n; i++) {
        if (quoted && s[i] == '\\')
            i++;
        else if (s[i] == '"')
            quoted = !quoted;
        else if (!quoted && (s[i] == '{' || s[i] == '['))
            depth++;
        else if (!quoted && (s[i] == '}' || s[i] == ']'))
            depth--;
        if (depth > DEPTH)
            return true;
    }
    return false;
}

enum err
record_parse(struct op *op, const char *text, size_t n, json_t **out)
{
    json_error_t fault;
    json_t *v;

    if (too_deep(text, n))
        return op_fail(op, E_MALFORMED, "more than %d levels", DEPTH);
    v = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &fault);
    if (v == NULL)
        return op_fail(op, E_MALFORMED, "line %d, column %d", fault.line, fault.column);
    *out = v;
    return OK;
}

/* ---- decoding ---- */

/* Where we are, written down only when there is something to say of it. */
struct place {
    const struct place *in; /* NULL: the caller's, and name is the pointer so far */
    const char *name;       /* NULL: an item of a list */
    size_t item;
};

/* RFC 6901 */
static const char *
pointer(struct op *op, const struct place *at)
{
    if (at->in == NULL)
        return at->name;
    if (at->name == NULL)
        return arena_printf(op->arena, "%s/%zu", pointer(op, at->in), at->item);
    return arena_printf(op->arena, "%s/%s", pointer(op, at->in), at->name);
}

static bool
has_control(const char *s, bool lines)
{
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;

        if ((c < 0x20 && !(lines && (c == '\n' || c == '\r' || c == '\t'))) || c == 0x7f)
            return true;
        if (c == 0xC2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xA0)
            return true; /* C1 controls */
    }
    return false;
}

static int
enum_index(const char *const *names, const char *s)
{
    for (int i = 0; names[i] != NULL; i++)
        if (*names[i] != '\0' && strcmp(names[i], s) == 0)
            return i;
    return -1;
}

static void
decode_string(
    struct decode *d, const struct field *f, const json_t *v, const struct place *at, void *to)
{
    const char *s = json_string_value(v);
    int64_t n;

    if (s == NULL) {
        op_fault(d->op, pointer(d->op, at), FAULT_TYPE_STRING);
        return;
    }
    n = text_length(s);
    if (strlen(s) != json_string_length(v) || has_control(s, (f->flags & F_LINES) != 0))
        op_fault(d->op, pointer(d->op, at), FAULT_CHARACTERS);
    else if (n < f->min || n > f->max)
        op_fault(d->op, pointer(d->op, at), FAULT_LENGTH, (long long)f->min, (long long)f->max);
    else if (!unicode_is_nfc(s))
        op_fault(d->op, pointer(d->op, at), FAULT_NOT_NFC);
    else if (f->check != NULL && !f->check(s))
        op_fault(d->op, pointer(d->op, at), FAULT_FORMAT);
    else
        *(const char **)to = arena_strndup(d->op->arena, s, json_string_length(v));
}

static void decode_object(struct decode *d, const struct field *fields, const json_t *in,
    const struct place *at, void *out);

static void
decode_list(
    struct decode *d, const struct field *f, const json_t *v, const struct place *at, void *to)
{
    size_t n = json_array_size(v);
    struct list *list = to;
    char *items;

    if (!json_is_array(v)) {
        op_fault(d->op, pointer(d->op, at), FAULT_TYPE_ARRAY);
        return;
    }
    if ((int64_t)n < f->min || (int64_t)n > f->max) {
        op_fault(d->op, pointer(d->op, at), FAULT_ITEMS, (long long)f->min, (long long)f->max);
        return;
    }
    items = arena_zalloc(d->op->arena, n + 1, f->of_size);
    for (size_t i = 0; i < n; i++)
        decode_object(d, f->of, json_array_get(v, i), &(struct place){.in = at, .item = i},
            items + i * f->of_size);
    *list = (struct list){.items = items, .n = n};
}

static void
decode_strings(
    struct decode *d, const struct field *f, const json_t *v, const struct place *at, void *to)
{
    const struct field one = {.type = F_STR, .min = 1, .max = 200, .check = f->check};
    size_t n = json_array_size(v);
    struct strings *strings = to;

    if (!json_is_array(v)) {
        op_fault(d->op, pointer(d->op, at), FAULT_TYPE_ARRAY);
        return;
    }
    if ((int64_t)n < f->min || (int64_t)n > f->max) {
        op_fault(d->op, pointer(d->op, at), FAULT_ITEMS, (long long)f->min, (long long)f->max);
        return;
    }
    strings->items = NEW_N(d->op->arena, n + 1, const char *);
    strings->n = n;
    for (size_t i = 0; i < n; i++)
        decode_string(d, &one, json_array_get(v, i), &(struct place){.in = at, .item = i},
            &strings->items[i]);
}

static void
decode_field(
    struct decode *d, const struct field *f, const json_t *v, const struct place *at, void *to)
{
    const char *s = json_string_value(v);
    int64_t n = json_integer_value(v);
    int i;

    switch (f->type) {
    case F_STR:
        decode_string(d, f, v, at, to);
        break;
    case F_INT:
        if (!json_is_integer(v))
            op_fault(d->op, pointer(d->op, at), FAULT_TYPE_INTEGER);
        else if (n < f->min || n > f->max)
            op_fault(d->op, pointer(d->op, at), FAULT_RANGE, (long long)f->min, (long long)f->max);
        else
            *(int64_t *)to = n;
        break;
    case F_BOOL:
        if (!json_is_boolean(v))
            op_fault(d->op, pointer(d->op, at), FAULT_TYPE_BOOLEAN);
        else
            *(bool *)to = json_is_true(v);
        break;
    case F_ENUM:
        i = s == NULL || strlen(s) != json_string_length(v) ? -1 : enum_index(f->of, s);
        if (s == NULL)
            op_fault(d->op, pointer(d->op, at), FAULT_TYPE_STRING);
        else if (i < 0)
            op_fault(d->op, pointer(d->op, at), FAULT_CHOICE);
        else
            *(int *)to = i;
        break;
    case F_OBJ:
        decode_object(d, f->of, v, at, to);
        break;
    case F_REF:
        *(void **)to = arena_zalloc(d->op->arena, 1, f->of_size);
        decode_object(d, f->of, v, at, *(void **)to);
        break;
    case F_LIST:
        decode_list(d, f, v, at, to);
        break;
    case F_STRS:
        decode_strings(d, f, v, at, to);
        break;
    case F_TIME:
    case F_RAW:
    case F_END:
        assert(!"not for input");
    }
}

static void
absent(struct decode *d, const struct field *f, const struct place *at)
{
    struct strings *m = d->missing;

    if (f->flags & F_OPT)
        return;
    if (m == NULL) {
        op_fault(d->op, pointer(d->op, at), FAULT_REQUIRED);
        return;
    }
    if (m->n == d->missing_room) {
        const char **more = NEW_N(d->op->arena, d->missing_room * 2 + 16, const char *);

        if (m->n > 0)
            memcpy(more, m->items, m->n * sizeof(*more));
        m->items = more;
        d->missing_room = d->missing_room * 2 + 16;
    }
    m->items[m->n++] = pointer(d->op, at);
}

/* In a draft an absent group lacks each of its members, so that the page can name them. */
static void
absent_group(struct decode *d, const struct field *f, const struct place *at)
{
    if (d->missing == NULL || f->type != F_OBJ || (f->flags & F_OPT)) {
        absent(d, f, at);
        return;
    }
    for (const struct field *g = f->of; g->type != F_END; g++)
        absent_group(d, g, &(struct place){.in = at, .name = g->name});
}

static bool
is_known(const struct field *fields, const char *key)
{
    for (const struct field *f = fields; f->type != F_END; f++)
        if (strcmp(f->name, key) == 0)
            return true;
    return false;
}

/* RFC 6901: '~' and '/' of a key are escaped. */
static const char *
escaped(struct arena *a, const char *key)
{
    char *out = arena_alloc(a, 2 * strlen(key) + 1), *p = out;

    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            *p++ = '~';
            *p++ = *key == '~' ? '0' : '1';
        } else {
            *p++ = *key;
        }
    }
    *p = '\0';
    return out;
}

static void
decode_object(struct decode *d, const struct field *fields, const json_t *in,
    const struct place *at, void *out)
{
    struct arena *a = d->op->arena;
    const char *key;
    json_t *v;

    if (!json_is_object(in)) {
        op_fault(d->op, pointer(d->op, at), FAULT_TYPE_OBJECT);
        return;
    }
    for (const struct field *f = fields; f->type != F_END; f++) {
        const json_t *m = json_object_get(in, f->name);
        const struct place where = {.in = at, .name = f->name};
        bool empty = json_is_string(m) && json_string_length(m) == 0 && f->min > 0;

        if (m == NULL || json_is_null(m) || empty)
            absent_group(d, f, &where);
        else
            decode_field(d, f, m, &where, (char *)out + f->off);
    }
    json_object_foreach((json_t *)(uintptr_t)in, key, v) if (!is_known(fields, key)) op_fault(
        d->op, pointer(d->op, &(struct place){.in = at, .name = escaped(a, key)}), FAULT_UNKNOWN);
}

enum err
record_decode(struct op *op, const struct field *f, const json_t *in, const char *at, void *out,
    struct strings *missing)
{
    struct decode d = {.op = op, .missing = missing};

    if (missing != NULL)
        *missing = (struct strings){.n = 0};
    decode_object(&d, f, in, &(struct place){.name = at}, out);
    return op_faults(op);
}

enum err
record_read(struct op *op, const struct field *f, const char *text, void *out)
{
    struct strings missing;
    json_auto_t *v = NULL;

    if (record_parse(op, text, strlen(text), &v) != OK ||
        record_decode(op, f, v, "", out, &missing) != OK)
        return op_fail(op, E_INTERNAL, "a stored record does not fit its table");
    return OK;
}

/* ---- encoding ---- */

static json_t *
encode_list(const struct field *f, const struct list *list, bool sparse)
{
    json_t *a = json_array();

    for (size_t i = 0; i < list->n; i++)
        json_array_append_new(
            a, record_encode(f->of, (const char *)list->items + i * f->of_size, sparse));
    return a;
}

static json_t *
encode_strings(const struct strings *strings)
{
    json_t *a = json_array();

    for (size_t i = 0; i < strings->n; i++)
        json_array_append_new(a, json_string(strings->items[i]));
    return a;
}

static json_t *
encode_time(int64_t at)
{
    struct arena *a;
    json_t *v;

    if (at == 0)
        return NULL;
    a = arena_new(64);
    v = json_string(text_time(a, at));
    arena_free(a);
    return v;
}

static json_t *
encode_field(const struct field *f, const void *at, bool sparse)
{
    const char *s;

    switch (f->type) {
    case F_STR:
        s = *(const char *const *)at;
        return s == NULL ? NULL : json_string(s);
    case F_INT:
        return json_integer(*(const int64_t *)at);
    case F_BOOL:
        return json_boolean(*(const bool *)at);
    case F_ENUM:
        s = ((const char *const *)f->of)[*(const int *)at];
        return s == NULL || *s == '\0' ? NULL : json_string(s);
    case F_OBJ:
        return record_encode(f->of, at, sparse);
    case F_REF:
        return *(void *const *)at == NULL ? NULL : record_encode(f->of, *(void *const *)at, sparse);
    case F_LIST:
        return encode_list(f, at, sparse);
    case F_STRS:
        return encode_strings(at);
    case F_TIME:
        return encode_time(*(const int64_t *)at);
    case F_RAW:
        s = *(const char *const *)at;
        return s == NULL ? NULL : json_loads(s, JSON_DECODE_ANY, NULL);
    case F_END:
        break;
    }
    return NULL;
}

json_t *
record_encode(const struct field *f, const void *in, bool sparse)
{
    json_t *o = json_object();

    for (; f->type != F_END; f++) {
        json_t *v = encode_field(f, (const char *)in + f->off, sparse);

        if (v != NULL || !sparse)
            json_object_set_new_nocheck(o, f->name, v != NULL ? v : json_null());
    }
    return o;
}

const char *
record_dump(struct op *op, const json_t *v)
{
    size_t n = json_dumpb(v, NULL, 0, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    char *s = arena_alloc(op->arena, n + 1);

    json_dumpb(v, s, n, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    s[n] = '\0';
    return s;
}

const char *
record_text(struct op *op, const struct field *f, const void *in)
{
    json_auto_t *v = record_encode(f, in, true);

    return record_dump(op, v);
}
