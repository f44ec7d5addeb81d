#include "domain/notice.h"

#include <string.h>

static const struct {
    const char *name, *secret;
    const char *text[LANG_MAX];
} notices[NOTICE_MAX] = {
    [NOTICE_NONE] = {"", "", {"", ""}},
#define NOTICE(code, secret, zh, en) [NOTICE_##code] = {#code, secret, {zh, en}},
#include "domain/notice.def"
};

static const char *const phrases[PHRASE_MAX][LANG_MAX] = {
#define PHRASE(name, zh, en) [PHRASE_##name] = {zh, en},
#include "domain/notice.def"
};

const char *
notice_name(enum notice_code n)
{
    return notices[n].name;
}

const char *
phrase_text(enum phrase p, enum lang lang)
{
    return phrases[p][lang];
}

/* The name of the first parameter at or after s, its length in *n; NULL when there is none. */
static const char *
next_name(const char *s, size_t *n)
{
    const char *open = strchr(s, '{'), *close = open == NULL ? NULL : strchr(open, '}');

    if (close == NULL)
        return NULL;
    *n = (size_t)(close - open) - 1;
    return open + 1;
}

/* The place of a parameter among the pairs, NULL when it is not there. */
static const char *const *
find_pair(const char *const *params, const char *name, size_t n)
{
    for (; params != NULL && params[0] != NULL; params += 2)
        if (strlen(params[0]) == n && memcmp(params[0], name, n) == 0)
            return params;
    return NULL;
}

static size_t
count_names(const char *text)
{
    size_t n, names = 0;

    for (const char *p = text; (p = next_name(p, &n)) != NULL; p += n)
        names++;
    return names;
}

/* No parameter of the text is missing or NULL, and none is given that it does not have. */
static enum err
check_params(struct op *op, enum notice_code code, const char *const *params)
{
    const char *text = notices[code].text[LANG_ZH], *name;
    size_t n, given = 0;

    for (const char *p = text; (name = next_name(p, &n)) != NULL; p = name + n) {
        const char *const *pair = find_pair(params, name, n);

        if (pair == NULL || pair[1] == NULL)
            return op_fail(
                op, E_INTERNAL, "notice %s lacks %.*s", notices[code].name, (int)n, name);
    }
    for (; params != NULL && params[2 * given] != NULL; given++)
        continue;
    if (given != count_names(text))
        return op_fail(op, E_INTERNAL, "notice %s has parameters too many", notices[code].name);
    return OK;
}

enum err
notice_render(
    struct op *op, enum notice_code n, enum lang lang, const char *const *params, const char **text)
{
    const char *p = notices[n].text[lang], *name;
    size_t size, length;
    char *out;

    TRY(check_params(op, n, params));
    length = strlen(p);
    for (const char *const *q = params; q != NULL && q[0] != NULL; q += 2)
        length += strlen(q[1]);
    *text = out = arena_alloc(op->arena, length + 1);
    while ((name = next_name(p, &size)) != NULL) {
        const char *const *pair = find_pair(params, name, size);

        out = mempcpy(out, p, (size_t)(name - 1 - p));
        out = mempcpy(out, pair[1], strlen(pair[1]));
        p = name + size + 1;
    }
    memcpy(out, p, strlen(p) + 1);
    return OK;
}

enum err
notice_arrange(
    struct op *op, enum notice_code n, const char *const *params, const char *const **arranged)
{
    const char *p = notices[n].text[LANG_ZH], *name;
    const char **out = NEW_N(op->arena, 2 * count_names(p) + 1, const char *);
    size_t size;

    TRY(check_params(op, n, params));
    *arranged = out;
    for (; (name = next_name(p, &size)) != NULL; p = name + size) {
        const char *const *pair = find_pair(params, name, size);

        *out++ = pair[0];
        *out++ = pair[1];
    }
    return OK;
}

const char *const *
notice_mask(struct arena *a, enum notice_code n, const char *const *params)
{
    size_t pairs = 0;
    const char **out;

    for (; params[2 * pairs] != NULL; pairs++)
        continue;
    out = NEW_N(a, 2 * pairs + 1, const char *);
    for (size_t i = 0; i < pairs; i++) {
        out[2 * i] = params[2 * i];
        out[2 * i + 1] =
            strcmp(params[2 * i], notices[n].secret) == 0 ? "******" : params[2 * i + 1];
    }
    return out;
}
