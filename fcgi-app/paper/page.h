/* What stands on every page of a printed form: title, order, QR code above; digest, count below. */
#ifndef HALL_PAPER_PAGE_H
#define HALL_PAPER_PAGE_H

#include "paper/form_pdf.h"
#include "paper/qr.h"

#define PAGE_TOP    41.0 /* mm: the body of a page lies between these */
#define PAGE_BOTTOM 284.0

enum page_word {
#define WORD(name, text) WORD_##name,
#include "paper/word.def"
    WORD_MAX
};

struct page {
    const struct form_paper *paper;
    const char *title, *code; /* code: the text of the QR code */
    int number, pages;
};

/* E_INVALID when order number, revision or digest is none. */
enum err page_start(struct op *op, const struct form_paper *p, const char *title, enum qr_form form,
    struct page *out) MUST_USE;

/* The words of paper/word.def; the second fills the conversions of a word that has some. */
const char *page_word(enum page_word w);
const char *page_words(struct op *op, enum page_word w, ...);

enum err page_draw(struct op *op, struct sheet *s, const struct page *p) MUST_USE;

#endif
