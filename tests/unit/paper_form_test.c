/* The printed forms: what they say, how large they are, that they never differ by themselves. */
#include <math.h>
#include <poppler.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/conf.h"
#include "lsan.h"
#include "paper/fonts.h"
#include "sample_forms.h"
#include "scan_kit.h"
#include "tap.h"

static struct conf conf;

static struct op
new_op(void)
{
    return (struct op){.arena = arena_new(1 << 20), .deadline_ms = op_monotonic_ms() + 60000};
}

static enum err
draw(struct op *op, int which, struct pdf *out)
{
    switch (which) {
    case 0:
        return form_pdf_application(op, &sample_organisation_form, out);
    case 1:
        return form_pdf_application(op, &sample_person_form, out);
    default:
        return form_pdf_seal(op, &sample_seal_form, out);
    }
}

static PopplerDocument *
open_pdf(const struct pdf *pdf)
{
    GBytes *bytes = g_bytes_new(pdf->data, pdf->size);
    PopplerDocument *d = poppler_document_new_from_bytes(bytes, NULL, NULL);

    g_bytes_unref(bytes);
    if (d == NULL)
        exit(fprintf(stderr, "not a PDF\n"));
    return d;
}

/* g_utf8_next_char() drops const. */
static const char *
next_char(const char *p)
{
    return p + g_utf8_skip[(unsigned char)*p];
}

/* All text of the file without white space, since lines may break anywhere. */
static char *
text_of(PopplerDocument *d)
{
    GString *all = g_string_new(NULL);

    for (int i = 0; i < poppler_document_get_n_pages(d); i++) {
        PopplerPage *page = poppler_document_get_page(d, i);
        char *text = poppler_page_get_text(page);

        for (const char *p = text; *p != '\0'; p = next_char(p))
            if (!g_unichar_isspace(g_utf8_get_char(p)))
                g_string_append_len(all, p, next_char(p) - p);
        g_free(text);
        g_object_unref(page);
    }
    return g_string_free(all, FALSE);
}

static bool
says(const char *text, const char *what)
{
    GString *bare = g_string_new(NULL);
    bool found;

    for (const char *p = what; *p != '\0'; p = next_char(p))
        if (!g_unichar_isspace(g_utf8_get_char(p)))
            g_string_append_len(bare, p, next_char(p) - p);
    found = strstr(text, bare->str) != NULL;
    g_string_free(bare, TRUE);
    if (!found)
        printf("# missing: %s\n", what);
    return found;
}

static bool
says_all(const char *text, const struct form_paper *p)
{
    bool all = true;

    for (size_t g = 0; g < p->n; g++) {
        all &= says(text, p->groups[g].title);
        for (size_t r = 0; r < p->groups[g].n; r++) {
            all &= says(text, p->groups[g].rows[r].label);
            all &= says(text, p->groups[g].rows[r].value);
        }
    }
    return all;
}

static void
test_text(void)
{
    static const struct form_paper *const papers[] = {
        &sample_organisation_form, &sample_person_form, &sample_seal_form};
    static const char *const titles[] = {
        "机构数字证书申请表", "自然人数字证书申请表", "电子签章采集表"};
    struct op op = new_op();

    for (int i = 0; i < 3; i++) {
        struct pdf pdf = {NULL, 0};
        PopplerDocument *d;
        double width, height;
        PopplerPage *page;
        char *text;

        ok(draw(&op, i, &pdf) == OK, "%s is drawn", titles[i]);
        d = open_pdf(&pdf);
        text = text_of(d);
        page = poppler_document_get_page(d, 0);
        poppler_page_get_size(page, &width, &height);
        ok(fabs(width - 595.276) < 0.01 && fabs(height - 841.89) < 0.01, "it is A4");
        ok(poppler_document_get_n_pages(d) == 1, "it fits on one page");
        ok(pdf.size <= 200 * 1024, "it is %zu bytes, at most 200 KiB", pdf.size);
        ok(says(text, titles[i]), "it has its title");
        ok(says(text, SAMPLE_ORDER) && says(text, "第 2 版") && says(text, "第1页共1页"),
            "order, revision and page are named");
        ok(says(text, "校验码：5c0ffee5c0ffee5c0ffee5c0ffee5c0f") &&
                says(text, "生成日期：2026-11-22"),
            "the digest and the Chinese date are printed");
        ok(says_all(text, papers[i]), "every label and value is in the text");
        ok(memmem(pdf.data, pdf.size, "/Marked true", 12) != NULL, "it is tagged");
        g_free(text);
        g_object_unref(page);
        g_object_unref(d);
    }
    arena_free(op.arena);
}

