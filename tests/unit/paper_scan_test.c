/* What applicants upload, through the whole way: client, inspector, caged child. */
#include <stdlib.h>
#include <string.h>

#include "inspect_kit.h"
#include "lsan.h"
#include "tap.h"

static void
test_form_scans(void)
{
    static const struct {
        double dpi, turn;
    } rows[] = {{150, 0}, {150, 2}, {200, -3}, {200, 90}, {200, 181.5}, {300, 270}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        KIT_SURFACE *s = kit_returned_form(rows[i].dpi, rows[i].turn, true);
        KIT_FILE f = kit_jpeg_within(s, 85, 2 << 20);
        struct scan_result r = kit_ask(SCAN_DOCUMENT, f.data, f.size);

        ok(r.problem == SCAN_FINE && r.type == SCAN_JPEG && kit_has_code(&r, KIT_APPLICATION) &&
                r.red_share >= 0.003 && r.pages == 1 && abs(r.dpi - (int)rows[i].dpi) <= 2,
            "a stamped form scanned at %.0f dpi, turned by %.1f degrees, is understood",
            rows[i].dpi, rows[i].turn);
    }
}

static void
test_form_pdfs(void)
{
    KIT_SURFACE *plain = kit_returned_form(200, 0, false);
    KIT_SURFACE *stamped = kit_returned_form(200, 1, true);
    struct kit_file pages[2] = {kit_jpeg(plain, 80), kit_jpeg(stamped, 80)};
    struct scan_result r = kit_ask(SCAN_DOCUMENT, kit_application.data, kit_application.size);

    ok(r.problem == SCAN_FINE && r.type == SCAN_PDF && kit_has_code(&r, KIT_APPLICATION) &&
            r.pages == 1 && r.red_share == 0 && r.dpi == 0,
        "the form as downloaded is read, and has no seal");
    r = kit_ask(SCAN_DOCUMENT, pages[0].data, pages[0].size);
    ok(r.problem == SCAN_FINE && r.red_share < 0.0001, "an unstamped scan has no red on it");
    r = kit_ask_file(SCAN_DOCUMENT, kit_pdf(pages, 2, 200));
    ok(r.problem == SCAN_FINE && r.pages == 2 && kit_has_code(&r, KIT_APPLICATION) &&
            r.codes == 1 && r.red_share >= 0.003 && abs(r.dpi - 200) <= 2 &&
            abs(r.width - 1654) <= 8,
        "a scanner's PDF with the seal on the second page is understood");
    kit_free(&pages[0]);
    kit_free(&pages[1]);
}

static struct scan_picture
show(struct op *op, struct kit_file f, int page)
{
    struct scan_picture p = {.problem = SCAN_PROBLEM_MAX};

    if (scan_show(op, f.data, f.size, page, &p) != OK)
        kit_give_up("no answer");
    return p;
}

static bool
is_jpeg(const struct scan_picture *p)
{
    return p->problem == SCAN_FINE && p->size > 1000 && memcmp(p->jpeg, "\xFF\xD8\xFF", 3) == 0;
}

/* What people look at is drawn anew, page by page, and holds nothing that came along. */
static void
test_pictures(void)
{
    static unsigned char stowaway[] = "\xFF\xFE\x00\x10-stowaway-no.-1";
    KIT_SURFACE *s = kit_returned_form(200, 1, true);
    struct kit_file pages[2] = {kit_jpeg(s, 80), kit_jpeg(s, 80)};
    KIT_FILE pdf = kit_pdf(pages, 2, 200);
    KIT_FILE marked = {malloc(pages[0].size + 18), pages[0].size + 18};
    struct op op = kit_op(20000);
    struct scan_picture p = show(&op, kit_application, 1);

    ok(is_jpeg(&p) && p.pages == 1 && p.height > p.width && p.width >= 1240,
        "a form as downloaded is drawn, %d x %d", p.width, p.height);
    p = show(&op, pdf, 2);
    ok(is_jpeg(&p) && p.pages == 2 && abs(p.width - 1654) <= 8, "the second page of a scan too");
    p = show(&op, pdf, 3);
    ok(p.problem == SCAN_FINE && p.jpeg == NULL && p.pages == 2, "a third there is not");
    memcpy(marked.data, pages[0].data, 2);
    memcpy(marked.data + 2, stowaway, 18);
    memcpy(marked.data + 20, pages[0].data + 2, pages[0].size - 2);
    p = show(&op, marked, 1);
    ok(is_jpeg(&p) && memmem(p.jpeg, p.size, "stowaway", 8) == NULL, "a comment stays behind");
    p = show(&op, (struct kit_file){stowaway, sizeof(stowaway)}, 1);
    ok(p.problem == SCAN_TYPE && p.jpeg == NULL, "what is no picture is not shown");
    pages[0].size /= 2;
    p = show(&op, pages[0], 1);
    ok(p.problem == SCAN_TRUNCATED && p.jpeg == NULL, "nor is half of one");
    kit_free(&pages[0]);
    kit_free(&pages[1]);
    arena_free(op.arena);
}

