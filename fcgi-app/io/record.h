/*
 * Record tables: one table describes a struct, and the same table decodes a request, encodes a
 * reply, reads and writes JSON columns, and is the schema that OpenAPI shows.
 */
#ifndef HALL_IO_RECORD_H
#define HALL_IO_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/op.h"

enum field_type {
    F_END,
    F_STR,  /* const char *, NULL when absent */
    F_INT,  /* int64_t */
    F_BOOL, /* bool */
    F_ENUM, /* int: index into the names; a name "" at 0 stands for absent */
    F_OBJ,  /* struct embedded */
    F_REF,  /* pointer to a struct, NULL when absent */
    F_LIST, /* struct list of structs */
    F_STRS, /* struct strings */
    F_TIME, /* int64_t, UTC seconds, RFC 3339 outside; 0 when absent */
    F_RAW,  /* const char *: JSON text as a query made it; replies only. `of` describes it for the
             * schema: an object, or with max > 0 an array of such */
};

enum {
    F_OPT = 1,   /* may be absent or null */
    F_LINES = 2, /* text of several lines: line feeds are allowed */
};

struct list {
    const void *items;
    size_t n;
};
struct strings {
    const char **items;
    size_t n;
};

struct field {
    const char *name; /* key in JSON */
    enum field_type type;
    unsigned flags;
    size_t off;
    int64_t min, max;             /* characters of a string, value of a number, items of a list */
    const void *of;               /* F_ENUM: NULL-ended names; F_OBJ, F_REF, F_LIST: inner fields */
    size_t of_size;               /* F_REF, F_LIST: size of the inner struct */
    const char *format;           /* for the schema: "date", "uri", a pattern beginning with '^' */
    bool (*check)(const char *v); /* F_STR: false is FAULT_FORMAT */
    const char *label;            /* what people call it */
};

/* The member's type is checked when the table is compiled. */
#define MEMBER_(st, m, T) _Generic(((st *)0)->m, T : offsetof(st, m))
#define STR(st, m, lo, hi, ...)                                                               \
    {                                                                                         \
        .name = #m, .type = F_STR, .off = MEMBER_(st, m, const char *), .min = lo, .max = hi, \
        __VA_ARGS__                                                                           \
    }
#define INT(st, m, lo, hi, ...)                                                          \
    {                                                                                    \
        .name = #m, .type = F_INT, .off = MEMBER_(st, m, int64_t), .min = lo, .max = hi, \
        __VA_ARGS__                                                                      \
    }
#define BOOL(st, m, ...)                                                     \
    {                                                                        \
        .name = #m, .type = F_BOOL, .off = MEMBER_(st, m, bool), __VA_ARGS__ \
    }
#define ENUM(st, m, names, ...)                                                      \
    {                                                                                \
        .name = #m, .type = F_ENUM, .off = offsetof(st, m), .of = names, __VA_ARGS__ \
    }
#define OBJ(st, m, fields, ...)                                                      \
    {                                                                                \
        .name = #m, .type = F_OBJ, .off = offsetof(st, m), .of = fields, __VA_ARGS__ \
    }
#define REF(st, m, fields, T, ...)                                                             \
    {                                                                                          \
        .name = #m, .type = F_REF, .off = offsetof(st, m), .of = fields, .of_size = sizeof(T), \
        __VA_ARGS__                                                                            \
    }
#define LIST(st, m, fields, T, lo, hi, ...)                                           \
    {                                                                                 \
        .name = #m, .type = F_LIST, .off = MEMBER_(st, m, struct list), .of = fields, \
        .of_size = sizeof(T), .min = lo, .max = hi, __VA_ARGS__                       \
    }
#define STRS(st, m, lo, hi, ...)                                                                 \
    {                                                                                            \
        .name = #m, .type = F_STRS, .off = MEMBER_(st, m, struct strings), .min = lo, .max = hi, \
        __VA_ARGS__                                                                              \
    }
#define TIME(st, m, ...)                                                        \
    {                                                                           \
        .name = #m, .type = F_TIME, .off = MEMBER_(st, m, int64_t), __VA_ARGS__ \
    }
#define RAW(st, m, fields, ...)                                                                   \
    {                                                                                             \
        .name = #m, .type = F_RAW, .off = MEMBER_(st, m, const char *), .of = fields, __VA_ARGS__ \
    }

/* To be called once by main before any JSON is touched: freed JSON memory is wiped. */
void record_init(void);

/*
 * Parses one JSON text: duplicates, NUL, invalid UTF-8, more than 16 levels are E_MALFORMED with
 * the place in op->note. The caller owns *out.
 */
enum err record_parse(struct op *op, const char *text, size_t n, json_t **out) MUST_USE;

/*
 * Fills *out (strings are copied to the arena) and reports every wrong field with op_fault, its
 * pointer below `at` ("" for the body). With `missing` absent required members are no fault but
 * are listed there. Returns op_faults(); *out is not to be used unless OK.
 */
enum err record_decode(struct op *op, const struct field *f, const json_t *in, const char *at,
    void *out, struct strings *missing) MUST_USE;

/* The same for a JSON text of our own making, such as a jsonb column: a fault is E_INTERNAL. */
enum err record_read(struct op *op, const struct field *f, const char *text, void *out) MUST_USE;

/* The caller owns the result. With `sparse`, absent members are left out, else they are null. */
json_t *record_encode(const struct field *f, const void *in, bool sparse);

/* Compact text with sorted keys in the arena: the canonical form that is hashed and stored. */
const char *record_text(struct op *op, const struct field *f, const void *in);

/* A reply: every member is there, in the order of the table; JSON of F_RAW is copied as it is. In
 * the arena; *n is its length. */
const char *record_reply(struct op *op, const struct field *f, const void *in, size_t *n)
    __attribute__((returns_nonnull));

/* Text of any JSON value in the arena, compact, keys sorted. */
const char *record_dump(struct op *op, const json_t *v);

/* JSON Schema 2020-12 of the table. For a reply every member is always present. */
json_t *record_schema(const struct field *f, bool reply);

#endif
