#include "io/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"
#include "io/hash.h"
#include "io/vault.h"

/* Temporary names begin with a dot, documents with a hex digit. */
static const char temporary[] = ".new-";
enum { SWEEP_S = 3600 };

static void
fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define FD __attribute__((cleanup(fd_close))) int

static void
dir_close(DIR **d)
{
    if (*d != NULL)
        closedir(*d);
}
#define DIRECTORY __attribute__((cleanup(dir_close))) DIR *

static enum err
failed(struct op *op, const char *doing)
{
    return op_fail(op, E_UNAVAILABLE, "files: %s: %s", doing, strerror(errno));
}

/* Hashes come from outside too: nothing but a hash may become a path. */
static enum err
check_name(struct op *op, const char *sha256_hex)
{
    if (strlen(sha256_hex) != 64 || strspn(sha256_hex, "0123456789abcdef") != 64)
        return op_fail(op, E_NOT_FOUND, "files: not a hash");
    return OK;
}

/* Makes what is not there, lastingly, and opens it; *fd is the caller's. */
static enum err
open_dir(struct op *op, int at, const char *name, int *fd)
{
    bool made = mkdirat(at, name, 0770) == 0;
    FD above = -1;

    if (!made && errno != EEXIST)
        return failed(op, "mkdir");
    *fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0)
        return failed(op, "opening the directory");
    if (!made)
        return OK;
    above = openat(*fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return above < 0 || fsync(above) != 0 ? failed(op, "fsync of the directory above") : OK;
}

static enum err
open_shelf(struct op *op, const char *dir, const char *sha256_hex, int *fd)
{
    const char shelf[] = {sha256_hex[0], sha256_hex[1], '\0'};
    FD top = -1;

    TRY(open_dir(op, AT_FDCWD, dir, &top));
    return open_dir(op, top, shelf, fd);
}

static enum err
write_all(struct op *op, int fd, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, data, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return failed(op, "write");
        data += done;
        n -= (size_t)done;
    }
    return fsync(fd) != 0 ? failed(op, "fsync") : OK;
}

static enum err
write_file(struct op *op, int shelf, const char *name, const void *data, size_t n)
{
    unsigned char random[12];
    const char *draft;
    FD fd = -1;
    enum err e;

    secret_random(random, sizeof(random));
    draft = arena_printf(op->arena, "%s%s", temporary, text_hex(op->arena, random, sizeof(random)));
    fd = openat(shelf, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
    if (fd < 0)
        return failed(op, "creating");
    e = write_all(op, fd, data, n);
    if (e == OK && renameat(shelf, draft, shelf, name) != 0)
        e = failed(op, "rename");
    if (e != OK) {
        unlinkat(shelf, draft, 0);
        return e;
    }
    return fsync(shelf) != 0 ? failed(op, "fsync of the directory") : OK;
}

static enum err
read_all(struct op *op, int fd, char *data, size_t n)
{
    while (n > 0) {
        ssize_t got = read(fd, data, n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(op, "read");
        if (got == 0)
            return op_fail(op, E_INTERNAL, "files: a file shrank");
        data += got;
        n -= (size_t)got;
    }
    return OK;
}

enum err
files_get(struct op *op, const char *dir, const char *sha256_hex, size_t max, const void **data,
    size_t *n)
{
    struct stat st;
    const void *plain;
    size_t plain_n, size;
    char *sealed;
    FD fd = -1;

    TRY(check_name(op, sha256_hex));
    fd = open(arena_printf(op->arena, "%s/%.2s/%s", dir, sha256_hex, sha256_hex + 2),
        O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return op_fail(op, E_NOT_FOUND, "files: no %s", sha256_hex);
    if (fd < 0 || fstat(fd, &st) != 0)
        return failed(op, "opening");
    size = (size_t)st.st_size;
    if (size > VAULT_OVERHEAD && size - VAULT_OVERHEAD > max)
        return op_fail(op, E_TOO_LARGE, "files: %s has %zu bytes", sha256_hex, size);
    sealed = arena_alloc(op->arena, size + 1);
    TRY(read_all(op, fd, sealed, size));
    TRY(vault_unseal(op, VAULT_DOCUMENT, sha256_hex, sealed, size, &plain, &plain_n));
    if (strcmp(hash_sha256_hex(op->arena, plain, plain_n), sha256_hex) != 0)
        return op_fail(op, E_INTERNAL, "files: %s says something else", sha256_hex);
    *data = plain;
    *n = plain_n;
    return OK;
}

enum err
files_put(struct op *op, const char *dir, const void *data, size_t n, char sha256_hex[65])
{
    const char *name = hash_sha256_hex(op->arena, data, n);
    const void *sealed, *had;
    const char *note = op->note;
    size_t sealed_n, had_n;
    FD shelf = -1;

    TRY(vault_seal(op, VAULT_DOCUMENT, name, data, n, &sealed, &sealed_n));
    if (files_get(op, dir, name, n, &had, &had_n) != OK) {
        op->note = note; /* that there is none is no failure */
        TRY(open_shelf(op, dir, name, &shelf));
        TRY(write_file(op, shelf, name + 2, sealed, sealed_n));
    }
    memcpy(sha256_hex, name, 65);
    return OK;
}

enum err
files_drop(struct op *op, const char *dir, const char *sha256_hex)
{
    const char *path;

    TRY(check_name(op, sha256_hex));
    path = arena_printf(op->arena, "%s/%.2s/%s", dir, sha256_hex, sha256_hex + 2);
    return unlink(path) != 0 && errno != ENOENT ? failed(op, "unlink") : OK;
}

/* Time stamps of files are the machine's, whatever the hall's clock says. */
static bool
is_forgotten(int shelf, const char *name)
{
    struct timespec now;
    struct stat st;

    clock_gettime(CLOCK_REALTIME, &now);
    return strncmp(name, temporary, strlen(temporary)) == 0 &&
           fstatat(shelf, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           st.st_mtim.tv_sec < now.tv_sec - SWEEP_S;
}

static enum err
sweep_shelf(struct op *op, const char *path, int64_t *n)
{
    DIRECTORY d = opendir(path);

    if (d == NULL)
        return errno == ENOENT || errno == ENOTDIR ? OK : failed(op, "opening the directory");
    for (struct dirent *entry; (entry = readdir(d)) != NULL;)
        if (is_forgotten(dirfd(d), entry->d_name) && unlinkat(dirfd(d), entry->d_name, 0) == 0)
            ++*n;
    return OK;
}

enum err
files_sweep(struct op *op, const char *dir, int64_t *n)
{
    int64_t swept = 0;

    for (int shelf = 0; shelf < 256; shelf++)
        TRY(sweep_shelf(op, arena_printf(op->arena, "%s/%02x", dir, (unsigned)shelf), &swept));
    if (n != NULL)
        *n = swept;
    return OK;
}
