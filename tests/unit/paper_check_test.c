/* What the applicant is told about an upload, row by row. */
#include "paper/check.h"
#include "paper/qr.h"
#include "tap.h"

#define DIGEST "5c0ffee5c0ffee5c0ffee5c0ffee5c0f"
#define OTHER  "ac0ffee5c0ffee5c0ffee5c0ffee5c0f"
#define ORDER  "20261122000000170"

static struct arena *arena;

static struct op
new_op(enum lang lang)
{
    return (struct op){.arena = arena, .lang = lang};
}

static const struct check *
find(const struct check *checks, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(checks[i].code, code) == 0)
            return &checks[i];
    return NULL;
}

/* A good scan of the form, to be spoilt by the rows. */
static struct scan_result
good_form(const char *code)
{
    struct scan_result r = {.type = SCAN_JPEG,
        .width = 1654,
        .height = 2339,
        .pages = 1,
        .dpi = 200,
        .red_share = 0.0046,
        .ink_share = 0.1};

    if (code != NULL)
        snprintf(r.code[r.codes++], sizeof(r.code[0]), "%s", code);
    return r;
}

static void
test_qr(void)
{
    static const struct {
        const char *what, *code;
        enum material_kind kind;
        bool passed, blocking;
        const char *says;
    } rows[] = {
        {"the form of this revision", "HALL1|" ORDER "|2|" DIGEST, MATERIAL_APPLICATION_FORM, true,
            false, "一致"},
        {"a later revision that prints the same", "HALL1|" ORDER "|1|" DIGEST,
            MATERIAL_APPLICATION_FORM, true, false, "一致"},
        {"no code", NULL, MATERIAL_APPLICATION_FORM, false, false, "请上传最新打印的申请表"},
        {"a code of somebody else's", "https://example.com/", MATERIAL_APPLICATION_FORM, false,
            false, "请上传最新打印的申请表"},
        {"an earlier revision", "HALL1|" ORDER "|1|" OTHER, MATERIAL_APPLICATION_FORM, false, true,
            "请上传最新打印的申请表"},
        {"another order", "HALL1|20261122000000188|2|" DIGEST, MATERIAL_APPLICATION_FORM, false,
            true, "另一个订单"},
        {"the seal collection form", "HALL1S|" ORDER "|2|" DIGEST, MATERIAL_APPLICATION_FORM, false,
            true, "这是电子签章采集表"},
        {"the seal form in its place", "HALL1S|" ORDER "|2|" DIGEST, MATERIAL_SEAL_COLLECTION_FORM,
            true, false, "一致"},
        {"the seal form of an earlier revision", "HALL1S|" ORDER "|1|" OTHER,
            MATERIAL_SEAL_COLLECTION_FORM, true, false, "一致"},
        {"the seal form of another order", "HALL1S|20261122000000188|2|" DIGEST,
            MATERIAL_SEAL_COLLECTION_FORM, false, false, "另一个订单"},
        {"the application form instead of the seal form", "HALL1|" ORDER "|2|" DIGEST,
            MATERIAL_SEAL_COLLECTION_FORM, false, false, "这是数字证书申请表"},
    };
    struct op op = new_op(LANG_ZH);

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct check_wanted w = {rows[i].kind, ORDER, DIGEST "00112233445566778899aabbccddeeff"};
        struct scan_result r = good_form(rows[i].code);
        struct check checks[CHECKS_MAX];
        const struct check *c = find(checks, check_list(&op, &w, &r, checks), "form_qr");

        ok(c != NULL && c->passed == rows[i].passed && c->blocking == rows[i].blocking &&
                strstr(c->detail[LANG_ZH], rows[i].says) != NULL && c->detail[LANG_EN][0] != '\0',
            "%s", rows[i].what);
    }
}

