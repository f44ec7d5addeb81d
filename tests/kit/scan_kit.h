/*
 * Makes what applicants upload: stamped and signed scans, licence copies, ID card photographs. All
 * names in it come from the caller; seals say that they are samples. Ends the process when a
 * library fails: these are tools.
 */
#ifndef HALL_TESTS_SCAN_KIT_H
#define HALL_TESTS_SCAN_KIT_H

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>

#define KIT_SURFACE __attribute__((cleanup(kit_drop))) cairo_surface_t
void kit_drop(cairo_surface_t **s);

struct kit_file {
    unsigned char *data; /* malloc */
    size_t size;
};
void kit_free(struct kit_file *f);
#define KIT_FILE __attribute__((cleanup(kit_free))) struct kit_file

/* White paper of the given size. */
cairo_surface_t *kit_paper(double width_mm, double height_mm, double dpi);

/* One page of a PDF as pixels; the first is 0. */
cairo_surface_t *kit_render(const void *pdf, size_t size, int page, double dpi);

/* Where the text stands on the page, millimetres from the top left; false when it does not. */
struct kit_place {
    double x, y, w, h;
};
bool kit_find(const void *pdf, size_t size, int page, const char *text, struct kit_place *out);

/* A round company seal with its centre at x, y. */
void kit_seal(
    cairo_surface_t *s, double dpi, double x, double y, double diameter, const char *name);
/* The same where a form of the hall wants it; the lower right corner of any other page. */
void kit_seal_form(cairo_surface_t *s, const void *pdf, size_t size, double dpi, const char *name);
/* A pen stroke behind "签字（手写）：". */
void kit_sign_form(cairo_surface_t *s, const void *pdf, size_t size, double dpi);

/* Turned clockwise by any angle about the middle, on a sheet of the same size (multiples of 90: on
 * one that fits). Replaces *s. */
void kit_turn(cairo_surface_t **s, double degrees);
/* What a scanner adds: paper that is not white, grain up to `level` either way. */
void kit_grain(cairo_surface_t *s, int level);
/* Every channel times the factor. */
void kit_light(cairo_surface_t *s, double factor);
/* Averages squares of 2 * radius + 1 pixels. */
void kit_blur(cairo_surface_t *s, int radius);

cairo_surface_t *kit_licence(double dpi, const char *name, const char *uscc);
cairo_surface_t *kit_voucher(double dpi, const char *payer, const char *amount);
/* ID-1 size with a margin around it; every text on it says that it is a sample. */
cairo_surface_t *kit_id_card(bool front, int width, const char *name, const char *number);

struct kit_file kit_jpeg(cairo_surface_t *s, int quality);
/* At the quality, or the first lower one, that gives at most `most` bytes. */
struct kit_file kit_jpeg_within(cairo_surface_t *s, int quality, size_t most);
/* A PDF as scanners make it: one picture a page, of the paper's size. */
struct kit_file kit_pdf(const struct kit_file *jpegs, int n, double dpi);

/* A PNG of one bit a pixel, dark or not; and in how many pixels two pictures differ by that
 * measure, -1 when they have not the same size or one is no picture. */
void kit_save_dark(cairo_surface_t *s, const char *path);
long kit_difference(cairo_surface_t *a, cairo_surface_t *b);

/* A PDF of objects 1, 2, …; the first is the catalogue. */
struct kit_file kit_pdf_of(const char *const *objects, int n);

/* A QR code alone in the middle of a white page. */
cairo_surface_t *kit_qr(const char *text, int side);

#endif
