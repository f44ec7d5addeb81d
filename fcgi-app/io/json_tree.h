/*
 * JSON that others wrote, read strictly and kept in the arena: no duplicate names, no NUL, valid
 * UTF-8, at most TREE_DEPTH_MOST deep. Readers ask by path and check the type in one step.
 */
#ifndef HALL_IO_JSON_TREE_H
#define HALL_IO_JSON_TREE_H

#include <stddef.h>

#include "base/op.h"

enum { TREE_DEPTH_MOST = 32 };

enum tree_kind { TREE_NULL, TREE_BOOL, TREE_INT, TREE_REAL, TREE_TEXT, TREE_OBJECT, TREE_ARRAY };

struct tree {
    enum tree_kind kind;
    const char *name;          /* inside an object, else NULL */
    const char *text;          /* TREE_TEXT */
    int64_t integer;           /* TREE_INT, TREE_BOOL */
    double real;               /* TREE_REAL */
    struct tree *first, *next; /* children in their order; the next sibling */
};

/* An object or an array, and nothing after it; E_MALFORMED otherwise. */
enum err tree_read(struct op *op, const char *text, size_t n, const struct tree **out) MUST_USE;

/* "amount.total", "items.0.code"; NULL when any step is missing. t may be NULL. */
const struct tree *tree_get(const struct tree *t, const char *path);
/* The text there; NULL unless it is one. */
const char *tree_text(const struct tree *t, const char *path);
/* False unless an integer stands there: 240.0 and "240" are none. */
bool tree_int(const struct tree *t, const char *path, int64_t *out);

/* The same JSON without blanks and with all names sorted by bytes; E_MALFORMED. */
enum err tree_sorted(struct op *op, const char *text, size_t n, const char **out) MUST_USE;

/* Where the value of a top-level name stands in the raw bytes, for signatures over what was
 * received; call it on text that tree_read() took. False when there is no such name. */
bool tree_span(const char *text, const char *name, const char **start, size_t *n);

/* The text as a JSON string with its quotes. */
const char *tree_quote(struct op *op, const char *text);

#endif
