/* Parameters and columns as text: what libpq takes and gives. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/db.h"

const char *
db_int(struct op *op, int64_t v)
{
    return arena_printf(op->arena, "%lld", (long long)v);
}

const char *
db_bool(bool v)
{
    return v ? "t" : "f";
}

const char *
db_bytes(struct op *op, const void *p, size_t n)
{
    return arena_printf(op->arena, "\\x%s", text_hex(op->arena, p, n));
}

int
row_count(rows r)
{
    return PQntuples(r);
}

/* PQfnumber would copy the name and fold its case for each cell. */
static int
column(rows r, const char *col)
{
    for (int c = 0; c < PQnfields(r); c++)
        if (strcmp(PQfname(r, c), col) == 0)
            return c;
    fprintf(stderr, "no column %s\n", col);
    abort();
}

bool
row_null(rows r, int row, const char *col)
{
    return PQgetisnull(r, row, column(r, col));
}

int64_t
row_int(rows r, int row, const char *col)
{
    return strtoll(PQgetvalue(r, row, column(r, col)), NULL, 10);
}

bool
row_bool(rows r, int row, const char *col)
{
    return *PQgetvalue(r, row, column(r, col)) == 't';
}

const char *
row_str(struct op *op, rows r, int row, const char *col)
{
    int c = column(r, col);

    if (PQgetisnull(r, row, c))
        return NULL;
    return arena_strndup(op->arena, PQgetvalue(r, row, c), (size_t)PQgetlength(r, row, c));
}

const void *
row_bytes(struct op *op, rows r, int row, const char *col, size_t *n)
{
    int c = column(r, col);
    const char *hex = PQgetvalue(r, row, c);
    char *out;

    *n = 0;
    if (PQgetisnull(r, row, c) || hex[0] != '\\' || hex[1] != 'x')
        return NULL;
    *n = strlen(hex + 2) / 2;
    out = arena_alloc(op->arena, *n + 1);
    out[*n] = '\0';
    return text_unhex(hex + 2, out, *n) ? out : NULL;
}
