/* Papers that are not the hall's own: a licence copy, a bank's voucher, an ID card. */
#include <math.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <stdlib.h>

#include "scan_kit.h"

struct line {
    double x, y, height;
    const char *text;
};

static void
write_line(cairo_t *cr, const struct line *l)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string("Noto Sans CJK SC, Sans");

    pango_font_description_set_absolute_size(font, 10 * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, l->text, -1);
    cairo_save(cr);
    cairo_translate(cr, l->x, l->y);
    cairo_scale(cr, l->height / 10, l->height / 10);
    cairo_move_to(cr, 0, 0);
    pango_cairo_show_layout(cr, layout);
    cairo_restore(cr);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static void
write_lines(cairo_t *cr, const struct line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        write_line(cr, &lines[i]);
}

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

cairo_surface_t *
kit_licence(double dpi, const char *name, const char *uscc)
{
    cairo_surface_t *s = kit_paper(210, 297, dpi);
    cairo_t *cr = cairo_create(s);
    struct line lines[] = {
        {78, 45, 16, "营业执照"},
        {83, 68, 6, "（副本）　样本"},
        {30, 95, 5, "统一社会信用代码"},
        {80, 95, 5, uscc},
        {30, 110, 5, "名　　称"},
        {80, 110, 5, name},
        {30, 125, 5, "类　　型"},
        {80, 125, 5, "有限责任公司"},
        {30, 140, 5, "经营范围"},
        {80, 140, 5, "仅供系统测试，不具有任何效力"},
        {30, 155, 5, "营业期限"},
        {80, 155, 5, "长期"},
        {120, 235, 5, "登记机关：示例登记机关"},
    };

    cairo_scale(cr, dpi / 25.4, dpi / 25.4);
    cairo_set_line_width(cr, 1.5);
    cairo_rectangle(cr, 15, 20, 180, 255);
    cairo_stroke(cr);
    write_lines(cr, lines, COUNT(lines));
    cairo_destroy(cr);
    kit_seal(s, dpi, 150, 215, 40, name);
    return s;
}

cairo_surface_t *
kit_voucher(double dpi, const char *payer, const char *amount)
{
    cairo_surface_t *s = kit_paper(210, 140, dpi);
    cairo_t *cr = cairo_create(s);
    struct line lines[] = {
        {60, 15, 9, "示例银行 电子回单（样本）"},
        {20, 45, 5, "付款人"},
        {60, 45, 5, payer},
        {20, 60, 5, "收款人"},
        {60, 60, 5, "示例收款单位"},
        {20, 75, 5, "金额（元）"},
        {60, 75, 5, amount},
        {20, 90, 5, "用途"},
        {60, 90, 5, "数字证书费用"},
    };

    cairo_scale(cr, dpi / 25.4, dpi / 25.4);
    cairo_set_line_width(cr, 0.4);
    cairo_rectangle(cr, 12, 35, 186, 80);
    cairo_stroke(cr);
    write_lines(cr, lines, COUNT(lines));
    cairo_destroy(cr);
    return s;
}

static void
draw_head(cairo_t *cr)
{
    cairo_set_source_rgb(cr, 0.55, 0.60, 0.66);
    cairo_rectangle(cr, 58, 10, 22, 28);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.80, 0.66, 0.56);
    cairo_arc(cr, 69, 20, 6, 0, 2 * G_PI);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.20, 0.22, 0.30);
    cairo_rectangle(cr, 61, 28, 16, 10);
    cairo_fill(cr);
}

/* The fine lines that such cards have as a background. */
static void
draw_guilloche(cairo_t *cr)
{
    cairo_set_source_rgb(cr, 0.66, 0.76, 0.80);
    cairo_set_line_width(cr, 0.12);
    for (int i = 0; i < 36; i++) {
        cairo_move_to(cr, 1, 1 + i * 1.45);
        for (int x = 1; x < 84; x++)
            cairo_line_to(cr, x, 1 + i * 1.45 + 0.7 * sin(x * 0.5 + i));
    }
    cairo_stroke(cr);
}

cairo_surface_t *
kit_id_card(bool front, int width, const char *name, const char *number)
{
    double dpi = width / 100.0 * 25.4;
    cairo_surface_t *s = kit_paper(100, 68, dpi);
    cairo_t *cr = cairo_create(s);
    struct line lines_front[] = {
        {6, 6, 3.2, "姓名"},
        {16, 6, 4, name},
        {6, 15, 3.2, "性别"},
        {16, 15, 3.2, "样"},
        {6, 24, 3.2, "住址"},
        {16, 24, 3.2, "示例省样本市测试路 1 号"},
        {6, 44, 3.2, "公民身份号码"},
        {30, 43.5, 4.2, number},
    };
    struct line lines_back[] = {
        {26, 8, 6, "样本样本样本样本"},
        {30, 20, 7, "居民身份证"},
        {12, 36, 3.4, "签发机关　示例市公安局（样本）"},
        {12, 44, 3.4, "有效期限　2026.01.01-2046.01.01"},
    };

    cairo_scale(cr, dpi / 25.4, dpi / 25.4);
    cairo_set_source_rgb(cr, 0.42, 0.38, 0.34); /* the table under the card */
    cairo_paint(cr);
    cairo_translate(cr, 7.2, 7);
    cairo_rectangle(cr, 0, 0, 85.6, 54);
    cairo_set_source_rgb(cr, 0.84, 0.89, 0.91);
    cairo_fill(cr);
    draw_guilloche(cr);
    if (front)
        draw_head(cr);
    cairo_set_source_rgb(cr, 0.05, 0.05, 0.06);
    write_lines(
        cr, front ? lines_front : lines_back, front ? COUNT(lines_front) : COUNT(lines_back));
    cairo_destroy(cr);
    return s;
}

cairo_surface_t *
kit_qr(const char *text, int side)
{
    cairo_surface_t *s = kit_paper(side / 10.0, side / 10.0, 254);
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    cairo_t *cr = cairo_create(s);
    int module = side / 3 / code->width;

    cairo_translate(cr, side / 3.0, side / 3.0);
    for (int i = 0; i < code->width * code->width; i++)
        if ((code->data[i] & 1) != 0)
            cairo_rectangle(cr, i % code->width * module, i / code->width * module, module, module);
    cairo_fill(cr);
    cairo_destroy(cr);
    QRcode_free(code);
    return s;
}
