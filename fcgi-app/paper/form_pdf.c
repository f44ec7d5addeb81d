#include "paper/form_pdf.h"

#include "paper/grid.h"
#include "paper/page.h"

#define SIGN 47.0 /* mm: a company seal is 38 to 45 mm wide */
#define SEAL 62.0
#define SIDE 2.0

static const struct {
    const char *title, *signer, *heading, *declaration;
} kinds[PAPER_MAX] = {
#define PAPER(name, t, s, h, d) [PAPER_##name] = {t, s, h, d},
#include "paper/form.def"
};

/* From roomy to tight: the first that leaves the whole form on one page wins. */
static const struct grid_style styles[] = {{9.5, 1.35}, {9, 1.0}, {8.5, 0.75}, {8, 0.55}};
enum { STYLES = sizeof(styles) / sizeof(*styles), STYLE_OF_LONG_FORMS = 1 };

/* One form while it is drawn. */
struct form {
    struct op *op;
    struct sheet *sheet;
    const struct form_paper *paper;
    struct grid grid;
    struct page page;
    double tail; /* mm that declaration, signature and note take */
};

static struct sheet_text
tail_text(const char *text, double pt)
{
    return (struct sheet_text){
        .x = GRID_LEFT + SIDE, .w = GRID_WIDTH - 2 * SIDE, .pt = pt, .text = text};
}

static double
declaration_height(struct form *f)
{
    struct sheet_text heading = tail_text(kinds[f->paper->kind].heading, 9.5);
    struct sheet_text text = tail_text(kinds[f->paper->kind].declaration, 8.5);

    return sheet_height(f->sheet, &heading) + sheet_height(f->sheet, &text) + 3;
}

static double
tail_height(struct form *f)
{
    struct sheet_text note = tail_text(page_word(WORD_APPLICATION_NOTE), 8);

    return declaration_height(f) + SIGN + 1.5 + sheet_height(f->sheet, &note);
}

static void
draw_declaration(struct form *f, double y)
{
    struct sheet_text heading = tail_text(kinds[f->paper->kind].heading, 9.5);
    struct sheet_text text = tail_text(kinds[f->paper->kind].declaration, 8.5);

    heading.y = y + 1;
    heading.bold = true;
    sheet_tag(f->sheet, "H2");
    text.y = heading.y + sheet_write(f->sheet, &heading) + 0.5;
    sheet_untag(f->sheet, "H2");
    sheet_tag(f->sheet, "P");
    sheet_write(f->sheet, &text);
    sheet_untag(f->sheet, "P");
}

static void
draw_signature(struct form *f, double y)
{
    struct sheet *s = f->sheet;
    double x = GRID_LEFT + GRID_WIDTH - SEAL, line = y + 19;
    struct sheet_text sign = {.x = GRID_LEFT + SIDE, .y = line - 4.5, .w = 60, .pt = 10.5};
    struct sheet_text date = {.x = GRID_LEFT + SIDE, .y = line + 12, .w = 90, .pt = 10.5};
    struct sheet_text seal = {
        .x = x, .y = y + 1.5, .w = SEAL, .pt = 10, .bold = true, .align = ALIGN_CENTRE};
    struct sheet_text hint = {.x = x, .y = y + SIGN - 7, .w = SEAL, .pt = 9, .align = ALIGN_CENTRE};

    sign.text = page_words(f->op, WORD_SIGN, kinds[f->paper->kind].signer);
    date.text = page_word(WORD_DATE);
    seal.text = page_word(WORD_SEAL_HERE);
    hint.text = page_word(WORD_SEAL_DATE);
    sheet_tag(s, "P");
    sheet_write(s, &sign);
    sheet_write(s, &date);
    sheet_write(s, &seal);
    sheet_write(s, &hint);
    sheet_untag(s, "P");
    sheet_line(s, GRID_LEFT + 36, line + 1, x - 8, line + 1, 0.25);
    sheet_line(s, x, y, x, y + SIGN, 0.18);
}

static void
draw_tail(struct form *f, double y)
{
    double declaration = declaration_height(f);
    struct sheet_rect outer = {GRID_LEFT, y, GRID_WIDTH, declaration + SIGN};
    struct sheet_text note = tail_text(page_word(WORD_APPLICATION_NOTE), 8);

    draw_declaration(f, y);
    sheet_line(f->sheet, GRID_LEFT, y + declaration, GRID_LEFT + GRID_WIDTH, y + declaration, 0.18);
    draw_signature(f, y + declaration);
    sheet_frame(f->sheet, &outer, 0.45, 0);
    note.x = GRID_LEFT;
    note.w = GRID_WIDTH;
    note.y = y + declaration + SIGN + 1.5;
    note.grey = 0.2;
    sheet_tag(f->sheet, "P");
    sheet_write(f->sheet, &note);
    sheet_untag(f->sheet, "P");
}

/* Chooses the style; returns E_INVALID when one line alone is higher than a page. */
static enum err
plan(struct form *f)
{
    f->tail = tail_height(f);
    for (int i = 0; i < STYLES; i++) {
        grid_plan(f->op, f->sheet, f->paper, styles[i], &f->grid);
        if (PAGE_TOP + f->grid.height + f->tail <= PAGE_BOTTOM)
            return OK;
    }
    grid_plan(f->op, f->sheet, f->paper, styles[STYLE_OF_LONG_FORMS], &f->grid);
    for (size_t i = 0; i < f->grid.n; i++)
        if (PAGE_TOP + f->grid.lines[i].height > PAGE_BOTTOM)
            return op_fail(f->op, E_INVALID, "the value in line %zu is longer than a page", i);
    return OK;
}

/* How many lines, beginning with `from`, fit on one page. */
static size_t
lines_to(const struct form *f, size_t from)
{
    size_t to = from;
    double y = PAGE_TOP;

    while (to < f->grid.n && y + f->grid.lines[to].height <= PAGE_BOTTOM)
        y += f->grid.lines[to++].height;
    return to;
}

static int
count_pages(const struct form *f)
{
    int pages = 0;
    size_t from = 0, to;

    do {
        to = lines_to(f, from);
        pages++;
        if (to == f->grid.n && PAGE_TOP + grid_height(&f->grid, from, to) + f->tail > PAGE_BOTTOM)
            pages++;
        from = to;
    } while (from < f->grid.n);
    return pages;
}

static enum err
draw(struct form *f)
{
    size_t from = 0;
    double y = PAGE_TOP;

    f->page.pages = count_pages(f);
    for (f->page.number = 1; f->page.number <= f->page.pages; f->page.number++) {
        size_t to = lines_to(f, from);

        if (f->page.number > 1)
            sheet_next_page(f->sheet);
        TRY(page_draw(f->op, f->sheet, &f->page));
        y = grid_draw(f->sheet, &f->grid, from, to, PAGE_TOP);
        from = to;
    }
    draw_tail(f, y);
    return OK;
}

const char *
form_signer(enum paper_kind kind)
{
    return kinds[kind].signer;
}

enum err
form_pdf_application(struct op *op, const struct form_paper *p, struct pdf *out)
{
    SHEET sheet = NULL;
    struct form f = {.op = op, .paper = p};
    struct sheet_info info = {kinds[p->kind].title, p->authority, p->created_at};

    TRY(page_start(op, p, info.title, QR_APPLICATION_FORM, &f.page));
    TRY(sheet_open(op, &info, &sheet));
    f.sheet = sheet;
    TRY(plan(&f));
    TRY(draw(&f));
    return sheet_close(&sheet, out);
}
