/* The seal collection form (电子签章采集表): the seal is stamped into a frame of known size. */
#include "paper/form_pdf.h"
#include "paper/grid.h"
#include "paper/page.h"

#define FRAME 60.0 /* mm, exactly */
#define MARK  7.0  /* length of the corner marks */
#define GAP   2.0  /* from a corner of the frame to its marks */
#define RULER 100
#define SIDE  2.0

static void
draw_corner(struct sheet *s, double x, double y, double dx, double dy)
{
    sheet_line(s, x + dx * GAP, y, x + dx * (GAP + MARK), y, 0.5);
    sheet_line(s, x, y + dy * GAP, x, y + dy * (GAP + MARK), 0.5);
}

/* The marks point away from the frame, so that nothing but the seal is inside it. */
static void
draw_frame(struct sheet *s, double x, double y)
{
    struct sheet_rect frame = {x, y, FRAME, FRAME};

    sheet_frame(s, &frame, 0.2, 0);
    draw_corner(s, x, y, -1, -1);
    draw_corner(s, x + FRAME, y, 1, -1);
    draw_corner(s, x, y + FRAME, -1, 1);
    draw_corner(s, x + FRAME, y + FRAME, 1, 1);
}

static void
draw_ruler(struct op *op, struct sheet *s, double x, double y)
{
    struct sheet_text unit = {.x = x + RULER + 4, .y = y + 4.2, .w = 30, .pt = 8};

    sheet_line(s, x, y, x + RULER, y, 0.2);
    for (int mm = 0; mm <= RULER; mm++) {
        struct sheet_text n = {.x = x + mm - 5, .y = y + 4.2, .w = 10, .pt = 8};

        sheet_line(s, x + mm, y, x + mm, y + (mm % 10 == 0 ? 4 : mm % 5 == 0 ? 3 : 2), 0.15);
        n.align = ALIGN_CENTRE;
        n.text = arena_printf(op->arena, "%d", mm / 10);
        if (mm % 10 == 0)
            sheet_write(s, &n);
    }
    unit.text = page_word(WORD_RULER_UNIT);
    sheet_write(s, &unit);
}

static double
draw_notes(struct sheet *s, double y)
{
    struct sheet_text heading = {.x = GRID_LEFT + SIDE, .y = y, .w = 60, .pt = 10, .bold = true};
    struct sheet_text t = {.x = GRID_LEFT + SIDE, .y = y, .w = GRID_WIDTH - 2 * SIDE, .pt = 9};

    heading.text = page_word(WORD_SEAL_HEADING);
    t.text = page_word(WORD_SEAL_NOTES);
    sheet_tag(s, "H2");
    t.y += sheet_write(s, &heading) + 1;
    sheet_untag(s, "H2");
    sheet_tag(s, "P");
    y = t.y + sheet_write(s, &t);
    sheet_untag(s, "P");
    return y;
}

static void
draw_signature(struct op *op, struct sheet *s, const struct form_paper *p, double y)
{
    struct sheet_text sign = {.x = GRID_LEFT + SIDE, .y = y, .w = 50, .pt = 10.5};
    struct sheet_text date = {.x = GRID_LEFT + 110, .y = y, .w = 66, .pt = 10.5};

    sign.text = page_words(op, WORD_SIGN, form_signer(p->kind));
    date.text = page_word(WORD_DATE);
    sheet_tag(s, "P");
    sheet_write(s, &sign);
    sheet_write(s, &date);
    sheet_untag(s, "P");
    sheet_line(s, GRID_LEFT + 38, y + 5, GRID_LEFT + 98, y + 5, 0.25);
}

enum err
form_pdf_seal(struct op *op, const struct form_paper *p, struct pdf *out)
{
    const struct grid_style style = {9.5, 1.3};
    SHEET s = NULL;
    struct sheet_info info = {page_word(WORD_SEAL_TITLE), p->authority, p->created_at};
    struct sheet_text caption = {.x = GRID_LEFT,
        .w = GRID_WIDTH,
        .pt = 10.5,
        .bold = true,
        .align = ALIGN_CENTRE,
        .text = page_word(WORD_SEAL_CAPTION)};
    struct page page;
    struct grid grid;
    double y;

    TRY(page_start(op, p, info.title, QR_SEAL_FORM, &page));
    page.number = page.pages = 1;
    TRY(sheet_open(op, &info, &s));
    grid_plan(op, s, p, style, &grid);
    if (grid.height > 70)
        return op_fail(op, E_INVALID, "too much text for a seal collection form");
    TRY(page_draw(op, s, &page));
    y = grid_draw(s, &grid, 0, grid.n, PAGE_TOP) + 8;
    caption.y = y;
    sheet_tag(s, "P");
    y += sheet_write(s, &caption) + MARK + GAP + 3;
    sheet_untag(s, "P");
    draw_frame(s, (SHEET_WIDTH - FRAME) / 2, y);
    y += FRAME + MARK + GAP + 6;
    draw_ruler(op, s, (SHEET_WIDTH - RULER) / 2, y);
    y = draw_notes(s, y + 18);
    draw_signature(op, s, p, y + 14);
    return sheet_close(&s, out);
}