static void
test_seal_sheet(void)
{
    KIT_SURFACE *s = kit_render(kit_seal_sheet.data, kit_seal_sheet.size, 0, 300);
    KIT_SURFACE *cut = kit_paper(210, 297, 150);
    KIT_FILE f = {NULL, 0};
    struct scan_result r;

    kit_seal_form(s, kit_seal_sheet.data, kit_seal_sheet.size, 300, KIT_COMPANY);
    kit_grain(s, 6);
    f = kit_jpeg_within(s, 85, 2 << 20);
    r = kit_ask(SCAN_SEAL, f.data, f.size);
    ok(r.problem == SCAN_FINE && kit_has_code(&r, KIT_SEAL_SHEET) && r.seal.round &&
            !r.seal.cut_off && abs(r.seal.width - 472) <= 4 && abs(r.seal.height - 472) <= 4,
        "a seal of 40 mm at 300 dpi is %d x %d pixels", r.seal.width, r.seal.height);
    r = kit_ask_file(SCAN_SEAL, kit_pdf(&f, 1, 300));
    ok(r.problem == SCAN_FINE && kit_has_code(&r, KIT_SEAL_SHEET) && r.seal.round &&
            abs(r.seal.width - 472) <= 6,
        "the same in a PDF is %d x %d pixels", r.seal.width, r.seal.height);
    kit_seal(cut, 150, 200, 150, 40, KIT_COMPANY);
    r = kit_ask_file(SCAN_SEAL, kit_jpeg(cut, 90));
    ok(r.seal.width > 0 && r.seal.cut_off, "a seal over the edge is cut off");
}

static void
test_papers(void)
{
    KIT_SURFACE *licence = kit_licence(200, KIT_COMPANY, "91210102MA0ABCD1XL");
    KIT_SURFACE *voucher = kit_voucher(200, KIT_COMPANY, "261.00");
    KIT_SURFACE *blank = kit_paper(210, 297, 200);
    struct scan_result r = kit_ask_file(SCAN_DOCUMENT, kit_jpeg(licence, 85));

    ok(r.problem == SCAN_FINE && r.red_share >= 0.001 && r.codes == 0, "a stamped licence copy");
    r = kit_ask_file(SCAN_DOCUMENT, kit_jpeg(voucher, 85));
    ok(r.problem == SCAN_FINE && r.red_share < 0.0001, "a voucher");
    kit_grain(blank, 6);
    r = kit_ask_file(SCAN_DOCUMENT, kit_jpeg(blank, 85));
    ok(r.problem == SCAN_BLANK, "an empty page with a scanner's grain is blank");
    kit_seal(blank, 200, 100, 100, 40, KIT_COMPANY);
    r = kit_ask_file(SCAN_DOCUMENT, kit_jpeg(blank, 85));
    ok(r.problem == SCAN_FINE, "with a seal on it it is not");
}

static cairo_surface_t *
card(int width)
{
    cairo_surface_t *s = kit_id_card(true, width, "石样例", "210203198512315125");

    kit_grain(s, 3);
    return s;
}

static struct scan_result
ask_card(cairo_surface_t *s)
{
    struct scan_result r = kit_ask_file(SCAN_ID_CARD, kit_jpeg(s, 85));

    kit_drop(&s);
    return r;
}

static void
test_cards(void)
{
    static const struct {
        const char *what;
        int width, blur;
        double light;
        enum scan_problem problem;
    } rows[] = {
        {"a good photograph", 1600, 0, 1, SCAN_FINE},
        {"a large one", 3600, 2, 1, SCAN_FINE},
        {"the smallest that will do", 900, 0, 1, SCAN_FINE},
        {"a slightly soft one", 1600, 3, 1, SCAN_FINE},
        {"one in dim light", 1600, 0, 0.5, SCAN_FINE},
        {"one that is too small", 860, 0, 1, SCAN_CARD_TOO_SMALL},
        {"one that is too dark", 1600, 0, 0.25, SCAN_CARD_TOO_DARK},
        {"one that is burnt out", 1600, 0, 1.5, SCAN_CARD_TOO_BRIGHT},
        {"a blurred one", 1600, 9, 1, SCAN_CARD_BLURRED},
        {"a large blurred one", 3600, 20, 1, SCAN_CARD_BLURRED},
    };
    struct scan_result r;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        cairo_surface_t *s = card(rows[i].width);

        if (rows[i].blur > 0)
            kit_blur(s, rows[i].blur);
        if (rows[i].light != 1)
            kit_light(s, rows[i].light);
        r = ask_card(s);
        ok(r.problem == rows[i].problem, "ID card: %s (luminance %.0f, sharpness %.0f, glare %.2f)",
            rows[i].what, r.luminance, r.sharpness, r.glare);
    }
    r = kit_ask(SCAN_ID_CARD, kit_application.data, kit_application.size);
    ok(r.problem == SCAN_TYPE, "ID card: a PDF is no photograph");
}

static void
measure(void)
{
    KIT_SURFACE *s = kit_returned_form(200, 1.5, true);
    KIT_FILE f = kit_jpeg(s, 85);
    int64_t began = op_monotonic_ms();

    for (int i = 0; i < 5; i++)
        (void)kit_ask(SCAN_DOCUMENT, f.data, f.size);
    printf("# %.0f ms a scan of %zu KB at 200 dpi, start of the child included\n",
        (double)(op_monotonic_ms() - began) / 5, f.size / 1024);
    began = op_monotonic_ms();
    for (int i = 0; i < 5; i++)
        (void)kit_ask(SCAN_DOCUMENT, kit_application.data, kit_application.size);
    printf("# %.0f ms a PDF as downloaded\n", (double)(op_monotonic_ms() - began) / 5);
}

int
main(void)
{
    pid_t inspector = kit_begin();

    test_form_scans();
    test_form_pdfs();
    test_pictures();
    test_seal_sheet();
    test_papers();
    test_cards();
    measure();
    ok(kit_end(inspector), "no child has crashed");
    return done();
}
