/* Names and addresses as typed, compared, and masked. */
#include "domain/words.h"

#include "domain/mask.h"
#include "domain_op.h"
#include "tap.h"

static void
check_clean(struct arena *a)
{
    static const struct {
        const char *in, *out;
    } rows[] = {{"  沈阳 市  ", "沈阳 市"},
        {"大连　　某某（集团）有限公司", "大连 某某（集团）有限公司"},
        {"ＡＢＣ１２３ｚ", "ABC123z"}, {"\t沈\t阳\t", "沈 阳"}, {"", ""}, {"   ", ""},
        {"a\xC2\xA0 b", "a b"}, {"１２３－４５，号", "123－45，号"}, {"𠮷野", "𠮷野"}};
    static const struct {
        const char *in, *out;
    } names[] = {{"张 三", "张三"}, {" 买买提 • 艾力 ", "买买提·艾力"},
        {"阿依古丽・吐尔逊", "阿依古丽·吐尔逊"}, {"John  A. Smith", "John A. Smith"},
        {"李四", "李四"}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        is(words_clean(a, rows[i].in), rows[i].out, "\"%s\" becomes \"%s\"", rows[i].in,
            rows[i].out);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        is(words_clean_name(a, names[i].in), names[i].out, "the name \"%s\" becomes \"%s\"",
            names[i].in, names[i].out);
}

static void
check_characters(void)
{
    static const char *const good[] = {"大连某某（集团）有限公司", "O'Neil & Sons, Ltd.", "〇",
        "𠮷野", "沈阳市和平区1-2号", "Müller", ""};
    static const char *const bad[] = {"a<b", "a>b", "a\"b", "a\\b", "a\nb", "a\x01", "a\x7F",
        "a\xC2\x85", "a\xE2\x80\x8B", "a\xE2\x80\xAE", "a\xEF\xBB\xBF", "a\xEE\x80\x80",
        "a\xEF\xBF\xBF", "a\xF3\xB0\x80\x80", "a\xF4\x8F\xBF\xBF", "a\xF3\xA0\x84\x80",
        "\xEF\xB8\x8F", "\xC2\xAD"};

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        ok(words_check(good[i]), "\"%s\" may be written", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        ok(!words_check(bad[i]), "bad text %zu is refused", i);
}

static void
check_names(void)
{
    static const char *const good[] = {"张三", "欧阳某某", "买买提·艾力", "𠮷野", "〇一",
        "John Smith", "J. R. O'Neil-Müller", "Jr.", "Anne·Marie"};
    static const char *const bad[] = {"", "张三1", "·张三", "张三·", "张··三", "张 三", "张Smith",
        "John  Smith", " John", "John-", "张三（代）", "12", "John3", "。", "'", "张.三"};

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        ok(words_is_name(good[i]), "\"%s\" is a name", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        ok(!words_is_name(bad[i]), "\"%s\" is none", bad[i]);
    ok(words_is_rare("𠮷野") && !words_is_rare("张三") && !words_is_rare("㐂") &&
            !words_is_rare("Smith"),
        "rare characters are seen");
    ok(words_has_place("和平区某街1号") && words_has_place("某某村") && words_has_place("a3") &&
            !words_has_place("和平区某街"),
        "an address names a place");
}

static void
check_same(void)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {{"大连某某（集团）有限公司", "大连某某(集团)有限公司", true},
        {"大连 某某 有限公司", "大连某某有限公司", true}, {"ABC公司", "ａｂｃ公司", true},
        {"大连某某【集团】公司", "大连某某(集团)公司", true},
        {"某〔集团〕公司", "某﹙集团﹚公司", true}, {"买买提·艾力", "买买提•艾力", true},
        {"大连某某有限公司", "大连某某有限责任公司", false}, {"张三", "张三丰", false},
        {"张三丰", "张三", false}, {"", "", true}, {"", " 　", true}, {"张三", "", false}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        ok(words_same(rows[i].a, rows[i].b) == rows[i].same, "\"%s\" and \"%s\" are %s", rows[i].a,
            rows[i].b, rows[i].same ? "the same" : "different");
}

static void
check_masks(struct arena *a)
{
    is(mask_id_number(a, "210102199003070038"), "210102********0038", "a citizen's number");
    is(mask_id_number(a, "E12345678"), "E*****678", "a passport's");
    is(mask_id_number(a, "E12"), "***", "one too short to hide anything");
    is(mask_id_number(a, "E123"), "****", "and one that would stay whole");
    is(mask_account(a, "6222021200000000005"), "6222 **** **** 0005", "an account");
    is(mask_account(a, "12345678"), "****5678", "a short one");
    is(mask_account(a, "123456"), "******", "the shortest");
    is(mask_account(a, "工商银行沈阳分行 3301001234567890"), "工商银行沈阳分行 ************7890",
        "one within a text");
    is(mask_name(a, "张三"), "张*", "a name");
    is(mask_name(a, "欧阳某"), "欧**", "a longer one");
    is(mask_name(a, "张"), "张*", "and one of a single character");
    is(mask_mobile(a, "13812345678"), "138****5678", "a mobile");
    is(mask_tail(a, "3301001234567890", 4), "7890", "the tail of an account");
    is(mask_tail(a, "12", 4), "12", "which may be all of it");
    ok(*mask_id_number(a, NULL) == '\0' && *mask_account(a, "") == '\0' &&
            *mask_name(a, NULL) == '\0' && *mask_tail(a, NULL, 4) == '\0' &&
            *mask_mobile(a, "") == '\0',
        "nothing stays nothing");
}

int
main(void)
{
    struct op op = domain_op();

    check_clean(op.arena);
    check_characters();
    check_names();
    check_same();
    check_masks(op.arena);
    arena_free(op.arena);
    return done();
}
