/* Uploads through the whole way: client, inspector, caged child. Good ones, bad ones, bombs. */
#include <pthread.h>
#include <qpdf/qpdf-c.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <turbojpeg.h>
#include <unistd.h>
#include <zlib.h>

#include "io/conf.h"
#include "lsan.h"
#include "paper/cage.h"
#include "paper/fonts.h"
#include "paper/inspector.h"
#include "paper/scan.h"
#include "sample_forms.h"
#include "scan_kit.h"
#include "tap.h"

#define APPLICATION "HALL1|" SAMPLE_ORDER "|2|5c0ffee5c0ffee5c0ffee5c0ffee5c0f"
#define SEAL_SHEET  "HALL1S|" SAMPLE_ORDER "|2|5c0ffee5c0ffee5c0ffee5c0ffee5c0f"
#define COMPANY     "辽宁春山示例科技有限公司"

static struct conf conf;
static char directory[] = "/tmp/hall-scan-XXXXXX";
static struct kit_file application, seal_form;

static void
give_up(const char *why)
{
    printf("Bail out! %s\n", why);
    exit(1);
}

static struct op
new_op(int ms)
{
    return (struct op){
        .arena = arena_new(4096), .conf = &conf, .deadline_ms = op_monotonic_ms() + ms};
}

/* In the inspector's process: no file here makes a library crash, which also means that a sanitizer
 * found nothing in the children. */
static int crashes;

static void
count_death(const struct inspector_death *d)
{
    printf("# a child ended by signal %d after %lld ms\n", d->signal, (long long)d->after);
    fflush(stdout);
    crashes += !d->by_time;
}

static pid_t
start_inspector(void)
{
    char why[256];
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (inspector_serve(&conf, count_death, why, sizeof(why)) != OK) {
        fprintf(stderr, "inspector: %s\n", why);
        _exit(1);
    }
    _exit(crashes);
}

/* What the inspector says; the test ends when it says nothing. */
static struct scan_result
ask(enum scan_kind kind, const void *data, size_t size)
{
    struct op op = new_op(30000);
    struct scan_result r = {0};
    enum err e = scan_inspect(&op, kind, data, size, &r);

    if (e != OK)
        give_up(op.note);
    arena_free(op.arena);
    return r;
}

static struct scan_result
ask_file(enum scan_kind kind, struct kit_file f)
{
    struct scan_result r = ask(kind, f.data, f.size);

    kit_free(&f);
    return r;
}

static bool
has_code(const struct scan_result *r, const char *code)
{
    for (int i = 0; i < r->codes; i++)
        if (strcmp(r->code[i], code) == 0)
            return true;
    return false;
}

static struct kit_file
copy_pdf(const struct pdf *pdf)
{
    struct kit_file f = {malloc(pdf->size), pdf->size};

    memcpy(f.data, pdf->data, pdf->size);
    return f;
}

static void
make_forms(void)
{
    struct op op = new_op(60000);
    char why[256];
    struct pdf pdf = {NULL, 0};

    if (fonts_open(conf.fonts, why, sizeof(why)) != OK)
        give_up(why);
    if (form_pdf_application(&op, &sample_organisation_form, &pdf) != OK)
        give_up(op.note);
    application = copy_pdf(&pdf);
    if (form_pdf_seal(&op, &sample_seal_form, &pdf) != OK)
        give_up(op.note);
    seal_form = copy_pdf(&pdf);
    arena_free(op.arena);
}

/* The form as an applicant returns it. */
static cairo_surface_t *
returned_form(double dpi, double turn, bool stamped)
{
    cairo_surface_t *s = kit_render(application.data, application.size, 0, dpi);

    if (stamped) {
        kit_seal_form(s, application.data, application.size, dpi, COMPANY);
        kit_sign_form(s, application.data, application.size, dpi);
    }
    if (turn != 0)
        kit_turn(&s, turn);
    kit_grain(s, 6);
    return s;
}

