/* A page drawn anew for people: whatever else was in the file stays behind. */
#include <stdlib.h>

#include "paper/inspect.h"
#include "paper/jpeg.h"
#include "paper/wire.h"

enum { LONGEST = 3600, QUALITY = 80, QUALITY_LEAST = 50 }; /* A4 at 300 dpi as it is */

static enum scan_problem
read_jpeg(const void *data, size_t size, int page, struct scan_result *out, struct picture *p)
{
    enum scan_problem problem = jpeg_size(data, size, &out->width, &out->height);
    int halved;

    out->pages = 1;
    if (problem != SCAN_FINE || page > 1)
        return problem;
    if ((double)out->width * out->height > INSPECT_PIXELS)
        return SCAN_TOO_MANY_PIXELS;
    return jpeg_read(data, size, LONGEST, p, &halved);
}

void
inspect_show(const void *data, size_t size, int page, struct scan_result *out, unsigned char **jpeg,
    size_t *jpeg_size)
{
    PICTURE p = {0};

    *jpeg = NULL;
    *out = (struct scan_result){.type = inspect_type(data, size), .problem = SCAN_TYPE};
    if (out->type == SCAN_JPEG)
        out->problem = read_jpeg(data, size, page, out, &p);
    else if (out->type == SCAN_PDF)
        out->problem = inspect_pdf_page(data, size, page, out, &p);
    if (out->problem != SCAN_FINE || p.rgb == NULL)
        return;
    out->width = p.width;
    out->height = p.height;
    if (!jpeg_write(&p, QUALITY, WIRE_PICTURE_MAX, jpeg, jpeg_size) &&
        !jpeg_write(&p, QUALITY_LEAST, WIRE_PICTURE_MAX, jpeg, jpeg_size))
        out->problem = SCAN_TOO_MANY_PIXELS;
}
