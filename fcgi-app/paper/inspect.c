#include "paper/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "paper/codes.h"
#include "paper/jpeg.h"
#include "paper/picture.h"

#define A4_LONG 11.69 /* inches */

/* When a photograph of an ID card cannot be read by people or machines. Found with pictures from
 * 600 to 4000 pixels; sharpness is measured at 600. */
static const struct {
    double dark, bright, glare, sharp;
} card = {
    .dark = 50,    /* mean luminance at least */
    .bright = 225, /* mean luminance at most */
    .glare = 0.30, /* share of burnt-out pixels at most */
    .sharp = 100,  /* variance of the Laplacian at least */
};

/* Below these a page has nothing on it: two characters of 12 points have more. */
static const double blank_ink = 0.0002, blank_red = 0.0005;

enum { LONGEST_PAGE = 2600, LONGEST_SEAL = 4400, LONGEST_CARD = 2000, LONGEST_AGAIN = 5300 };

void
inspect_page(enum scan_kind kind, const struct picture *p, double scale, struct scan_result *out)
{
    double red = picture_red(p), ink = picture_ink(p);
    unsigned char *grey;

    if (red > out->red_share)
        out->red_share = red;
    if (ink > out->ink_share)
        out->ink_share = ink;
    if (kind == SCAN_SEAL || red > blank_red) {
        struct scan_seal seal = picture_seal(p);

        seal.width = (int)(seal.width * scale);
        seal.height = (int)(seal.height * scale);
        if (seal.width * seal.height > out->seal.width * out->seal.height)
            out->seal = seal;
    }
    grey = picture_grey(p);
    if (grey != NULL)
        codes_find(grey, p->width, p->height, out);
    free(grey);
}

static enum scan_problem
inspect_card(const void *data, size_t size, struct scan_result *out)
{
    struct picture_quality q;
    PICTURE p = {0};
    enum scan_problem problem;
    int halved;

    if (out->width < INSPECT_CARD_SIDE || out->height < INSPECT_CARD_SIDE)
        return SCAN_CARD_TOO_SMALL;
    problem = jpeg_read(data, size, LONGEST_CARD, &p, &halved);
    if (problem != SCAN_FINE)
        return problem;
    if (!picture_quality(&p, &q))
        return SCAN_UNREADABLE;
    out->luminance = q.luminance;
    out->glare = q.glare;
    out->sharpness = q.sharpness;
    if (q.luminance < card.dark)
        return SCAN_CARD_TOO_DARK;
    if (q.luminance > card.bright || q.glare > card.glare)
        return SCAN_CARD_TOO_BRIGHT;
    return q.sharpness < card.sharp ? SCAN_CARD_BLURRED : SCAN_FINE;
}

/* A code that is small on a large scan is lost when halved: look again at more pixels. */
static void
look_again(const void *data, size_t size, int halved, struct scan_result *out)
{
    PICTURE p = {0};
    unsigned char *grey;
    int by;

    if (out->codes > 0 || halved == 1 ||
        jpeg_read(data, size, LONGEST_AGAIN, &p, &by) != SCAN_FINE || by == halved)
        return;
    grey = picture_grey(&p);
    if (grey != NULL)
        codes_find(grey, p.width, p.height, out);
    free(grey);
}

enum scan_problem
inspect_jpeg(enum scan_kind kind, const void *data, size_t size, struct scan_result *out)
{
    PICTURE p = {0};
    enum scan_problem problem = jpeg_size(data, size, &out->width, &out->height);
    int halved, longer = out->width > out->height ? out->width : out->height;

    if (problem != SCAN_FINE)
        return problem;
    if ((double)out->width * out->height > INSPECT_PIXELS)
        return SCAN_TOO_MANY_PIXELS;
    out->pages = 1;
    out->dpi = (int)(longer / A4_LONG + 0.5);
    if (kind == SCAN_ID_CARD)
        return inspect_card(data, size, out);
    problem = jpeg_read(data, size, kind == SCAN_SEAL ? LONGEST_SEAL : LONGEST_PAGE, &p, &halved);
    if (problem != SCAN_FINE)
        return problem;
    if (out->width < INSPECT_SHORT_SIDE || out->height < INSPECT_SHORT_SIDE)
        return SCAN_TOO_SMALL;
    inspect_page(kind, &p, halved, out);
    picture_free(&p);
    look_again(data, size, halved, out);
    return SCAN_FINE;
}

static bool
begins(const void *data, size_t size, const char *with, size_t n)
{
    return size >= n && memcmp(data, with, n) == 0;
}

enum scan_type
inspect_type(const void *data, size_t size)
{
    if (begins(data, size, "\xFF\xD8\xFF", 3))
        return SCAN_JPEG;
    if (begins(data, size, "%PDF-", 5))
        return SCAN_PDF;
    if (size >= 12 && memcmp((const char *)data + 4, "ftyp", 4) == 0)
        return SCAN_MP4;
    if (begins(data, size, "\x1A\x45\xDF\xA3", 4))
        return SCAN_WEBM;
    return SCAN_OTHER;
}

/* A ZIP archive (also a program in Java, an office document) is read from its end: its last
 * record names its own distance to the end. */
static bool
ends_as_zip(const unsigned char *data, size_t size)
{
    enum { RECORD = 22, COMMENT = 65535 };
    size_t from = size > RECORD + COMMENT ? size - RECORD - COMMENT : 0;

    if (size < RECORD)
        return false;
    for (size_t i = size - RECORD + 1; i-- > from;)
        if (memcmp(data + i, "PK\5\6", 4) == 0 &&
            size - i - RECORD == (size_t)(data[i + 20] | data[i + 21] << 8))
            return true;
    return false;
}

/* Files that two kinds of programs open differently are made to deceive one of them. */
static bool
has_second_type(enum scan_type type, const void *data, size_t size)
{
    static const char *const marks[] = {"%PDF-", "<script", "<html", "<?php"};

    if (ends_as_zip(data, size))
        return true;
    if (type != SCAN_JPEG)
        return false;
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
        if (memmem(data, size, marks[i], strlen(marks[i])) != NULL)
            return true;
    return false;
}

static enum scan_problem
inspect_document(enum scan_kind kind, const void *data, size_t size, struct scan_result *out)
{
    enum scan_problem problem = SCAN_TYPE;

    if (out->type == SCAN_JPEG)
        problem = inspect_jpeg(kind, data, size, out);
    else if (out->type == SCAN_PDF && kind != SCAN_ID_CARD)
        problem = inspect_pdf(kind, data, size, out);
    if (problem == SCAN_FINE && kind != SCAN_ID_CARD && out->ink_share < blank_ink &&
        out->red_share < blank_red)
        problem = SCAN_BLANK;
    return problem;
}

void
inspect(enum scan_kind kind, const void *data, size_t size, struct scan_result *out)
{
    *out = (struct scan_result){.type = inspect_type(data, size)};
    if (kind == SCAN_VIDEO) {
        out->problem = SCAN_VIDEO_TYPE;
        if (out->type == SCAN_MP4)
            out->problem = inspect_mp4(data, size, out);
        else if (out->type == SCAN_WEBM)
            out->problem = inspect_webm(data, size, out);
        return;
    }
    if (has_second_type(out->type, data, size))
        out->problem = SCAN_TWO_TYPES;
    else
        out->problem = inspect_document(kind, data, size, out);
}
