/* What travels between scan_inspect() and hall-inspect: one message each way, same machine. */
#ifndef HALL_PAPER_WIRE_H
#define HALL_PAPER_WIRE_H

#include "paper/scan.h"

enum { WIRE_MAGIC = 0x48494e32, WIRE_SIZE_MAX = 16 * 1024 * 1024 };

/* Sent with one descriptor: a memfd sealed against change, whose length is the file's. */
struct wire_request {
    unsigned int magic;
    enum scan_kind kind;
    int budget_ms; /* after which the client is no longer there */
};

struct wire_reply {
    unsigned int magic;
    struct scan_result result;
};

#endif
