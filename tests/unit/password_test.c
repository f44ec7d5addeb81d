/* Passwords against RFC 7914, one-time codes against RFC 6238. */
#include "io/password.h"

#include <pthread.h>
#include <stdlib.h>

#include "io/conf.h"
#include "tap.h"

static const struct conf conf = {.password_hashes_at_once = 1};

static struct op
new_op(int ms)
{
    return (struct op){
        .arena = arena_new(4096), .conf = &conf, .deadline_ms = op_monotonic_ms() + ms};
}

/* RFC 7914 12: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), 64 bytes. */
static void
check_vector(struct op *op)
{
    static const char vector[] = "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/"
                                 "2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw";
    bool right = false;

    ok(password_verify(op, "pleaseletmein", vector, &right) == OK && right, "RFC 7914 agrees");
    ok(password_verify(op, "pleaseletmeIn", vector, &right) == OK && !right,
        "another password does not");
}

static void
check_round_trip(struct op *op)
{
    const char *stored, *again;
    bool right = false;
    char longest[PASSWORD_MAX + 2];

    ok(password_hash(op, "正确的马，电池订书钉", &stored) == OK &&
            strncmp(stored, "$scrypt$ln=15,r=8,p=1$", 22) == 0 && strchr(stored, '=') != NULL &&
            stored[strlen(stored) - 1] != '=',
        "a hash is a scrypt string");
    ok(password_hash(op, "正确的马，电池订书钉", &again) == OK && strcmp(stored, again) != 0,
        "each has its own salt");
    ok(password_verify(op, "正确的马，电池订书钉", again, &right) == OK && right, "it verifies");
    ok(password_verify(op, "", again, &right) == OK && !right, "the empty one does not");
    ok(password_verify(op, "", NULL, &right) == OK && !right, "nobody has no password");
    memset(longest, 'x', sizeof(longest));
    longest[PASSWORD_MAX + 1] = '\0';
    ok(password_hash(op, longest, &stored) == E_INVALID, "257 bytes are refused");
}

static void
check_forged(struct op *op)
{
    static const char *const bad[] = {"", "x", "$scrypt$", "$scrypt$ln=15,r=8,p=1$c2FsdA",
        "$scrypt$ln=31,r=8,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=15,r=99,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=15,r=8,p=0$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", "$scrypt$ln=15,r=8,p=1$c2FsdA$AA",
        "$scrypt$ln=15,r=8,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA$",
        "$scrypt$ln=15,r=8,p=1$!!$AAAAAAAAAAAAAAAAAAAAAA"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        bool right = true;

        ok(password_verify(op, "x", bad[i], &right) == E_INTERNAL && right,
            "stored string %zu is refused", i);
    }
}

static void *
hash_slowly(void *arg)
{
    struct op op = new_op(20000);
    const char *stored;
    bool *fine = arg;

    *fine = password_hash(&op, "x", &stored) == OK && password_hash(&op, "y", &stored) == OK;
    arena_free(op.arena);
    return NULL;
}

/* One at a time: three threads all get through, and who has no time to wait is told so. */
static void
check_bound(void)
{
    struct op hasty = new_op(0);
    bool fine[3] = {false}, busy = false;
    pthread_t threads[3];
    const char *stored;

    for (int i = 0; i < 3; i++)
        if (pthread_create(&threads[i], NULL, hash_slowly, &fine[i]) != 0)
            abort();
    for (int64_t end = op_monotonic_ms() + 20000; !busy && op_monotonic_ms() < end;)
        busy = password_hash(&hasty, "x", &stored) == E_UNAVAILABLE;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    ok(busy, "whose time is up is not served while others are");
    ok(fine[0] && fine[1] && fine[2], "who can wait is");
    ok(password_hash(&hasty, "x", &stored) == OK, "and the place is free again");
    arena_free(hasty.arena);
}

/* RFC 6238 appendix B has 8 digits; these are the last 6. */
static void
check_totp(void)
{
    static const char secret[] = "12345678901234567890";
    static const struct {
        int64_t at;
        const char *code;
    } rows[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    char code[7];
    int64_t step;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        totp_code(secret, 20, rows[i].at / 30, code);
        is(code, rows[i].code, "the code at %lld", (long long)rows[i].at);
        ok(totp_check(secret, 20, rows[i].code, rows[i].at, 0) == rows[i].at / 30, "is accepted");
    }
    step = 1234567890 / 30;
    ok(totp_check(secret, 20, "005924", 1234567890 + 30, 0) == step &&
            totp_check(secret, 20, "005924", 1234567890 - 30, 0) == step,
        "a clock may be one step off");
    ok(totp_check(secret, 20, "005924", 1234567890 + 60, 0) == 0 &&
            totp_check(secret, 20, "005924", 1234567890 - 60, 0) == 0,
        "but not two");
    ok(totp_check(secret, 20, "005924", 1234567890, step) == 0 &&
            totp_check(secret, 20, "005924", 1234567890, step + 1) == 0,
        "a step is good once, and none before it afterwards");
    ok(totp_check(secret, 20, "005924", 1234567890, step - 1) == step, "the next step is good");
    ok(totp_check(secret, 20, "", 1234567890, 0) == 0 &&
            totp_check(secret, 20, "5924", 1234567890, 0) == 0 &&
            totp_check(secret, 20, "0059240", 1234567890, 0) == 0,
        "other lengths are wrong");
}

int
main(void)
{
    struct op op = new_op(60000);

    check_vector(&op);
    check_round_trip(&op);
    check_forged(&op);
    check_bound();
    check_totp();
    arena_free(op.arena);
    return done();
}
