#include "scan_kit.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <poppler.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FONT "Noto Sans CJK SC, Noto Sans CJK JP, Sans"

void
kit_drop(cairo_surface_t **s)
{
    if (*s != NULL)
        cairo_surface_destroy(*s);
    *s = NULL;
}

_Noreturn static void
die(const char *what)
{
    fprintf(stderr, "scan kit: %s\n", what);
    exit(1);
}

static cairo_surface_t *
white(int width, int height)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);

    if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
        die("no memory for a picture");
    memset(cairo_image_surface_get_data(s), 0xFF,
        (size_t)cairo_image_surface_get_stride(s) * (size_t)height);
    cairo_surface_mark_dirty(s);
    return s;
}

cairo_surface_t *
kit_paper(double width_mm, double height_mm, double dpi)
{
    return white((int)(width_mm / 25.4 * dpi + 0.5), (int)(height_mm / 25.4 * dpi + 0.5));
}

static PopplerPage *
open_page(const void *pdf, size_t size, int page)
{
    GBytes *bytes = g_bytes_new(pdf, size);
    PopplerDocument *d = poppler_document_new_from_bytes(bytes, NULL, NULL);
    PopplerPage *p = d != NULL ? poppler_document_get_page(d, page) : NULL;

    if (p == NULL)
        die("no such page of a PDF");
    g_bytes_unref(bytes);
    g_object_unref(d);
    return p;
}

cairo_surface_t *
kit_render(const void *pdf, size_t size, int page, double dpi)
{
    PopplerPage *p = open_page(pdf, size, page);
    double width, height;
    cairo_surface_t *s;
    cairo_t *cr;

    poppler_page_get_size(p, &width, &height);
    s = kit_paper(width / 72 * 25.4, height / 72 * 25.4, dpi);
    cr = cairo_create(s);
    cairo_scale(cr, dpi / 72, dpi / 72);
    poppler_page_render(p, cr);
    cairo_destroy(cr);
    g_object_unref(p);
    return s;
}

bool
kit_find(const void *pdf, size_t size, int page, const char *text, struct kit_place *out)
{
    PopplerPage *p = open_page(pdf, size, page);
    GList *found = poppler_page_find_text(p, text);
    double width, height;

    poppler_page_get_size(p, &width, &height);
    if (found != NULL) {
        const PopplerRectangle *r = found->data;
        double mm = 25.4 / 72;

        *out = (struct kit_place){
            r->x1 * mm, (height - r->y2) * mm, (r->x2 - r->x1) * mm, (r->y2 - r->y1) * mm};
        g_list_free_full(found, (GDestroyNotify)poppler_rectangle_free);
    }
    g_object_unref(p);
    return found != NULL;
}

/* A cairo context that counts in millimetres. */
static cairo_t *
in_mm(cairo_surface_t *s, double dpi)
{
    cairo_t *cr = cairo_create(s);

    cairo_scale(cr, dpi / 25.4, dpi / 25.4);
    return cr;
}

