#include "pki/wire.h"

#include <string.h>

#include "base/text.h"

static const uint32_t absent = UINT32_MAX;

static unsigned char *
extend(struct wire_out *w, size_t n)
{
    if (w->room - w->size < n) {
        size_t room = (w->size + n) * 2;
        unsigned char *data = arena_alloc(w->arena, room);

        if (w->size > 0)
            memcpy(data, w->data, w->size);
        w->data = data;
        w->room = room;
    }
    w->size += n;
    return w->data + w->size - n;
}

static void
put_length(struct wire_out *w, uint32_t n)
{
    unsigned char *p = extend(w, 4);

    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(n >> (8 * (3 - i)));
}

void
wire_put_int(struct wire_out *w, int64_t n)
{
    unsigned char *p = extend(w, 8);

    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)((uint64_t)n >> (8 * (7 - i)));
}

void
wire_put_bytes(struct wire_out *w, struct blob b)
{
    put_length(w, (uint32_t)b.size);
    if (b.size > 0)
        memcpy(extend(w, b.size), b.data, b.size);
}

void
wire_put_text(struct wire_out *w, const char *s)
{
    if (s == NULL)
        put_length(w, absent);
    else
        wire_put_bytes(w, blob_text(s));
}

/* n bytes off the front, or NULL and the input is broken. */
static const unsigned char *
take(struct wire_in *w, size_t n)
{
    const unsigned char *p = w->rest.data;

    if (w->broken || w->rest.size < n) {
        w->broken = true;
        return NULL;
    }
    w->rest.data += n;
    w->rest.size -= n;
    return p;
}

static uint64_t
take_number(struct wire_in *w, int bytes)
{
    const unsigned char *p = take(w, (size_t)bytes);
    uint64_t v = 0;

    for (int i = 0; p != NULL && i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

int64_t
wire_int(struct wire_in *w)
{
    return (int64_t)take_number(w, 8);
}

int64_t
wire_int_in(struct wire_in *w, int64_t least, int64_t most)
{
    int64_t v = wire_int(w);

    if (v < least || v > most)
        w->broken = true;
    return w->broken ? least : v;
}

struct blob
wire_bytes(struct wire_in *w)
{
    size_t n = (size_t)take_number(w, 4);
    const unsigned char *p = take(w, n);

    return p != NULL ? (struct blob){p, n} : (struct blob){NULL, 0};
}

void
wire_fixed(struct wire_in *w, void *out, size_t size)
{
    struct blob b = wire_bytes(w);

    memset(out, 0, size);
    if (b.size == size && size > 0)
        memcpy(out, b.data, size);
    else
        w->broken = true;
}

const char *
wire_text(struct wire_in *w, struct arena *arena, size_t most)
{
    uint32_t n = (uint32_t)take_number(w, 4);
    const unsigned char *p;

    if (w->broken || n == absent)
        return NULL;
    p = take(w, n);
    if (p == NULL || n > most || !text_is_utf8((const char *)p, n)) {
        w->broken = true;
        return NULL;
    }
    return arena_strndup(arena, (const char *)p, n);
}

bool
wire_done(const struct wire_in *w)
{
    return !w->broken && w->rest.size == 0;
}
