#include "paper/sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <string.h>

#include "base/text.h"
#include "paper/fonts.h"

enum { PDF_MAX = 4 * 1024 * 1024, QR_QUIET = 4 };
#define FAMILY "Noto Sans CJK SC"
#define LEADING                                                                      \
    1.35 /* line height in type sizes; fixed, so that a fallback font keeps the rows \
          */

struct sheet {
    struct op *op;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoContext *context;
    PangoLayout *layout;
    unsigned char *data;
    size_t size, room;
    enum err error; /* the first that drawing met; told when the sheet is closed */
};

static double
points(double mm)
{
    return mm * 72.0 / 25.4;
}

static double
millimetres(int pango)
{
    return (double)pango / PANGO_SCALE * 25.4 / 72.0;
}

static cairo_status_t
collect(void *closure, const unsigned char *data, unsigned int n)
{
    struct sheet *s = closure;

    if (s->size + n > PDF_MAX)
        return CAIRO_STATUS_WRITE_ERROR;
    if (s->size + n > s->room) {
        unsigned char *bigger;

        s->room = (s->size + n) * 2;
        bigger = arena_alloc(s->op->arena, s->room);
        if (s->size > 0)
            memcpy(bigger, s->data, s->size);
        s->data = bigger;
    }
    memcpy(s->data + s->size, data, n);
    s->size += n;
    return CAIRO_STATUS_SUCCESS;
}

static void
set_metadata(struct sheet *s, const struct sheet_info *info)
{
    const char *at = text_time(s->op->arena, info->created_at);

    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, info->title);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_AUTHOR, info->author);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
}

