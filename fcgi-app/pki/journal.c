#include "pki/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pki/disk.h"
#include "pki/guard.h"
#include "pki/journal_index.h"

enum { LINE_ARENA = 64 * 1024, LINE_SIZE_MAX = 256 * 1024 };

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

struct journal {
    int fd;
    off_t end; /* behind the last complete entry */
    bool broken;
    int64_t seq, time;
    char hash[2 * HASH_SIZE + 1];
    struct journal_index *index;
};

static void
file_drop(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
}

static void
text_drop(char **s)
{
    free(*s);
}

/* Checks one line against what came before it and takes it into the index. */
static enum err
take_line(struct op *op, struct journal *j, const char *line, off_t at, size_t size)
{
    struct journal_entry e;

    if (!journal_line_parse(op->arena, line, &e))
        return op_fail(op, E_INVALID, "it cannot be read or its hash is wrong");
    if (e.seq != j->seq + 1 || strcmp(e.prev, j->seq == 0 ? zeros : j->hash) != 0)
        return op_fail(op, E_INVALID, "it does not follow the line before it");
    if (e.time < j->time)
        return op_fail(op, E_INVALID, "it is older than the line before it");
    TRY(journal_index_check(op, j->index, &e));
    journal_index_add(j->index, &e, at, size);
    j->seq = e.seq;
    j->time = e.time;
    memcpy(j->hash, e.hash, sizeof(j->hash));
    j->end = at + (off_t)size + 1;
    return OK;
}

/* A last line that a crash left: without its newline, or with zeros where the file system had room
 * but no data yet. Anything else that is wrong was done by somebody. */
static bool
is_torn(FILE *f, const char *line, ssize_t size)
{
    int next;

    if (line[size - 1] != '\n')
        return true;
    next = getc(f);
    if (next != EOF)
        ungetc(next, f);
    return next == EOF && memchr(line, '\0', (size_t)size) != NULL;
}

/* Reads every line; *torn is the size of an unfinished last one. */
static enum err
scan(struct op *op, struct journal *j, FILE *f, size_t *torn)
{
    SCRATCH(arena) = arena_new(LINE_ARENA);
    __attribute__((cleanup(text_drop))) char *line = NULL;
    struct op one = *op; /* each line's memory is given back */
    size_t room = 0;
    ssize_t size;

    one.arena = arena;
    *torn = 0;
    while ((size = getline(&line, &room, f)) > 0) {
        enum err e;

        if (is_torn(f, line, size)) {
            *torn = (size_t)size;
            return OK;
        }
        line[size - 1] = '\0';
        e = strlen(line) == (size_t)size - 1 && size < LINE_SIZE_MAX
                ? take_line(&one, j, line, j->end, (size_t)size - 1)
                : op_fail(&one, E_INVALID, "it is no line of text");
        if (e != OK)
            return op_fail(op, e, "journal line %lld: %s", (long long)j->seq + 1, one.note);
        arena_reset(arena);
    }
    if (ferror(f))
        return op_fail(op, E_UNAVAILABLE, "journal: %s", strerror(errno));
    return OK;
}

static struct journal *
journal_new(int fd)
{
    struct journal *j = calloc(1, sizeof(*j));

    if (j == NULL)
        abort();
    j->fd = fd;
    j->index = journal_index_new();
    memcpy(j->hash, zeros, sizeof(j->hash));
    return j;
}

void
journal_close(struct journal *j)
{
    if (j == NULL)
        return;
    if (j->fd >= 0)
        close(j->fd);
    journal_index_free(j->index);
    free(j);
}

void
journal_drop(struct journal **j)
{
    journal_close(*j);
}

static FILE *
reader(int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    FILE *f = copy >= 0 ? fdopen(copy, "r") : NULL;

    if (f == NULL && copy >= 0)
        close(copy);
    return f;
}

