#include "io/vault.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "io/hash.h"

enum { VERSION = 1, ID = 8, KEY = 32, SALT = 16, IV = 12, TAG = 16, RING_MAX = 32 };
enum { SALT_AT = 1 + ID, IV_AT = SALT_AT + SALT, TEXT_AT = IV_AT + IV };

_Static_assert(HASH_SIZE == (int)KEY, "one block of HKDF is a key");
_Static_assert(TEXT_AT + TAG == VAULT_OVERHEAD, "the layout is what the header says");

struct master {
    unsigned char id[ID];
    unsigned char key[KEY];
};

/* The keys of one file, newest first. */
struct ring {
    struct master keys[RING_MAX];
    size_t n;
};

struct vault {
    struct ring data, pin; /* pin.n is 0 without that right */
    EVP_CIPHER *cipher;    /* looked up once, which costs more than to seal a short value */
};

static const char *const purposes[VAULT_PURPOSE_MAX] = {
    [VAULT_PERSONAL] = "personal",
    [VAULT_DOCUMENT] = "document",
    [VAULT_SMS] = "sms",
    [VAULT_TOTP] = "totp",
    [VAULT_PIN] = "pin",
    [VAULT_TOKEN_KEY] = "token-key",
};

static void
context_free(EVP_CIPHER_CTX **c)
{
    EVP_CIPHER_CTX_free(*c);
}
#define CIPHER __attribute__((cleanup(context_free))) EVP_CIPHER_CTX *

static void
file_close(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
}

/* ---- key files ---- */

static bool
is_id(const char *s)
{
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    return n >= 1 && n <= ID && s[n] == '\0';
}

static bool
add_key(struct ring *r, char *line)
{
    struct master *m = &r->keys[r->n];
    char *space = strchr(line, ' ');

    line[strcspn(line, "\n")] = '\0';
    if (space == NULL)
        return false;
    *space = '\0';
    if (!is_id(line) || !text_unhex(space + 1, m->key, KEY))
        return false;
    memcpy(m->id, line, strlen(line));
    for (size_t i = 0; i < r->n; i++)
        if (memcmp(r->keys[i].id, m->id, ID) == 0)
            return false;
    r->n++;
    return true;
}

static bool
read_ring(struct ring *r, const char *path, char *why, size_t why_size)
{
    __attribute__((cleanup(file_close))) FILE *f = fopen(path, "re");
    char line[128];
    bool good = true;

    if (f == NULL) {
        snprintf(why, why_size, "%s: %s", path, strerror(errno));
        return false;
    }
    setvbuf(f, NULL, _IONBF, 0); /* leaves no copy of the keys in a buffer */
    while (good && r->n < RING_MAX && fgets(line, sizeof(line), f) != NULL)
        good = add_key(r, line);
    secret_wipe(line, sizeof(line));
    if (!good)
        snprintf(why, why_size, "%s:%zu: is not `id hex64` with an id of its own", path, r->n + 1);
    else if (r->n == 0)
        snprintf(why, why_size, "%s: has no key", path);
    else if (fgetc(f) != EOF)
        snprintf(why, why_size, "%s: has more than %d keys", path, RING_MAX);
    else
        return true;
    return false;
}

struct vault *
vault_open(const char *data_keys, const char *pin_keys, char *why, size_t why_size)
{
    struct vault *v = calloc(1, sizeof(*v));

    if (v == NULL || (v->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL)) == NULL)
        abort();
    if (read_ring(&v->data, data_keys, why, why_size) &&
        (pin_keys == NULL || *pin_keys == '\0' || read_ring(&v->pin, pin_keys, why, why_size)))
        return v;
    vault_close(v);
    return NULL;
}

void
vault_close(struct vault *v)
{
    if (v == NULL)
        return;
    EVP_CIPHER_free(v->cipher);
    secret_wipe(v, sizeof(*v));
    free(v);
}

const char *
vault_new_key(struct arena *arena, const char *id)
{
    unsigned char key[KEY];
    const char *line;

    secret_random(key, sizeof(key));
    line = arena_printf(arena, "%s %s\n", id, text_hex(arena, key, sizeof(key)));
    secret_wipe(key, sizeof(key));
    return line;
}

static enum err
ring_of(struct op *op, enum vault_purpose purpose, const struct ring **out)
{
    const struct vault *v = op->vault;
    const struct ring *r;

    if (v == NULL)
        return op_fail(op, E_FORBIDDEN, "vault: this process has no keys");
    r = purpose >= VAULT_PIN ? &v->pin : &v->data;
    if (r->n == 0)
        return op_fail(op, E_FORBIDDEN, "vault: this process has no key for %s", purposes[purpose]);
    *out = r;
    return OK;
}

/* ---- sealing ---- */

/* HKDF-SHA256 (RFC 5869): a key of its own for each value. One block is all of it. */
static void
derive(struct op *op, const struct master *m, const void *salt, const char *info,
    unsigned char out[KEY])
{
    const char *block = arena_printf(op->arena, "%s\1", info);
    unsigned char extracted[HASH_SIZE];

    hash_hmac(salt, SALT, m->key, KEY, extracted);
    hash_hmac(extracted, sizeof(extracted), block, strlen(block), out);
    secret_wipe(extracted, sizeof(extracted));
}

