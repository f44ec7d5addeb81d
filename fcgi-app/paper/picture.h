/* Pixels and what can be measured on them. No files, no formats. */
#ifndef HALL_PAPER_PICTURE_H
#define HALL_PAPER_PICTURE_H

#include "paper/scan.h"

/* Rows of red, green, blue without gaps. */
struct picture {
    int width, height;
    unsigned char *rgb;
};

/* False when there is not that much memory. */
bool picture_new(struct picture *p, int width, int height) MUST_USE;
void picture_free(struct picture *p);
#define PICTURE __attribute__((cleanup(picture_free))) struct picture

/* Luminance (BT.601), one byte a pixel; NULL without memory. The caller frees it. */
unsigned char *picture_grey(const struct picture *p);

/* Share of red pixels: hue of stamping ink, clearly coloured, not dark. */
double picture_red(const struct picture *p);
bool picture_is_red(const unsigned char *rgb);

/* Share of pixels clearly darker than the paper, margins aside. */
double picture_ink(const struct picture *p);

/* The largest red mark; all zero when there is none of seal's size (2 % of the width). */
struct scan_seal picture_seal(const struct picture *p);

struct picture_quality {
    double luminance; /* mean, 0-255 */
    double glare;     /* share of pixels that are burnt out */
    double sharpness; /* variance of the Laplacian in the sharpest tenth of 12 x 12 tiles, after
                         shrinking to a short side of 600 pixels */
};

/* False without memory. */
bool picture_quality(const struct picture *p, struct picture_quality *out) MUST_USE;

#endif