static void
test_words(void)
{
    struct op op = new_op();
    struct pdf pdf;
    PopplerDocument *d;
    char *text;

    (void)!draw(&op, 0, &pdf);
    d = open_pdf(&pdf);
    text = text_of(d);
    ok(says(text, "经办人签字（手写）") && says(text, "加盖单位公章（红印鲜章）") &&
            says(text, "本单位授权上述经办人"),
        "the handler signs the organisation's form, its seal has a place");
    ok(says(text, RARE_NAME), "a name of rare characters is read back unchanged");
    g_free(text);
    g_object_unref(d);
    (void)!draw(&op, 1, &pdf);
    d = open_pdf(&pdf);
    text = text_of(d);
    ok(says(text, "申请人签字（手写）") && says(text, "加盖单位公章（红印鲜章）") &&
            strstr(text, "法人信息") == NULL,
        "the applicant signs a natural person's form, with no legal representative in it");
    g_free(text);
    g_object_unref(d);
    arena_free(op.arena);
}

static void
test_fonts(void)
{
    struct op op = new_op();
    struct pdf pdf = {NULL, 0};
    PopplerDocument *d;
    PopplerFontInfo *info;
    PopplerFontsIter *iter;
    int n = 0, good = 0;

    (void)!draw(&op, 0, &pdf);
    d = open_pdf(&pdf);
    info = poppler_font_info_new(d);
    if (poppler_font_info_scan(info, 99, &iter)) {
        do {
            n++;
            good += poppler_fonts_iter_is_embedded(iter) && poppler_fonts_iter_is_subset(iter);
        } while (poppler_fonts_iter_next(iter));
        poppler_fonts_iter_free(iter);
    }
    ok(n == 3 && good == n, "its three fonts are embedded subsets");
    poppler_font_info_free(info);
    g_object_unref(d);
    arena_free(op.arena);
}

/* A process of its own, with cold caches and its own addresses, answers with the bytes. */
static bool
same_elsewhere(const struct pdf *pdf, int which)
{
    unsigned char *got = malloc(pdf->size + 1);
    size_t n = 0;
    ssize_t more;
    int pipes[2], status;
    pid_t pid;
    bool same;

    if (got == NULL || pipe(pipes) != 0 || (pid = fork()) < 0)
        exit(1);
    if (pid == 0) {
        char name[16];

        snprintf(name, sizeof(name), "%d", which);
        dup2(pipes[1], STDOUT_FILENO);
        execl("/proc/self/exe", "paper_form_test", name, (char *)NULL);
        _exit(1);
    }
    close(pipes[1]);
    while (n <= pdf->size && (more = read(pipes[0], got + n, pdf->size + 1 - n)) > 0)
        n += (size_t)more;
    close(pipes[0]);
    waitpid(pid, &status, 0);
    same = n == pdf->size && memcmp(got, pdf->data, n) == 0;
    free(got);
    return same;
}

static void
test_reproducible(void)
{
    struct op op = new_op();

    for (int i = 0; i < 3; i++) {
        struct pdf first = {NULL, 0}, again = {NULL, 0}, other;

        (void)!draw(&op, i, &first);
        (void)!draw(&op, (i + 1) % 3, &other);
        (void)!draw(&op, i, &again);
        ok(first.size == again.size && memcmp(first.data, again.data, first.size) == 0,
            "form %d has the same bytes after another was drawn", i);
        ok(same_elsewhere(&first, i), "form %d has the same bytes in another process", i);
    }
    arena_free(op.arena);
}

struct thread_work {
    int which;
    struct pdf expected;
    bool same;
};

