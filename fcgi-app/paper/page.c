#include "paper/page.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "paper/grid.h"

#define QR_SIZE 28.0

static const char *const words[WORD_MAX] = {
#define WORD(name, text) [WORD_##name] = text,
#include "paper/word.def"
};

const char *
page_word(enum page_word w)
{
    return words[w];
}

const char *
page_words(struct op *op, enum page_word w, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, w);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    vsnprintf(text, sizeof(text), words[w], ap);
#pragma GCC diagnostic pop
    va_end(ap);
    return arena_printf(op->arena, "%s", text);
}

enum err
page_start(struct op *op, const struct form_paper *p, const char *title, enum qr_form form,
    struct page *out)
{
    struct qr_mark mark;

    if (!qr_mark(form, p->order_no, p->revision, p->sha256, &mark))
        return op_fail(op, E_INVALID, "no order number, revision and digest to print");
    *out = (struct page){.paper = p, .title = title, .code = qr_text(op->arena, &mark)};
    return OK;
}

static void
draw_head(struct op *op, struct sheet *s, const struct page *p)
{
    struct sheet_text title = {.x = 46,
        .y = 16,
        .w = SHEET_WIDTH - 92,
        .pt = 20,
        .bold = true,
        .align = ALIGN_CENTRE,
        .text = p->title};
    struct sheet_text project = {
        .x = 46, .y = 27, .w = SHEET_WIDTH - 92, .pt = 11, .align = ALIGN_CENTRE};
    struct sheet_text left = {.x = GRID_LEFT, .y = 11, .w = 90, .pt = 9, .grey = 0.2};
    struct sheet_text order = {.x = GRID_LEFT, .y = 34.5, .w = 140, .pt = 9.5};

    left.text = page_words(op, WORD_RECEIVED_BY, p->paper->authority);
    project.text = p->paper->project;
    order.text = page_words(op, WORD_ORDER, p->paper->order_no, (long long)p->paper->revision);
    sheet_tag(s, "P");
    sheet_write(s, &left);
    sheet_untag(s, "P");
    sheet_tag(s, "H1");
    sheet_write(s, &title);
    sheet_untag(s, "H1");
    sheet_tag(s, "P");
    sheet_write(s, &project);
    sheet_write(s, &order);
    sheet_untag(s, "P");
}

static void
draw_foot(struct op *op, struct sheet *s, const struct page *p)
{
    struct sheet_text left = {.x = GRID_LEFT, .y = 286, .w = 140, .pt = 8, .grey = 0.2};
    struct sheet_text right = {.x = GRID_LEFT + GRID_WIDTH - 40,
        .y = 286,
        .w = 40,
        .pt = 8,
        .grey = 0.2,
        .align = ALIGN_RIGHT};

    left.text = page_words(
        op, WORD_CHECK_CODE, p->paper->sha256, text_date_cn(op->arena, p->paper->created_at));
    right.text = page_words(op, WORD_PAGE, p->number, p->pages);
    sheet_tag(s, "P");
    sheet_write(s, &left);
    sheet_write(s, &right);
    sheet_untag(s, "P");
}

enum err
page_draw(struct op *op, struct sheet *s, const struct page *p)
{
    draw_head(op, s, p);
    draw_foot(op, s, p);
    return sheet_qr(s, GRID_LEFT + GRID_WIDTH - QR_SIZE + 2, 10, QR_SIZE, p->code);
}
