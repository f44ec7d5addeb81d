#include "io/json_tree.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

static struct tree *copy(struct op *op, json_t *j, const char *name, int depth);

/* False when something below is nested too deeply. */
static bool
copy_children(struct op *op, json_t *j, struct tree **tail, int depth)
{
    const char *name;
    json_t *child;
    size_t i;

    if (json_is_object(j)) {
        json_object_foreach(j, name, child)
        {
            *tail = copy(op, child, name, depth);
            if (*tail == NULL)
                return false;
            tail = &(*tail)->next;
        }
    } else {
        json_array_foreach(j, i, child)
        {
            *tail = copy(op, child, NULL, depth);
            if (*tail == NULL)
                return false;
            tail = &(*tail)->next;
        }
    }
    return true;
}

static struct tree *
copy(struct op *op, json_t *j, const char *name, int depth)
{
    static const enum tree_kind kinds[] = {
        [JSON_OBJECT] = TREE_OBJECT,
        [JSON_ARRAY] = TREE_ARRAY,
        [JSON_STRING] = TREE_TEXT,
        [JSON_INTEGER] = TREE_INT,
        [JSON_REAL] = TREE_REAL,
        [JSON_TRUE] = TREE_BOOL,
        [JSON_FALSE] = TREE_BOOL,
        [JSON_NULL] = TREE_NULL,
    };
    struct tree *t = NEW(op->arena, struct tree);

    t->kind = kinds[json_typeof(j)];
    t->name = name == NULL ? NULL : arena_printf(op->arena, "%s", name);
    if (t->kind == TREE_TEXT)
        t->text = arena_strndup(op->arena, json_string_value(j), json_string_length(j));
    else if (t->kind == TREE_INT)
        t->integer = json_integer_value(j);
    else if (t->kind == TREE_REAL)
        t->real = json_real_value(j);
    else if (t->kind == TREE_BOOL)
        t->integer = json_is_true(j);
    else if (t->kind != TREE_NULL &&
             (depth > TREE_DEPTH_MOST || !copy_children(op, j, &t->first, depth + 1)))
        return NULL;
    return t;
}

enum err
tree_read(struct op *op, const char *text, size_t n, const struct tree **out)
{
    json_error_t fault;
    json_auto_t *j = json_loadb(text, n, JSON_REJECT_DUPLICATES, &fault);
    const struct tree *t;

    if (j == NULL)
        return op_fail(op, E_MALFORMED, "not JSON at byte %d", fault.position);
    t = copy(op, j, NULL, 1);
    if (t == NULL)
        return op_fail(op, E_MALFORMED, "JSON is nested more than %d deep", TREE_DEPTH_MOST);
    *out = t;
    return OK;
}

enum err
tree_sorted(struct op *op, const char *text, size_t n, const char **out)
{
    json_error_t fault;
    json_auto_t *j = json_loadb(text, n, JSON_REJECT_DUPLICATES, &fault);
    char *dump;
    size_t size;

    if (j == NULL)
        return op_fail(op, E_MALFORMED, "not JSON at byte %d", fault.position);
    size = json_dumpb(j, NULL, 0, JSON_COMPACT | JSON_SORT_KEYS);
    if (size == 0)
        return op_fail(op, E_MALFORMED, "JSON that cannot be written");
    dump = arena_alloc(op->arena, size + 1);
    json_dumpb(j, dump, size, JSON_COMPACT | JSON_SORT_KEYS);
    dump[size] = '\0';
    *out = dump;
    return OK;
}

/* The child that one step of a path names: a name in an object, a number in an array. */
static const struct tree *
step(const struct tree *t, const char *name, size_t n)
{
    bool numbered = t->kind == TREE_ARRAY && n > 0 && strspn(name, "0123456789") >= n;
    long at = 0, wanted = numbered ? strtol(name, NULL, 10) : -1;

    for (const struct tree *c = t->first; c != NULL; c = c->next, at++) {
        if (wanted == at)
            return c;
        if (c->name != NULL && strlen(c->name) == n && memcmp(c->name, name, n) == 0)
            return c;
    }
    return NULL;
}

const struct tree *
tree_get(const struct tree *t, const char *path)
{
    while (t != NULL && *path != '\0') {
        size_t n = strcspn(path, ".");

        t = step(t, path, n);
        path += n + (path[n] == '.');
    }
    return t;
}

const char *
tree_text(const struct tree *t, const char *path)
{
    const struct tree *at = tree_get(t, path);

    return at != NULL && at->kind == TREE_TEXT ? at->text : NULL;
}

bool
tree_int(const struct tree *t, const char *path, int64_t *out)
{
    const struct tree *at = tree_get(t, path);

    if (at == NULL || at->kind != TREE_INT)
        return false;
    *out = at->integer;
    return true;
}

/* The functions below walk text that is known to be good JSON: every string and bracket closes. */

static const char *
skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

static const char *
skip_string(const char *p)
{
    for (p++; *p != '"' && *p != '\0'; p++)
        p += *p == '\\' && p[1] != '\0';
    return p + (*p == '"');
}

static const char *
skip_value(const char *p)
{
    int depth = 0;

    if (*p == '\0' || strchr("{[\"", *p) == NULL)
        return p + strcspn(p, ",}] \t\r\n");
    do {
        if (*p == '"') {
            p = skip_string(p);
            continue;
        }
        depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
        p++;
    } while (depth > 0 && *p != '\0');
    return p;
}

bool
tree_span(const char *text, const char *name, const char **start, size_t *n)
{
    const char *p = skip_blanks(text);
    size_t wanted = strlen(name);

    if (*p++ != '{')
        return false;
    for (p = skip_blanks(p); *p == '"'; p = skip_blanks(p)) {
        const char *key = p + 1, *end = skip_string(p), *value = skip_blanks(end);

        value = skip_blanks(value + (*value == ':'));
        p = skip_value(value);
        if ((size_t)(end - 1 - key) == wanted && memcmp(key, name, wanted) == 0) {
            *start = value;
            *n = (size_t)(p - value);
            return true;
        }
        p = skip_blanks(p);
        p += *p == ',';
    }
    return false;
}

const char *
tree_quote(struct op *op, const char *text)
{
    char *out = arena_alloc(op->arena, strlen(text) * 6 + 3), *q = out;

    *q++ = '"';
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x20) {
            q += snprintf(q, 7, "\\u%04x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            *q++ = '\\';
        *q++ = (char)c;
    }
    *q++ = '"';
    *q = '\0';
    return out;
}