static void
test_several_codes(void)
{
    struct check_wanted w = {MATERIAL_APPLICATION_FORM, ORDER, DIGEST};
    struct scan_result r = good_form("https://example.com/");
    struct op op = new_op(LANG_ZH);
    struct check checks[CHECKS_MAX];
    const struct check *c;

    snprintf(r.code[r.codes++], sizeof(r.code[0]), "HALL1|" ORDER "|1|" OTHER);
    snprintf(r.code[r.codes++], sizeof(r.code[0]), "HALL1|" ORDER "|2|" DIGEST);
    c = find(checks, check_list(&op, &w, &r, checks), "form_qr");
    ok(c != NULL && c->passed, "the right code among others is enough");
    r.codes--;
    c = find(checks, check_list(&op, &w, &r, checks), "form_qr");
    ok(c != NULL && !c->passed && c->blocking, "a foreign code does not hide the wrong one");
}

static void
test_seals(void)
{
    struct check_wanted form = {MATERIAL_APPLICATION_FORM, ORDER, DIGEST};
    struct check_wanted sheet = {MATERIAL_SEAL_COLLECTION_FORM, ORDER, DIGEST};
    struct scan_result r = good_form(NULL);
    struct op op = new_op(LANG_ZH);
    struct check checks[CHECKS_MAX];
    size_t n;

    ok(find(checks, check_list(&op, &form, &r, checks), "red_seal")->passed, "a red seal is seen");
    r.red_share = 0.0029;
    ok(!find(checks, check_list(&op, &form, &r, checks), "red_seal")->passed,
        "less red than three thousandths is no seal");
    n = check_list(&op, &sheet, &r, checks);
    ok(!find(checks, n, "red_seal")->passed && find(checks, n, "seal_whole") == NULL,
        "nothing is said about the shape of a seal that is not there");
    r.seal = (struct scan_seal){.width = 472, .height = 470, .round = true};
    n = check_list(&op, &sheet, &r, checks);
    ok(find(checks, n, "red_seal")->passed && find(checks, n, "seal_whole")->passed &&
            find(checks, n, "resolution")->passed,
        "a whole seal at 300 dpi passes");
    r.seal.cut_off = true;
    ok(!find(checks, check_list(&op, &sheet, &r, checks), "seal_whole")->passed,
        "a seal at the edge is not whole");
    r.seal = (struct scan_seal){.width = 315, .height = 310, .round = true};
    n = check_list(&op, &sheet, &r, checks);
    ok(!find(checks, n, "resolution")->passed &&
            strstr(find(checks, n, "resolution")->detail[LANG_ZH], "315") != NULL,
        "at 200 dpi the seal is too coarse, and the words say how wide it is");
}

static void
test_others(void)
{
    struct check_wanted voucher = {MATERIAL_PAYMENT_VOUCHER, NULL, NULL};
    struct check_wanted licence = {MATERIAL_BUSINESS_LICENCE, NULL, NULL};
    struct check_wanted card = {MATERIAL_ID_FRONT, NULL, NULL};
    struct scan_result r = good_form(NULL);
    struct op op = new_op(LANG_ZH);
    struct check checks[CHECKS_MAX];
    size_t n = check_list(&op, &voucher, &r, checks);

    ok(n == 4 && find(checks, n, "form_qr") == NULL && find(checks, n, "red_seal") == NULL,
        "a voucher needs neither code nor seal");
    n = check_list(&op, &licence, &r, checks);
    ok(find(checks, n, "red_seal")->passed && find(checks, n, "form_qr") == NULL,
        "a licence needs a seal and no code");
    ok(check_list(&op, &card, &r, checks) == 0, "pictures of ID cards have no list");
    r.pages = 3;
    r.dpi = 96;
    n = check_list(&op, &licence, &r, checks);
    ok(strcmp(find(checks, n, "page_count")->detail[LANG_ZH], "共 3 页") == 0, "pages are counted");
    ok(!find(checks, n, "resolution")->passed &&
            strstr(find(checks, n, "resolution")->detail[LANG_EN], "96 dpi") != NULL,
        "a coarse scan is named with its resolution");
    r.dpi = 0;
    n = check_list(&op, &licence, &r, checks);
    ok(find(checks, n, "resolution")->passed, "a PDF of vectors is sharp");
    r.problem = SCAN_BLANK;
    n = check_list(&op, &licence, &r, checks);
    ok(!find(checks, n, "not_blank")->passed, "a blank page is only a warning");
}

