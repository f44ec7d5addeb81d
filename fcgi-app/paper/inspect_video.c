/* Is it a whole MP4 (ISO/IEC 14496-12) or WebM (RFC 8794)? Nothing is decoded here. */
#include <string.h>

#include "paper/inspect.h"

static uint64_t
big_endian(const unsigned char *p, size_t n)
{
    uint64_t v = 0;

    while (n-- > 0)
        v = v << 8 | *p++;
    return v;
}

struct boxes {
    const unsigned char *p, *end;
};

/* Next box of a level; false at its end. A box that reaches past the end is cut: *whole = false. */
static bool
next_box(struct boxes *in, const unsigned char **name, struct boxes *inside, bool *whole)
{
    uint64_t size;
    size_t head = 8, left = (size_t)(in->end - in->p);

    if (left < 8) {
        *whole &= left == 0;
        return false;
    }
    size = big_endian(in->p, 4);
    *name = in->p + 4;
    if (size == 1 && left >= 16) {
        size = big_endian(in->p + 8, 8);
        head = 16;
    } else if (size == 0) {
        size = left;
    }
    if (size < head || size > left) {
        *whole = false;
        return false;
    }
    *inside = (struct boxes){in->p + head, in->p + size};
    in->p += size;
    return true;
}

/* Width and height of a track header are the last eight bytes, 16.16 fixed point. */
static void
read_track(struct boxes track, struct scan_result *out, bool *whole)
{
    const unsigned char *name;
    struct boxes inside;

    while (next_box(&track, &name, &inside, whole)) {
        if (memcmp(name, "tkhd", 4) == 0 && inside.end - inside.p >= 84) {
            int width = (int)big_endian(inside.end - 8, 2);
            int height = (int)big_endian(inside.end - 4, 2);

            if (width > out->width) {
                out->width = width;
                out->height = height;
            }
        }
    }
}

enum scan_problem
inspect_mp4(const void *data, size_t size, struct scan_result *out)
{
    struct boxes file = {data, (const unsigned char *)data + size}, inside;
    bool whole = true, movie = false, media = false;
    const unsigned char *name;

    while (next_box(&file, &name, &inside, &whole)) {
        struct boxes track;

        media |= memcmp(name, "mdat", 4) == 0;
        if (memcmp(name, "moov", 4) != 0)
            continue;
        movie = true;
        while (next_box(&inside, &name, &track, &whole))
            if (memcmp(name, "trak", 4) == 0)
                read_track(track, out, &whole);
    }
    return movie && media && whole ? SCAN_FINE : SCAN_TRUNCATED;
}

/* A number of EBML with the length in its leading zeros; 0 bytes read means broken. Identifiers
 * keep their marker bit, sizes lose it. */
static size_t
read_number(const unsigned char *p, size_t left, bool keep, uint64_t *out)
{
    size_t n = 1;

    if (left == 0 || *p == 0)
        return 0;
    while ((*p & (0x80 >> (n - 1))) == 0)
        n++;
    if (n > left)
        return 0;
    *out = big_endian(p, n);
    if (!keep)
        *out &= (1ULL << (7 * n)) - 1;
    return n;
}

enum {
    EBML_HEAD = 0x1A45DFA3,
    EBML_DOCTYPE = 0x4282,
    EBML_SEGMENT = 0x18538067,
    EBML_TRACKS = 0x1654AE6B,
    EBML_TRACK = 0xAE,
    EBML_VIDEO = 0xE0,
    EBML_WIDTH = 0xB0,
    EBML_HEIGHT = 0xBA,
    EBML_CLUSTER = 0x1F43B675,
    EBML_DEPTH = 5,
};

struct webm {
    struct scan_result *out;
    bool is_webm, tracks, cluster, whole;
};

static void
read_elements(struct webm *w, const unsigned char *p, const unsigned char *end, int depth)
{
    while (p < end) {
        uint64_t id, size;
        size_t a = read_number(p, (size_t)(end - p), true, &id), b = 0;
        bool unknown;

        if (a > 0)
            b = read_number(p + a, (size_t)(end - p) - a, false, &size);
        if (b == 0) {
            w->whole = false;
            return;
        }
        p += a + b;
        /* Browsers that record do not know a segment's or cluster's length beforehand. */
        unknown = size == (1ULL << (7 * b)) - 1;
        if (!unknown && size > (uint64_t)(end - p)) {
            w->whole = false;
            size = (uint64_t)(end - p);
        }
        if (unknown)
            size = (uint64_t)(end - p);
        if (id == EBML_DOCTYPE)
            w->is_webm = size >= 4 && memcmp(p, "webm", 4) == 0;
        w->tracks |= id == EBML_TRACKS;
        w->cluster |= id == EBML_CLUSTER;
        if ((id == EBML_WIDTH || id == EBML_HEIGHT) && size >= 1 && size <= 4)
            *(id == EBML_WIDTH ? &w->out->width : &w->out->height) =
                (int)(big_endian(p, (size_t)size) & 0xFFFF);
        if (depth < EBML_DEPTH && (id == EBML_HEAD || id == EBML_SEGMENT || id == EBML_TRACKS ||
                                      id == EBML_TRACK || id == EBML_VIDEO))
            read_elements(w, p, p + size, depth + 1);
        if (unknown && id == EBML_CLUSTER)
            return;
        p += size;
    }
}

enum scan_problem
inspect_webm(const void *data, size_t size, struct scan_result *out)
{
    const unsigned char *p = data;
    struct webm w = {.out = out, .whole = true};

    read_elements(&w, p, p + size, 0);
    if (!w.is_webm)
        return SCAN_VIDEO_TYPE;
    return w.tracks && w.cluster && w.whole ? SCAN_FINE : SCAN_TRUNCATED;
}
