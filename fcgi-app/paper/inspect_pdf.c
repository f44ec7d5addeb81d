/* Draws the pages of a PDF with poppler, whose structure qpdf has found harmless. */
#include <cairo.h>
#include <math.h>
#include <poppler.h>

#include "paper/inspect.h"
#include "paper/picture.h"

enum {
    DPI_VECTOR = 150, /* sharp at any size */
    DPI_LEAST = 100,
    DPI_PAGE = 200,
    DPI_SEAL = 300,
    PAGE_PIXELS = 12 * 1000 * 1000,
    PAGE_POINTS = 5000, /* A0 is 3370 points long */
};

static void
drop_object(gpointer o)
{
    g_clear_object((GObject **)o);
}
#define OBJECT __attribute__((cleanup(drop_object)))

static void
drop_surface(cairo_surface_t **s)
{
    cairo_surface_destroy(*s);
}

/* Resolution of a page that is one scanned picture: all its pixels on the area it covers. A picture
 * on less than half of the page is a logo, and the page is drawn: 0. */
static int
scanned_dpi(PopplerPage *page, const struct pdf_structure *structure)
{
    GList *images = poppler_page_get_image_mapping(page);
    double width, height, largest = 0, dpi = 0;

    poppler_page_get_size(page, &width, &height);
    for (GList *i = images; i != NULL; i = i->next) {
        const PopplerRectangle *r = &((PopplerImageMapping *)i->data)->area;
        double area = fabs((r->x2 - r->x1) * (r->y2 - r->y1));

        if (area > largest)
            largest = area;
    }
    poppler_page_free_image_mapping(images);
    if (largest * 2 > width * height)
        dpi = sqrt(structure->image_pixels / largest) * 72;
    return dpi > 9999 ? 9999 : (int)(dpi + 0.5);
}

static int
drawing_dpi(enum scan_kind kind, int scanned, double width, double height)
{
    int most = kind == SCAN_SEAL ? DPI_SEAL : DPI_PAGE, dpi = scanned;

    if (scanned == 0)
        dpi = kind == SCAN_SEAL ? DPI_SEAL : DPI_VECTOR;
    if (dpi > most)
        dpi = most;
    if (dpi < DPI_LEAST)
        dpi = DPI_LEAST;
    while (dpi > 1 && width * dpi / 72 * (height * dpi / 72) > PAGE_PIXELS)
        dpi--;
    return dpi;
}

static bool
take_pixels(cairo_surface_t *surface, struct picture *out)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);

    if (data == NULL || !picture_new(out, width, height))
        return false;
    for (int y = 0; y < height; y++) {
        const unsigned char *row = data + (size_t)y * (size_t)stride;
        unsigned char *to = out->rgb + (size_t)y * (size_t)width * 3;

        for (int x = 0; x < width; x++) {
            uint32_t pixel = ((const uint32_t *)(const void *)row)[x];

            to[x * 3] = pixel >> 16 & 0xFF;
            to[x * 3 + 1] = pixel >> 8 & 0xFF;
            to[x * 3 + 2] = pixel & 0xFF;
        }
    }
    return true;
}

static bool
draw_page(PopplerPage *page, int dpi, struct picture *out)
{
    double width, height;
    __attribute__((cleanup(drop_surface))) cairo_surface_t *surface = NULL;
    cairo_t *cr;
    bool good;

    poppler_page_get_size(page, &width, &height);
    surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)ceil(width * dpi / 72), (int)ceil(height * dpi / 72));
    cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, dpi / 72.0, dpi / 72.0);
    poppler_page_render(page, cr);
    cairo_surface_flush(surface);
    good = cairo_status(cr) == CAIRO_STATUS_SUCCESS && take_pixels(surface, out);
    cairo_destroy(cr);
    return good;
}

static enum scan_problem
look_at_page(enum scan_kind kind, PopplerDocument *document, int number,
    const struct pdf_structure *structure, struct scan_result *out)
{
    OBJECT PopplerPage *page = poppler_document_get_page(document, number);
    PICTURE p = {0};
    double width, height;
    int scanned, dpi;

    if (page == NULL)
        return SCAN_UNREADABLE;
    poppler_page_get_size(page, &width, &height);
    if (!(width >= 1 && height >= 1 && width <= PAGE_POINTS && height <= PAGE_POINTS))
        return SCAN_UNREADABLE;
    scanned = scanned_dpi(page, structure);
    dpi = drawing_dpi(kind, scanned, width, height);
    if (number == 0) {
        int own = scanned != 0 ? scanned : dpi;

        out->dpi = scanned;
        out->width = (int)(width * own / 72 + 0.5);
        out->height = (int)(height * own / 72 + 0.5);
    }
    if (!draw_page(page, dpi, &p))
        return SCAN_UNREADABLE;
    inspect_page(kind, &p, scanned != 0 ? (double)scanned / dpi : 1, out);
    return SCAN_FINE;
}

/* NULL when it is none, or *problem says otherwise. */
static PopplerDocument *
open_document(
    const void *data, size_t size, struct pdf_structure *structure, enum scan_problem *problem)
{
    PopplerDocument *document;
    GBytes *bytes;

    *problem = pdf_structure_read(data, size, structure);
    if (*problem != SCAN_FINE)
        return NULL;
    bytes = g_bytes_new_static(data, size);
    document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    g_bytes_unref(bytes);
    if (document == NULL || poppler_document_get_n_pages(document) != structure->pages)
        *problem = SCAN_UNREADABLE;
    return document;
}

enum scan_problem
inspect_pdf(enum scan_kind kind, const void *data, size_t size, struct scan_result *out)
{
    struct pdf_structure structure;
    enum scan_problem problem;
    OBJECT PopplerDocument *document = open_document(data, size, &structure, &problem);

    out->pages = structure.pages;
    for (int i = 0; i < structure.pages && problem == SCAN_FINE; i++)
        problem = look_at_page(kind, document, i, &structure, out);
    return problem;
}

enum scan_problem
inspect_pdf_page(
    const void *data, size_t size, int page, struct scan_result *out, struct picture *pixels)
{
    struct pdf_structure structure;
    enum scan_problem problem;
    OBJECT PopplerDocument *document = open_document(data, size, &structure, &problem);
    OBJECT PopplerPage *one = NULL;
    double width, height;
    int dpi;

    out->pages = structure.pages;
    if (problem != SCAN_FINE || page > structure.pages)
        return problem;
    one = poppler_document_get_page(document, page - 1);
    if (one == NULL)
        return SCAN_UNREADABLE;
    poppler_page_get_size(one, &width, &height);
    if (!(width >= 1 && height >= 1 && width <= PAGE_POINTS && height <= PAGE_POINTS))
        return SCAN_UNREADABLE;
    dpi = drawing_dpi(SCAN_SEAL, scanned_dpi(one, &structure), width, height);
    return draw_page(one, dpi, pixels) ? SCAN_FINE : SCAN_UNREADABLE;
}
