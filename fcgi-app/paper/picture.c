#include "paper/picture.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_SIDE = 600, TILES = 12, BURNT = 250, DARKER = 48 };

bool
picture_new(struct picture *p, int width, int height)
{
    *p = (struct picture){.width = width, .height = height};
    p->rgb = malloc((size_t)width * (size_t)height * 3);
    return p->rgb != NULL;
}

void
picture_free(struct picture *p)
{
    free(p->rgb);
    p->rgb = NULL;
}

static size_t
pixels(const struct picture *p)
{
    return (size_t)p->width * (size_t)p->height;
}

unsigned char *
picture_grey(const struct picture *p)
{
    size_t n = pixels(p);
    unsigned char *grey = malloc(n);

    for (size_t i = 0; grey != NULL && i < n; i++) {
        const unsigned char *c = p->rgb + i * 3;

        grey[i] = (unsigned char)((c[0] * 77 + c[1] * 150 + c[2] * 29) >> 8);
    }
    return grey;
}

/* Hue from -35 to 16 degrees, saturation from 0.28, value from 0.35: fresh and dry stamping ink,
 * scanned or photographed, but neither skin nor wood nor yellowed paper. */
bool
picture_is_red(const unsigned char *c)
{
    int r = c[0], g = c[1], b = c[2];
    int chroma = r - (g < b ? g : b);

    return r >= 90 && r > g && r >= b && chroma * 100 >= 28 * r && (g - b) * 60 <= 16 * chroma &&
           (b - g) * 60 <= 35 * chroma;
}

double
picture_red(const struct picture *p)
{
    size_t n = pixels(p), red = 0;

    for (size_t i = 0; i < n; i++)
        red += picture_is_red(p->rgb + i * 3);
    return n == 0 ? 0 : (double)red / (double)n;
}

/* The luminance that nine tenths of the pixels do not exceed: the paper, not its highlights. */
static int
paper_level(const size_t *histogram, size_t n)
{
    size_t below = 0;
    int level = 0;

    while (level < 255 && (below += histogram[level]) * 10 < n * 9)
        level++;
    return level;
}

double
picture_ink(const struct picture *p)
{
    int left = p->width / 32, top = p->height / 32; /* a scanner's dark rim is no ink */
    size_t histogram[256] = {0}, n = 0, ink = 0;
    int level;

    for (int y = top; y < p->height - top; y++) {
        for (int x = left; x < p->width - left; x++, n++) {
            const unsigned char *c = p->rgb + ((size_t)y * (size_t)p->width + (size_t)x) * 3;

            histogram[(c[0] * 77 + c[1] * 150 + c[2] * 29) >> 8]++;
        }
    }
    level = paper_level(histogram, n);
    for (int i = 0; i < level - DARKER; i++)
        ink += histogram[i];
    return n == 0 ? 0 : (double)ink / (double)n;
}

/* Shrinks by averaging whole areas, so that noise does not pass for sharpness. */
static unsigned char *
shrink(const unsigned char *grey, int width, int height, int *out_w, int *out_h)
{
    int small = width < height ? width : height;
    int w = small > SHORT_SIDE ? (int)((int64_t)width * SHORT_SIDE / small) : width;
    int h = small > SHORT_SIDE ? (int)((int64_t)height * SHORT_SIDE / small) : height;
    unsigned char *out = malloc((size_t)w * (size_t)h);

    for (int y = 0; out != NULL && y < h; y++) {
        int y0 = (int)((int64_t)y * height / h), y1 = (int)((int64_t)(y + 1) * height / h);

        for (int x = 0; x < w; x++) {
            int x0 = (int)((int64_t)x * width / w), x1 = (int)((int64_t)(x + 1) * width / w);
            int64_t sum = 0;

            for (int v = y0; v < y1; v++)
                for (int u = x0; u < x1; u++)
                    sum += grey[(size_t)v * (size_t)width + (size_t)u];
            out[(size_t)y * (size_t)w + (size_t)x] =
                (unsigned char)(sum / ((int64_t)(x1 - x0) * (y1 - y0)));
        }
    }
    *out_w = w;
    *out_h = h;
    return out;
}

static double
tile_variance(const unsigned char *grey, int width, int height, int tile)
{
    int x0 = 1 + tile % TILES * (width - 2) / TILES, x1 = (tile % TILES + 1) * (width - 2) / TILES;
    int y0 = 1 + tile / TILES * (height - 2) / TILES;
    int y1 = (tile / TILES + 1) * (height - 2) / TILES;
    double sum = 0, squares = 0, n = 0;

    for (int y = y0; y <= y1; y++) {
        const unsigned char *row = grey + (size_t)y * (size_t)width;

        for (int x = x0; x <= x1; x++, n++) {
            double l = row[x - 1] + row[x + 1] + row[x - width] + row[x + width] - 4.0 * row[x];

            sum += l;
            squares += l * l;
        }
    }
    return n == 0 ? 0 : squares / n - sum / n * (sum / n);
}

static int
descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? 1 : x > y ? -1 : 0;
}

bool
picture_quality(const struct picture *p, struct picture_quality *out)
{
    double variances[TILES * TILES], total = 0;
    size_t n = pixels(p), sum = 0, burnt = 0;
    unsigned char *grey = picture_grey(p), *small = NULL;
    int w, h;

    if (grey != NULL)
        small = shrink(grey, p->width, p->height, &w, &h);
    if (small == NULL) {
        free(grey);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        sum += grey[i];
        burnt += grey[i] >= BURNT;
    }
    for (int i = 0; i < TILES * TILES; i++)
        variances[i] = tile_variance(small, w, h, i);
    qsort(variances, TILES * TILES, sizeof(*variances), descending);
    for (int i = 0; i < TILES * TILES / 10; i++)
        total += variances[i];
    *out = (struct picture_quality){.luminance = (double)sum / (double)n,
        .glare = (double)burnt / (double)n,
        .sharpness = total / (TILES * TILES / 10)};
    free(small);
    free(grey);
    return true;
}
