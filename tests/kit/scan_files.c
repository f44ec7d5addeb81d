/* The files that scanners write. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "scan_kit.h"

void
kit_free(struct kit_file *f)
{
    free(f->data);
    *f = (struct kit_file){NULL, 0};
}

_Noreturn static void
die(const char *what)
{
    fprintf(stderr, "scan kit: %s\n", what);
    exit(1);
}

struct kit_file
kit_jpeg(cairo_surface_t *s, int quality)
{
    tjhandle h = tjInitCompress();
    struct kit_file f = {NULL, 0};
    unsigned char *jpeg = NULL;
    unsigned long size = 0;

    cairo_surface_flush(s);
    if (h == NULL ||
        tjCompress2(h, cairo_image_surface_get_data(s), cairo_image_surface_get_width(s),
            cairo_image_surface_get_stride(s), cairo_image_surface_get_height(s), TJPF_BGRX, &jpeg,
            &size, TJSAMP_420, quality, 0) != 0)
        die("no JPEG");
    f.data = malloc(size);
    if (f.data == NULL)
        die("no memory for a JPEG");
    memcpy(f.data, jpeg, size);
    f.size = size;
    tjFree(jpeg);
    tjDestroy(h);
    return f;
}

struct kit_file
kit_jpeg_within(cairo_surface_t *s, int quality, size_t most)
{
    struct kit_file f = kit_jpeg(s, quality);

    while (f.size > most && quality > 10) {
        kit_free(&f);
        f = kit_jpeg(s, quality -= 5);
    }
    return f;
}

struct buffer {
    struct kit_file f;
    size_t offsets[64];
    int objects;
};

static void
put(struct buffer *b, const void *data, size_t n)
{
    b->f.data = realloc(b->f.data, b->f.size + n);
    if (b->f.data == NULL)
        die("no memory for a PDF");
    memcpy(b->f.data + b->f.size, data, n);
    b->f.size += n;
}

__attribute__((format(printf, 2, 3))) static void
print(struct buffer *b, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    put(b, text, (size_t)n);
}

static void
begin(struct buffer *b)
{
    b->offsets[b->objects++] = b->f.size;
    print(b, "%d 0 obj\n", b->objects);
}

static void
put_page(struct buffer *b, const struct kit_file *jpeg, double dpi)
{
    int width = 0, height = 0, subsampling, colours = 0, first = b->objects + 1;
    tjhandle h = tjInitDecompress();
    double w, ht;
    char content[128];

    if (h == NULL || tjDecompressHeader3(
                         h, jpeg->data, jpeg->size, &width, &height, &subsampling, &colours) != 0)
        die("not a JPEG");
    tjDestroy(h);
    w = width / dpi * 72;
    ht = height / dpi * 72;
    snprintf(content, sizeof(content), "q %.2f 0 0 %.2f 0 0 cm /I Do Q", w, ht);
    begin(b);
    print(b,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R "
        "/Resources << /XObject << /I %d 0 R >> >> >>\nendobj\n",
        w, ht, first + 1, first + 2);
    begin(b);
    print(b, "<< /Length %zu >>\nstream\n%s\nendstream\nendobj\n", strlen(content), content);
    begin(b);
    print(b,
        "<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s "
        "/BitsPerComponent 8 /Filter /DCTDecode /Length %zu >>\nstream\n",
        width, height, colours == TJCS_GRAY ? "DeviceGray" : "DeviceRGB", jpeg->size);
    put(b, jpeg->data, jpeg->size);
    print(b, "\nendstream\nendobj\n");
}

static struct kit_file
finish(struct buffer *b)
{
    size_t xref = b->f.size;

    print(b, "xref\n0 %d\n0000000000 65535 f \n", b->objects + 1);
    for (int i = 0; i < b->objects; i++)
        print(b, "%010zu 00000 n \n", b->offsets[i]);
    print(
        b, "trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%zu\n%%%%EOF\n", b->objects + 1, xref);
    return b->f;
}

struct kit_file
kit_pdf(const struct kit_file *jpegs, int n, double dpi)
{
    struct buffer b = {.objects = 0};

    print(&b, "%%PDF-1.4\n");
    begin(&b);
    print(&b, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
    begin(&b);
    print(&b, "<< /Type /Pages /Count %d /Kids [", n);
    for (int i = 0; i < n; i++)
        print(&b, " %d 0 R", 3 + i * 3);
    print(&b, " ] >>\nendobj\n");
    for (int i = 0; i < n; i++)
        put_page(&b, &jpegs[i], dpi);
    return finish(&b);
}

struct kit_file
kit_pdf_of(const char *const *objects, int n)
{
    struct buffer b = {.objects = 0};

    print(&b, "%%PDF-1.7\n");
    for (int i = 0; i < n; i++) {
        begin(&b);
        put(&b, objects[i], strlen(objects[i]));
        print(&b, "\nendobj\n");
    }
    return finish(&b);
}
