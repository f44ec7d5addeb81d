/* Documents on disk: what is put can be had, whatever happens in between. */
#include "io/files.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/hash.h"
#include "io/vault.h"
#include "tap.h"

static char home[] = "/tmp/files_test.XXXXXX";

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st, (void)type, (void)where;
    return remove(path);
}

static int drafts, documents;

static int
count_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    if (type == FTW_F && strncmp(path + where->base, ".new-", 5) == 0)
        drafts++;
    else if (type == FTW_F)
        documents++;
    return 0;
}

static void
count_files(const char *dir)
{
    drafts = documents = 0;
    nftw(dir, count_one, 8, FTW_PHYS);
}

static const char *
path_of(struct op *op, const char *dir, const char *hex)
{
    return arena_printf(op->arena, "%s/%.2s/%s", dir, hex, hex + 2);
}

static void
check_round_trip(struct op *op)
{
    char hex[65] = "", again[65] = "";
    const void *data = NULL;
    struct stat first, second;
    size_t n = 0;

    ok(files_put(op, "docs", "a scan", 6, hex) == OK, "a document is put into a new directory");
    is(hex, hash_sha256_hex(op->arena, "a scan", 6), "under the hash of what it says");
    ok(files_get(op, "docs", hex, 6, &data, &n) == OK && n == 6 && memcmp(data, "a scan", 7) == 0,
        "and can be had");
    ok(stat(path_of(op, "docs", hex), &first) == 0 && (first.st_mode & 0777) == 0640 &&
            first.st_size == 6 + VAULT_OVERHEAD,
        "it is sealed, and others may not read it");
    ok(files_put(op, "docs", "a scan", 6, again) == OK && strcmp(hex, again) == 0 &&
            stat(path_of(op, "docs", hex), &second) == 0 && first.st_ino == second.st_ino,
        "put twice, it is kept");
    ok(files_get(op, "docs", hex, 5, &data, &n) == E_TOO_LARGE, "a bound is kept");
    ok(files_put(op, "docs", "", 0, again) == OK &&
            files_get(op, "docs", again, 0, &data, &n) == OK && n == 0,
        "an empty document is one too");
    ok(files_drop(op, "docs", hex) == OK && files_drop(op, "docs", hex) == OK &&
            files_get(op, "docs", hex, 6, &data, &n) == E_NOT_FOUND,
        "dropped, it is gone");
}

static void
check_names(struct op *op)
{
    static const char *const bad[] = {"", "../../../../../../../../etc/passwd",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ada"};
    const void *data;
    size_t n;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        ok(files_get(op, "docs", bad[i], 99, &data, &n) == E_NOT_FOUND &&
                files_drop(op, "docs", bad[i]) == E_NOT_FOUND,
            "name %zu is no hash", i);
}

static void
check_damage(struct op *op)
{
    char hex[65], other[65];
    const void *data;
    struct stat st;
    size_t n;

    ok(files_put(op, "docs", "first", 5, hex) == OK &&
            files_put(op, "docs", "other", 5, other) == OK,
        "two documents");
    ok(truncate(path_of(op, "docs", hex), 20) == 0 &&
            files_get(op, "docs", hex, 99, &data, &n) == E_INTERNAL,
        "one is damaged: it does not open");
    ok(files_put(op, "docs", "first", 5, hex) == OK &&
            files_get(op, "docs", hex, 99, &data, &n) == OK && n == 5,
        "put again, it is whole again");
    ok(rename(path_of(op, "docs", other), path_of(op, "docs", hex)) == 0 &&
            files_get(op, "docs", hex, 99, &data, &n) == E_INTERNAL,
        "one in the place of another does not open");
    unlink(path_of(op, "docs", hex));
    ok(symlink("/etc/passwd", path_of(op, "docs", hex)) == 0 &&
            files_get(op, "docs", hex, 1 << 20, &data, &n) == E_UNAVAILABLE,
        "a link is not followed");
    ok(files_put(op, "docs", "first", 5, hex) == OK && lstat(path_of(op, "docs", hex), &st) == 0 &&
            S_ISREG(st.st_mode),
        "but replaced");
}

/* A limit on file sizes stands for the full disk. */
static void
check_full(struct op *op)
{
    static char big[100000];
    struct rlimit old, small;
    char hex[65] = "untouched";
    int before;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 50000;
    count_files("docs");
    before = documents;
    setrlimit(RLIMIT_FSIZE, &small);
    ok(files_put(op, "docs", big, sizeof(big), hex) == E_UNAVAILABLE, "a full disk is told");
    setrlimit(RLIMIT_FSIZE, &old);
    count_files("docs");
    ok(documents == before && drafts == 0, "and no half file is left");
    is(hex, "untouched", "nor a name given");
    ok(files_put(op, "docs", big, sizeof(big), hex) == OK, "with room again it works");
}

static void
write_until_killed(const struct op *parent)
{
    static char text[300000];
    struct op op = *parent;

    op.arena = arena_new(4096);
    for (unsigned i = 0;; i++) {
        char hex[65];

        memset(text, (int)i, sizeof(text));
        if (files_put(&op, "killed", text, sizeof(text) - i % 7, hex) != OK)
            _exit(1);
        arena_reset(op.arena);
    }
}

static int unreadable;
static struct op *reader;

static int
read_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    char hex[65];
    const void *data;
    size_t n;

    (void)st;
    if (type != FTW_F || path[where->base] == '.')
        return 0;
    snprintf(hex, sizeof(hex), "%.2s%s", path + where->base - 3, path + where->base);
    if (files_get(reader, "killed", hex, 300000, &data, &n) != OK)
        unreadable++;
    return 0;
}

/* Killed at many moments, a writer leaves whole documents and drafts, nothing between. */
static void
check_kills(struct op *op)
{
    int64_t swept = -1;
    int whole;

    for (int i = 0; i < 40; i++) {
        const struct timespec a_while = {.tv_nsec = 1000000 + i * 700000};
        pid_t child = fork();

        if (child == 0)
            write_until_killed(op);
        nanosleep(&a_while, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    reader = op;
    nftw("killed", read_one, 8, FTW_PHYS);
    count_files("killed");
    ok(documents > 0 && unreadable == 0, "after 40 kills all %d documents are whole", documents);
    mkdir("killed/00", 0700); /* unless it is there */
    close(open("killed/00/.new-0", O_CREAT | O_WRONLY, 0600));
    ok(files_sweep(op, "killed", &swept) == OK && swept == 0, "young drafts stay");
    ok(utimensat(AT_FDCWD, "killed/00/.new-0",
           (const struct timespec[]){{.tv_sec = 1}, {.tv_sec = 1}}, 0) == 0 &&
            files_sweep(op, "killed", &swept) == OK && swept == 1,
        "an old one is swept");
    whole = documents;
    count_files("killed");
    ok(documents == whole, "documents are not");
    ok(files_sweep(op, "nowhere", &swept) == OK && swept == 0, "nothing to sweep is fine");
}

int
main(void)
{
    struct op op = {.arena = arena_new(65536)};
    struct vault *v;
    char why[256];
    FILE *f;

    if (mkdtemp(home) == NULL || chdir(home) != 0 || (f = fopen("keys", "w")) == NULL ||
        fputs(vault_new_key(op.arena, "k1"), f) < 0 || fclose(f) != 0)
        abort();
    umask(022);
    op.vault = v = vault_open("keys", NULL, why, sizeof(why));
    check_round_trip(&op);
    check_names(&op);
    check_damage(&op);
    check_full(&op);
    check_kills(&op);
    nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    vault_close(v);
    arena_free(op.arena);
    return done();
}