static void *
draw_in_a_thread(void *arg)
{
    struct thread_work *w = arg;
    struct op op = new_op();
    struct pdf pdf = {NULL, 0};

    w->same = draw(&op, w->which, &pdf) == OK && pdf.size == w->expected.size &&
              memcmp(pdf.data, w->expected.data, pdf.size) == 0;
    arena_free(op.arena);
    return NULL;
}

static void
test_threads(void)
{
    struct op op = new_op(), late = new_op();
    struct thread_work works[4];
    pthread_t threads[4];
    struct pdf pdf;
    void *map;
    bool same = true;

    for (int i = 0; i < 4; i++) {
        works[i] = (struct thread_work){.which = i % 3};
        (void)!draw(&op, i % 3, &works[i].expected);
    }
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, draw_in_a_thread, &works[i]);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        same &= works[i].same;
    }
    ok(same, "threads that draw at once draw the same");
    (void)!fonts_take(&op, &map);
    late.deadline_ms = op_monotonic_ms() + 50;
    ok(draw(&late, 0, &pdf) == E_UNAVAILABLE, "who waits past the deadline is told so");
    fonts_give();
    arena_free(op.arena);
    arena_free(late.arena);
}

static void
test_long(void)
{
    static struct paper_row rows[60];
    static const struct paper_group groups[] = {
        {"申请单位信息", rows, 30}, {"经办人信息", rows + 30, 30}};
    struct form_paper p = sample_organisation_form;
    struct op op = new_op();
    struct pdf pdf = {NULL, 0};
    PopplerDocument *d;
    char *text, *huge = arena_alloc(op.arena, 30001);
    bool all = true;
    int n;

    for (int i = 0; i < 60; i++) {
        rows[i].label = "注册地址";
        rows[i].value = arena_printf(op.arena,
            "第 %d 项：辽宁省沈阳市和平区示例街道样板路一百号春山大厦甲座二十一层二千一百零一室，"
            "由前台转交综合管理部；Example Street No. %d, Shenyang",
            i, i);
    }
    p.groups = groups;
    p.n = 2;
    ok(form_pdf_application(&op, &p, &pdf) == OK, "sixty long values are drawn");
    d = open_pdf(&pdf);
    n = poppler_document_get_n_pages(d);
    ok(n == 3 || n == 4, "on %d pages", n);
    text = text_of(d);
    for (int i = 0; i < 60; i++)
        all &= says(text, rows[i].value);
    ok(all, "no character of them is lost");
    ok(says(text, arena_printf(op.arena, "第1页共%d页", n)) &&
            says(text, arena_printf(op.arena, "第%d页共%d页", n, n)),
        "the pages are counted");
    g_free(text);
    g_object_unref(d);
    memset(huge, 'W', 30000);
    huge[30000] = '\0';
    rows[5].value = huge;
    ok(form_pdf_application(&op, &p, &pdf) == E_INVALID, "a value longer than a page is refused");
    ok(form_pdf_seal(&op, &p, &pdf) == E_INVALID, "and so is a seal form with too much text");
    arena_free(op.arena);
}

static void
test_refused(void)
{
    struct form_paper p = sample_organisation_form;
    struct op op = new_op();
    struct pdf pdf = {NULL, 7};
    char why[256] = "";

    p.sha256 = "5C0FFEE";
    ok(form_pdf_application(&op, &p, &pdf) == E_INVALID && pdf.size == 7, "no digest, no form");
    p.sha256 = SAMPLE_SHA256;
    p.revision = 0;
    ok(form_pdf_seal(&op, &p, &pdf) == E_INVALID, "no revision, no form");
    p.revision = 1;
    p.order_no = "1|2";
    ok(form_pdf_application(&op, &p, &pdf) == E_INVALID, "no order number, no form");
    ok(fonts_open("/nonexistent.ttf", why, sizeof(why)) == E_INVALID &&
            strstr(why, "/nonexistent.ttf") != NULL,
        "a missing font file is named");
    arena_free(op.arena);
}

