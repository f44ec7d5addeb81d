/*
 * The table of a printed form: groups at the left, then label and value, two pairs in a line where
 * both values are short, one where a value is long.
 */
#ifndef HALL_PAPER_GRID_H
#define HALL_PAPER_GRID_H

#include "paper/form_pdf.h"

#define GRID_LEFT  16.0 /* mm; the table is as wide as the page without its margins */
#define GRID_WIDTH (SHEET_WIDTH - 2 * GRID_LEFT)

struct grid_style {
    double pt, pad; /* type size, mm above and below the text of a cell */
};

struct grid_line {
    const struct paper_row *left, *right; /* right is NULL where the value takes the whole line */
    size_t group;
    double height;
};

struct grid {
    const struct form_paper *paper;
    struct grid_style style;
    const char **names; /* of the groups, broken into lines */
    struct grid_line *lines;
    size_t n;
    double height;
};

/* Breaks the groups of the paper into lines; draws nothing. */
void grid_plan(struct op *op, struct sheet *s, const struct form_paper *p, struct grid_style style,
    struct grid *out);

/* Height of the lines from, …, to - 1. */
double grid_height(const struct grid *g, size_t from, size_t to);

/* Draws them with the upper edge at y and returns where the lower edge is. */
double grid_draw(struct sheet *s, const struct grid *g, size_t from, size_t to, double y);

#endif
