#include "ctl/textfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

static void
file_close(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
}
#define FILE_GUARD __attribute__((cleanup(file_close))) FILE *

static void
dir_close(DIR **d)
{
    if (*d != NULL)
        closedir(*d);
}

static enum err
failed(struct op *op, const char *path)
{
    return op_fail(
        op, errno == ENOENT ? E_NOT_FOUND : E_UNAVAILABLE, "%s: %s", path, strerror(errno));
}

enum err
textfile_read(struct op *op, const char *path, const char **text)
{
    FILE_GUARD f = fopen(path, "re");
    size_t room = 4096, n = 0;
    char *data = arena_alloc(op->arena, room);

    if (f == NULL)
        return failed(op, path);
    for (;;) {
        size_t got = fread(data + n, 1, room - n, f);
        char *more;

        n += got;
        if (ferror(f))
            return failed(op, path);
        if (n < room)
            break;
        if (n > TEXTFILE_MAX)
            return op_fail(op, E_INVALID, "%s: is too large", path);
        more = arena_alloc(op->arena, room * 2);
        memcpy(more, data, n);
        data = more;
        room *= 2;
    }
    data[n] = '\0';
    if (!text_is_utf8(data, n))
        return op_fail(op, E_INVALID, "%s: is not UTF-8 text", path);
    *text = data;
    return OK;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum err
textfile_list(
    struct op *op, const char *dir, const char *suffix, const char *const **names, size_t *n)
{
    enum { MOST = 1000 };
    const char **list = NEW_N(op->arena, MOST, const char *);
    __attribute__((cleanup(dir_close))) DIR *d = opendir(dir);
    size_t count = 0;

    if (d == NULL)
        return failed(op, dir);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        size_t size = strlen(entry->d_name), tail = strlen(suffix);

        if (entry->d_name[0] == '.' || size < tail ||
            strcmp(entry->d_name + size - tail, suffix) != 0)
            continue;
        if (count == MOST)
            return op_fail(op, E_INVALID, "%s: has too many files", dir);
        list[count++] = arena_printf(op->arena, "%s", entry->d_name);
    }
    qsort(list, count, sizeof(*list), by_name);
    *names = list;
    *n = count;
    return OK;
}

/* Writes beside path; *draft is the name. */
static enum err
write_draft(struct op *op, const char *path, const char *text, const char **draft)
{
    char *name = arena_printf(op->arena, "%s.XXXXXX", path);
    int fd = mkostemp(name, O_CLOEXEC); /* 0600 */
    FILE_GUARD f = NULL;

    if (fd < 0 || (f = fdopen(fd, "w")) == NULL)
        return failed(op, path);
    if (fputs(text, f) < 0 || fflush(f) != 0 || fsync(fd) != 0) {
        unlink(name);
        return failed(op, path);
    }
    *draft = name;
    return OK;
}

enum err
textfile_new(struct op *op, const char *path, const char *text)
{
    const char *draft;
    enum err e = OK;

    TRY(write_draft(op, path, text, &draft));
    if (link(draft, path) != 0) /* unlike rename it never overwrites */
        e = errno == EEXIST ? op_fail(op, E_CONFLICT, "%s: is there already", path)
                            : failed(op, path);
    unlink(draft);
    return e;
}

enum err
textfile_replace(struct op *op, const char *path, const char *text)
{
    const char *draft;

    TRY(write_draft(op, path, text, &draft));
    if (rename(draft, path) == 0)
        return OK;
    unlink(draft);
    return failed(op, path);
}
