/* JPEG in and out, by libjpeg-turbo. */
#ifndef HALL_PAPER_JPEG_H
#define HALL_PAPER_JPEG_H

#include "paper/picture.h"

/* Fills width and height only; SCAN_UNREADABLE when there is no header. */
enum scan_problem jpeg_size(const void *data, size_t size, int *width, int *height) MUST_USE;

/* Decodes all of it, halved until the longer side is at most `longest` (at most to an eighth);
 * *halved is 1, 2, 4 or 8. SCAN_TRUNCATED or SCAN_UNREADABLE when it cannot. */
enum scan_problem jpeg_read(
    const void *data, size_t size, int longest, struct picture *out, int *halved) MUST_USE;

/* Encodes; *out is from malloc. False without memory or when it is more than `most` bytes. */
bool jpeg_write(
    const struct picture *p, int quality, size_t most, unsigned char **out, size_t *size) MUST_USE;

#endif
