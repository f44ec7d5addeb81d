#include "paper/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "paper/qr.h"

enum check_name {
#define CHECK(name, code, passed, zh, en) CHECK_##name,
#include "paper/check.def"
    CHECK_MAX
};

static const struct {
    const char *code;
    bool passed;
    const char *text[LANG_MAX];
} checks[CHECK_MAX] = {
#define CHECK(name, code, passed, zh, en) [CHECK_##name] = {code, passed, {zh, en}},
#include "paper/check.def"
};

enum answer { REFUSE, WARN };

static const struct {
    enum fault_code fault;
    enum answer answer;
} problems[SCAN_PROBLEM_MAX] = {
#define PROBLEM(name, fault, answer) [SCAN_##name] = {FAULT_##fault, answer},
#include "paper/problem.def"
};

/* Where a scan begins to be good enough. forms.md 3: red on 0.3 % of the form, a seal of 38 mm
 * (the smallest company seal) at 295 dpi is 440 pixels wide. */
static const struct {
    double form_red, copy_red;
    int dpi, seal_pixels;
} least = {.form_red = 0.003, .copy_red = 0.001, .dpi = 140, .seal_pixels = 440};

/* The list while it is made. */
struct list {
    struct op *op;
    struct check *out;
    size_t n;
};

static void
add(struct list *l, enum check_name name, ...)
{
    struct check *c = &l->out[l->n++];

    *c = (struct check){.code = checks[name].code, .passed = checks[name].passed};
    for (int lang = 0; lang < LANG_MAX; lang++) {
        char text[512];
        va_list ap;

        va_start(ap, name);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        vsnprintf(text, sizeof(text), checks[name].text[lang], ap);
#pragma GCC diagnostic pop
        va_end(ap);
        c->detail[lang] = arena_printf(l->op->arena, "%s", text);
    }
}

enum scan_kind
check_scan_kind(enum material_kind k)
{
    switch (material_source(k)) {
    case MATERIAL_CARD:
        return SCAN_ID_CARD;
    case MATERIAL_VIDEO:
        return SCAN_VIDEO;
    default:
        return k == MATERIAL_SEAL_COLLECTION_FORM ? SCAN_SEAL : SCAN_DOCUMENT;
    }
}

enum err
check_refusal(struct op *op, enum material_kind k, const struct scan_result *r)
{
    if (r->problem == SCAN_FINE || problems[r->problem].answer == WARN)
        return OK;
    op_fault(op, "", problems[r->problem].fault);
    if (r->problem == SCAN_TYPE || r->problem == SCAN_VIDEO_TYPE)
        return op_fail(op, E_UNSUPPORTED_TYPE, "upload is %s", scan_type_name(r->type));
    return op_fail(op,
        material_source(k) == MATERIAL_CARD ? E_IMAGE_REFUSED : E_DOCUMENT_UNREADABLE, "upload: %s",
        scan_problem_name(r->problem));
}

static bool
same_digest(const struct check_wanted *w, const struct qr_mark *m)
{
    return w->digest != NULL && strncmp(w->digest, m->digest, QR_DIGEST) == 0;
}

/* How near a code is to the wanted one; a page may hold others, of the licence or the printer. */
static enum check_name
judge_code(const struct check_wanted *w, const char *text)
{
    bool seal = w->kind == MATERIAL_SEAL_COLLECTION_FORM;
    struct qr_mark m;

    if (!qr_parse(text, &m))
        return CHECK_QR_MISSING;
    if (w->order_no == NULL || strcmp(m.order_no, w->order_no) != 0)
        return CHECK_QR_ORDER;
    if (seal)
        return m.form == QR_SEAL_FORM ? CHECK_QR_FINE : CHECK_QR_APPLICATION;
    if (m.form == QR_SEAL_FORM)
        return CHECK_QR_SEAL_FORM;
    return same_digest(w, &m) ? CHECK_QR_FINE : CHECK_QR_REVISION;
}

/* The digest decides, not the number of the revision: what changed may not be printed at all. The
 * seal collection form stays good for as long as the order is the same. */
static void
check_code(struct list *l, const struct check_wanted *w, const struct scan_result *r)
{
    enum check_name best = CHECK_QR_MISSING;

    for (int i = 0; i < r->codes && best != CHECK_QR_FINE; i++) {
        enum check_name name = judge_code(w, r->code[i]);

        if (name != CHECK_QR_MISSING)
            best = name;
    }
    add(l, best);
    l->out[l->n - 1].blocking =
        w->kind == MATERIAL_APPLICATION_FORM && best != CHECK_QR_FINE && best != CHECK_QR_MISSING;
}

static void
check_seal_sheet(struct list *l, const struct scan_result *r)
{
    int across = r->seal.width > r->seal.height ? r->seal.width : r->seal.height;

    if (across == 0) {
        add(l, CHECK_NO_RED_SEAL);
        return;
    }
    if (across < least.seal_pixels)
        add(l, CHECK_SEAL_COARSE, across);
    else
        add(l, CHECK_SHARP);
    add(l, CHECK_RED_SEAL);
    add(l, r->seal.round && !r->seal.cut_off ? CHECK_SEAL_WHOLE : CHECK_SEAL_CUT);
}

size_t
check_list(
    struct op *op, const struct check_wanted *w, const struct scan_result *r, struct check *out)
{
    struct list l = {.op = op, .out = out};
    bool seal = w->kind == MATERIAL_SEAL_COLLECTION_FORM;
    bool form = w->kind == MATERIAL_APPLICATION_FORM;

    if (material_source(w->kind) != MATERIAL_SCAN)
        return 0;
    add(&l, CHECK_READABLE);
    add(&l, CHECK_PAGE_COUNT, r->pages);
    add(&l, r->problem == SCAN_BLANK ? CHECK_BLANK : CHECK_NOT_BLANK);
    if (form || seal)
        check_code(&l, w, r);
    if (seal) {
        check_seal_sheet(&l, r);
        return l.n;
    }
    if (r->dpi != 0 && r->dpi < least.dpi)
        add(&l, CHECK_COARSE, r->dpi);
    else
        add(&l, CHECK_SHARP);
    if (form || w->kind == MATERIAL_BUSINESS_LICENCE)
        add(&l, r->red_share >= (form ? least.form_red : least.copy_red) ? CHECK_RED_SEAL
                                                                         : CHECK_NO_RED_SEAL);
    return l.n;
}
