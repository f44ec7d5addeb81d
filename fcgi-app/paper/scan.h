/*
 * Looking into what strangers upload: the client of hall-inspect, which opens the bytes in a caged
 * process that lives for one file.
 */
#ifndef HALL_PAPER_SCAN_H
#define HALL_PAPER_SCAN_H

#include <stddef.h>

#include "base/op.h"

enum { SCAN_CODES = 4, SCAN_CODE_MAX = 255, SCAN_PAGES = 10 };

enum scan_kind {
    SCAN_DOCUMENT, /* JPEG or PDF: QR codes, red seal */
    SCAN_SEAL,     /* JPEG or PDF: the same, measured at the resolution of a seal */
    SCAN_ID_CARD,  /* JPEG: is the photograph good enough to be read */
    SCAN_VIDEO,    /* MP4 or WebM: is it one, and whole */
    SCAN_KIND_MAX
};

enum scan_type { SCAN_OTHER, SCAN_JPEG, SCAN_PDF, SCAN_MP4, SCAN_WEBM, SCAN_TYPE_MAX };

enum scan_problem {
    SCAN_FINE,
#define PROBLEM(name, fault, answer) SCAN_##name,
#include "paper/problem.def"
    SCAN_PROBLEM_MAX
};

/* The largest red mark with the outline of a seal; shares and sizes are 0 where there is none. */
struct scan_seal {
    int width, height; /* pixels at the picture's own resolution */
    bool round;        /* round or oval: its corners are empty */
    bool cut_off;      /* it touches the edge of the picture */
};

/* Plain data, the same in both processes. Shares are of all pixels of a page, 0 to 1, and of the
 * page that has most of it. */
struct scan_result {
    enum scan_type type;       /* judged by content */
    enum scan_problem problem; /* the first found; measures need not be filled in then */
    int width, height;         /* pixels; of a PDF's first page as scanned or drawn */
    int pages;                 /* 1 for a JPEG */
    int dpi;                   /* as if the page were A4; 0 for a PDF of vectors */
    double red_share, ink_share;
    struct scan_seal seal;
    double luminance, sharpness, glare; /* SCAN_ID_CARD only: mean 0-255, see picture.h, share */
    int codes;
    char code[SCAN_CODES][SCAN_CODE_MAX + 1]; /* the text of each QR code */
};

/* Asks hall-inspect within op's deadline. OK whenever there is an answer, also that the file is
 * unreadable, which is the answer too for a file at which the inspector died or ran out of time.
 * E_UNAVAILABLE when there is no answer. The data may be up to 16 MiB. */
enum err scan_inspect(struct op *op, enum scan_kind kind, const void *data, size_t size,
    struct scan_result *out) MUST_USE;

/* A page as people may safely look at it: drawn anew in the cage, as a JPEG without anything else
 * in it. jpeg is NULL where `problem` says why, and where there is no such page. */
struct scan_picture {
    enum scan_problem problem;
    int pages, width, height;
    const void *jpeg; /* in op->arena */
    size_t size;
};
/* As scan_inspect; page from 1. */
enum err scan_show(
    struct op *op, const void *data, size_t size, int page, struct scan_picture *out) MUST_USE;

const char *scan_type_name(enum scan_type t); /* "image/jpeg", …, "application/octet-stream" */
const char *scan_problem_name(enum scan_problem p); /* "UNREADABLE", …, for logs */

#endif
