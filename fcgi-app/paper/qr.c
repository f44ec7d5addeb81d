#include "paper/qr.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *const prefixes[] = {
    [QR_APPLICATION_FORM] = "HALL1|",
    [QR_SEAL_FORM] = "HALL1S|",
};

static bool
is_hex(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'f')))
            return false;
    return true;
}

static bool
is_order_no(const char *s, size_t n)
{
    if (n < 1 || n > QR_ORDER_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'A' && s[i] <= 'Z') ||
                (s[i] >= 'a' && s[i] <= 'z') || s[i] == '-'))
            return false;
    return true;
}

bool
qr_mark(enum qr_form form, const char *order_no, int64_t revision, const char *sha256,
    struct qr_mark *out)
{
    struct qr_mark m = {.form = form, .revision = revision};
    size_t n = strlen(order_no);

    if (!is_order_no(order_no, n) || revision < 1 || strnlen(sha256, QR_DIGEST) < QR_DIGEST ||
        !is_hex(sha256, QR_DIGEST))
        return false;
    memcpy(m.order_no, order_no, n);
    memcpy(m.digest, sha256, QR_DIGEST);
    *out = m;
    return true;
}

const char *
qr_text(struct arena *a, const struct qr_mark *m)
{
    return arena_printf(
        a, "%s%s|%lld|%s", prefixes[m->form], m->order_no, (long long)m->revision, m->digest);
}

/* Copies what stands before the next bar; NULL when it is missing or too long for the room. */
static const char *
take(const char *s, char *out, size_t room)
{
    const char *bar = strchr(s, '|');

    if (bar == NULL || (size_t)(bar - s) >= room)
        return NULL;
    memcpy(out, s, (size_t)(bar - s));
    out[bar - s] = '\0';
    return bar + 1;
}

bool
qr_parse(const char *text, struct qr_mark *out)
{
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
        char order_no[QR_ORDER_MAX + 1], revision[20];
        const char *s = text + strlen(prefixes[i]);
        int64_t n;

        if (strncmp(text, prefixes[i], strlen(prefixes[i])) != 0)
            continue;
        s = take(s, order_no, sizeof(order_no));
        if (s != NULL)
            s = take(s, revision, sizeof(revision));
        return s != NULL && revision[0] != '0' && text_int(revision, &n) &&
               strlen(s) == QR_DIGEST && qr_mark((enum qr_form)i, order_no, n, s, out);
    }
    return false;
}
