/* Stored secrets: sealing and tampering; and the hashes and spellings under it. */
#include "io/vault.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "io/encoding.h"
#include "io/hash.h"
#include "tap.h"

static char dir[] = "/tmp/vault_test.XXXXXX";

static const char *
write_file(struct op *op, const char *name, const char *text)
{
    const char *path = arena_printf(op->arena, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");

    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
    return path;
}

static struct vault *
open_vault(struct op *op, const char *data, const char *pin)
{
    char why[256];
    struct vault *v = vault_open(data, pin, why, sizeof(why));

    if (v == NULL)
        printf("# %s\n", why);
    op->vault = v;
    return v;
}

static void
check_key_files(struct op *op)
{
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    struct arena *a = op->arena;
    const char *bad[] = {"", "a\n", arena_printf(a, "a %s0\n", zeros),
        arena_printf(a, "toolongid %s\n", zeros), arena_printf(a, "a-b %s\n", zeros),
        arena_printf(a, "a %s\na %s\n", zeros, zeros), arena_printf(a, " %s\n", zeros)};
    char why[256] = "";

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        ok(vault_open(write_file(op, "bad", bad[i]), NULL, why, sizeof(why)) == NULL,
            "key file %zu is refused", i);
        ok(strstr(why, zeros) == NULL, "and the reason does not quote the key");
    }
    ok(vault_open("/nonexistent", NULL, why, sizeof(why)) == NULL &&
            strstr(why, "/nonexistent") != NULL,
        "a missing file is named");
}

static void
check_round_trip(struct op *op)
{
    static unsigned char big[100000];
    const size_t sizes[] = {0, 1, 15, 16, 17, 4096, sizeof(big)};
    const void *sealed, *again, *plain;
    size_t n, m;

    memset(big, 0x5a, sizeof(big));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        ok(vault_seal(op, VAULT_PERSONAL, "orders/17/form", big, sizes[i], &sealed, &n) == OK &&
                n == sizes[i] + VAULT_OVERHEAD &&
                vault_unseal(op, VAULT_PERSONAL, "orders/17/form", sealed, n, &plain, &m) == OK &&
                m == sizes[i] && memcmp(plain, big, m) == 0,
            "%zu bytes open again", sizes[i]);
    }
    ok(memmem(sealed, n, big, 16) == NULL, "the plain bytes are not in the sealed ones");
    ok(vault_seal(op, VAULT_PERSONAL, "orders/17/form", big, sizes[6], &again, &m) == OK &&
            memcmp(sealed, again, n) != 0,
        "sealing twice gives different bytes");
}

static void
check_tampering(struct op *op)
{
    const void *sealed, *plain = NULL;
    unsigned char copy[128];
    size_t n, m = 0, opened = 0;

    ok(vault_seal(op, VAULT_SMS, "sms/1", "code 123456", 11, &sealed, &n) == OK,
        "a text is sealed");
    for (size_t bit = 0; bit < 8 * n; bit++) {
        memcpy(copy, sealed, n);
        copy[bit / 8] ^= (unsigned char)(1 << bit % 8);
        opened += vault_unseal(op, VAULT_SMS, "sms/1", copy, n, &plain, &m) != E_INTERNAL;
    }
    ok(opened == 0, "no single flipped bit goes unseen (%zu did)", opened);
    for (size_t cut = 0; cut < n; cut++)
        opened += vault_unseal(op, VAULT_SMS, "sms/1", sealed, cut, &plain, &m) != E_INTERNAL;
    ok(opened == 0, "no cut goes unseen");
    ok(vault_unseal(op, VAULT_SMS, "sms/2", sealed, n, &plain, &m) == E_INTERNAL,
        "it does not open in another place");
    ok(vault_unseal(op, VAULT_PERSONAL, "sms/1", sealed, n, &plain, &m) == E_INTERNAL,
        "nor for another purpose");
    ok(plain == NULL && m == 0, "a failure leaves the results alone");
    ok(strstr(op->note, "123456") == NULL && strstr(op->note, "sms") != NULL,
        "the note names the place and not the contents");
}

