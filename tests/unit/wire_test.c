#include "provider/wire.h"

#include "provider/bank_cmb.h"
#include "provider_help.h"
#include "tap.h"

static void
test_money(struct op *op)
{
    static const struct {
        const char *yuan;
        int64_t fen; /* -1: refused */
    } rows[] = {{"243.00", 24300}, {"243.5", 24350}, {"243", 24300}, {"0.01", 1}, {"0", 0},
        {"999999999.99", 99999999999}, {"1000000000", -1}, {"", -1}, {".5", -1}, {"1.", -1},
        {"1.234", -1}, {"-1", -1}, {"+1", -1}, {" 1", -1}, {"1 ", -1}, {"1,000", -1}, {"1e2", -1},
        {"1.0.0", -1}, {"１", -1}, {"0x1", -1}, {"nan", -1}, {"007", 700}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        int64_t fen = -1;
        bool good = wire_fen(rows[i].yuan, &fen);

        ok(good == (rows[i].fen >= 0) && fen == rows[i].fen, "\"%s\" yuan", rows[i].yuan);
    }
    is(wire_yuan(op, 24305), "243.05", "243.05 yuan");
    is(wire_yuan(op, 1), "0.01", "one fen");
}

static void
test_times(struct op *op)
{
    int64_t t = 0;

    ok(wire_time_cn("2024-01-15 10:40:00", &t) && t == VECTOR_NOW, "Chinese wall time");
    ok(wire_time_cn("20240115104000", &t) && t == VECTOR_NOW, "its digits alone");
    ok(wire_time_cn("20240115", &t) && t == VECTOR_NOW - 38400, "a date is its midnight");
    ok(!wire_time_cn("2024-02-30 00:00:00", &t), "no such day");
    ok(!wire_time_cn("2024-01-15 24:00:00", &t) && !wire_time_cn("2024-01-15T10:40:00", &t) &&
            !wire_time_cn("", &t) && !wire_time_cn("202401151040001", &t),
        "other spellings are refused");
    ok(wire_rfc3339("2024-01-15T10:40:00+08:00", &t) && t == VECTOR_NOW, "RFC 3339 in China");
    ok(wire_rfc3339("2024-01-15T02:40:00Z", &t) && t == VECTOR_NOW, "in UTC");
    ok(wire_rfc3339("2024-01-15T02:40:00.123Z", &t) && t == VECTOR_NOW, "with a fraction");
    ok(wire_rfc3339("2024-01-14T21:40:00-05:00", &t) && t == VECTOR_NOW, "west of Greenwich");
    ok(!wire_rfc3339("2024-01-15 10:40:00+08:00", &t) && !wire_rfc3339("2024-01-15T10:40:00", &t) &&
            !wire_rfc3339("2024-01-15T10:40:00+0800", &t) && !wire_rfc3339("", &t) &&
            !wire_rfc3339("2024-01-15T10:40:00+08:0", &t),
        "other spellings are refused");
    is(wire_format_cn(op, VECTOR_NOW, "%Y-%m-%d %H:%M:%S"), "2024-01-15 10:40:00", "written");
    is(wire_format_utc(op, VECTOR_NOW, "%Y-%m-%d"), "2024-01-15", "in UTC");
}

static void
test_escapes(struct op *op, const struct tree *v)
{
    static const char *const published[] = {"sf_published_params", "sf_chinese_space_star_tilde"};

    is(wire_escape(op, "reg 1*~"), "reg%201%2A~", "RFC 3986");
    is(wire_escape(op, "深圳CA"), "%E6%B7%B1%E5%9C%B3CA", "of Chinese");
    for (size_t i = 0; i < 2; i++) {
        const struct tree *t = tree_get(v, published[i]);
        const char *text = arena_printf(op->arena, "%s%s%s", tree_text(t, "msgData"),
            tree_text(t, "timestamp"), tree_text(t, "checkword"));

        is(wire_escape_java(op, text), tree_text(t, "urlencoded"), "Java: %s", published[i]);
    }
}

static void
test_forms(struct op *op)
{
    static const char *const wrong[] = {
        "a", "a=%", "a=%4", "a=%zz", "a=1&a=2", "a=%00", "a=%ff", "a=1&%61=2", "&a=1", "a=1&&b=2"};
    struct pair *p = NULL;

    ok(wire_form_read(op, "b=1%2B+x&a=%E6%96%87&c=", 23, &p) == OK, "a form is read");
    is(wire_value(p, "b"), "1+ x", "with escapes");
    is(wire_value(p, "a"), "文", "and Chinese");
    is(wire_value(p, "c"), "", "and empty values");
    ok(wire_value(p, "d") == NULL, "what is absent is absent");
    wire_sort(p);
    is(p[0].name, "a", "sorted by name");
    is(wire_form(op, p), "a=%E6%96%87&b=1%2B%20x&c=", "and written again");
    ok(wire_form_read(op, "", 0, &p) == OK && p[0].name == NULL, "an empty form has no pairs");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        ok(wire_form_read(op, wrong[i], strlen(wrong[i]), &p) == E_MALFORMED, "%s is refused",
            wrong[i]);
    ok(wire_form_read(op, "a=\0", 3, &p) == E_MALFORMED, "a NUL is refused");
    {
        char many[129 * 5 + 1], *q = many;

        for (int i = 0; i < 129; i++)
            q += sprintf(q, "%s%03d=", i == 0 ? "" : "&", i);
        ok(wire_form_read(op, many, strlen(many), &p) == E_MALFORMED, "129 pairs are too many");
        ok(wire_form_read(op, many, strlen(many) - 5, &p) == OK, "128 are not");
    }
}

static void
test_memos(void)
{
    static const struct {
        const char *memo;
        bool good;
    } rows[] = {
        {"PIN:0123456789", true},
        {"PIN:0123456789 深圳CA", true},
        {"", true},
        {"一二三四五六七八九十一二三四五", true},   /* 30 bytes */
        {"一二三四五六七八九十一二三四五x", false}, /* 31 */
        {"0123456789012345678901234567890", false},
        {"PIN😀", false}, /* no such character in GBK */
        {"PIN\xff", false},
        {"a&b", false},
        {"a<b", false},
        {"a|b", false},
        {"a\"b", false},
        {"a'b", false},
        {"a\nb", false},
        {"a\x7f", false},
    };

    ok(wire_gbk_size("PIN:0123456789") == 14, "ASCII is one byte each");
    ok(wire_gbk_size("深圳CA") == 6, "Hanzi are two");
    ok(wire_gbk_size("阿·卜") == 6, "the dot in names is in GBK");
    ok(wire_gbk_size("😀") == -1, "an emoji is not");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        ok((bank_memo_fault(rows[i].memo) == NULL) == rows[i].good, "memo %zu is %s", i,
            rows[i].good ? "taken" : "refused");
    {
        char longer[2001];

        memset(longer, 'x', 2000);
        longer[2000] = '\0';
        ok(wire_gbk_size(longer) == 2000, "long texts are counted whole");
    }
}

int
main(void)
{
    struct op op = op_new(VECTOR_NOW);

    test_money(&op);
    test_times(&op);
    test_escapes(&op, vectors(&op));
    test_forms(&op);
    test_memos();
    is(wire_cut(&op, "深圳CA", 3), "深圳C", "cut between characters");
    is(wire_cut(&op, "ab", 3), "ab", "shorter ones stay");
    ok(strlen(wire_nonce(&op, 32)) == 32 && strcmp(wire_nonce(&op, 32), wire_nonce(&op, 32)) != 0,
        "no nonce comes twice");
    arena_free(op.arena);
    return done();
}
