/* Uploads that are not what they should be: cut, locked, active, two-faced, bombs. */
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <time.h>
#include <turbojpeg.h>
#include <zlib.h>

#include "inspect_kit.h"
#include "lsan.h"
#include "tap.h"

static void
expect(const char *what, const void *data, size_t size, enum scan_problem problem)
{
    struct scan_result r = kit_ask(SCAN_DOCUMENT, data, size);

    ok(r.problem == problem, "%s: %s", what, scan_problem_name(r.problem));
}

static void
test_bad_jpegs(void)
{
    static const char html[] = "<html><body><script>alert(1)</script></body></html>";
    KIT_SURFACE *s = kit_returned_form(150, 0, true);
    KIT_SURFACE *small = kit_paper(100, 60, 200);
    KIT_FILE f = kit_jpeg(s, 85);
    KIT_FILE tiny = kit_jpeg(small, 85);
    unsigned char *both = malloc(f.size + kit_application.size);

    expect("an empty file", "", 0, SCAN_TYPE);
    expect("HTML named .jpg", html, sizeof(html) - 1, SCAN_TYPE);
    expect("three bytes of a JPEG", f.data, 3, SCAN_UNREADABLE);
    expect("a JPEG that stops in its header", f.data, 200, SCAN_UNREADABLE);
    expect("a JPEG that stops in the middle", f.data, f.size / 2, SCAN_TRUNCATED);
    expect("a JPEG without its last bytes", f.data, f.size - 40, SCAN_TRUNCATED);
    expect("a JPEG of less than 800 pixels", tiny.data, tiny.size, SCAN_TOO_SMALL);
    memcpy(both, f.data, f.size);
    memcpy(both + f.size, kit_application.data, kit_application.size);
    expect("a JPEG that is a PDF as well", both, f.size + kit_application.size, SCAN_TWO_TYPES);
    memcpy(both + f.size, html, sizeof(html));
    expect("a JPEG with a web page behind it", both, f.size + sizeof(html), SCAN_TWO_TYPES);
    memcpy(both, kit_application.data, kit_application.size);
    memcpy(both + kit_application.size, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
    expect("a PDF that is a ZIP archive as well", both, kit_application.size + 22, SCAN_TWO_TYPES);
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

    qpdf_read_memory(q, "form", (const char *)kit_application.data, kit_application.size, NULL);
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

#define PAGES     "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
#define PAGE      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
#define TEXT      "<< /Length 26 >>\nstream\n0 0 0 rg 90 90 300 9 re f \nendstream"
#define CATALOGUE "<< /Type /Catalog /Pages 2 0 R "

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
    expect("half a PDF", kit_application.data, kit_application.size / 2, SCAN_TRUNCATED);
    expect("a PDF without its end", kit_application.data, kit_application.size - 6, SCAN_TRUNCATED);
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
    ok(b.tv_sec - a.tv_sec <= kit_conf.inspect_ms / 1000 + 1, "and it is given up in time");
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
    struct scan_result r = kit_ask(SCAN_VIDEO, mp4, sizeof(mp4) - 1);

    ok(r.problem == SCAN_FINE && r.type == SCAN_MP4 && r.width == 640 && r.height == 480,
        "an MP4 and its size are known");
    r = kit_ask(SCAN_VIDEO, mp4, sizeof(mp4) - 3);
    ok(r.problem == SCAN_TRUNCATED, "a cut MP4 is not whole");
    r = kit_ask(SCAN_VIDEO, webm, sizeof(webm) - 1);
    ok(r.problem == SCAN_FINE && r.type == SCAN_WEBM && r.width == 640 && r.height == 480,
        "a browser's WebM is known (%s %dx%d)", scan_problem_name(r.problem), r.width, r.height);
    r = kit_ask(SCAN_VIDEO, webm, 30);
    ok(r.problem == SCAN_TRUNCATED, "a cut WebM is not whole");
    r = kit_ask(SCAN_VIDEO, kit_application.data, kit_application.size);
    ok(r.problem == SCAN_VIDEO_TYPE, "a PDF is no video");
    r = kit_ask(SCAN_DOCUMENT, mp4, sizeof(mp4) - 1);
    ok(r.problem == SCAN_TYPE, "a video is no document");
}

int
main(void)
{
    pid_t inspector = kit_begin();

    test_bad_jpegs();
    test_huge_jpeg();
    test_inks();
    test_active_pdfs();
    test_bad_pdfs();
    test_time_bomb();
    test_memory_bomb();
    test_videos();
    ok(kit_end(inspector), "no child has crashed");
    return done();
}
