/*
 * A4 sheets drawn into one tagged PDF: text, lines, QR codes. Lengths are millimetres from the top
 * left corner of the page, type sizes are points, grey runs from 0 (black) to 1 (white).
 */
#ifndef HALL_PAPER_SHEET_H
#define HALL_PAPER_SHEET_H

#include <stddef.h>

#include "base/op.h"

#define SHEET_WIDTH  210.0
#define SHEET_HEIGHT 297.0

struct sheet;

struct sheet_info {
    const char *title, *author;
    int64_t created_at; /* UTC seconds; the only date in the file */
};

struct pdf {
    const unsigned char *data; /* in the arena */
    size_t size;
};

enum sheet_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

/* Text breaks into lines of the width w; "\n" breaks always. */
struct sheet_text {
    double x, y, w, pt, grey;
    bool bold;
    enum sheet_align align;
    const char *text;
};

struct sheet_rect {
    double x, y, w, h;
};

/* Holds the fonts until it is closed or dropped: draw, do not wait. */
enum err sheet_open(struct op *op, const struct sheet_info *info, struct sheet **out) MUST_USE;
/* Ends the file. E_INTERNAL when anything could not be drawn. */
enum err sheet_close(struct sheet **s, struct pdf *out) MUST_USE;
void sheet_drop(struct sheet **s);
#define SHEET __attribute__((cleanup(sheet_drop))) struct sheet *

void sheet_next_page(struct sheet *s);

/* Height of the text; draws nothing. */
double sheet_height(struct sheet *s, const struct sheet_text *t);
/* Width that the text takes on one line; draws nothing. */
double sheet_width(struct sheet *s, const struct sheet_text *t);
/* Draws it and returns its height. */
double sheet_write(struct sheet *s, const struct sheet_text *t);
/* The same, centred between the top and the bottom of a cell. */
void sheet_write_in(struct sheet *s, const struct sheet_text *t, double height);

void sheet_line(struct sheet *s, double x1, double y1, double x2, double y2, double width);
/* The middle of the line runs along the rectangle; dashed where dash is above 0. */
void sheet_frame(struct sheet *s, const struct sheet_rect *r, double width, double dash);
void sheet_fill(struct sheet *s, const struct sheet_rect *r, double grey);

/* A QR code with error correction M in a square of the given size, quiet zone included. */
enum err sheet_qr(struct sheet *s, double x, double y, double size, const char *text) MUST_USE;

/* Structure elements of PDF ("H1", "P", "Table", "TR", "TH", "TD"), properly nested. */
void sheet_tag(struct sheet *s, const char *name);
void sheet_untag(struct sheet *s, const char *name);

#endif
