/*
 * What travels between the client (paper/scan.h) and hall-inspect: one message each way, same
 * machine. A picture follows its reply in messages of WIRE_CHUNK bytes, the last of what is left.
 */
#ifndef HALL_PAPER_WIRE_H
#define HALL_PAPER_WIRE_H

#include "paper/scan.h"

enum {
    WIRE_MAGIC = 0x48494e33,
    WIRE_SIZE_MAX = 16 * 1024 * 1024,
    WIRE_PICTURE_MAX = 8 * 1024 * 1024,
    WIRE_CHUNK = 64 * 1024,
};

/* Sent with one descriptor: a memfd sealed against change, whose length is the file's. */
struct wire_request {
    unsigned int magic;
    enum scan_kind kind;
    int page;      /* 0: judge the file; from 1: send a picture of this page */
    int budget_ms; /* after which the client is no longer there */
};

struct wire_reply {
    unsigned int magic;
    struct scan_result result;
    int picture; /* bytes that follow */
};

#endif
