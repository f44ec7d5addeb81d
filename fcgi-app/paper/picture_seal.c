/* Finds the seal on a page: the red mark with the largest outline. */
#include <stdlib.h>
#include <string.h>

#include "paper/picture.h"

enum {
    BLOCK = 8,  /* pixels of a block's side */
    ENOUGH = 4, /* red pixels that make a block red */
    REACH = 3,  /* blocks up to which neighbours belong together: ring, star and characters */
};

struct blocks {
    int width, height;
    unsigned char *red; /* 1 for a red block not yet taken */
    int *queue;
};

struct box {
    int left, top, right, bottom; /* inclusive */
};

static bool
find_blocks(const struct picture *p, struct blocks *b)
{
    b->width = (p->width + BLOCK - 1) / BLOCK;
    b->height = (p->height + BLOCK - 1) / BLOCK;
    b->red = calloc((size_t)b->width * (size_t)b->height, 1);
    b->queue = calloc((size_t)b->width * (size_t)b->height, sizeof(*b->queue));
    if (b->red == NULL || b->queue == NULL)
        return false;
    for (int y = 0; y < p->height; y++) {
        unsigned char *row = b->red + (size_t)(y / BLOCK) * (size_t)b->width;
        const unsigned char *c = p->rgb + (size_t)y * (size_t)p->width * 3;

        for (int x = 0; x < p->width; x++, c += 3)
            row[x / BLOCK] += picture_is_red(c);
    }
    for (int i = 0; i < b->width * b->height; i++)
        b->red[i] = b->red[i] >= ENOUGH;
    return true;
}

static void
widen(struct box *box, int x, int y)
{
    if (x < box->left)
        box->left = x;
    if (x > box->right)
        box->right = x;
    if (y < box->top)
        box->top = y;
    if (y > box->bottom)
        box->bottom = y;
}

/* Takes the mark that block `start` belongs to. */
static struct box
take_mark(struct blocks *b, int start)
{
    struct box box = {start % b->width, start / b->width, start % b->width, start / b->width};
    int first = 0, last = 0;

    b->queue[last++] = start;
    b->red[start] = 0;
    while (first < last) {
        int x = b->queue[first] % b->width, y = b->queue[first] / b->width;

        first++;
        widen(&box, x, y);
        for (int v = y - REACH; v <= y + REACH; v++) {
            for (int u = x - REACH; u <= x + REACH; u++) {
                if (u < 0 || v < 0 || u >= b->width || v >= b->height || !b->red[v * b->width + u])
                    continue;
                b->red[v * b->width + u] = 0;
                b->queue[last++] = v * b->width + u;
            }
        }
    }
    return box;
}

/* From blocks to pixels: the outermost rows and columns with at least two red pixels. */
static struct box
refine(const struct picture *p, const struct box *blocks)
{
    int x0 = blocks->left * BLOCK, x1 = (blocks->right + 1) * BLOCK;
    int y0 = blocks->top * BLOCK, y1 = (blocks->bottom + 1) * BLOCK;
    struct box box = {p->width, p->height, -1, -1};

    for (int y = y0; y < y1 && y < p->height; y++) {
        int before = 0;

        for (int x = x0; x < x1 && x < p->width; x++) {
            bool red = picture_is_red(p->rgb + ((size_t)y * (size_t)p->width + (size_t)x) * 3);

            if (red && before > 0) {
                widen(&box, x, y);
                widen(&box, x - 1, y);
            }
            before = red;
        }
    }
    return box;
}

/* Share of red pixels in the corner of the box at cx, cy (0 or 1 each), an eighth of each side. */
static double
corner(const struct picture *p, const struct box *box, int cx, int cy)
{
    int w = (box->right - box->left + 1) / 8, h = (box->bottom - box->top + 1) / 8;
    int x0 = cx == 0 ? box->left : box->right - w + 1,
        y0 = cy == 0 ? box->top : box->bottom - h + 1;
    int red = 0;

    for (int y = y0; y < y0 + h; y++)
        for (int x = x0; x < x0 + w; x++)
            red += picture_is_red(p->rgb + ((size_t)y * (size_t)p->width + (size_t)x) * 3);
    return w * h == 0 ? 1 : (double)red / (w * h);
}

static struct scan_seal
describe(const struct picture *p, const struct box *blocks)
{
    struct box box = refine(p, blocks);
    struct scan_seal seal = {.width = box.right - box.left + 1, .height = box.bottom - box.top + 1};

    if (seal.width * 50 < p->width || seal.height * 50 < p->width)
        return (struct scan_seal){0};
    seal.cut_off =
        box.left < 2 || box.top < 2 || box.right > p->width - 3 || box.bottom > p->height - 3;
    seal.round = seal.width < seal.height * 2 && seal.height < seal.width * 2;
    for (int i = 0; i < 4; i++)
        seal.round &= corner(p, &box, i % 2, i / 2) < 0.06;
    return seal;
}

static int
area(const struct box *b)
{
    return (b->right - b->left + 1) * (b->bottom - b->top + 1);
}

struct scan_seal
picture_seal(const struct picture *p)
{
    struct scan_seal seal = {0};
    struct blocks b = {0};

    if (find_blocks(p, &b)) {
        struct box best = {0, 0, -1, -1};

        for (int i = 0; i < b.width * b.height; i++) {
            struct box box;

            if (!b.red[i])
                continue;
            box = take_mark(&b, i);
            if (area(&box) > area(&best))
                best = box;
        }
        if (area(&best) > 0)
            seal = describe(p, &best);
    }
    free(b.red);
    free(b.queue);
    return seal;
}
