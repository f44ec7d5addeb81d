#include "base/err.h"

static const struct {
    int status;
    const char *code;
    const char *text[LANG_MAX];
} errs[ERR_MAX] = {
    [OK] = {200, "ok", {"", ""}},
#define ERR(n, s, c, zh, en) [E_##n] = {s, c, {zh, en}},
#include "base/err.def"
};

int
err_status(enum err e)
{
    return errs[e].status;
}

const char *
err_code(enum err e)
{
    return errs[e].code;
}

const char *
err_text(enum err e, enum lang lang)
{
    return errs[e].text[lang];
}
