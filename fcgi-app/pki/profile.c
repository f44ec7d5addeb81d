#include "pki/profile.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "pki/der.h"
#include "pki/wire.h"

enum { PROFILE_VERSION = 1 };

const struct attribute attributes[ATTRIBUTES] = {
#define ATTRIBUTE(f, n, o, t, l, m, r, a) [ATTRIBUTE_##f] = {#f, n, o, t, l, m, r, a},
#include "pki/attribute.def"
};

const struct extension_rule extension_rules[EXTENSIONS] = {
#define EXTENSION(n, o, c, k) [EXTENSION_##n] = {#n, o, c, k},
#include "pki/extension.def"
};

static const size_t offsets[ATTRIBUTES] = {
#define ATTRIBUTE(f, n, o, t, l, m, r, a) \
    [ATTRIBUTE_##f] = offsetof(struct certificate_profile_input, f),
#include "pki/attribute.def"
};

const char *
profile_kind_name(enum profile_kind k)
{
    static const char *const names[PROFILE_KIND_MAX] = {
        [PROFILE_ORGANISATION] = "organisation",
        [PROFILE_PERSON] = "person",
        [PROFILE_ISSUING] = "issuing",
        [PROFILE_ROOT] = "root",
    };

    return names[k];
}

const char *
attribute_get(const struct certificate_profile_input *in, enum attribute_index i)
{
    return *(const char *const *)((const char *)in + offsets[i]);
}

void
attribute_set(struct certificate_profile_input *in, enum attribute_index i, const char *value)
{
    *(const char **)((char *)in + offsets[i]) = value;
}

const unsigned char *
key_usage_bits(enum profile_kind k)
{
    /* digitalSignature, nonRepudiation; keyCertSign, cRLSign */
    static const unsigned char subscriber[] = {6, 0xC0}, ca[] = {1, 0x06};

    return (KINDS_CA >> k & 1) != 0 ? ca : subscriber;
}

void
certificate_serial(unsigned char out[SERIAL_SIZE])
{
    secret_random(out, SERIAL_SIZE);
    out[0] = (unsigned char)((out[0] & 0x3F) | 0x40);
}

static int64_t
years_later(int64_t from, int years)
{
    time_t t = (time_t)from;
    struct tm tm = {0};

    gmtime_r(&t, &tm);
    tm.tm_year += years;
    if (tm.tm_mon == 1 && tm.tm_mday == 29) {
        int y = tm.tm_year + 1900;

        if (y % 4 != 0 || (y % 100 == 0 && y % 400 != 0))
            tm.tm_mday = 28;
    }
    return (int64_t)timegm(&tm) - 1;
}

void
certificate_validity(int64_t now, int years, int64_t *not_before, int64_t *not_after)
{
    *not_before = now - now % 60 - 600;
    *not_after = years_later(*not_before, years);
}

int
certificate_years(int64_t not_before, int64_t not_after)
{
    for (int years = 1; years <= 30; years++)
        if (years_later(not_before, years) == not_after)
            return years;
    return 0;
}

struct blob
profile_encode(struct arena *arena, const struct certificate_profile_input *in)
{
    struct wire_out w = {.arena = arena};

    wire_put_int(&w, PROFILE_VERSION);
    wire_put_int(&w, in->algorithm);
    wire_put_int(&w, in->kind);
    for (int i = 0; i < ATTRIBUTES; i++)
        wire_put_text(&w, attribute_get(in, (enum attribute_index)i));
    wire_put_text(&w, in->uscc);
    wire_put_int(&w, in->not_before);
    wire_put_int(&w, in->not_after);
    wire_put_bytes(&w, (struct blob){in->serial, SERIAL_SIZE});
    wire_put_bytes(&w, in->spki);
    return (struct blob){w.data, w.size};
}

enum err
profile_decode(struct op *op, struct blob bytes, struct certificate_profile_input *out)
{
    struct wire_in w = {.rest = bytes};
    struct certificate_profile_input in = {0};

    wire_int_in(&w, PROFILE_VERSION, PROFILE_VERSION);
    in.algorithm = (enum algorithm)wire_int_in(&w, 0, ALGORITHM_MAX - 1);
    in.kind = (enum profile_kind)wire_int_in(&w, 0, PROFILE_KIND_MAX - 1);
    for (int i = 0; i < ATTRIBUTES; i++)
        attribute_set(&in, (enum attribute_index)i, wire_text(&w, op->arena, 512));
    in.uscc = wire_text(&w, op->arena, 64);
    in.not_before = wire_int_in(&w, 0, INT64_C(253402300799)); /* the year 9999 */
    in.not_after = wire_int_in(&w, 0, INT64_C(253402300799));
    wire_fixed(&w, in.serial, SERIAL_SIZE);
    in.spki = wire_bytes(&w);
    if (!wire_done(&w))
        return op_fail(op, E_MALFORMED, "profile input cannot be read");
    *out = in;
    return OK;
}
