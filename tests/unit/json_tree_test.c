#include "io/json_tree.h"
#include "io/record.h"

#include "provider_help.h"
#include "tap.h"

static const struct tree *
read_text(struct op *op, const char *text)
{
    const struct tree *t = NULL;

    return tree_read(op, text, strlen(text), &t) == OK ? t : NULL;
}

static void
test_refused(struct op *op)
{
    static const struct {
        const char *what, *text;
    } rows[] = {
        {"nothing", ""},
        {"a bare text", "\"x\""},
        {"a bare number", "1"},
        {"half an object", "{\"a\":1"},
        {"something behind it", "{} {}"},
        {"the same name twice", "{\"a\":1,\"a\":2}"},
        {"the same name twice, once escaped", "{\"a\":1,\"\\u0061\":2}"},
        {"the same name twice, deep", "{\"x\":[{\"a\":1,\"a\":2}]}"},
        {"a NUL in a text", "{\"a\":\"\\u0000\"}"},
        {"bad UTF-8", "{\"a\":\"\xff\"}"},
        {"half a surrogate", "{\"a\":\"\\ud800\"}"},
        {"an integer that does not fit", "{\"a\":99999999999999999999}"},
        {"a real that does not fit", "{\"a\":1e999}"},
        {"single quotes", "{'a':1}"},
        {"a comment", "{/* */\"a\":1}"},
    };
    char deep[200];

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        ok(read_text(op, rows[i].text) == NULL, "%s is refused", rows[i].what);
    memset(deep, '[', 32);
    memset(deep + 32, ']', 32);
    deep[64] = '\0';
    ok(read_text(op, deep) != NULL, "32 deep is taken");
    memset(deep, '[', 33);
    memset(deep + 33, ']', 33);
    deep[66] = '\0';
    ok(read_text(op, deep) == NULL, "33 deep is refused");
}

static void
test_values(struct op *op)
{
    const struct tree *t = read_text(op,
        "{\"i\":240,\"r\":240.0,\"s\":\"文\",\"n\":null,\"b\":true,\"o\":{\"x\":[1,{\"y\":\"z\"}]},"
        "\"e\":{},\"m\":-9}");
    int64_t n = 7;

    ok(t != NULL, "an object is taken");
    ok(tree_int(t, "i", &n) && n == 240, "an integer");
    ok(tree_int(t, "m", &n) && n == -9, "a negative one");
    ok(!tree_int(t, "r", &n) && n == -9, "a real is no integer, and nothing is written");
    ok(!tree_int(t, "s", &n) && !tree_int(t, "none", &n), "nor a text, nor what is absent");
    is(tree_text(t, "s"), "文", "a text");
    ok(tree_text(t, "i") == NULL && tree_text(t, "n") == NULL, "numbers and null are no text");
    is(tree_text(t, "o.x.1.y"), "z", "a path through objects and arrays");
    ok(tree_get(t, "o.x.2") == NULL && tree_get(t, "o.x.y") == NULL, "no further than the array");
    ok(tree_get(t, "i.j") == NULL && tree_get(t, "e.a.b") == NULL, "no further than a value");
    ok(tree_get(NULL, "a") == NULL && tree_text(NULL, "a") == NULL, "nothing has no members");
    ok(tree_get(t, "b")->kind == TREE_BOOL && tree_get(t, "b")->integer == 1, "a boolean");
    ok(tree_get(t, "o.") == NULL || tree_get(t, "o.")->kind == TREE_OBJECT, "an odd path is fine");
}

static void
test_span(struct op *op)
{
    static const char text[] =
        " {\"note\": \"\\\"a\\\":{}\", \"n\" : -1.5e3 ,\"arr\":[{\"a\":1},\"]\"], \"a\" :"
        "{\"x\":\"}\\\\\",\"y\":[{}]} ,\"last\":null}";
    const char *at;
    size_t n;

    ok(read_text(op, text) != NULL, "the text is JSON");
    ok(tree_span(text, "a", &at, &n), "a top-level member is found");
    is(arena_strndup(op->arena, at, n), "{\"x\":\"}\\\\\",\"y\":[{}]}", "with its raw bytes");
    ok(tree_span(text, "n", &at, &n), "a number");
    is(arena_strndup(op->arena, at, n), "-1.5e3", "with its raw bytes");
    ok(tree_span(text, "arr", &at, &n), "an array");
    is(arena_strndup(op->arena, at, n), "[{\"a\":1},\"]\"]", "with its raw bytes");
    ok(tree_span(text, "last", &at, &n) && n == 4, "the last one");
    ok(!tree_span(text, "x", &at, &n) && !tree_span("[1]", "x", &at, &n),
        "only members of the outermost object");
}

int
main(void)
{
    struct op op = op_new(0);
    const char *text = NULL;

    record_init(); /* as every program does: JSON memory is not the C library's */
    test_refused(&op);
    test_values(&op);
    test_span(&op);
    is(tree_quote(&op, "a\"b\\c\n文/"), "\"a\\\"b\\\\c\\u000a文/\"", "quoting");
    text = "{ \"b\" : {\"d\":1, \"c\":[3,2]}, \"a\":\"x\" }";
    ok(tree_sorted(&op, text, strlen(text), &text) == OK, "sorting");
    is(text, "{\"a\":\"x\",\"b\":{\"c\":[3,2],\"d\":1}}", "names by bytes, arrays as they are");
    ok(tree_sorted(&op, "{", 1, &text) == E_MALFORMED, "half an object cannot be sorted");
    arena_free(op.arena);
    return done();
}
