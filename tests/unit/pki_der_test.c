/* DER, the profile's numbers, messages: what needs no CA. */
#include "pki/der.h"
#include "pki/parts.h"
#include "pki/profile.h"
#include "pki/wire.h"
#include "pki_fixture.h"

static void
test_oid(struct arena *a)
{
    static const struct {
        const char *text, *der;
        size_t size;
    } right[] = {
        {"1.2.156.10197.1.301", "\x06\x08\x2A\x81\x1C\xCF\x55\x01\x82\x2D", 10},
        {"2.5.29.15", "\x06\x03\x55\x1D\x0F", 5},
        {"2.999.1", "\x06\x03\x88\x37\x01", 5},
        {"0.39", "\x06\x01\x27", 3},
    };
    static const char *const wrong[] = {"", "1", "1.", "1.40", "3.1", "1.2.", "1..2", "1.2.x",
        "01.2", "1.2.03", "1.2.99999999999", "-1.2", "1.2 "};
    struct blob out;
    struct der d;

    for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
        ok(der_oid(a, right[i].text, &out) &&
                blob_equal(out, (struct blob){(const unsigned char *)right[i].der, right[i].size}),
            "%s is encoded", right[i].text);
        if (!der_only(out, DER_OID, &d))
            abort();
        is(der_oid_text(a, d.body), right[i].text, "and read back");
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        ok(!der_oid(a, wrong[i], &out), "\"%s\" is no OID", wrong[i]);
    ok(der_oid_text(a, (struct blob){(const unsigned char *)"\x80\x01", 2}) == NULL,
        "an arc with a leading zero is refused");
    ok(der_oid_text(a, (struct blob){(const unsigned char *)"\x2A\x81", 2}) == NULL,
        "an arc without an end is refused");
}

static void
test_lengths(struct arena *a)
{
    static const size_t sizes[] = {0, 1, 127, 128, 255, 256, 65535, 65536, 70000};
    static const struct {
        const char *what, *der;
        size_t size;
    } wrong[] = {
        {"no length", "\x30", 1},
        {"less than announced", "\x30\x02\x01", 3},
        {"the long form for a short length", "\x04\x81\x01x", 4},
        {"a length with a leading zero", "\x04\x82\x00\x80", 4},
        {"an indefinite length", "\x30\x80\x00\x00", 4},
        {"a length of eight bytes", "\x04\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10},
        {"a tag of several bytes", "\x1F\x81\x01\x00", 4},
    };
    unsigned char *data = arena_zalloc(a, 70000, 1);

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct blob all = DER(a, DER_OCTET_STRING, {data, sizes[i]});
        struct der d;

        ok(der_only(all, DER_OCTET_STRING, &d) && d.body.size == sizes[i], "%zu bytes come back",
            sizes[i]);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct blob b = {(const unsigned char *)wrong[i].der, wrong[i].size};
        struct der d;

        ok(!der_next(&b, &d), "%s is refused", wrong[i].what);
    }
}

static void
test_numbers(struct arena *a)
{
    struct der d;
    long long n;

    for (int shift = 0; shift < 63; shift++) {
        long long want = 1LL << shift;

        if (!der_only(der_number(a, (unsigned long long)want), DER_INTEGER, &d) ||
            !der_integer(d.body, &n) || n != want)
            ok(false, "2^%d comes back", shift);
    }
    ok(der_only(der_number(a, 128), DER_INTEGER, &d) && d.body.size == 2, "128 has a sign byte");
    ok(!der_integer((struct blob){(const unsigned char *)"\xFF", 1}, &n), "-1 is refused");
    ok(!der_integer((struct blob){(const unsigned char *)"\x00\x01", 2}, &n),
        "a needless zero is refused");
}

static void
test_times(struct arena *a)
{
    static const struct {
        long long at;
        unsigned tag;
        const char *text;
    } times[] = {
        {0, DER_UTC_TIME, "700101000000Z"},
        {-631152000, DER_UTC_TIME, "500101000000Z"},
        {951782400, DER_UTC_TIME, "000229000000Z"},
        {2524607999, DER_UTC_TIME, "491231235959Z"},
        {2524608000, DER_GENERALIZED_TIME, "20500101000000Z"},
    };
    static const char *const wrong[] = {"7001010000Z", "700101000000+0000", "701301000000Z",
        "700230000000Z", "700101240000Z", "700101006000Z", "7001010000000", "70010100000aZ"};
    long long at;

    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
        struct blob b = der_time(a, times[i].at);
        struct der d;

        ok(der_only(b, times[i].tag, &d) && blob_equal(d.body, blob_text(times[i].text)) &&
                der_seconds(&d, &at) && at == times[i].at,
            "%s there and back", times[i].text);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct der d = {.tag = DER_UTC_TIME, .body = blob_text(wrong[i])};

        ok(!der_seconds(&d, &at), "%s is no time", wrong[i]);
    }
}

static void
test_validity(void)
{
    int64_t from, until;

    certificate_validity(1795312845, 1, &from, &until); /* 2026-11-22T02:00:45Z */
    ok(from == 1795312845 - 45 - 600, "it begins ten minutes before the minute");
    ok(until == from + 365 * 86400 - 1, "and ends a year later less a second");
    ok(certificate_years(from, until) == 1 && certificate_years(from, until + 1) == 0,
        "which is a whole year, and with a second more it is none");
    certificate_validity(1835431200, 1, &from, &until);         /* 2028-02-29T10:00:00Z */
    ok(until == 1866966599, "from 29 February to 28 February"); /* 2029-02-28T09:49:59Z */
    ok(certificate_years(from, until) == 1, "is a year too");
    certificate_validity(1795312845, 5, &from, &until);
    ok(certificate_years(from, until) == 5, "five years are five");
}