static void
test_form_scans(void)
{
    static const struct {
        double dpi, turn;
    } rows[] = {{150, 0}, {150, 2}, {200, -3}, {200, 90}, {200, 181.5}, {300, 270}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        KIT_SURFACE *s = returned_form(rows[i].dpi, rows[i].turn, true);
        KIT_FILE f = kit_jpeg_within(s, 85, 2 << 20);
        struct scan_result r = ask(SCAN_DOCUMENT, f.data, f.size);

        ok(r.problem == SCAN_FINE && r.type == SCAN_JPEG && has_code(&r, APPLICATION) &&
                r.red_share >= 0.003 && r.pages == 1 && abs(r.dpi - (int)rows[i].dpi) <= 2,
            "a stamped form scanned at %.0f dpi, turned by %.1f degrees, is understood",
            rows[i].dpi, rows[i].turn);
    }
}

static void
test_form_pdfs(void)
{
    KIT_SURFACE *plain = returned_form(200, 0, false);
    KIT_SURFACE *stamped = returned_form(200, 1, true);
    struct kit_file pages[2] = {kit_jpeg(plain, 80), kit_jpeg(stamped, 80)};
    struct scan_result r = ask(SCAN_DOCUMENT, application.data, application.size);

    ok(r.problem == SCAN_FINE && r.type == SCAN_PDF && has_code(&r, APPLICATION) && r.pages == 1 &&
            r.red_share == 0 && r.dpi == 0,
        "the form as downloaded is read, and has no seal");
    r = ask(SCAN_DOCUMENT, pages[0].data, pages[0].size);
    ok(r.problem == SCAN_FINE && r.red_share < 0.0001, "an unstamped scan has no red on it");
    r = ask_file(SCAN_DOCUMENT, kit_pdf(pages, 2, 200));
    ok(r.problem == SCAN_FINE && r.pages == 2 && has_code(&r, APPLICATION) && r.codes == 1 &&
            r.red_share >= 0.003 && abs(r.dpi - 200) <= 2 && abs(r.width - 1654) <= 8,
        "a scanner's PDF with the seal on the second page is understood");
    kit_free(&pages[0]);
    kit_free(&pages[1]);
}

static void
test_seal_sheet(void)
{
    KIT_SURFACE *s = kit_render(seal_form.data, seal_form.size, 0, 300);
    KIT_SURFACE *cut = kit_paper(210, 297, 150);
    KIT_FILE f = {NULL, 0};
    struct scan_result r;

    kit_seal_form(s, seal_form.data, seal_form.size, 300, COMPANY);
    kit_grain(s, 6);
    f = kit_jpeg_within(s, 85, 2 << 20);
    r = ask(SCAN_SEAL, f.data, f.size);
    ok(r.problem == SCAN_FINE && has_code(&r, SEAL_SHEET) && r.seal.round && !r.seal.cut_off &&
            abs(r.seal.width - 472) <= 4 && abs(r.seal.height - 472) <= 4,
        "a seal of 40 mm at 300 dpi is %d x %d pixels", r.seal.width, r.seal.height);
    r = ask_file(SCAN_SEAL, kit_pdf(&f, 1, 300));
    ok(r.problem == SCAN_FINE && has_code(&r, SEAL_SHEET) && r.seal.round &&
            abs(r.seal.width - 472) <= 6,
        "the same in a PDF is %d x %d pixels", r.seal.width, r.seal.height);
    kit_seal(cut, 150, 200, 150, 40, COMPANY);
    r = ask_file(SCAN_SEAL, kit_jpeg(cut, 90));
    ok(r.seal.width > 0 && r.seal.cut_off, "a seal over the edge is cut off");
}

static void
test_papers(void)
{
    KIT_SURFACE *licence = kit_licence(200, COMPANY, "91210102MA0ABCD1XL");
    KIT_SURFACE *voucher = kit_voucher(200, COMPANY, "261.00");
    KIT_SURFACE *blank = kit_paper(210, 297, 200);
    struct scan_result r = ask_file(SCAN_DOCUMENT, kit_jpeg(licence, 85));

    ok(r.problem == SCAN_FINE && r.red_share >= 0.001 && r.codes == 0, "a stamped licence copy");
    r = ask_file(SCAN_DOCUMENT, kit_jpeg(voucher, 85));
    ok(r.problem == SCAN_FINE && r.red_share < 0.0001, "a voucher");
    kit_grain(blank, 6);
    r = ask_file(SCAN_DOCUMENT, kit_jpeg(blank, 85));
    ok(r.problem == SCAN_BLANK, "an empty page with a scanner's grain is blank");
    kit_seal(blank, 200, 100, 100, 40, COMPANY);
    r = ask_file(SCAN_DOCUMENT, kit_jpeg(blank, 85));
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
    struct scan_result r = ask_file(SCAN_ID_CARD, kit_jpeg(s, 85));

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
    r = ask(SCAN_ID_CARD, application.data, application.size);
    ok(r.problem == SCAN_TYPE, "ID card: a PDF is no photograph");
}

