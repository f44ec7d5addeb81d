/*
 * hall-inspect's two sides: the parent, which accepts connections and keeps a few caged children
 * ready, and the child, which receives one file, judges it, answers and ends.
 */
#ifndef HALL_PAPER_INSPECTOR_H
#define HALL_PAPER_INSPECTOR_H

#include "base/op.h"

/* A child that did not end by itself; its client was told that the file is unreadable. */
struct inspector_death {
    int signal;    /* what ended it, 0 when it left with a status */
    bool by_time;  /* it was ended for taking too long */
    int64_t after; /* milliseconds */
};

/* Serves conf->inspect until SIGTERM or SIGINT, then finishes what is under way. E_INTERNAL with
 * `why` when it cannot begin, or its children cannot be caged. Call with a single thread. */
enum err inspector_serve(const struct conf *conf, void (*died)(const struct inspector_death *),
    char *why, size_t why_size) MUST_USE;

/* How a child leaves by itself; any other way is a death. */
enum { INSPECTOR_ANSWERED = 0, INSPECTOR_NO_REQUEST = 2 };

/* The child: waits on `control` for a connection, does its one work, never returns. */
_Noreturn void inspector_child(const struct conf *conf, int control);

#endif