static void
test_serial(void)
{
    unsigned char a[SERIAL_SIZE], b[SERIAL_SIZE];
    int right = 0;

    certificate_serial(a);
    for (int i = 0; i < 1000; i++) {
        certificate_serial(b);
        right += b[0] >= 0x40 && b[0] <= 0x7F && memcmp(a, b, sizeof(a)) != 0;
    }
    ok(right == 1000, "serial numbers are 16 octets, positive and different");
}

static void
test_profile(struct op *op)
{
    struct certificate_profile_input in = {.algorithm = ALGORITHM_SM2,
                                         .kind = PROFILE_PERSON,
                                         .country = "CN",
                                         .common_name = "测试甲",
                                         .not_before = 1,
                                         .not_after = 2,
                                         .spki = blob_text("key")},
                                     out;
    struct blob bytes = profile_encode(op->arena, &in);
    int refused = 0;

    ok(profile_decode(op, bytes, &out) == OK && strcmp(out.common_name, "测试甲") == 0 &&
            out.organisation == NULL && out.uscc == NULL && out.kind == PROFILE_PERSON &&
            blob_equal(out.spki, in.spki),
        "an input comes back from its bytes");
    for (size_t n = 0; n < bytes.size; n++)
        refused += profile_decode(op, (struct blob){bytes.data, n}, &out) == E_MALFORMED;
    ok(refused == (int)bytes.size, "cut short anywhere it is refused");
}

static void
test_wire(struct arena *a)
{
    struct wire_out w = {.arena = a};
    struct wire_in r;
    unsigned char four[4];

    wire_put_int(&w, -5);
    wire_put_text(&w, NULL);
    wire_put_text(&w, "");
    wire_put_text(&w, "中");
    wire_put_bytes(&w, blob_text("abcd"));
    r = (struct wire_in){.rest = {w.data, w.size}};
    ok(wire_int(&r) == -5 && wire_text(&r, a, 10) == NULL && !r.broken, "an absent text");
    ok(strcmp(wire_text(&r, a, 10), "") == 0 && strcmp(wire_text(&r, a, 10), "中") == 0,
        "is not an empty one");
    wire_fixed(&r, four, sizeof(four));
    ok(wire_done(&r) && memcmp(four, "abcd", 4) == 0, "and everything is read");
    wire_int(&r);
    ok(!wire_done(&r), "reading on breaks it");
    r = (struct wire_in){.rest = {(const unsigned char *)"\0\0\0\2\xC0\x80", 6}};
    ok(wire_text(&r, a, 10) == NULL && r.broken, "what is not UTF-8 is refused");
    r = (struct wire_in){.rest = {(const unsigned char *)"\0\0\0\2ab", 6}};
    ok(wire_text(&r, a, 1) == NULL && r.broken, "and what is too long");
}

/* A certificate with each byte changed or cut: read or refused, but never out of bounds. */
static void
test_mutations(struct fixture *f)
{
    struct token_key key;
    struct certificate_profile_input in = organisation(f, ALGORITHM_P256, &key);
    struct issuer issuer = {.algorithm = ALGORITHM_P256,
        .name = DER(f->op.arena, DER_SEQUENCE, {NULL, 0}),
        .crl_url = "http://a.test/",
        .ca_url = "http://a.test/",
        .policy = {"2.999.1", "2.999.2"}};
    struct blob tbs, der;
    unsigned char *copy;
    int read = 0;

    if (certificate_tbs(&f->op, &in, &issuer, &tbs) != OK)
        abort();
    der = certificate_assemble(f->op.arena, ALGORITHM_P256, tbs, blob_text("signature"));
    copy = malloc(der.size); /* its own block, so that a sanitizer sees its end */
    memcpy(copy, der.data, der.size);
    for (size_t i = 0; i < der.size; i++) {
        static const unsigned char with[] = {0x00, 0x01, 0x30, 0x7F, 0x80, 0x84, 0xFF};

        for (size_t k = 0; k < sizeof(with); k++) {
            struct certificate_summary s;

            copy[i] = with[k];
            read += certificate_parse(&f->op, (struct blob){copy, der.size}, &s) == OK;
        }
        copy[i] = der.data[i];
    }
    ok(read > 0, "changed bytes are read or refused");
    free(copy);
    for (size_t n = 0; n < der.size; n++) {
        struct certificate_summary s;

        copy = malloc(n + 1);
        memcpy(copy, der.data, n);
        read = certificate_parse(&f->op, (struct blob){copy, n}, &s) == OK ? -1 : read;
        free(copy);
    }
    ok(read >= 0, "and a part of a certificate is none");
}

int
main(void)
{
    static struct fixture f;

    fixture_begin(&f);
    test_oid(f.op.arena);
    test_lengths(f.op.arena);
    test_numbers(f.op.arena);
    test_times(f.op.arena);
    test_validity();
    test_serial();
    test_profile(&f.op);
    test_wire(f.op.arena);
    test_mutations(&f);
    fixture_end(&f);
    return done();
}