static void
check_rights(struct op *op, const char *data, const char *pin)
{
    struct vault *both = open_vault(op, data, pin), *one;
    const void *sealed, *plain;
    unsigned char index[VAULT_INDEX];
    size_t n, m;

    ok(vault_seal(op, VAULT_PIN, "pins/1", "654321", 6, &sealed, &n) == OK &&
            vault_unseal(op, VAULT_PIN, "pins/1", sealed, n, &plain, &m) == OK,
        "who has the PIN keys seals and opens PINs");
    one = open_vault(op, data, NULL);
    ok(vault_unseal(op, VAULT_PIN, "pins/1", sealed, n, &plain, &m) == E_FORBIDDEN &&
            vault_seal(op, VAULT_TOKEN_KEY, "x", "1", 1, &sealed, &n) == E_FORBIDDEN &&
            vault_index(op, VAULT_PIN, "x", index) == E_FORBIDDEN,
        "who has not, does neither");
    ok(vault_seal(op, VAULT_TOTP, "staff/1", "1", 1, &sealed, &n) == OK, "other purposes work");
    op->vault = NULL;
    ok(vault_seal(op, VAULT_TOTP, "staff/1", "1", 1, &sealed, &n) == E_FORBIDDEN,
        "a process without a vault is refused");
    vault_close(both);
    vault_close(one);
}

static void
check_new_key(struct op *op, const char *old_line)
{
    const char *new_line = vault_new_key(op->arena, "k2");
    const char *before = write_file(op, "before", old_line);
    const char *after =
        write_file(op, "after", arena_printf(op->arena, "%s%s", new_line, old_line));
    struct vault *one = open_vault(op, before, NULL), *two;
    const void *sealed, *fresh, *plain;
    unsigned char was[VAULT_INDEX], is_now[VAULT_INDEX];
    size_t n, m, k;

    ok(vault_seal(op, VAULT_PERSONAL, "a", "old", 3, &sealed, &n) == OK &&
            vault_index(op, VAULT_PERSONAL, "13800000000", was) == OK,
        "a value is sealed by the first key");
    two = open_vault(op, after, NULL);
    ok(vault_unseal(op, VAULT_PERSONAL, "a", sealed, n, &plain, &m) == OK && m == 3,
        "it opens after a new key came");
    ok(vault_seal(op, VAULT_PERSONAL, "a", "new", 3, &fresh, &k) == OK &&
            memcmp((const char *)fresh + 1, "k2\0\0\0\0\0\0", 8) == 0,
        "new values are sealed by the new key");
    ok(vault_index(op, VAULT_PERSONAL, "13800000000", is_now) == OK && memcmp(was, is_now, 32) == 0,
        "the index did not change");
    op->vault = one;
    ok(vault_unseal(op, VAULT_PERSONAL, "a", fresh, k, &plain, &m) == E_INTERNAL,
        "a key that is not in the file opens nothing");
    vault_close(one);
    vault_close(two);
}

static void
check_index(struct op *op)
{
    unsigned char a[VAULT_INDEX], b[VAULT_INDEX], c[VAULT_INDEX];

    ok(vault_index(op, VAULT_PERSONAL, "13800000000", a) == OK &&
            vault_index(op, VAULT_PERSONAL, "13800000000", b) == OK &&
            vault_index(op, VAULT_SMS, "13800000000", c) == OK,
        "texts are indexed");
    ok(memcmp(a, b, 32) == 0, "the same text has the same index");
    ok(memcmp(a, c, 32) != 0, "but not under another purpose");
    ok(vault_index(op, VAULT_PERSONAL, "13800000001", b) == OK && memcmp(a, b, 32) != 0,
        "another text has another index");
}

static void
check_hashes(struct arena *a)
{
    unsigned char mac[HASH_SIZE];

    is(hash_sha256_hex(a, "abc", 3),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "SHA-256 of FIPS 180-4");
    is(hash_sha256_hex(a, "", 0),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "and of nothing");
    hash_hmac("Jefe", 4, "what do ya want for nothing?", 28, mac);
    is(text_hex(a, mac, 32), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "HMAC of RFC 4231, case 2");
}