/* ---- files that are not what they should be ---- */

static void
expect(const char *what, const void *data, size_t size, enum scan_problem problem)
{
    struct scan_result r = ask(SCAN_DOCUMENT, data, size);

    ok(r.problem == problem, "%s: %s", what, scan_problem_name(r.problem));
}

static void
test_bad_jpegs(void)
{
    static const char html[] = "<html><body><script>alert(1)</script></body></html>";
    KIT_SURFACE *s = returned_form(150, 0, true);
    KIT_SURFACE *small = kit_paper(100, 60, 200);
    KIT_FILE f = kit_jpeg(s, 85);
    KIT_FILE tiny = kit_jpeg(small, 85);
    unsigned char *both = malloc(f.size + application.size);

    expect("an empty file", "", 0, SCAN_TYPE);
    expect("HTML named .jpg", html, sizeof(html) - 1, SCAN_TYPE);
    expect("three bytes of a JPEG", f.data, 3, SCAN_UNREADABLE);
    expect("a JPEG that stops in its header", f.data, 200, SCAN_UNREADABLE);
    expect("a JPEG that stops in the middle", f.data, f.size / 2, SCAN_TRUNCATED);
    expect("a JPEG without its last bytes", f.data, f.size - 40, SCAN_TRUNCATED);
    expect("a JPEG of less than 800 pixels", tiny.data, tiny.size, SCAN_TOO_SMALL);
    memcpy(both, f.data, f.size);
    memcpy(both + f.size, application.data, application.size);
    expect("a JPEG that is a PDF as well", both, f.size + application.size, SCAN_TWO_TYPES);
    memcpy(both + f.size, html, sizeof(html));
    expect("a JPEG with a web page behind it", both, f.size + sizeof(html), SCAN_TWO_TYPES);
    memcpy(both, application.data, application.size);
    memcpy(both + application.size, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
    expect("a PDF that is a ZIP archive as well", both, application.size + 22, SCAN_TWO_TYPES);
    free(both);
}

/* The header says 65500 x 65500, as bombs do. */
static void
test_huge_jpeg(void)
{
    KIT_SURFACE *s = kit_paper(100, 100, 254);
    KIT_FILE f = kit_jpeg(s, 50);

    for (size_t i = 2; i + 9 < f.size;) {
        if (f.data[i + 1] == 0xC0) {
            memcpy(f.data + i + 5, "\xFF\xDC\xFF\xDC", 4);
            break;
        }
        i += 2 + (size_t)(f.data[i + 2] << 8 | f.data[i + 3]);
    }
    expect("a JPEG that claims 4.3 thousand million pixels", f.data, f.size, SCAN_TOO_MANY_PIXELS);
}

static void
test_inks(void)
{
    unsigned char *inks = malloc(1000 * 1000 * 4), *jpeg = NULL;
    unsigned long size = 0;
    tjhandle h = tjInitCompress();

    memset(inks, 0xFF, 1000 * 1000 * 4);
    memset(inks, 0x10, 1000 * 300 * 4);
    tjCompress2(h, inks, 1000, 0, 1000, TJPF_CMYK, &jpeg, &size, TJSAMP_444, 85, 0);
    expect("a JPEG of a print shop (four inks)", jpeg, size, SCAN_FINE);
    tjFree(jpeg);
    tjDestroy(h);
    free(inks);
}

static struct kit_file
encrypted(const char *user_password)
{
    qpdf_data q = qpdf_init();
    struct kit_file f;

    qpdf_read_memory(q, "form", (const char *)application.data, application.size, NULL);
    qpdf_init_write_memory(q);
    qpdf_set_r6_encryption_parameters2(q, user_password, "owner", QPDF_TRUE, QPDF_TRUE, QPDF_FALSE,
        QPDF_FALSE, QPDF_FALSE, QPDF_FALSE, qpdf_r3p_none, QPDF_TRUE);
    qpdf_write(q);
    f.size = qpdf_get_buffer_length(q);
    f.data = malloc(f.size);
    memcpy(f.data, qpdf_get_buffer(q), f.size);
    qpdf_cleanup(&q);
    return f;
}

#define PAGES "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
#define PAGE  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
#define TEXT  "<< /Length 26 >>\nstream\n0 0 0 rg 90 90 300 9 re f \nendstream"

static void
expect_pdf(const char *what, const char *catalogue, const char *page, enum scan_problem problem)
{
    const char *objects[] = {catalogue, PAGES, page, TEXT};
    KIT_FILE f = kit_pdf_of(objects, 4);

    expect(what, f.data, f.size, problem);
}

static void
test_active_pdfs(void)
{
#define CATALOGUE "<< /Type /Catalog /Pages 2 0 R "
    static const struct {
        const char *what, *entry;
        enum scan_problem problem;
    } rows[] = {
        {"a harmless PDF", "", SCAN_FINE},
        {"one that opens at its first page", "/OpenAction [3 0 R /XYZ null null 0]", SCAN_FINE},
        {"one that goes to a page", "/OpenAction << /S /GoTo /D [3 0 R /Fit] >>", SCAN_FINE},
        {"one with an empty tree of attachments", "/Names << /EmbeddedFiles << >> >>", SCAN_FINE},
        {"one that runs JavaScript when opened",
            "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", SCAN_ACTIVE_CONTENT},
        {"one whose JavaScript hides in escapes",
            "/OpenAction << /S /J#61vaScript /#4AS (app.alert(1)) >>", SCAN_ACTIVE_CONTENT},
        {"one that starts a program", "/OpenAction << /S /Launch /F (cmd.exe) >>",
            SCAN_ACTIVE_CONTENT},
        {"one with scripts by name",
            "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>",
            SCAN_ACTIVE_CONTENT},
        {"one with an attachment",
            "/Names << /EmbeddedFiles << /Names [(a) << /EF << /F 4 0 R >> >>] >> >>",
            SCAN_ACTIVE_CONTENT},
        {"one that acts when closed", "/AA << /WC << /S /URI /URI (http://example.com) >> >>",
            SCAN_ACTIVE_CONTENT},
        {"one with an XFA form", "/AcroForm << /Fields [] /XFA 4 0 R >>", SCAN_ACTIVE_CONTENT},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char catalogue[256];

        snprintf(catalogue, sizeof(catalogue), CATALOGUE "%s >>", rows[i].entry);
        expect_pdf(rows[i].what, catalogue, PAGE, rows[i].problem);
    }
    expect_pdf("one with a button that sends", CATALOGUE ">>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [<< /Subtype "
        "/Widget /Rect [0 0 9 9] /A << /S /SubmitForm /F (http://example.com) >> >>] >>",
        SCAN_ACTIVE_CONTENT);
    expect_pdf("one with a video", CATALOGUE ">>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [<< /Subtype "
        "/RichMedia /Rect [0 0 9 9] >>] >>",
        SCAN_ACTIVE_CONTENT);
}

static void
test_bad_pdfs(void)
{
    static const char eleven_kids[] =
        "<< /Type /Pages /Count 11 /Kids [3 0 R 5 0 R 6 0 R 7 0 R 8 0 R 9 0 R 10 0 R 11 0 R 12 0 R "
        "13 0 R 14 0 R] >>";
    static const char foreign_page[] =
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font "
        "<< /F1 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBK-EUC-H "
        "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>] >> /F2 << /Type "
        "/Font /Subtype /TrueType /BaseFont /Arial >> >> >> >>";
    static const char foreign_text[] =
        "<< /Length 98 >>\nstream\nBT /F1 40 Tf 90 400 Td <C4E3BAC3> Tj /F2 40 Tf 0 -90 Td (Some "
        "text) Tj ET 90 90 300 9 re f           \nendstream";
    static const char *const eleven[] = {CATALOGUE ">>", eleven_kids, PAGE, TEXT, PAGE, PAGE, PAGE,
        PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE};
    static const char *const cards[] = {CATALOGUE ">>", PAGES, foreign_page, foreign_text};
    KIT_FILE locked = encrypted("secret");
    KIT_FILE restricted = encrypted("");
    KIT_FILE long_one = kit_pdf_of(eleven, 14);
    KIT_FILE foreign = kit_pdf_of(cards, 4);

    expect("a PDF with a password", locked.data, locked.size, SCAN_ENCRYPTED);
    expect("a PDF with restrictions only", restricted.data, restricted.size, SCAN_ENCRYPTED);
    expect("a PDF of eleven pages", long_one.data, long_one.size, SCAN_TOO_MANY_PAGES);
    expect("half a PDF", application.data, application.size / 2, SCAN_TRUNCATED);
    expect("a PDF without its end", application.data, application.size - 6, SCAN_TRUNCATED);
    expect("a PDF of nothing", "%PDF-1.4\n%%EOF\n", 15, SCAN_UNREADABLE);
    expect("a PDF with fonts that are not in it", foreign.data, foreign.size, SCAN_FINE);
    expect_pdf("a PDF with a page of 5 m", CATALOGUE ">>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 14400 14400] /Contents 4 0 R >>",
        SCAN_UNREADABLE);
    expect_pdf("a PDF whose page has no height", CATALOGUE ">>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 0] /Contents 4 0 R >>", SCAN_UNREADABLE);
    expect_pdf("a PDF with a picture of ten thousand million pixels", CATALOGUE ">>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /X << /Type /XObject "
        "/Subtype /Image /Width 100000 /Height 100000 >> >>",
        SCAN_TOO_MANY_PIXELS);
}

/* Nine forms, each drawing the next ten times: 10^9 rectangles out of two kilobytes. */
static void
test_time_bomb(void)
{
    char text[16][512], form[128];
    const char *objects[16];
    struct timespec a, b;
    KIT_FILE f = {NULL, 0};

    objects[0] = CATALOGUE ">>";
    objects[1] = PAGES;
    objects[2] = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
                 "<< /XObject << /X 5 0 R >> >> >>";
    objects[3] = "<< /Length 6 >>\nstream\n/X Do \nendstream";
    for (int i = 4; i < 13; i++) {
        snprintf(form, sizeof(form), "%s",
            i == 12 ? "0 0 595 842 re f"
                    : "/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do");
        snprintf(text[i], sizeof(text[i]),
            "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length %zu /Resources << "
            "/XObject "
            "<< /X %d 0 R >> >> >>\nstream\n%s\nendstream",
            strlen(form), i + 2 > 13 ? 13 : i + 2, form);
        objects[i] = text[i];
    }
    f = kit_pdf_of(objects, 13);
    clock_gettime(CLOCK_MONOTONIC, &a);
    expect("a PDF that takes for ever to draw", f.data, f.size, SCAN_UNREADABLE);
    clock_gettime(CLOCK_MONOTONIC, &b);
    ok(b.tv_sec - a.tv_sec <= conf.inspect_ms / 1000 + 1, "and it is given up in time");
}

/* 600 MiB of zeros in 600 KB, where the reader looks for its objects. */
static void
test_memory_bomb(void)
{
    enum { MEGABYTES = 600 };
    unsigned char *zeros = calloc(1, 1 << 20), *packed = malloc(1 << 20);
    z_stream z = {.next_out = packed, .avail_out = 1 << 20};
    KIT_FILE f = {malloc((1 << 20) + 1024), 0};
    size_t xref;

    deflateInit(&z, 9);
    for (int i = 0; i < MEGABYTES; i++) {
        z.next_in = zeros;
        z.avail_in = 1 << 20;
        deflate(&z, i == MEGABYTES - 1 ? Z_FINISH : Z_NO_FLUSH);
    }
    f.size = (size_t)sprintf((char *)f.data, "%%PDF-1.5\n");
    xref = f.size;
    f.size += (size_t)sprintf((char *)f.data + f.size,
        "1 0 obj\n<< /Type /XRef /Size 9999999 /W [1 4 2] /Root 2 0 R /Filter /FlateDecode /Length "
        "%lu >>\nstream\n",
        z.total_out);
    memcpy(f.data + f.size, packed, z.total_out);
    f.size += z.total_out;
    f.size += (size_t)sprintf(
        (char *)f.data + f.size, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n", xref);
    deflateEnd(&z);
    expect("a PDF whose index unpacks to 600 MiB", f.data, f.size, SCAN_UNREADABLE);
    free(zeros);
    free(packed);
}

static void
test_videos(void)
{
    static const unsigned char mp4[] = "\0\0\0\x10"
                                       "ftypisom\0\0\0\0"
                                       "\0\0\0\x6c"
                                       "moov"
                                       "\0\0\0\x64"
                                       "trak"
                                       "\0\0\0\x5c"
                                       "tkhd"
                                       "\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0"
                                       "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0"
                                       "\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0"
                                       "\x02\x80\0\0\x01\xe0\0\0"
                                       "\0\0\0\x0c"
                                       "mdatdata";
    static const unsigned char webm[] =
        "\x1a\x45\xdf\xa3\x87\x42\x82\x84webm"
        "\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
        "\x16\x54\xae\x6b\x8c\xae\x8a\xe0\x88\xb0\x82\x02\x80\xba\x82\x01\xe0"
        "\x1f\x43\xb6\x75\x84\xa3\x82\x81\x00";
    struct scan_result r = ask(SCAN_VIDEO, mp4, sizeof(mp4) - 1);

    ok(r.problem == SCAN_FINE && r.type == SCAN_MP4 && r.width == 640 && r.height == 480,
        "an MP4 and its size are known");
    r = ask(SCAN_VIDEO, mp4, sizeof(mp4) - 3);
    ok(r.problem == SCAN_TRUNCATED, "a cut MP4 is not whole");
    r = ask(SCAN_VIDEO, webm, sizeof(webm) - 1);
    ok(r.problem == SCAN_FINE && r.type == SCAN_WEBM && r.width == 640 && r.height == 480,
        "a browser's WebM is known (%s %dx%d)", scan_problem_name(r.problem), r.width, r.height);
    r = ask(SCAN_VIDEO, webm, 30);
    ok(r.problem == SCAN_TRUNCATED, "a cut WebM is not whole");
    r = ask(SCAN_VIDEO, application.data, application.size);
    ok(r.problem == SCAN_VIDEO_TYPE, "a PDF is no video");
    r = ask(SCAN_DOCUMENT, mp4, sizeof(mp4) - 1);
    ok(r.problem == SCAN_TYPE, "a video is no document");
}

/* ---- the client and the process ---- */

static void *
ask_from_a_thread(void *arg)
{
    struct op op = new_op(20000);
    struct scan_result r;
    bool *good = arg;

    *good = true;
    for (int i = 0; i < 4; i++)
        *good &= scan_inspect(&op, SCAN_DOCUMENT, application.data, application.size, &r) == OK &&
                 has_code(&r, APPLICATION);
    arena_free(op.arena);
    return NULL;
}

static void
test_many_at_once(void)
{
    pthread_t threads[6];
    bool good[6], all = true;

    for (int i = 0; i < 6; i++)
        pthread_create(&threads[i], NULL, ask_from_a_thread, &good[i]);
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        all &= good[i];
    }
    ok(all, "more clients than children are all answered");
}

static void
test_silent_client(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fds[3];
    struct scan_result r;

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", conf.inspect);
    for (int i = 0; i < 3; i++) {
        fds[i] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (connect(fds[i], (struct sockaddr *)&address, sizeof(address)) != 0)
            exit(1);
    }
    (void)!send(fds[1], "nonsense", 8, MSG_NOSIGNAL);
    r = ask(SCAN_DOCUMENT, application.data, application.size);
    ok(has_code(&r, APPLICATION), "clients that connect and say nothing do not stop the others");
    for (int i = 0; i < 3; i++)
        close(fds[i]);
}

static void
test_absent(void)
{
    struct op op = new_op(3000);
    struct scan_result r = {.pages = 77};
    struct conf other = conf;
    const char *path = arena_printf(op.arena, "%s/nobody", directory);

    op.conf = &other;
    other.inspect = path;
    ok(scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r) == E_UNAVAILABLE && r.pages == 77,
        "no inspector is not the file's fault");
    other.inspect = "";
    ok(scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r) == E_UNAVAILABLE, "nor is no setting");
    op.conf = &conf;
    op.deadline_ms = op_monotonic_ms() - 1;
    ok(scan_inspect(&op, SCAN_DOCUMENT, application.data, application.size, &r) == E_UNAVAILABLE,
        "a deadline that has passed is kept");
    ok(scan_inspect(&op, SCAN_DOCUMENT, application.data, 17 << 20, &r) == E_TOO_LARGE,
        "more than 16 MiB are not sent");
    arena_free(op.arena);
}

