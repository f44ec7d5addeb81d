/*
 * Documents on disk, sealed, named by the SHA-256 of what they say: DIR/ab/cdef….
 *
 * A file is whole or not there: it is written beside its place under a temporary name, flushed,
 * renamed, and its directory flushed. What a crash leaves behind are temporary names only, which
 * files_sweep removes. The same content is stored once, however often it is put. dir may be
 * relative; it is made when absent, its parent is not. Owner and group may read and write, as far
 * as the umask lets them.
 */
#ifndef HALL_IO_FILES_H
#define HALL_IO_FILES_H

#include <stddef.h>

#include "base/op.h"

/* Needs VAULT_DOCUMENT. E_UNAVAILABLE when the disk is full or fails; then nothing was stored. A
 * stored file that can no longer be read is replaced. */
enum err files_put(
    struct op *op, const char *dir, const void *data, size_t n, char sha256_hex[65]) MUST_USE;

/* E_NOT_FOUND when there is none; E_TOO_LARGE above max bytes; E_INTERNAL when the file is not what
 * its name says. The data is in the arena, with a NUL behind it that *n does not count. */
enum err files_get(struct op *op, const char *dir, const char *sha256_hex, size_t max,
    const void **data, size_t *n) MUST_USE;

/* OK also when there is none. */
enum err files_drop(struct op *op, const char *dir, const char *sha256_hex) MUST_USE;

/* Removes temporary files untouched for an hour by the machine's clock; *n (may be NULL) counts. */
enum err files_sweep(struct op *op, const char *dir, int64_t *n) MUST_USE;

#endif
