#include "io/conf.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct setting {
    const char *name, *what;
    bool number;
    size_t off;
    const char *text;
    int64_t value, least, most;
} settings[] = {
#define TEXT(n, v, w) {.name = #n, .what = w, .off = offsetof(struct conf, n), .text = v},
#define NUMBER(n, v, lo, hi, w)          \
    {.name = #n,                         \
        .what = w,                       \
        .number = true,                  \
        .off = offsetof(struct conf, n), \
        .value = v,                      \
        .least = lo,                     \
        .most = hi},
#include "io/conf.def"
};
enum { SETTINGS = sizeof(settings) / sizeof(*settings) };

static void
set_text(struct conf *c, const struct setting *s, const char *v)
{
    const char **at = (const char **)((char *)c + s->off);
    char *copy = strdup(v);

    if (copy == NULL)
        abort();
    free((char *)(uintptr_t)*at);
    *at = copy;
}

static bool
set(struct conf *c, const char *name, const char *value, const char **fault)
{
    for (const struct setting *s = settings; s < settings + SETTINGS; s++) {
        int64_t n;

        if (strcmp(s->name, name) != 0)
            continue;
        if (!s->number) {
            set_text(c, s, value);
            return true;
        }
        if (!text_int(value, &n) || n < s->least || n > s->most) {
            *fault = "is not a number in its range";
            return false;
        }
        *(int64_t *)((char *)c + s->off) = n;
        return true;
    }
    *fault = "is not a setting";
    return false;
}

static char *
trim(char *s)
{
    char *end = s + strlen(s);

    while (end > s && isspace((unsigned char)end[-1]))
        *--end = '\0';
    while (isspace((unsigned char)*s))
        s++;
    return s;
}

enum err
conf_read(struct conf *out, const char *path, char *why, size_t why_size)
{
    char line[4096];
    FILE *f = fopen(path, "re");
    int number = 0;
    enum err e = OK;

    memset(out, 0, sizeof(*out));
    for (const struct setting *s = settings; s < settings + SETTINGS; s++) {
        if (s->number)
            *(int64_t *)((char *)out + s->off) = s->value;
        else
            set_text(out, s, s->text);
    }
    if (f == NULL) {
        snprintf(why, why_size, "%s: %s", path, strerror(errno));
        return E_INVALID;
    }
    while (e == OK && fgets(line, sizeof(line), f) != NULL) {
        char *s = trim(line), *eq = strchr(s, '=');
        const char *fault = "is not of the form name = value";

        number++;
        if (*s == '\0' || *s == '#')
            continue;
        if (eq != NULL)
            *eq = '\0';
        if (eq == NULL || !set(out, trim(s), trim(eq + 1), &fault)) {
            snprintf(why, why_size, "%s:%d: %s %s", path, number, s, fault);
            e = E_INVALID;
        }
    }
    fclose(f);
    return e;
}

void
conf_sample(void)
{
    for (const struct setting *s = settings; s < settings + SETTINGS; s++) {
        if (s->number)
            printf("# %s (%lld to %lld)\n#%s = %lld\n\n", s->what, (long long)s->least,
                (long long)s->most, s->name, (long long)s->value);
        else
            printf("# %s\n#%s = %s\n\n", s->what, s->name, s->text);
    }
}