/* Text of the given height in user units, its top centre at the origin. */
static void
write_text(cairo_t *cr, const char *text, double height)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string(FONT);
    int width;

    pango_font_description_set_absolute_size(font, 10 * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_size(layout, &width, NULL);
    cairo_save(cr);
    cairo_scale(cr, height / 10, height / 10);
    cairo_move_to(cr, -(double)width / PANGO_SCALE / 2, -2);
    pango_cairo_show_layout(cr, layout);
    cairo_restore(cr);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static void
draw_star(cairo_t *cr, double radius)
{
    for (int i = 0; i < 10; i++) {
        double r = i % 2 == 0 ? radius : radius * 0.382, a = i * G_PI / 5 - G_PI / 2;

        cairo_line_to(cr, r * cos(a), r * sin(a));
    }
    cairo_close_path(cr);
    cairo_fill(cr);
}

/* g_utf8_next_char() drops const. */
static const char *
next_char(const char *p)
{
    return p + g_utf8_skip[(unsigned char)*p];
}

/* The name runs clockwise along the ring, open at the bottom. */
static void
draw_name(cairo_t *cr, double radius, const char *name)
{
    long n = g_utf8_strlen(name, -1);
    double step = 270.0 / (double)(n > 1 ? n : 2), angle = -step * (double)(n - 1) / 2;

    for (const char *p = name; *p != '\0'; p = next_char(p), angle += step) {
        char one[8] = {0};

        memcpy(one, p, (size_t)(next_char(p) - p));
        cairo_save(cr);
        cairo_rotate(cr, angle * G_PI / 180);
        cairo_translate(cr, 0, -radius * 0.90);
        cairo_scale(cr, 0.8, 1);
        write_text(cr, one, radius * 0.24);
        cairo_restore(cr);
    }
}

void
kit_seal(cairo_surface_t *s, double dpi, double x, double y, double diameter, const char *name)
{
    cairo_t *cr = in_mm(s, dpi);
    double radius = diameter / 2;

    cairo_translate(cr, x, y);
    cairo_rotate(cr, 0.05);
    cairo_set_source_rgba(cr, 0.84, 0.10, 0.13, 0.86);
    cairo_set_line_width(cr, 1.2);
    cairo_arc(cr, 0, 0, radius - 0.6, 0, 2 * G_PI);
    cairo_stroke(cr);
    draw_star(cr, radius * 0.32);
    draw_name(cr, radius, name);
    cairo_translate(cr, 0, radius * 0.48);
    write_text(cr, "示例印章", radius * 0.2);
    cairo_destroy(cr);
}

void
kit_seal_form(cairo_surface_t *s, const void *pdf, size_t size, double dpi, const char *name)
{
    struct kit_place p;

    if (kit_find(pdf, size, 0, "请在方框内加盖单位公章", &p))
        kit_seal(s, dpi, 105, p.y + p.h + 42, 40, name);
    else if (kit_find(pdf, size, 0, "加盖单位公章（红印鲜章）", &p))
        kit_seal(s, dpi, p.x + p.w / 2, p.y + p.h + 17, 40, name);
    else
        kit_seal(s, dpi, cairo_image_surface_get_width(s) / dpi * 25.4 - 50,
            cairo_image_surface_get_height(s) / dpi * 25.4 - 55, 40, name);
}

void
kit_sign_form(cairo_surface_t *s, const void *pdf, size_t size, double dpi)
{
    struct kit_place p = {40, 230, 20, 5};
    cairo_t *cr = in_mm(s, dpi);

    (void)!kit_find(pdf, size, 0, "签字（手写）", &p);
    cairo_translate(cr, p.x + p.w + 6, p.y + p.h);
    cairo_set_source_rgba(cr, 0.08, 0.10, 0.28, 0.92);
    cairo_set_line_width(cr, 0.7);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(cr, 0, -6);
    cairo_curve_to(cr, 3, -12, 6, 4, 9, -7);
    cairo_curve_to(cr, 11, -13, 10, 3, 15, -2);
    cairo_move_to(cr, 14, -9);
    cairo_curve_to(cr, 18, -10, 20, 2, 24, -5);
    cairo_curve_to(cr, 26, -9, 28, 1, 36, -4);
    cairo_stroke(cr);
    cairo_destroy(cr);
}

void
kit_turn(cairo_surface_t **s, double degrees)
{
    int width = cairo_image_surface_get_width(*s), height = cairo_image_surface_get_height(*s);
    bool across = fabs(remainder(degrees, 180)) > 45;
    cairo_surface_t *turned = across ? white(height, width) : white(width, height);
    cairo_t *cr = cairo_create(turned);

    cairo_translate(cr, (across ? height : width) / 2.0, (across ? width : height) / 2.0);
    cairo_rotate(cr, degrees * G_PI / 180);
    cairo_set_source_surface(cr, *s, -width / 2.0, -height / 2.0);
    cairo_paint(cr);
    cairo_destroy(cr);
    kit_drop(s);
    *s = turned;
}

/* Calls change() for each of the three channels of each pixel. */
static void
each_byte(cairo_surface_t *s, unsigned char (*change)(unsigned char, double), double argument)
{
    int width = cairo_image_surface_get_width(s), height = cairo_image_surface_get_height(s);
    unsigned char *data = cairo_image_surface_get_data(s);

    cairo_surface_flush(s);
    for (int y = 0; y < height; y++) {
        unsigned char *row = data + (size_t)y * (size_t)cairo_image_surface_get_stride(s);

        for (int x = 0; x < width * 4; x++)
            if (x % 4 != 3)
                row[x] = change(row[x], argument);
    }
    cairo_surface_mark_dirty(s);
}

static unsigned char
clamp(double v)
{
    return v < 0 ? 0 : v > 255 ? 255 : (unsigned char)v;
}

/* The same grain in every run: tests must not depend on luck. */
static unsigned char
grain(unsigned char v, double level)
{
    static uint32_t seed = 1;

    seed = seed * 1664525 + 1013904223;
    return clamp(v * 0.965 + ((double)(seed >> 16) / 32768 - 1) * level);
}

static unsigned char
scale(unsigned char v, double factor)
{
    return clamp(v * factor);
}

void
kit_grain(cairo_surface_t *s, int level)
{
    each_byte(s, grain, level);
}

void
kit_light(cairo_surface_t *s, double factor)
{
    each_byte(s, scale, factor);
}

/* One pass along rows or columns; a box twice is close to what a lens does. */
static void
blur_line(unsigned char *p, int n, int step, int radius, unsigned char *line)
{
    int sum = 0, count = 0;

    for (int i = 0; i < n; i++)
        line[i] = p[(size_t)i * (size_t)step];
    for (int i = 0; i < radius && i < n; i++, count++)
        sum += line[i];
    for (int i = 0; i < n; i++) {
        if (i + radius < n) {
            sum += line[i + radius];
            count++;
        }
        if (i - radius - 1 >= 0) {
            sum -= line[i - radius - 1];
            count--;
        }
        p[(size_t)i * (size_t)step] = (unsigned char)(sum / count);
    }
}

void
kit_blur(cairo_surface_t *s, int radius)
{
    int width = cairo_image_surface_get_width(s), height = cairo_image_surface_get_height(s);
    int stride = cairo_image_surface_get_stride(s);
    unsigned char *data = cairo_image_surface_get_data(s);
    unsigned char *line = malloc((size_t)(width > height ? width : height));

    if (line == NULL)
        die("no memory to blur");
    cairo_surface_flush(s);
    for (int c = 0; c < 3; c++) {
        for (int y = 0; y < height; y++)
            blur_line(data + (size_t)y * (size_t)stride + c, width, 4, radius, line);
        for (int x = 0; x < width; x++)
            blur_line(data + (size_t)x * 4 + c, height, stride, radius, line);
    }
    cairo_surface_mark_dirty(s);
    free(line);
}

static bool
is_dark(cairo_surface_t *s, int x, int y)
{
    const unsigned char *row =
        cairo_image_surface_get_data(s) + (size_t)y * (size_t)cairo_image_surface_get_stride(s);

    if (cairo_image_surface_get_format(s) == CAIRO_FORMAT_A1)
        return (row[x / 8] >> x % 8 & 1) == 0;
    return row[x * 4 + 1] < 0x80;
}

void
kit_save_dark(cairo_surface_t *s, const char *path)
{
    int width = cairo_image_surface_get_width(s), height = cairo_image_surface_get_height(s);
    KIT_SURFACE *bits = cairo_image_surface_create(CAIRO_FORMAT_A1, width, height);
    int stride = cairo_image_surface_get_stride(bits);

    cairo_surface_flush(s);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            if (!is_dark(s, x, y))
                cairo_image_surface_get_data(bits)[(size_t)y * (size_t)stride + (size_t)x / 8] |=
                    (unsigned char)(1 << x % 8);
    cairo_surface_mark_dirty(bits);
    if (cairo_surface_write_to_png(bits, path) != CAIRO_STATUS_SUCCESS)
        die(path);
}

long
kit_difference(cairo_surface_t *a, cairo_surface_t *b)
{
    int width = cairo_image_surface_get_width(a), height = cairo_image_surface_get_height(a);
    long n = 0;

    cairo_surface_flush(a);
    if (width == 0 || cairo_surface_status(b) != CAIRO_STATUS_SUCCESS ||
        cairo_image_surface_get_width(b) != width || cairo_image_surface_get_height(b) != height)
        return -1;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            n += is_dark(a, x, y) != is_dark(b, x, y);
    return n;
}