/* What the tag also covers. A purpose has no '|', so no two pairs make the same text. */
static const char *
bound_to(struct op *op, enum vault_purpose purpose, const char *context)
{
    return arena_printf(op->arena, "%s|%s", purposes[purpose], context);
}

static bool
encrypt(const struct vault *v, const unsigned char key[KEY], const char *aad, const void *plain,
    int n, unsigned char *sealed)
{
    CIPHER c = EVP_CIPHER_CTX_new();
    unsigned char *text = sealed + TEXT_AT;
    int got = 0;

    return c != NULL && EVP_EncryptInit_ex2(c, v->cipher, key, sealed + IV_AT, NULL) == 1 &&
           EVP_EncryptUpdate(c, NULL, &got, (const unsigned char *)aad, (int)strlen(aad)) == 1 &&
           EVP_EncryptUpdate(c, text, &got, plain, n) == 1 && got == n &&
           EVP_EncryptFinal_ex(c, text + n, &got) == 1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, text + n) == 1;
}

static bool
decrypt(const struct vault *v, const unsigned char key[KEY], const char *aad,
    const unsigned char *sealed, int n, unsigned char *plain)
{
    CIPHER c = EVP_CIPHER_CTX_new();
    const unsigned char *text = sealed + TEXT_AT;
    unsigned char tag[TAG];
    int got = 0;

    memcpy(tag, text + n, sizeof(tag));
    return c != NULL && EVP_DecryptInit_ex2(c, v->cipher, key, sealed + IV_AT, NULL) == 1 &&
           EVP_DecryptUpdate(c, NULL, &got, (const unsigned char *)aad, (int)strlen(aad)) == 1 &&
           EVP_DecryptUpdate(c, plain, &got, text, n) == 1 && got == n &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1 &&
           EVP_DecryptFinal_ex(c, plain + n, &got) == 1;
}

enum err
vault_seal(struct op *op, enum vault_purpose purpose, const char *context, const void *plain,
    size_t n, const void **sealed, size_t *sealed_n)
{
    const struct ring *r;
    unsigned char key[KEY], *out;
    bool done;

    TRY(ring_of(op, purpose, &r));
    if (n > VAULT_PLAIN_MAX)
        return op_fail(op, E_TOO_LARGE, "vault: %zu bytes", n);
    out = arena_alloc(op->arena, n + VAULT_OVERHEAD);
    out[0] = VERSION;
    memcpy(out + 1, r->keys[0].id, ID);
    secret_random(out + SALT_AT, SALT + IV);
    derive(op, &r->keys[0], out + SALT_AT, purposes[purpose], key);
    done = encrypt(op->vault, key, bound_to(op, purpose, context), n > 0 ? plain : "", (int)n, out);
    secret_wipe(key, sizeof(key));
    if (!done)
        return op_fail(op, E_INTERNAL, "vault: cannot seal %s", purposes[purpose]);
    *sealed = out;
    *sealed_n = n + VAULT_OVERHEAD;
    return OK;
}

/* NULL when the value has another layout or its key is not in the file. */
static const struct master *
master_of(const struct ring *r, const unsigned char *sealed, size_t n)
{
    if (n < VAULT_OVERHEAD || n > VAULT_PLAIN_MAX + VAULT_OVERHEAD || sealed[0] != VERSION)
        return NULL;
    for (size_t i = 0; i < r->n; i++)
        if (memcmp(r->keys[i].id, sealed + 1, ID) == 0)
            return &r->keys[i];
    return NULL;
}

enum err
vault_unseal(struct op *op, enum vault_purpose purpose, const char *context, const void *sealed,
    size_t n, const void **plain, size_t *plain_n)
{
    const unsigned char *in = sealed;
    const struct ring *r;
    const struct master *m;
    unsigned char key[KEY], *out;
    bool done;

    TRY(ring_of(op, purpose, &r));
    if ((m = master_of(r, in, n)) == NULL)
        return op_fail(
            op, E_INTERNAL, "vault: %s of %s: no such key or layout", purposes[purpose], context);
    n -= VAULT_OVERHEAD;
    out = arena_alloc(op->arena, n + 1);
    derive(op, m, in + SALT_AT, purposes[purpose], key);
    done = decrypt(op->vault, key, bound_to(op, purpose, context), in, (int)n, out);
    secret_wipe(key, sizeof(key));
    if (!done)
        return op_fail(op, E_INTERNAL, "vault: %s of %s does not open", purposes[purpose], context);
    out[n] = '\0';
    *plain = out;
    *plain_n = n;
    return OK;
}

enum err
vault_index(
    struct op *op, enum vault_purpose purpose, const char *text, unsigned char out[VAULT_INDEX])
{
    static const unsigned char no_salt[SALT];
    const struct ring *r;
    unsigned char key[KEY];

    TRY(ring_of(op, purpose, &r));
    derive(op, &r->keys[r->n - 1], no_salt, arena_printf(op->arena, "index|%s", purposes[purpose]),
        key);
    hash_hmac(key, sizeof(key), text, strlen(text), out);
    secret_wipe(key, sizeof(key));
    return OK;
}
