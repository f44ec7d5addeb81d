#include "io/clock.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int file = -1;
static _Atomic int64_t
    last; /* a write in progress shows an empty file: keep what was read before */

void
clock_open(const char *path)
{
    if (path[0] != '\0')
        file = open(path, O_RDONLY | O_CLOEXEC);
}

int64_t
clock_now(void)
{
    char text[32];
    ssize_t n;

    if (file < 0)
        return (int64_t)time(NULL);
    n = pread(file, text, sizeof(text) - 1, 0);
    if (n > 0) {
        text[n] = '\0';
        last = strtoll(text, NULL, 10);
    }
    return (int64_t)time(NULL) + last;
}