static void
check_spellings(struct arena *a)
{
    static const char *const rfc4648[][3] = {{"", "", ""}, {"f", "Zg==", "MY"},
        {"fo", "Zm8=", "MZXQ"}, {"foo", "Zm9v", "MZXW6"}, {"foob", "Zm9vYg==", "MZXW6YQ"},
        {"fooba", "Zm9vYmE=", "MZXW6YTB"}, {"foobar", "Zm9vYmFy", "MZXW6YTBOI"}};
    static const char *const bad64[] = {"Zg", "Zg=", "Zh==", "Zg==\n",
        " Zg==", "Z===", "Zm9v=", "Zm9v====", "Z-==", "Zg==Zg==", "=", "Zm9vY"};
    const void *data;
    size_t n;

    for (size_t i = 0; i < 7; i++) {
        const char *s = rfc4648[i][0];

        is(encoding_base64(a, s, strlen(s)), rfc4648[i][1], "base64 of \"%s\"", s);
        is(encoding_base32(a, s, strlen(s)), rfc4648[i][2], "base32 of \"%s\"", s);
        ok(encoding_unbase64(a, rfc4648[i][1], &data, &n) && n == strlen(s) && !strcmp(data, s),
            "and back");
    }
    for (size_t i = 0; i < sizeof(bad64) / sizeof(*bad64); i++)
        ok(!encoding_unbase64(a, bad64[i], &data, &n), "bad base64 %zu is refused", i);
    is(encoding_base64url(a, "\xfb\xff\xfe", 3), "-__-", "base64url has - and _");
    ok(strlen(encoding_token(a)) == 43 && strcmp(encoding_token(a), encoding_token(a)) != 0,
        "tokens have 43 characters and differ");
}

/* A value and an index that another program has made of the words in the header. */
static void
check_format(struct op *op)
{
    static const char sealed_hex[] =
        "016b31000000000000404142434445464748494a4b4c4d4e4f606162636465666768696a6b"
        "dd35e76b6d850845fcb9af3587788626be1807dc6104";
    const char *file = write_file(
        op, "fixed", "k1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
    unsigned char sealed[sizeof(sealed_hex) / 2], index[VAULT_INDEX];
    struct vault *v = open_vault(op, file, NULL);
    const void *plain = "";
    size_t n = 0;

    ok(text_unhex(sealed_hex, sealed, sizeof(sealed)) &&
            vault_unseal(
                op, VAULT_PERSONAL, "orders/17/form", sealed, sizeof(sealed), &plain, &n) == OK &&
            n == 6 && memcmp(plain, "a form", n) == 0,
        "what another program sealed opens");
    ok(vault_index(op, VAULT_PERSONAL, "13800000000", index) == OK, "a text is indexed");
    is(text_hex(op->arena, index, sizeof(index)),
        "163daeccc4f92af24060b9ee7a18991a546c1f50a9e3f1a751b8ea4c02a91fdc", "as elsewhere");
    vault_close(v);
}

int
main(void)
{
    struct op op = {.arena = arena_new(65536)};
    const char *data, *pin, *line;
    struct vault *v;

    if (mkdtemp(dir) == NULL)
        abort();
    line = vault_new_key(op.arena, "k1");
    data = write_file(&op, "data", line);
    pin = write_file(&op, "pin", vault_new_key(op.arena, "p1"));
    check_hashes(op.arena);
    check_spellings(op.arena);
    check_key_files(&op);
    v = open_vault(&op, data, NULL);
    check_round_trip(&op);
    check_tampering(&op);
    check_index(&op);
    vault_close(v);
    check_rights(&op, data, pin);
    check_new_key(&op, line);
    check_format(&op);
    for (const char *const *f =
             (const char *const[]){"bad", "data", "pin", "before", "after", "fixed", NULL};
         *f != NULL; f++)
        unlink(arena_printf(op.arena, "%s/%s", dir, *f));
    rmdir(dir);
    arena_free(op.arena);
    return done();
}