/* An inspector that the file has taken over answers what it likes. */
static void
test_lies(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    static struct {
        unsigned magic;
        struct scan_result result;
    } reply = {0x48494e32, {.type = SCAN_PDF, .codes = SCAN_CODES}};
    struct conf other = conf;
    int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), lies = 0;

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/liar", directory);
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener, 4) != 0)
        exit(1);
    for (int i = 0; i < 4; i++) {
        struct op op = new_op(5000);
        struct scan_result r;
        pid_t pid = fork();

        if (pid == 0) {
            int c = accept(listener, NULL, NULL);

            if (i == 1)
                memset(reply.result.code, 'A', sizeof(reply.result.code));
            if (i == 2)
                memset(&reply.result.problem, 0x7F, 4);
            if (i == 3)
                memset(&reply.result.seal.round, 0x55, 1);
            _exit(send(c, &reply, i == 0 ? 9 : sizeof(reply), MSG_NOSIGNAL) > 0 ? 0 : 1);
        }
        op.conf = &other;
        other.inspect = address.sun_path;
        lies += scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r) == E_UNAVAILABLE;
        waitpid(pid, NULL, 0);
        arena_free(op.arena);
    }
    close(listener);
    ok(lies == 4, "answers that cannot be are none (%d of 4)", lies);
}

