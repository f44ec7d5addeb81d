#include "pki/journal_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MARK_SIZE = 16, ISSUERS_MAX = 8 };

/* A name is kept as the first half of its SHA-256: 128 bits do not meet by chance. */
struct mark {
    unsigned char bytes[MARK_SIZE];
};
struct slot {
    struct mark name, order;
    enum journal_kind kind;
    int64_t time;
    off_t at;
    size_t size;
};
/* Open addressing; an element is the number of a slot plus one. */
struct table {
    uint32_t *element;
    size_t room, used;
};
struct journal_index {
    struct slot *slots;
    size_t count, room;
    struct table names, orders;
    int64_t *signed_at; /* times of certificates, ascending as the journal is */
    size_t signed_count, signed_room;
    struct {
        char issuer[2 * HASH_SIZE + 1];
        int64_t number;
    } crl[ISSUERS_MAX];
    size_t crl_count;
};

static void *
grow(void *p, size_t n, size_t size)
{
    void *q = reallocarray(p, n, size);

    if (q == NULL)
        abort();
    return q;
}

struct journal_index *
journal_index_new(void)
{
    struct journal_index *x = calloc(1, sizeof(*x));

    if (x == NULL)
        abort();
    return x;
}

void
journal_index_free(struct journal_index *x)
{
    if (x == NULL)
        return;
    free(x->slots);
    free(x->names.element);
    free(x->orders.element);
    free(x->signed_at);
    free(x);
}

static struct mark
mark_of(const char *text)
{
    unsigned char hash[HASH_SIZE];
    struct mark m;

    hash_sha256(text, strlen(text), hash);
    memcpy(m.bytes, hash, sizeof(m.bytes));
    return m;
}

/* A void entry takes the name of the certificate that must not be. */
static struct mark
name_mark(enum journal_kind kind, const char *issuer, const char *name)
{
    char text[256];

    snprintf(text, sizeof(text), "%d %s %s", kind == JOURNAL_VOID ? JOURNAL_CERTIFICATE : kind,
        issuer, name);
    return mark_of(text);
}

static struct mark
order_mark(const char *order_no, int64_t reissue_no)
{
    char text[128];

    snprintf(text, sizeof(text), "%s %lld", order_no, (long long)reissue_no);
    return mark_of(text);
}

static const struct mark *
mark_in(const struct journal_index *x, const struct table *t, uint32_t element)
{
    const struct slot *s = &x->slots[element - 1];

    return t == &x->names ? &s->name : &s->order;
}

/* The place of the mark in the table, or the empty one where it belongs. */
static size_t
place(const struct journal_index *x, const struct table *t, const struct mark *m)
{
    uint64_t h;
    size_t i;

    memcpy(&h, m->bytes, sizeof(h));
    for (i = h & (t->room - 1); t->element[i] != 0; i = (i + 1) & (t->room - 1))
        if (memcmp(mark_in(x, t, t->element[i]), m, sizeof(*m)) == 0)
            break;
    return i;
}

static bool
find(const struct journal_index *x, const struct table *t, const struct mark *m, off_t *at,
    size_t *size)
{
    uint32_t element = t->room > 0 ? t->element[place(x, t, m)] : 0;

    if (element == 0)
        return false;
    *at = x->slots[element - 1].at;
    *size = x->slots[element - 1].size;
    return true;
}

static void
insert(struct journal_index *x, struct table *t, uint32_t element)
{
    if ((t->used + 1) * 2 > t->room) {
        struct table old = *t;

        t->room = old.room > 0 ? old.room * 2 : 1024;
        t->element = calloc(t->room, sizeof(*t->element));
        if (t->element == NULL)
            abort();
        for (size_t i = 0; i < old.room; i++)
            if (old.element[i] != 0)
                t->element[place(x, t, mark_in(x, t, old.element[i]))] = old.element[i];
        free(old.element);
    }
    t->element[place(x, t, mark_in(x, t, element))] = element;
    t->used++;
}

static size_t
crl_issuer(const struct journal_index *x, const char *issuer)
{
    size_t i = 0;

    while (i < x->crl_count && strcmp(x->crl[i].issuer, issuer) != 0)
        i++;
    return i;
}

/* The CRL numbers of an issuer grow (RFC 5280 5.2.3). */
static bool
crl_number_usable(const struct journal_index *x, const struct journal_entry *e)
{
    size_t i = crl_issuer(x, e->issuer);
    int64_t number;

    if (!text_int(e->name, &number) || strlen(e->issuer) >= sizeof(x->crl[0].issuer))
        return false;
    return i < x->crl_count ? number > x->crl[i].number : i < ISSUERS_MAX;
}