/* Metrics free of any screen's grid, or lines would break differently from machine to machine. */
static void
set_up_text(struct sheet *s, PangoFontMap *map)
{
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    s->context = pango_font_map_create_context(map);
    pango_cairo_context_set_resolution(s->context, 72);
    pango_context_set_round_glyph_positions(s->context, FALSE);
    pango_context_set_language(s->context, pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(s->context, PANGO_DIRECTION_LTR);
    pango_cairo_context_set_font_options(s->context, options);
    cairo_set_font_options(s->cr, options);
    cairo_font_options_destroy(options);
    s->layout = pango_layout_new(s->context);
    pango_layout_set_auto_dir(s->layout, FALSE);
    pango_layout_set_wrap(s->layout, PANGO_WRAP_WORD_CHAR);
}

enum err
sheet_open(struct op *op, const struct sheet_info *info, struct sheet **out)
{
    struct sheet *s = NEW(op->arena, struct sheet);
    void *map;

    s->op = op;
    TRY(fonts_take(op, &map));
    s->surface =
        cairo_pdf_surface_create_for_stream(collect, s, points(SHEET_WIDTH), points(SHEET_HEIGHT));
    s->cr = cairo_create(s->surface);
    set_metadata(s, info);
    set_up_text(s, map);
    sheet_tag(s, "Document");
    *out = s;
    return OK;
}

void
sheet_drop(struct sheet **s)
{
    if (*s == NULL)
        return;
    g_object_unref((*s)->layout);
    g_object_unref((*s)->context);
    cairo_destroy((*s)->cr);
    cairo_surface_destroy((*s)->surface);
    fonts_give();
    *s = NULL;
}

enum err
sheet_close(struct sheet **s, struct pdf *out)
{
    struct op *op = (*s)->op;
    cairo_status_t status;

    TRY((*s)->error);
    sheet_untag(*s, "Document");
    cairo_show_page((*s)->cr);
    status = cairo_status((*s)->cr);
    cairo_surface_finish((*s)->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status((*s)->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return op_fail(op, E_INTERNAL, "cairo: %s", cairo_status_to_string(status));
    *out = (struct pdf){(*s)->data, (*s)->size};
    sheet_drop(s);
    return OK;
}

void
sheet_next_page(struct sheet *s)
{
    cairo_show_page(s->cr);
}

static void
lay_out(struct sheet *s, const struct sheet_text *t, double width)
{
    static const PangoAlignment aligns[] = {
        [ALIGN_LEFT] = PANGO_ALIGN_LEFT,
        [ALIGN_CENTRE] = PANGO_ALIGN_CENTER,
        [ALIGN_RIGHT] = PANGO_ALIGN_RIGHT,
    };
    PangoFontDescription *font = pango_font_description_new();
    PangoAttrList *attributes = pango_attr_list_new();

    pango_font_description_set_family_static(font, FAMILY);
    pango_font_description_set_size(font, (int)(t->pt * PANGO_SCALE));
    pango_font_description_set_weight(font, t->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_attr_list_insert(
        attributes, pango_attr_line_height_new_absolute((int)(t->pt * LEADING * PANGO_SCALE)));
    /* A ligature is one glyph for two letters: fine in print, wrong in a check code. */
    pango_attr_list_insert(attributes, pango_attr_font_features_new("liga=0, clig=0"));
    pango_layout_set_font_description(s->layout, font);
    pango_layout_set_attributes(s->layout, attributes);
    pango_layout_set_alignment(s->layout, aligns[t->align]);
    pango_layout_set_width(s->layout, width < 0 ? -1 : (int)(points(width) * PANGO_SCALE));
    pango_layout_set_text(s->layout, t->text, -1);
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
}

double
sheet_height(struct sheet *s, const struct sheet_text *t)
{
    int height;

    lay_out(s, t, t->w);
    pango_layout_get_size(s->layout, NULL, &height);
    return millimetres(height);
}

double
sheet_width(struct sheet *s, const struct sheet_text *t)
{
    int width;

    lay_out(s, t, -1);
    pango_layout_get_size(s->layout, &width, NULL);
    return millimetres(width);
}

double
sheet_write(struct sheet *s, const struct sheet_text *t)
{
    int height;

    lay_out(s, t, t->w);
    cairo_set_source_rgb(s->cr, t->grey, t->grey, t->grey);
    if (s->error == OK)
        s->error = fonts_draw(s->op, s->cr, s->layout, t->pt, points(t->x), points(t->y));
    pango_layout_get_size(s->layout, NULL, &height);
    return millimetres(height);
}

void
sheet_write_in(struct sheet *s, const struct sheet_text *t, double height)
{
    struct sheet_text centred = *t;

    centred.y += (height - sheet_height(s, t)) / 2;
    sheet_write(s, &centred);
}

static void
stroke(struct sheet *s, double width, double dash)
{
    double pattern = points(dash);

    cairo_set_source_rgb(s->cr, 0, 0, 0);
    cairo_set_line_width(s->cr, points(width));
    cairo_set_dash(s->cr, &pattern, dash > 0, 0);
    cairo_stroke(s->cr);
}

void
sheet_line(struct sheet *s, double x1, double y1, double x2, double y2, double width)
{
    cairo_move_to(s->cr, points(x1), points(y1));
    cairo_line_to(s->cr, points(x2), points(y2));
    stroke(s, width, 0);
}

void
sheet_frame(struct sheet *s, const struct sheet_rect *r, double width, double dash)
{
    cairo_rectangle(s->cr, points(r->x), points(r->y), points(r->w), points(r->h));
    stroke(s, width, dash);
}

void
sheet_fill(struct sheet *s, const struct sheet_rect *r, double grey)
{
    cairo_set_source_rgb(s->cr, grey, grey, grey);
    cairo_rectangle(s->cr, points(r->x), points(r->y), points(r->w), points(r->h));
    cairo_fill(s->cr);
}

static void
free_qr(QRcode **code)
{
    QRcode_free(*code);
}

enum err
sheet_qr(struct sheet *s, double x, double y, double size, const char *text)
{
    __attribute__((cleanup(free_qr))) QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    double module;

    if (code == NULL)
        return op_fail(s->op, E_INTERNAL, "no QR code of %zu bytes", strlen(text));
    module = points(size) / (code->width + 2 * QR_QUIET);
    cairo_set_source_rgb(s->cr, 0, 0, 0);
    for (int row = 0; row < code->width; row++) {
        const unsigned char *line = code->data + row * code->width;

        /* Runs of dark modules are one rectangle each: no hairlines between them. */
        for (int from = 0, to; from < code->width; from = to + 1) {
            for (to = from; to < code->width && (line[to] & 1) != 0; to++)
                ;
            if (to > from)
                cairo_rectangle(s->cr, points(x) + (from + QR_QUIET) * module,
                    points(y) + (row + QR_QUIET) * module, (to - from) * module, module);
        }
    }
    cairo_fill(s->cr);
    return OK;
}

void
sheet_tag(struct sheet *s, const char *name)
{
    cairo_tag_begin(s->cr, name, NULL);
}

void
sheet_untag(struct sheet *s, const char *name)
{
    cairo_tag_end(s->cr, name);
}