static void
test_end(pid_t pid)
{
    struct op op = new_op(3000);
    struct scan_result r;
    struct stat st;
    int status = -1;

    ok(stat(conf.inspect, &st) == 0 && (st.st_mode & 07777) == 0660,
        "the socket is for the group and nobody else");
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
        "the inspector ends when it is told to, and no child has crashed");
    ok(scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r) == E_UNAVAILABLE, "and then nobody answers");
    arena_free(op.arena);
}

static void
measure(void)
{
    KIT_SURFACE *s = returned_form(200, 1.5, true);
    KIT_FILE f = kit_jpeg(s, 85);
    int64_t began = op_monotonic_ms();

    for (int i = 0; i < 5; i++)
        (void)ask(SCAN_DOCUMENT, f.data, f.size);
    printf("# %.0f ms a scan of %zu KB at 200 dpi, start of the child included\n",
        (double)(op_monotonic_ms() - began) / 5, f.size / 1024);
    began = op_monotonic_ms();
    for (int i = 0; i < 5; i++)
        (void)ask(SCAN_DOCUMENT, application.data, application.size);
    printf("# %.0f ms a PDF as downloaded\n", (double)(op_monotonic_ms() - began) / 5);
}

/* The first answer may take until the inspector listens. */
static void
wait_for_inspector(void)
{
    for (int i = 0; i < 300; i++) {
        struct op op = new_op(10000);
        struct timespec pause = {0, 50000000};
        struct scan_result r;
        enum err e = scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r);

        arena_free(op.arena);
        if (e == OK)
            return;
        nanosleep(&pause, NULL);
    }
    give_up("no inspector");
}

