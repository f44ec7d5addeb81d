/* Record tables: what is taken, what is refused and in which words, and what goes out. */
#include "io/record.h"

#include "tap.h"
#include "web/query.h"

struct inner {
    const char *name;
    int64_t n;
};
static const struct field inner_fields[] = {
    STR(struct inner, name, 2, 4),
    INT(struct inner, n, 1, 9),
    {.type = F_END},
};
static const char *const colours[] = {"", "red", "blue", NULL};
struct outer {
    const char *text;
    int64_t count;
    bool yes;
    int colour;
    struct inner one;
    struct list many;
    struct strings words;
    const char *raw;
    int64_t at;
};
static const struct field outer_fields[] = {
    STR(struct outer, text, 1, 5),
    INT(struct outer, count, 0, 500),
    BOOL(struct outer, yes),
    ENUM(struct outer, colour, colours, .flags = F_OPT),
    OBJ(struct outer, one, inner_fields),
    LIST(struct outer, many, inner_fields, struct inner, 0, 2, .flags = F_OPT),
    STRS(struct outer, words, 0, 3, .flags = F_OPT),
    {.type = F_END},
};
static const struct field reply_fields[] = {
    STR(struct outer, text, 1, 5),
    INT(struct outer, count, 0, 500),
    ENUM(struct outer, colour, colours, .flags = F_OPT),
    STRS(struct outer, words, 0, 3),
    RAW(struct outer, raw, NULL),
    TIME(struct outer, at, .flags = F_OPT),
    {.type = F_END},
};

static struct op op;

/* The faults of a text as "pointer code; …", or the error's code. */
static const char *
judged(const char *text, size_t n, struct outer *out)
{
    json_auto_t *v = NULL;
    const char *s = "";
    enum err e;

    arena_reset(op.arena);
    op = (struct op){.arena = op.arena};
    memset(out, 0, sizeof(*out));
    e = record_parse(&op, text, n, &v);
    if (e != OK)
        return err_code(e);
    e = record_decode(&op, outer_fields, v, "", out, NULL);
    for (const struct fault *f = op.faults; f != NULL; f = f->next)
        s = arena_printf(op.arena, "%s%s %s;", s, f->pointer, f->code);
    return (e == OK) == (*s == '\0') ? s : "faults and answer disagree";
}

static const struct {
    const char *text, *faults, *what;
} rows[] = {
    {"{\"text\":\"文字\",\"count\":240,\"yes\":true,\"one\":{\"name\":\"ab\",\"n\":1}}", "",
        "a good record"},
    {"{\"text\":\"文字\",\"count\":240.0,\"yes\":true,\"one\":{\"name\":\"ab\",\"n\":1}}",
        "/count type;", "240.0 is no integer"},
    {"{}", "/text required;/count required;/yes required;/one required;", "all that is missing"},
    {"{\"text\":1,\"count\":\"1\",\"yes\":0,\"one\":[],\"colour\":\"green\",\"x/y~\":1}",
        "/text type;/count type;/yes type;/colour choice;/one type;/x~1y~0 unknown_field;",
        "every wrong member at once, and the key escaped"},
    {"{\"text\":\"123456\",\"count\":501,\"yes\":true,\"one\":{\"name\":\"a\",\"n\":0}}",
        "/text length;/count range;/one/name length;/one/n range;", "lengths and ranges"},
    {"{\"text\":\"e\\u0301\",\"count\":1,\"yes\":true,\"one\":{\"name\":\"ab\",\"n\":1}}",
        "/text not_nfc;", "text that is not in form C"},
    {"{\"text\":\"a\\u0007\",\"count\":1,\"yes\":true,\"one\":{\"name\":\"ab\",\"n\":1}}",
        "/text characters;", "control characters"},
    {"{\"text\":\"a\",\"count\":1,\"yes\":true,\"one\":{\"name\":\"ab\",\"n\":1},\"many\":[{"
     "\"name\":"
     "\"ab\"},{},{}]}",
        "/many items;", "a list too long"},
    {"{\"text\":\"a\",\"count\":1,\"yes\":true,\"one\":{\"name\":\"ab\",\"n\":1},\"many\":[{"
     "\"name\":"
     "\"ab\",\"n\":2},{\"n\":\"2\"}],\"words\":[\"a\",2]}",
        "/many/1/name required;/many/1/n type;/words/1 type;", "faults inside of lists"},
    {"{\"text\":\"a\",\"text\":\"b\"}", "malformed", "a key twice"},
    {"{\"text\":\"a\\u0000b\"}", "/text characters;/count required;/yes required;/one required;",
        "NUL"},
    {"{\"text\":\"\xff\"}", "malformed", "invalid UTF-8"},
    {"{\"text\":", "malformed", "half a text"},
    {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "malformed", "seventeen levels"},
    {"[]", " type;", "an array where an object is due"},
};

int
main(void)
{
    struct outer out;
    struct strings missing;
    const char *words[] = {"a\"b", "\\", "\n\x01"};
    const struct outer full = {
        .text = "文", .count = -7, .words = {words, 3}, .raw = "{\"k\":[1]}", .at = 1700000000};
    size_t n;

    op.arena = arena_new(4096);
    record_init();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        is(judged(rows[i].text, strlen(rows[i].text), &out), rows[i].faults, "%s", rows[i].what);
    {
        json_auto_t *v = json_loads("{\"one\":{\"n\":3},\"yes\":true}", 0, NULL);
        const char *all = "";

        op.faults = op.last_fault = NULL;
        ok(record_decode(&op, outer_fields, v, "", &out, &missing) == OK,
            "a draft may lack members");
        for (size_t i = 0; i < missing.n; i++)
            all = arena_printf(op.arena, "%s%s;", all, missing.items[i]);
        is(all, "/text;/count;/one/name;", "a draft lists what it lacks");
        ok(out.one.n == 3 && out.yes, "and keeps what it has");
    }
    is(record_reply(&op, reply_fields, &full, &n),
        "{\"text\":\"文\",\"count\":-7,\"colour\":null,\"words\":[\"a\\\"b\",\"\\\\\","
        "\"\\n\\u0001\"],"
        "\"raw\":{\"k\":[1]},\"at\":\"2023-11-14T22:13:20Z\"}",
        "a reply has every member in the order of the table");
    is(query_value(&op, "q=%E5%B7%A5%E5%95%86+%31&x=1", "q"), "工商 1", "a query is decoded");
    ok(query_value(&op, "q=%E5%B", "q") == NULL, "half an escape is no value");
    ok(query_value(&op, "q=%ff", "q") == NULL, "nor are bytes that are not UTF-8");
    ok(query_value(&op, "qq=1&r=2", "q") == NULL, "nor another name's");
    arena_free(op.arena);
    return done();
}
