/* The inspection itself: runs inside the cage, on bytes of strangers, and opens nothing. */
#ifndef HALL_PAPER_INSPECT_H
#define HALL_PAPER_INSPECT_H

#include "paper/scan.h"

struct picture;

/* Judges the bytes. A file that makes a library crash ends the process: call it in the cage. */
void inspect(enum scan_kind kind, const void *data, size_t size, struct scan_result *out);

/* Draws a page, from 1, anew: *jpeg, which the caller frees with free(), stays NULL when there is
 * no such page. Fills problem, pages, width and height of *out. Call it in the cage. */
void inspect_show(const void *data, size_t size, int page, struct scan_result *out,
    unsigned char **jpeg, size_t *jpeg_size);

/* Lets the libraries load what they load at first use, before the cage is closed. */
void inspect_prepare(void);

/* By its first bytes. */
enum scan_type inspect_type(const void *data, size_t size);

/* The parts, one per format. Each fills *out and returns what is wrong. */
enum scan_problem inspect_jpeg(
    enum scan_kind kind, const void *data, size_t size, struct scan_result *out) MUST_USE;
enum scan_problem inspect_pdf(
    enum scan_kind kind, const void *data, size_t size, struct scan_result *out) MUST_USE;
/* One page of a PDF as pixels, rgb NULL when there is none of this number (from 1). */
enum scan_problem inspect_pdf_page(const void *data, size_t size, int page, struct scan_result *out,
    struct picture *pixels) MUST_USE;
enum scan_problem inspect_mp4(const void *data, size_t size, struct scan_result *out) MUST_USE;
enum scan_problem inspect_webm(const void *data, size_t size, struct scan_result *out) MUST_USE;

/* What a PDF is made of, without drawing it. */
struct pdf_structure {
    int pages;
    double image_pixels; /* of its largest picture, 0 when it has none */
};
enum scan_problem pdf_structure_read(
    const void *data, size_t size, struct pdf_structure *out) MUST_USE;

/* One page of a document as pixels: adds its codes, ink, red and seal to *out. `scale` is how many
 * pixels of the original one pixel stands for. */
void inspect_page(
    enum scan_kind kind, const struct picture *p, double scale, struct scan_result *out);

enum { INSPECT_PIXELS = 40 * 1000 * 1000, INSPECT_SHORT_SIDE = 800, INSPECT_CARD_SIDE = 600 };

#endif
