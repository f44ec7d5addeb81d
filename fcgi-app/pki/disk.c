#include "pki/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pki/guard.h"

enum err
disk_read(struct op *op, const char *path, size_t max, struct blob *out)
{
    FD(fd) = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    unsigned char *data;
    size_t size = 0;

    if (fd < 0 && errno == ENOENT)
        return op_fail(op, E_NOT_FOUND, "%s is not there", path);
    if (fd < 0 || fstat(fd, &st) != 0)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode) || st.st_size < 0 || (size_t)st.st_size > max)
        return op_fail(op, E_TOO_LARGE, "%s is larger than %zu bytes", path, max);
    data = arena_alloc(op->arena, (size_t)st.st_size + 1);
    while (size < (size_t)st.st_size) {
        ssize_t n = read(fd, data + size, (size_t)st.st_size - size);

        if (n < 0)
            return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
        if (n == 0)
            break;
        size += (size_t)n;
    }
    data[size] = '\0';
    *out = (struct blob){data, size};
    return OK;
}

static bool
write_all(int fd, struct blob data)
{
    while (data.size > 0) {
        ssize_t n = write(fd, data.data, data.size);

        if (n < 0)
            return false;
        data.data += n;
        data.size -= (size_t)n;
    }
    return true;
}

static enum err
write_file(struct op *op, const char *path, int flags, mode_t mode, struct blob data)
{
    FD(fd) = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);

    if (fd < 0 && errno == EEXIST)
        return op_fail(op, E_CONFLICT, "%s exists already", path);
    if (fd < 0 || fchmod(fd, mode) != 0 || !write_all(fd, data) || fsync(fd) != 0)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    return OK;
}

enum err
disk_create(struct op *op, const char *path, mode_t mode, struct blob data)
{
    return write_file(op, path, O_EXCL, mode, data);
}

enum err
disk_replace(struct op *op, const char *path, mode_t mode, struct blob data)
{
    const char *beside = arena_printf(op->arena, "%s.new", path);

    TRY(write_file(op, beside, O_TRUNC, mode, data));
    if (rename(beside, path) != 0)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    return disk_flush_directory(op, path);
}

enum err
disk_flush_directory(struct op *op, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dir =
        slash == NULL ? "." : arena_strndup(op->arena, path, (size_t)(slash - path) + 1);
    FD(fd) = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 || fsync(fd) != 0)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", dir, strerror(errno));
    return OK;
}
