/*
 * The fonts of the printed forms. Only the files named in the settings are known, whatever else
 * the machine has, so that the same form has the same bytes everywhere.
 */
#ifndef HALL_PAPER_FONTS_H
#define HALL_PAPER_FONTS_H

#include "base/op.h"

/* Once per process, before any form is drawn; files are separated by colons. A file that is
 * missing is E_INVALID and `why` names it. Needs no HOME and writes no cache. The fonts
 * live as long as the process. */
enum err fonts_open(const char *files, char *why, size_t why_size) MUST_USE;

/* The one font map (a PangoFontMap) for one thread at a time, until fonts_give(). E_UNAVAILABLE
 * when op's deadline passes first, E_INTERNAL when fonts_open() was not called. */
enum err fonts_take(struct op *op, void **map) MUST_USE;
void fonts_give(void);

/*
 * Draws a PangoLayout of one type size on a cairo_t, its upper left corner at x, y (points).
 *
 * Not pango_cairo_show_layout(): cairo 1.16 tracks hints wrongly when it subsets CFF fonts with
 * shared subroutines (the letters F and L beside any Han character are enough) and then embeds
 * 0.9 MB. Here the glyphs are embedded by their outlines. Between fonts_take() and fonts_give().
 */
enum err fonts_draw(
    struct op *op, void *cairo, void *layout, double pt, double x, double y) MUST_USE;

#endif
