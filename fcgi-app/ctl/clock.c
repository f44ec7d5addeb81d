/* hall-ctl clock: moves the time of a sandbox. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/verb.h"
#include "io/conf.h"
#include "io/db.h"

/* "0", "+3d", "-2h", "+90m", "+30s" as seconds. */
static enum err
read_shift(struct op *op, const char *text, int64_t *out)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    size_t n = strlen(text);
    int64_t number;

    if (strcmp(text, "0") == 0) {
        *out = 0;
        return OK;
    }
    if (n >= 3 && (text[0] == '+' || text[0] == '-') &&
        text_int(arena_strndup(op->arena, text + 1, n - 2), &number) && number <= 100000000)
        for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
            if (text[n - 1] == units[i].unit) {
                *out = (text[0] == '-' ? -number : number) * units[i].seconds;
                return OK;
            }
    return op_fail(op, E_INVALID, "%s is no shift like +3d, -2h or 0", text);
}

/* In place and always of the same length: processes hold the file open and read at any moment. */
static enum err
write_shift(struct op *op, const char *path, int64_t shift)
{
    char text[24];
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    bool done;

    snprintf(text, sizeof(text), "%-20lld\n", (long long)shift);
    done = fd >= 0 && pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text);
    if (!done)
        op_fail(op, E_UNAVAILABLE, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return done ? OK : E_UNAVAILABLE;
}

enum err
ctl_clock(struct op *op, char *const *args)
{
    int64_t shift = 0;
    TX(tx, op);

    TRY(read_shift(op, args[0], &shift));
    if (*op->conf->clock_file == '\0')
        return op_fail(op, E_INVALID, "clock_file is not set");
    TRY(DO(op, Q_CTL_CLOCK_JOBS, NULL, db_int(op, shift)));
    TRY(DO(op, Q_CTL_CLOCK_SET, NULL, db_int(op, shift)));
    TRY(write_shift(op, op->conf->clock_file, shift));
    TRY(tx_commit(&tx));
    printf("the hall's clock stands %lld s from the real one\n", (long long)shift);
    return OK;
}
