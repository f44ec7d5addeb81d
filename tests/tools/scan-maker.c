/*
 * scan-maker: what applicants would upload, for tests.
 *
 *   scan-maker --pdf IN.pdf --seal [NAME] --sign --rotate 1.5 --dpi 200 -o out.jpg
 *   scan-maker --licence NAME USCC -o out.jpg        a licence copy with a red seal
 *   scan-maker --voucher PAYER AMOUNT -o out.jpg     a bank's voucher
 *   scan-maker --id-card front|back NAME NUMBER -o out.jpg
 *   scan-maker --blank -o out.jpg
 *
 * The output is a JPEG of at most 2 MiB, or a PDF with one picture a page when it ends in .pdf.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lsan.h"
#include "scan_kit.h"

enum { UPLOAD_MAX = 2 * 1024 * 1024 };

struct wish {
    const char *pdf, *licence, *uscc, *voucher, *amount, *side, *name, *number, *out, *seal;
    bool sign, blank;
    double dpi, rotate, light;
    int quality, grain, blur, width;
};

static void
usage(void)
{
    fprintf(stderr,
        "usage: scan-maker --pdf FILE | --licence NAME USCC | --voucher PAYER AMOUNT |\n"
        "                  --id-card front|back NAME NUMBER | --blank\n"
        "                  [--seal [NAME]] [--sign] [--rotate DEGREES] [--dpi N] [--quality N]\n"
        "                  [--grain N] [--blur N] [--light FACTOR] [--width N] -o "
        "FILE.jpg|FILE.pdf\n");
    exit(2);
}

struct arguments {
    int n;
    char **v;
};

static const char *
next(struct arguments *a)
{
    if (a->n == 0)
        usage();
    a->n--;
    return *a->v++;
}

/* An argument that may be left out: not another option. */
static const char *
next_or(struct arguments *a, const char *otherwise)
{
    return a->n > 0 && a->v[0][0] != '-' ? next(a) : otherwise;
}

static void
read_option(struct wish *w, const char *o, struct arguments *a)
{
    static const char company[] = "辽宁春山示例科技有限公司";

    if (strcmp(o, "--pdf") == 0)
        w->pdf = next(a);
    else if (strcmp(o, "--licence") == 0)
        w->licence = next(a), w->uscc = next(a);
    else if (strcmp(o, "--voucher") == 0)
        w->voucher = next(a), w->amount = next(a);
    else if (strcmp(o, "--id-card") == 0)
        w->side = next(a), w->name = next(a), w->number = next(a);
    else if (strcmp(o, "--blank") == 0)
        w->blank = true;
    else if (strcmp(o, "--seal") == 0)
        w->seal = next_or(a, company);
    else if (strcmp(o, "--sign") == 0)
        w->sign = true;
    else if (strcmp(o, "--rotate") == 0)
        w->rotate = atof(next(a));
    else if (strcmp(o, "--dpi") == 0)
        w->dpi = atof(next(a));
    else if (strcmp(o, "--quality") == 0)
        w->quality = atoi(next(a));
    else if (strcmp(o, "--grain") == 0)
        w->grain = atoi(next(a));
    else if (strcmp(o, "--blur") == 0)
        w->blur = atoi(next(a));
    else if (strcmp(o, "--light") == 0)
        w->light = atof(next(a));
    else if (strcmp(o, "--width") == 0)
        w->width = atoi(next(a));
    else if (strcmp(o, "-o") == 0)
        w->out = next(a);
    else
        usage();
}

static struct kit_file
read_file(const char *path)
{
    struct kit_file f = {malloc(64 << 20), 0};
    FILE *in = fopen(path, "rb");

    if (in == NULL || f.data == NULL) {
        perror(path);
        exit(1);
    }
    f.size = fread(f.data, 1, 64 << 20, in);
    fclose(in);
    return f;
}

static cairo_surface_t *
draw(const struct wish *w)
{
    KIT_FILE pdf = {NULL, 0};
    cairo_surface_t *s;

    if (w->licence != NULL)
        return kit_licence(w->dpi, w->licence, w->uscc);
    if (w->voucher != NULL)
        return kit_voucher(w->dpi, w->voucher, w->amount);
    if (w->side != NULL)
        return kit_id_card(strcmp(w->side, "front") == 0, w->width, w->name, w->number);
    if (w->blank)
        return kit_paper(210, 297, w->dpi);
    if (w->pdf == NULL)
        usage();
    pdf = read_file(w->pdf);
    s = kit_render(pdf.data, pdf.size, 0, w->dpi);
    if (w->seal != NULL)
        kit_seal_form(s, pdf.data, pdf.size, w->dpi, w->seal);
    if (w->sign)
        kit_sign_form(s, pdf.data, pdf.size, w->dpi);
    return s;
}

static bool
ends_in(const char *s, const char *end)
{
    return strlen(s) >= strlen(end) && strcmp(s + strlen(s) - strlen(end), end) == 0;
}

static int
save(const struct wish *w, cairo_surface_t *s)
{
    KIT_FILE f = kit_jpeg_within(s, w->quality, UPLOAD_MAX - 4096);
    FILE *out = fopen(w->out, "wb");

    if (ends_in(w->out, ".pdf")) {
        struct kit_file pdf = kit_pdf(&f, 1, w->dpi);

        kit_free(&f);
        f = pdf;
    }
    if (out == NULL || fwrite(f.data, 1, f.size, out) != f.size || fclose(out) != 0) {
        perror(w->out);
        return 1;
    }
    return 0;
}

int
main(int argc, char **argv)
{
    struct wish w = {.dpi = 200, .quality = 85, .grain = 6, .light = 1, .width = 1600};
    struct arguments a = {argc - 1, argv + 1};
    KIT_SURFACE *s = NULL;

    while (a.n > 0)
        read_option(&w, next(&a), &a);
    if (w.out == NULL)
        usage();
    s = draw(&w);
    if (w.rotate != 0)
        kit_turn(&s, w.rotate);
    if (w.blur > 0)
        kit_blur(s, w.blur);
    if (w.grain > 0)
        kit_grain(s, w.grain);
    if (w.light != 1)
        kit_light(s, w.light);
    return save(&w, s);
}
