/*
 * Cleanup guards, so that every return is a good exit: for the objects of OpenSSL, whose types
 * themselves stay in pki's .c files (a file says GUARD(X509) once and then AUTO(X509) *x = NULL),
 * and for file descriptors and arenas of a function's own.
 */
#ifndef HALL_PKI_GUARD_H
#define HALL_PKI_GUARD_H

#include <unistd.h>

#include "base/arena.h"

#define GUARD(type)                          \
    static inline void type##_drop(type **p) \
    {                                        \
        type##_free(*p);                     \
    }
#define AUTO(type) __attribute__((cleanup(type##_drop))) type

static inline void
fd_drop(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define FD(name) __attribute__((cleanup(fd_drop))) int name

static inline void
scratch_drop(struct arena **a)
{
    arena_free(*a);
}
#define SCRATCH(name) __attribute__((cleanup(scratch_drop))) struct arena *name

#endif