static void
test_refusals(void)
{
    static const struct {
        enum scan_problem problem;
        enum material_kind kind;
        enum err err;
        const char *code;
    } rows[] = {
        {SCAN_FINE, MATERIAL_APPLICATION_FORM, OK, NULL},
        {SCAN_BLANK, MATERIAL_APPLICATION_FORM, OK, NULL},
        {SCAN_TYPE, MATERIAL_APPLICATION_FORM, E_UNSUPPORTED_TYPE, "not_jpeg_or_pdf"},
        {SCAN_VIDEO_TYPE, MATERIAL_LIVENESS_VIDEO, E_UNSUPPORTED_TYPE, "not_mp4_or_webm"},
        {SCAN_UNREADABLE, MATERIAL_BUSINESS_LICENCE, E_DOCUMENT_UNREADABLE, "unreadable"},
        {SCAN_TWO_TYPES, MATERIAL_BUSINESS_LICENCE, E_DOCUMENT_UNREADABLE, "two_types"},
        {SCAN_TRUNCATED, MATERIAL_PAYMENT_VOUCHER, E_DOCUMENT_UNREADABLE, "truncated"},
        {SCAN_ENCRYPTED, MATERIAL_PAYMENT_VOUCHER, E_DOCUMENT_UNREADABLE, "encrypted"},
        {SCAN_ACTIVE_CONTENT, MATERIAL_SUPPLEMENT, E_DOCUMENT_UNREADABLE, "active_content"},
        {SCAN_TOO_MANY_PAGES, MATERIAL_SUPPLEMENT, E_DOCUMENT_UNREADABLE, "too_many_pages"},
        {SCAN_TOO_MANY_PIXELS, MATERIAL_SUPPLEMENT, E_DOCUMENT_UNREADABLE, "too_many_pixels"},
        {SCAN_TOO_SMALL, MATERIAL_APPLICATION_FORM, E_DOCUMENT_UNREADABLE, "too_small"},
        {SCAN_UNREADABLE, MATERIAL_ID_FRONT, E_IMAGE_REFUSED, "unreadable"},
        {SCAN_CARD_TOO_SMALL, MATERIAL_ID_FRONT, E_IMAGE_REFUSED, "too_small"},
        {SCAN_CARD_TOO_DARK, MATERIAL_ID_BACK, E_IMAGE_REFUSED, "too_dark"},
        {SCAN_CARD_TOO_BRIGHT, MATERIAL_ID_BACK, E_IMAGE_REFUSED, "too_bright"},
        {SCAN_CARD_BLURRED, MATERIAL_ID_FRONT, E_IMAGE_REFUSED, "blurred"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct op op = new_op(i % 2 == 0 ? LANG_ZH : LANG_EN);
        struct scan_result r = {.problem = rows[i].problem};
        enum err e = check_refusal(&op, rows[i].kind, &r);

        ok(e == rows[i].err &&
                (rows[i].code == NULL
                        ? op.faults == NULL
                        : op.faults != NULL && strcmp(op.faults->code, rows[i].code) == 0 &&
                              strlen(op.faults->detail) > 10),
            "%s: %s", scan_problem_name(rows[i].problem),
            rows[i].code == NULL ? "kept" : err_code(e));
    }
}

int
main(void)
{
    arena = arena_new(1 << 16);
    test_qr();
    test_several_codes();
    test_seals();
    test_others();
    test_refusals();
    ok(check_scan_kind(MATERIAL_SEAL_COLLECTION_FORM) == SCAN_SEAL &&
            check_scan_kind(MATERIAL_BUSINESS_LICENCE) == SCAN_DOCUMENT &&
            check_scan_kind(MATERIAL_ID_BACK) == SCAN_ID_CARD &&
            check_scan_kind(MATERIAL_LIVENESS_VIDEO) == SCAN_VIDEO,
        "each kind of document is inspected in its own way");
    arena_free(arena);
    return done();
}
