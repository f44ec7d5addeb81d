#include "domain/notice.h"

#include <stdlib.h>

#include "base/text.h"
#include "domain_op.h"
#include "tap.h"

#define PAIRS(...)        \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }

/* The names in {} of a text, sorted, for comparing the languages. */
static const char *
names_in(struct arena *a, const char *text)
{
    const char *names[8];
    const char *out = "";
    int n = 0;

    for (const char *p = text; (p = strchr(p, '{')) != NULL; p++) {
        size_t size = strcspn(p, "}");

        names[n++] = arena_strndup(a, p, size);
    }
    for (int i = 0; i < n; i++)
        for (int k = i + 1; k < n; k++)
            if (strcmp(names[k], names[i]) < 0) {
                const char *swap = names[i];

                names[i] = names[k];
                names[k] = swap;
            }
    for (int i = 0; i < n; i++)
        out = arena_printf(a, "%s%s", out, names[i]);
    return out;
}

static const struct {
    const char *name, *zh, *en;
} rows[NOTICE_MAX] = {
#define NOTICE(code, secret, zh, en) [NOTICE_##code] = {#code, zh, en},
#include "domain/notice.def"
};

static void
check_rows(struct op *op)
{
    for (int i = NOTICE_NONE + 1; i < NOTICE_MAX; i++) {
        is(notice_name((enum notice_code)i), rows[i].name, "%s is known by its name", rows[i].name);
        is(names_in(op->arena, rows[i].zh), names_in(op->arena, rows[i].en),
            "%s has the same parameters in both languages", rows[i].name);
        ok(strncmp(rows[i].zh, "【深圳CA】", strlen("【深圳CA】")) == 0 &&
                strncmp(rows[i].en, "[Shenzhen CA] ", 14) == 0,
            "%s says whom it is from", rows[i].name);
        ok(text_is_utf8(rows[i].zh, strlen(rows[i].zh)), "%s is UTF-8", rows[i].name);
    }
}

static void
check_render(struct op *op)
{
    const char *s = NULL;

    ok(notice_render(op, NOTICE_N03, LANG_ZH,
           PAIRS("date", "2026-11-27", "no", "20261122000000175", "amt", "261.00"), &s) == OK,
        "the pairs may come in any order");
    is(s, "【深圳CA】订单20261122000000175已收到付款261.00元，进入审核，预计2026-11-27前完成。",
        "and stand in their places");
    ok(notice_render(op, NOTICE_N03, LANG_EN,
           PAIRS("date", "2026-11-27", "no", "{amt}", "amt", "1.00"), &s) == OK &&
            strstr(s, "1.00 yuan received for order {amt}.") != NULL,
        "a value is not looked at again");
    ok(notice_render(op, NOTICE_N09, LANG_ZH,
           PAIRS("no", "1", "reason", "资料不真实", "refund_line",
               phrase_text(PHRASE_REFUND_FOLLOWS, LANG_ZH)),
           &s) == OK,
        "phrases are values");
    is(s, "【深圳CA】订单1不予受理：资料不真实。已付款项将原路退回。", "of other notices");
    s = "untouched";
    ok(notice_render(op, NOTICE_N03, LANG_ZH, PAIRS("no", "1", "amt", "2"), &s) == E_INTERNAL,
        "a missing value is refused");
    ok(strcmp(s, "untouched") == 0 && strstr(op->note, "date") != NULL, "and named in the note");
    ok(notice_render(op, NOTICE_N13, LANG_ZH, PAIRS("no", "1", "amt", "2"), &s) == E_INTERNAL,
        "one too many as well");
    ok(notice_render(op, NOTICE_N13, LANG_ZH, PAIRS("no", NULL), &s) == E_INTERNAL,
        "and one without a value");
    ok(notice_render(op, NOTICE_N13, LANG_ZH, NULL, &s) == E_INTERNAL, "and none at all");
}

static void
check_secrets(struct op *op)
{
    const char *const *pairs = PAIRS("pin", "ABCDEFGHJKMN", "tail6", "0A1B2C");
    const char *const *order = NULL, *const *masked = notice_mask(op->arena, NOTICE_N19, pairs);
    const char *s = NULL;

    ok(notice_arrange(op, NOTICE_N19, pairs, &order) == OK && strcmp(order[0], "tail6") == 0 &&
            strcmp(order[1], "0A1B2C") == 0 && strcmp(order[2], "pin") == 0 &&
            strcmp(order[3], "ABCDEFGHJKMN") == 0 && order[4] == NULL,
        "templates get the values in the order of the text");
    ok(notice_render(op, NOTICE_N19, LANG_ZH, masked, &s) == OK &&
            strstr(s, "ABCDEFGHJKMN") == NULL && strstr(s, "******") != NULL &&
            strstr(s, "0A1B2C") != NULL,
        "the mask hides the PIN and nothing else");
    ok(notice_render(op, NOTICE_N19, LANG_ZH, PAIRS("pin", "ABCDEFGHJKMN"), &s) == E_INTERNAL &&
            strstr(op->note, "ABCDEFGHJKMN") == NULL,
        "no note holds a value");
    ok(strcmp(notice_mask(op->arena, NOTICE_N13, PAIRS("no", "17"))[1], "17") == 0,
        "other notices have nothing to hide");
}

int
main(void)
{
    struct op op = domain_op();

    check_rows(&op);
    check_render(&op);
    check_secrets(&op);
    arena_free(op.arena);
    return done();
}