static void
read_settings(void)
{
    char why[256], path[64];
    FILE *f;

    if (mkdtemp(directory) == NULL)
        give_up("no directory");
    snprintf(path, sizeof(path), "%s/conf", directory);
    f = fopen(path, "we");
    if (f == NULL)
        give_up(path);
    fprintf(f, "inspect = %s/inspect\nprocesses = 2\ninspect_ms = 4000\n", directory);
    fclose(f);
    if (conf_read(&conf, path, why, sizeof(why)) != OK)
        give_up(why);
    unlink(path);
}

static void
clean_up(void)
{
    char path[64];

    snprintf(path, sizeof(path), "%s/liar", directory);
    unlink(path);
    rmdir(directory);
    kit_free(&application);
    kit_free(&seal_form);
}

int
main(void)
{
    struct cage cage = {512 << 20, 5};
    pid_t pid;

    read_settings();
    ok(cage_self_test(&cage), "the cage allows nothing that it should not");
    pid = start_inspector();
    make_forms();
    wait_for_inspector();
    test_form_scans();
    test_form_pdfs();
    test_seal_sheet();
    test_papers();
    test_cards();
    test_bad_jpegs();
    test_huge_jpeg();
    test_inks();
    test_active_pdfs();
    test_bad_pdfs();
    test_time_bomb();
    test_memory_bomb();
    test_videos();
    test_many_at_once();
    test_silent_client();
    test_absent();
    test_lies();
    measure();
    test_end(pid);
    clean_up();
    return done();
}
