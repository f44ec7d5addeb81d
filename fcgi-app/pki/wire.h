/*
 * Values one after the other in bytes: how the worker and the signer talk. Numbers are eight bytes
 * big-endian, two's complement; bytes and texts have a length of four bytes before them; an absent
 * text has the length 0xFFFFFFFF.
 */
#ifndef HALL_PKI_WIRE_H
#define HALL_PKI_WIRE_H

#include <stdint.h>

#include "pki/blob.h"

struct wire_out {
    struct arena *arena;
    unsigned char *data;
    size_t size, room;
};
struct wire_in {
    struct blob rest;
    bool broken; /* something was missing or wrong; everything read since is zero */
};

void wire_put_int(struct wire_out *w, int64_t n);
void wire_put_bytes(struct wire_out *w, struct blob b);
void wire_put_text(struct wire_out *w, const char *s); /* NULL is kept */

int64_t wire_int(struct wire_in *w);
int64_t wire_int_in(struct wire_in *w, int64_t least, int64_t most);
struct blob wire_bytes(struct wire_in *w); /* points into the input */
void wire_fixed(struct wire_in *w, void *out, size_t size);
/* Valid UTF-8 without NUL of at most `most` bytes, copied to the arena; NULL when absent. */
const char *wire_text(struct wire_in *w, struct arena *arena, size_t most);
/* Everything was right and nothing is left. */
bool wire_done(const struct wire_in *w);

#endif
