/* Small files of the CA: read whole, written so that a crash leaves the old or the new one. */
#ifndef HALL_PKI_DISK_H
#define HALL_PKI_DISK_H

#include <sys/types.h>

#include "base/op.h"
#include "pki/blob.h"

/* At most max bytes, with a NUL behind them. E_NOT_FOUND when there is no such file, E_TOO_LARGE,
 * E_UNAVAILABLE when it cannot be read. */
enum err disk_read(struct op *op, const char *path, size_t max, struct blob *out) MUST_USE;

/* Writes a file that must not exist yet, flushed to the disk. E_CONFLICT when it exists. */
enum err disk_create(struct op *op, const char *path, mode_t mode, struct blob data) MUST_USE;

/* Writes beside path, flushes, renames over it and flushes the directory. E_UNAVAILABLE. */
enum err disk_replace(struct op *op, const char *path, mode_t mode, struct blob data) MUST_USE;

/* Makes what was renamed or created in the directory of path last. */
enum err disk_flush_directory(struct op *op, const char *path) MUST_USE;

#endif