enum err
journal_open(struct op *op, const char *path, struct journal **out, size_t *torn)
{
    JOURNAL(j);
    __attribute__((cleanup(file_drop))) FILE *f = NULL;
    size_t cut;

    j = journal_new(open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (j->fd < 0)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    if (flock(j->fd, LOCK_EX | LOCK_NB) != 0)
        return op_fail(op, E_CONFLICT, "%s is in use by another signer", path);
    f = reader(j->fd);
    if (f == NULL)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    TRY(scan(op, j, f, &cut));
    if (cut > 0 && (ftruncate(j->fd, j->end) != 0 || fsync(j->fd) != 0))
        return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    TRY(disk_flush_directory(op, path));
    if (torn != NULL)
        *torn = cut;
    *out = j;
    j = NULL;
    return OK;
}

enum err
journal_verify(struct op *op, const char *path, struct journal_report *out)
{
    JOURNAL(j);
    __attribute__((cleanup(file_drop))) FILE *f = fopen(path, "re");
    struct journal_report report = {0};

    if (f == NULL)
        return op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    j = journal_new(-1);
    TRY(scan(op, j, f, &report.torn));
    journal_index_count(j->index, &report);
    report.last_time = j->time;
    memcpy(report.head, j->hash, sizeof(report.head));
    *out = report;
    return OK;
}

/* Reads an entry again from where the index says it is. */
static enum err
read_back(struct op *op, const struct journal *j, off_t at, size_t size, struct journal_entry *out)
{
    char *line = arena_alloc(op->arena, size + 1);
    size_t done = 0;

    while (done < size) {
        ssize_t n = pread(j->fd, line + done, size - done, at + (off_t)done);

        if (n <= 0)
            return op_fail(op, E_UNAVAILABLE, "journal: %s", n < 0 ? strerror(errno) : "short");
        done += (size_t)n;
    }
    line[size] = '\0';
    if (!journal_line_parse(op->arena, line, out))
        return op_fail(op, E_UNAVAILABLE, "journal: an entry changed while it was open");
    return OK;
}

enum err
journal_by_name(struct op *op, const struct journal *j, enum journal_kind kind, const char *issuer,
    const char *name, struct journal_entry *out)
{
    off_t at;
    size_t size;

    if (!journal_index_name(j->index, kind, issuer, name, &at, &size))
        return op_fail(op, E_NOT_FOUND, "nothing was signed by that name");
    return read_back(op, j, at, size, out);
}

enum err
journal_by_order(struct op *op, const struct journal *j, const char *order_no, int64_t reissue_no,
    struct journal_entry *out)
{
    off_t at;
    size_t size;

    if (!journal_index_order(j->index, order_no, reissue_no, &at, &size))
        return op_fail(op, E_NOT_FOUND, "nothing was signed for that order");
    return read_back(op, j, at, size, out);
}

enum err
journal_next(struct op *op, const struct journal *j, int64_t seq, struct journal_entry *out)
{
    off_t at;
    size_t size;

    if (!journal_index_next(j->index, seq, &at, &size))
        return op_fail(op, E_NOT_FOUND, "no certificate was signed after that");
    return read_back(op, j, at, size, out);
}

static bool
write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data += n;
        size -= (size_t)n;
    }
    return true;
}

enum err
journal_add(struct op *op, struct journal *j, struct journal_entry *e)
{
    const char *line;
    size_t size;
    off_t at = j->end;

    if (j->broken)
        return op_fail(op, E_UNAVAILABLE, "journal: an earlier entry could not be written");
    if (e->time < j->time)
        return op_fail(op, E_UNAVAILABLE, "journal: the clock is behind the last entry");
    TRY(journal_index_check(op, j->index, e));
    e->seq = j->seq + 1;
    memcpy(e->prev, j->hash, sizeof(e->prev));
    if (e->tbs.size > 0)
        hash_sha256(e->tbs.data, e->tbs.size, e->tbs_sha256);
    line = arena_printf(op->arena, "%s\n", journal_line(op->arena, e));
    size = strlen(line);
    if (!write_all(j->fd, line, size)) {
        int why = errno;

        j->broken = ftruncate(j->fd, at) != 0;
        return op_fail(op, E_UNAVAILABLE, "journal: %s", strerror(why));
    }
    if (fdatasync(j->fd) != 0) { /* what the disk has is not known any more */
        j->broken = true;
        return op_fail(op, E_UNAVAILABLE, "journal: %s", strerror(errno));
    }
    j->seq = e->seq;
    j->time = e->time;
    j->end = at + (off_t)size;
    memcpy(j->hash, e->hash, sizeof(j->hash));
    journal_index_add(j->index, e, at, size - 1);
    return OK;
}

bool
journal_is_broken(const struct journal *j)
{
    return j->broken;
}

void
journal_head(const struct journal *j, int64_t *seq, int64_t *time, char hash[65])
{
    *seq = j->seq;
    *time = j->time;
    memcpy(hash, j->hash, sizeof(j->hash));
}

int64_t
journal_signed_since(const struct journal *j, int64_t time)
{
    return journal_index_since(j->index, time);
}

int64_t
journal_crl_number(const struct journal *j, const char *issuer)
{
    return journal_index_crl_number(j->index, issuer);
}
