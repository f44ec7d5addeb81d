/* Rules about the subject. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "domain/form.h"
#include "domain/idno.h"
#include "io/unicode.h"
#include "pki/lint_rule.h"

/* The row of an attribute, or -1 for one the profile does not know. */
static int
row_of(const struct name_part *p)
{
    for (int i = 0; i < ATTRIBUTES; i++)
        if (strcmp(attributes[i].oid, p->oid) == 0)
            return i;
    return -1;
}

/* The value as a text, or NULL when it is not UTF-8 without NUL. */
static const char *
text_of(const struct lint_view *v, const struct name_part *p)
{
    const char *s = (const char *)p->value.data;

    return text_is_utf8(s, p->value.size) ? arena_strndup(v->op->arena, s, p->value.size) : NULL;
}

/* Whether each attribute passes. */
static bool
every(const struct lint_view *v, bool (*passes)(const struct lint_view *, const struct name_part *))
{
    for (size_t i = 0; i < v->c->name_count; i++)
        if (!passes(v, &v->c->names[i]))
            return false;
    return true;
}

bool
lint_subject_order(const struct lint_view *v)
{
    int last = -1;

    for (size_t i = 0; i < v->c->name_count; i++) {
        int row = row_of(&v->c->names[i]);

        if (row >= 0 && row <= last)
            return false;
        last = row >= 0 ? row : last;
    }
    return true;
}

static bool
is_alone(const struct lint_view *v, const struct name_part *p)
{
    (void)v;
    return p->alone;
}

bool
lint_subject_single(const struct lint_view *v)
{
    return every(v, is_alone);
}

bool
lint_subject_set(const struct lint_view *v)
{
    unsigned found = 0;

    for (size_t i = 0; i < v->c->name_count; i++) {
        int row = row_of(&v->c->names[i]);

        if (row < 0 || (attributes[row].allowed >> v->in->kind & 1) == 0)
            return false;
        found |= 1U << row;
    }
    for (int i = 0; i < ATTRIBUTES; i++)
        if ((attributes[i].required >> v->in->kind & 1) != 0 && (found >> i & 1) == 0)
            return false;
    return true;
}

/* X.680 41.4 */
static bool
is_printable(struct blob value)
{
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] == 0 || value.data[i] > 0x7F ||
            (!isalnum(value.data[i]) && strchr(" '()+,-./:=?", value.data[i]) == NULL))
            return false;
    return true;
}

static bool
has_type(const struct lint_view *v, const struct name_part *p)
{
    int row = row_of(p);

    (void)v;
    return row < 0 ||
           (p->tag == attributes[row].tag && (p->tag != DER_PRINTABLE || is_printable(p->value)));
}

bool
lint_subject_type(const struct lint_view *v)
{
    return every(v, has_type);
}

static bool
has_length(const struct lint_view *v, const struct name_part *p)
{
    const char *s = text_of(v, p);
    int row = row_of(p);
    int64_t n = s != NULL ? text_length(s) : -1;

    return row >= 0 ? n >= attributes[row].least && n <= attributes[row].most : n >= 1;
}

bool
lint_subject_length(const struct lint_view *v)
{
    return every(v, has_length);
}

static bool
is_plain(const struct lint_view *v, const struct name_part *p)
{
    const char *s = text_of(v, p);
    static const char wide[] = "\xE3\x80\x80"; /* U+3000, the space of Chinese type */
    size_t n = p->value.size;

    if (s == NULL || n == 0 || !unicode_is_plain(s) || s[0] == ' ' || s[n - 1] == ' ')
        return false;
    return n < 3 || (memcmp(s, wide, 3) != 0 && memcmp(s + n - 3, wide, 3) != 0);
}

bool
lint_subject_characters(const struct lint_view *v)
{
    return every(v, is_plain);
}

static bool
is_nfc(const struct lint_view *v, const struct name_part *p)
{
    const char *s = text_of(v, p);

    return s != NULL && unicode_is_nfc(s);
}

bool
lint_subject_nfc(const struct lint_view *v)
{
    return every(v, is_nfc);
}

bool
lint_subject_input(const struct lint_view *v)
{
    const char *values[ATTRIBUTES] = {NULL};

    for (size_t i = 0; i < v->c->name_count; i++) {
        int row = row_of(&v->c->names[i]);

        if (row < 0)
            return false;
        values[row] = text_of(v, &v->c->names[i]);
    }
    for (int i = 0; i < ATTRIBUTES; i++) {
        const char *reviewed = attribute_get(v->in, (enum attribute_index)i);

        if ((values[i] == NULL) != (reviewed == NULL) ||
            (reviewed != NULL && strcmp(values[i], reviewed) != 0))
            return false;
    }
    return true;
}

static bool
country_right(const struct lint_view *v, const struct name_part *p)
{
    (void)v;
    return row_of(p) != ATTRIBUTE_country ||
           (p->value.size == 2 && p->value.data[0] >= 'A' && p->value.data[0] <= 'Z' &&
               p->value.data[1] >= 'A' && p->value.data[1] <= 'Z');
}

bool
lint_subject_country(const struct lint_view *v)
{
    return every(v, country_right);
}

/* Any eighteen characters within the value that are a right resident identity number. */
static bool
no_id_number(const struct lint_view *v, const struct name_part *p)
{
    enum { LENGTH = 18 };
    int64_t today = v->op->now / 86400 + 1;

    for (size_t i = 0; i + LENGTH <= p->value.size; i++) {
        char s[LENGTH + 1];
        enum fault_code why;

        memcpy(s, p->value.data + i, LENGTH);
        s[LENGTH] = '\0';
        if (strspn(s, "0123456789Xx") != LENGTH)
            continue;
        s[LENGTH - 1] = (char)toupper((unsigned char)s[LENGTH - 1]);
        if (idno_check(ID_RESIDENT_CARD, s, today, &why))
            return false;
    }
    return true;
}

bool
lint_subject_id_number(const struct lint_view *v)
{
    return every(v, no_id_number);
}

static bool
is_common_han(const struct lint_view *v, const struct name_part *p)
{
    const char *s = text_of(v, p);

    return s == NULL || !unicode_has_rare_han(s);
}

bool
lint_subject_rare_han(const struct lint_view *v)
{
    return every(v, is_common_han);
}

bool
lint_subject_short_name(const struct lint_view *v)
{
    struct blob name = {NULL, 0}, unit = {NULL, 0};

    for (size_t i = 0; i < v->c->name_count; i++) {
        if (row_of(&v->c->names[i]) == ATTRIBUTE_common_name)
            name = v->c->names[i].value;
        if (row_of(&v->c->names[i]) == ATTRIBUTE_organisation)
            unit = v->c->names[i].value;
    }
    return v->in->kind != PROFILE_ORGANISATION || blob_equal(name, unit);
}