/* At 254 dpi a pixel is 0.1 mm. Runs along the middle of the sheet find the frame's edges. */
static void
test_seal_frame(void)
{
    struct op op = new_op();
    struct pdf pdf = {NULL, 0};
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 2100, 2970);
    cairo_t *cr = cairo_create(image);
    const unsigned char *data;
    int stride, top = 0, left = 0, right = 0, bottom = 0;
    PopplerDocument *d;
    PopplerPage *page;

    (void)!draw(&op, 2, &pdf);
    d = open_pdf(&pdf);
    page = poppler_document_get_page(d, 0);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, 254 / 72.0, 254 / 72.0);
    poppler_page_render(page, cr);
    cairo_surface_flush(image);
    data = cairo_image_surface_get_data(image);
    stride = cairo_image_surface_get_stride(image);
#define DARK(x, y) (data[(y)*stride + (x)*4] < 0xC0)
    for (int y = 1200; y > 0 && !DARK(1050, y); y--)
        top = y - 1;
    for (int y = 1200; y < 2970 && !DARK(1050, y); y++)
        bottom = y + 1;
    for (int x = 1050; x > 0 && !DARK(x, 1200); x--)
        left = x - 1;
    for (int x = 1050; x < 2100 && !DARK(x, 1200); x++)
        right = x + 1;
    /* From the first dark pixel to the first dark pixel, less the width of one line (0.2 mm). */
    ok(abs(right - left + 1 - 600) <= 2, "the frame is 60 mm wide (%d px)", right - left + 1);
    ok(abs(bottom - top + 1 - 600) <= 2, "the frame is 60 mm high (%d px)", bottom - top + 1);
    g_object_unref(page);
    g_object_unref(d);
    cairo_destroy(cr);
    cairo_surface_destroy(image);
    arena_free(op.arena);
}

/* Dark pixels at 150 dpi against the pictures in tests/data/paper, which were looked at. */
static void
test_look(bool renew)
{
    static const char *const names[] = {"organisation", "person", "seal"};
    struct op op = new_op();

    for (int i = 0; i < 3; i++) {
        const char *path = arena_printf(op.arena, "tests/data/paper/%s.png", names[i]);
        struct pdf pdf = {NULL, 0};
        cairo_surface_t *drawn, *golden;
        long different;

        (void)!draw(&op, i, &pdf);
        drawn = kit_render(pdf.data, pdf.size, 0, 150);
        if (renew)
            kit_save_dark(drawn, path);
        golden = cairo_image_surface_create_from_png(path);
        different = kit_difference(drawn, golden);
        ok(different >= 0 && different <= 1240 * 1754 / 1000,
            "form %s looks as it should (%ld pixels differ)", names[i], different);
        cairo_surface_destroy(drawn);
        cairo_surface_destroy(golden);
    }
    arena_free(op.arena);
}

static void
measure(void)
{
    struct op op = new_op();
    struct timespec a, b;
    struct pdf pdf;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (int i = 0; i < 5; i++)
        (void)!draw(&op, 0, &pdf);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    printf("# %.1f ms CPU a form\n",
        ((double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6) / 5);
    arena_free(op.arena);
}

static int
write_one(int which)
{
    struct op op = new_op();
    struct pdf pdf;

    bool good = draw(&op, which, &pdf) == OK &&
                write(STDOUT_FILENO, pdf.data, pdf.size) == (ssize_t)pdf.size;

    arena_free(op.arena);
    return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
    char why[256];
    struct op op = new_op();
    struct pdf pdf;

    unsetenv("HOME");
    if (conf_read(&conf, "/dev/null", why, sizeof(why)) != OK)
        return 1;
    if (argc == 1)
        ok(draw(&op, 0, &pdf) == E_INTERNAL, "nothing is drawn before the fonts are open");
    arena_free(op.arena);
    if (fonts_open(conf.fonts, why, sizeof(why)) != OK)
        return fprintf(stderr, "%s\n", why), 1;
    if (argc > 1 && strcmp(argv[1], "--renew") == 0) {
        test_look(true);
        return done();
    }
    if (argc > 1)
        _exit(write_one(atoi(argv[1])));
    test_text();
    test_words();
    test_fonts();
    test_reproducible();
    test_threads();
    test_long();
    test_refused();
    test_seal_frame();
    test_look(false);
    measure();
    return done();
}
