#include "paper/jpeg.h"

#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

static void
drop(tjhandle *h)
{
    if (*h != NULL)
        tjDestroy(*h);
}

struct header {
    int width, height, colours;
};

static bool
read_header(tjhandle h, const void *data, size_t size, struct header *out)
{
    int subsampling;

    return tjDecompressHeader3(
               h, data, size, &out->width, &out->height, &subsampling, &out->colours) == 0 &&
           out->width > 0 && out->height > 0;
}

enum scan_problem
jpeg_size(const void *data, size_t size, int *width, int *height)
{
    __attribute__((cleanup(drop))) tjhandle h = tjInitDecompress();
    struct header header;

    if (h == NULL || !read_header(h, data, size, &header))
        return SCAN_UNREADABLE;
    *width = header.width;
    *height = header.height;
    return SCAN_FINE;
}

/* Warnings are common in files that every program shows; only a missing end is a fault. Progressive
 * files with hundreds of scans, made to keep decoders busy, are errors of the library's own. */
static enum scan_problem
judge(tjhandle h)
{
    if (strstr(tjGetErrorStr2(h), "remature end") != NULL)
        return SCAN_TRUNCATED;
    return tjGetErrorCode(h) == TJERR_WARNING ? SCAN_FINE : SCAN_UNREADABLE;
}

/* Four inks to three lights; print programs store the inks inverted (Adobe's convention). */
static enum scan_problem
read_inks(tjhandle h, const void *data, size_t size, struct picture *out)
{
    size_t n = (size_t)out->width * (size_t)out->height;
    unsigned char *inks = malloc(n * 4);
    enum scan_problem problem = SCAN_FINE;

    if (inks == NULL)
        return SCAN_UNREADABLE;
    if (tjDecompress2(
            h, data, size, inks, out->width, 0, out->height, TJPF_CMYK, TJFLAG_LIMITSCANS) != 0)
        problem = judge(h);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 3; c++)
            out->rgb[i * 3 + c] = (unsigned char)(inks[i * 4 + c] * inks[i * 4 + 3] / 255);
    free(inks);
    return problem;
}

enum scan_problem
jpeg_read(const void *data, size_t size, int longest, struct picture *out, int *halved)
{
    __attribute__((cleanup(drop))) tjhandle h = tjInitDecompress();
    struct header header;
    int by = 1, longer;

    if (h == NULL || !read_header(h, data, size, &header))
        return SCAN_UNREADABLE;
    longer = header.width > header.height ? header.width : header.height;
    while (by < 8 && longer / by > longest)
        by *= 2;
    if (!picture_new(out, TJSCALED(header.width, ((tjscalingfactor){1, by})),
            TJSCALED(header.height, ((tjscalingfactor){1, by}))))
        return SCAN_UNREADABLE;
    *halved = by;
    if (header.colours == TJCS_CMYK || header.colours == TJCS_YCCK)
        return read_inks(h, data, size, out);
    if (tjDecompress2(
            h, data, size, out->rgb, out->width, 0, out->height, TJPF_RGB, TJFLAG_LIMITSCANS) != 0)
        return judge(h);
    return SCAN_FINE;
}

bool
jpeg_write(const struct picture *p, int quality, size_t most, unsigned char **out, size_t *size)
{
    __attribute__((cleanup(drop))) tjhandle h = tjInitCompress();
    unsigned char *made = NULL;
    unsigned long n = 0;
    bool good = h != NULL && tjCompress2(h, p->rgb, p->width, 0, p->height, TJPF_RGB, &made, &n,
                                 TJSAMP_420, quality, TJFLAG_FASTDCT) == 0;

    *out = NULL;
    if (good && n <= most && (*out = malloc(n)) != NULL) {
        memcpy(*out, made, n);
        *size = n;
    }
    tjFree(made);
    return *out != NULL;
}