static void
take_crl_number(struct journal_index *x, const struct journal_entry *e)
{
    size_t i = crl_issuer(x, e->issuer);

    if (i == x->crl_count) {
        snprintf(x->crl[i].issuer, sizeof(x->crl[i].issuer), "%s", e->issuer);
        x->crl_count++;
    }
    if (!text_int(e->name, &x->crl[i].number))
        abort(); /* crl_number_usable() has looked */
}

static void
take_time(struct journal_index *x, int64_t time)
{
    if (x->signed_count == x->signed_room) {
        x->signed_room = x->signed_room > 0 ? x->signed_room * 2 : 256;
        x->signed_at = grow(x->signed_at, x->signed_room, sizeof(*x->signed_at));
    }
    x->signed_at[x->signed_count++] = time;
}

enum err
journal_index_check(struct op *op, const struct journal_index *x, const struct journal_entry *e)
{
    off_t at;
    size_t size;

    if (journal_index_name(x, e->kind, e->issuer, e->name, &at, &size))
        return op_fail(op, E_INVALID, "its name was used before");
    if (e->kind == JOURNAL_CERTIFICATE &&
        journal_index_order(x, e->order_no, e->reissue_no, &at, &size))
        return op_fail(op, E_INVALID, "its order was used before");
    if (e->kind == JOURNAL_CRL && !crl_number_usable(x, e))
        return op_fail(op, E_INVALID, "its CRL number does not grow");
    return OK;
}

void
journal_index_add(struct journal_index *x, const struct journal_entry *e, off_t at, size_t size)
{
    struct slot s = {.name = name_mark(e->kind, e->issuer, e->name),
        .kind = e->kind,
        .time = e->time,
        .at = at,
        .size = size};

    if (e->kind == JOURNAL_CERTIFICATE)
        s.order = order_mark(e->order_no, e->reissue_no);
    if (x->count == x->room) {
        x->room = x->room > 0 ? x->room * 2 : 256;
        x->slots = grow(x->slots, x->room, sizeof(*x->slots));
    }
    x->slots[x->count++] = s;
    insert(x, &x->names, (uint32_t)x->count);
    if (e->kind == JOURNAL_CERTIFICATE) {
        insert(x, &x->orders, (uint32_t)x->count);
        take_time(x, e->time);
    }
    if (e->kind == JOURNAL_CRL)
        take_crl_number(x, e);
}

bool
journal_index_name(const struct journal_index *x, enum journal_kind kind, const char *issuer,
    const char *name, off_t *at, size_t *size)
{
    struct mark m = name_mark(kind, issuer, name);

    return find(x, &x->names, &m, at, size);
}

bool
journal_index_order(const struct journal_index *x, const char *order_no, int64_t reissue_no,
    off_t *at, size_t *size)
{
    struct mark m = order_mark(order_no, reissue_no);

    return find(x, &x->orders, &m, at, size);
}

bool
journal_index_next(const struct journal_index *x, int64_t seq, off_t *at, size_t *size)
{
    for (size_t i = seq > 0 ? (size_t)seq : 0; i < x->count; i++)
        if (x->slots[i].kind == JOURNAL_CERTIFICATE) {
            *at = x->slots[i].at;
            *size = x->slots[i].size;
            return true;
        }
    return false;
}

void
journal_index_count(const struct journal_index *x, struct journal_report *out)
{
    int64_t n[JOURNAL_KIND_MAX] = {0};

    for (size_t i = 0; i < x->count; i++)
        n[x->slots[i].kind]++;
    out->entries = (int64_t)x->count;
    out->certificates = n[JOURNAL_CERTIFICATE];
    out->voids = n[JOURNAL_VOID];
    out->crls = n[JOURNAL_CRL];
    out->statements = n[JOURNAL_STATEMENT];
    out->first_time = x->count > 0 ? x->slots[0].time : 0;
}

int64_t
journal_index_since(const struct journal_index *x, int64_t time)
{
    size_t low = 0, high = x->signed_count;

    while (low < high) { /* the first that is not before time */
        size_t mid = low + (high - low) / 2;

        if (x->signed_at[mid] < time)
            low = mid + 1;
        else
            high = mid;
    }
    return (int64_t)(x->signed_count - low);
}

int64_t
journal_index_crl_number(const struct journal_index *x, const char *issuer)
{
    size_t i = crl_issuer(x, issuer);

    return i < x->crl_count ? x->crl[i].number : -1;
}
