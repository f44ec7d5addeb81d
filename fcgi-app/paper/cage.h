/*
 * The cage around a process that opens bytes of strangers: no new files, no network, no programs,
 * no other processes, little memory, little time. There is no way back out.
 */
#ifndef HALL_PAPER_CAGE_H
#define HALL_PAPER_CAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct cage {
    int64_t memory; /* bytes of address space; not set under a sanitizer, which needs more */
    int cpu_seconds;
};

/* Closes it around the calling process, which keeps its open descriptors and has one thread.
 * E_INTERNAL, with `why` in one sentence, when the kernel will not. */
enum err cage_close(const struct cage *c, char *why, size_t why_size) MUST_USE;

/* False in a program built with a sanitizer. */
bool cage_limits_memory(void);

/* Tries every act that must not be possible, each in a caged process of its own, and prints one
 * line about each. False when any was possible. */
bool cage_self_test(const struct cage *c);

#endif
