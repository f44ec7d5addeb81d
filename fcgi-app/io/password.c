#include "io/password.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "base/text.h"
#include "io/conf.h"
#include "io/encoding.h"

enum { SALT = 16, HASH = 32, LOG_N = 15, R = 8, P = 1 };

/* What a stored string says. */
struct stored {
    int log_n, r, p;
    const void *salt, *hash;
    size_t salt_n, hash_n;
};

/* How many hashes are being computed in this process. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int64_t n;
} busy = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static enum err
enter(struct op *op)
{
    int64_t most = op->conf == NULL ? 1 : op->conf->password_hashes_at_once;
    const struct timespec end = {
        .tv_sec = (time_t)(op->deadline_ms / 1000),
        .tv_nsec = (long)(op->deadline_ms % 1000) * 1000000,
    };
    bool in;

    pthread_mutex_lock(&busy.lock);
    while (busy.n >= most &&
           pthread_cond_clockwait(&busy.left, &busy.lock, CLOCK_MONOTONIC, &end) == 0)
        ;
    in = busy.n < most; /* also when the time ran out at the very moment somebody left */
    busy.n += in;
    pthread_mutex_unlock(&busy.lock);
    return in ? OK : op_fail(op, E_UNAVAILABLE, "too many passwords at once");
}

static void
leave(void)
{
    pthread_mutex_lock(&busy.lock);
    busy.n--;
    pthread_cond_signal(&busy.left);
    pthread_mutex_unlock(&busy.lock);
}

static enum err
scrypt(struct op *op, const char *password, const struct stored *s, unsigned char *out)
{
    uint64_t n = (uint64_t)1 << s->log_n, memory = 128 * n * (uint64_t)s->r + (1 << 20);
    bool done;

    TRY(enter(op));
    done = EVP_PBE_scrypt(password, strlen(password), s->salt, s->salt_n, n, (uint64_t)s->r,
               (uint64_t)s->p, memory, out, s->hash_n) == 1;
    leave();
    return done ? OK : op_fail(op, E_INTERNAL, "scrypt failed");
}

static enum err
check_length(struct op *op, const char *password)
{
    if (strnlen(password, PASSWORD_MAX + 1) > PASSWORD_MAX)
        return op_fail(op, E_INVALID, "a password of more than %d bytes", PASSWORD_MAX);
    return OK;
}

/* PHC strings have base64 without padding. */
static const char *
unpadded(struct arena *a, const void *data, size_t n)
{
    const char *s = encoding_base64(a, data, n);

    return arena_strndup(a, s, strcspn(s, "="));
}

static bool
unbase64(struct arena *a, const char *s, const void **data, size_t *n)
{
    static const char *const padding[] = {"", "", "==", "="};

    return encoding_unbase64(a, arena_printf(a, "%s%s", s, padding[strlen(s) % 4]), data, n);
}

/* The ceilings keep a forged row from costing more memory or time than a few sign-ins. */
static bool
parse(struct arena *a, const char *text, struct stored *out)
{
    char salt[89], hash[89];
    int end = 0;

    if (sscanf(text, "$scrypt$ln=%2d,r=%2d,p=%2d$%88[^$]$%88[^$]%n", &out->log_n, &out->r, &out->p,
            salt, hash, &end) != 5 ||
        text[end] != '\0')
        return false;
    return out->log_n >= 1 && out->log_n <= 17 && out->r >= 1 && out->r <= 8 && out->p >= 1 &&
           out->p <= 4 && unbase64(a, salt, &out->salt, &out->salt_n) &&
           unbase64(a, hash, &out->hash, &out->hash_n) && out->hash_n >= 16 && out->hash_n <= 64;
}

enum err
password_hash(struct op *op, const char *password, const char **stored)
{
    unsigned char salt[SALT], hash[HASH];
    const struct stored s = {
        .log_n = LOG_N, .r = R, .p = P, .salt = salt, .salt_n = SALT, .hash_n = HASH};

    TRY(check_length(op, password));
    secret_random(salt, sizeof(salt));
    TRY(scrypt(op, password, &s, hash));
    *stored = arena_printf(op->arena, "$scrypt$ln=%d,r=%d,p=%d$%s$%s", LOG_N, R, P,
        unpadded(op->arena, salt, SALT), unpadded(op->arena, hash, HASH));
    return OK;
}

enum err
password_verify(struct op *op, const char *password, const char *stored, bool *right)
{
    static const unsigned char nobody[SALT], nothing[HASH];
    struct stored s = {.log_n = LOG_N,
        .r = R,
        .p = P,
        .salt = nobody,
        .salt_n = SALT,
        .hash = nothing,
        .hash_n = HASH};
    unsigned char hash[64];

    TRY(check_length(op, password));
    if (stored != NULL && !parse(op->arena, stored, &s))
        return op_fail(op, E_INTERNAL, "a stored password is no scrypt string");
    TRY(scrypt(op, password, &s, hash));
    *right = secret_equal(hash, s.hash_n, s.hash, s.hash_n) && stored != NULL;
    return OK;
}

void
totp_code(const void *secret, size_t n, int64_t step, char out[7])
{
    unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned size = 0, at;
    uint32_t number;

    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)(step >> (56 - 8 * i));
    if (HMAC(EVP_sha1(), secret, (int)n, counter, sizeof(counter), mac, &size) == NULL)
        abort();
    at = mac[size - 1] & 15; /* RFC 4226 5.3, dynamic truncation */
    number = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 |
             (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    snprintf(out, 7, "%06u", (unsigned)(number % 1000000));
}

int64_t
totp_check(const void *secret, size_t n, const char *code, int64_t now, int64_t last_step)
{
    int64_t here = now / TOTP_STEP_S, found = 0;

    /* No early end: the time does not tell which step it was. */
    for (int64_t step = here - 1; step <= here + 1; step++) {
        char want[7];

        totp_code(secret, n, step, want);
        if (secret_equal(code, strlen(code), want, 6) && step > last_step && found == 0)
            found = step;
    }
    return found;
}
