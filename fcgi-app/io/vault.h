/*
 * Stored secrets: personal data, documents and PINs as they lie in the database and on disk.
 *
 * A sealed value is: version (1 byte, 1) | key id (8, filled with zeros) | salt (16) | iv (12) |
 * ciphertext | tag (16). It is AES-256-GCM under a key of its own, HKDF-SHA256(master key, salt,
 * info = purpose), and bound to its purpose and context: copied to another row, column or file it
 * does not open.
 *
 * A key file has a line `id hex64` for each master key, newest first; an id is 1 to 8 letters or
 * digits. New values are sealed with the first key, and all keys open. The last key, the oldest,
 * also makes the index, so it stays until the index columns have been filled anew.
 *
 * A struct vault never changes after vault_open: any number of threads may share it.
 */
#ifndef HALL_IO_VAULT_H
#define HALL_IO_VAULT_H

#include <stddef.h>

#include "base/op.h"

enum vault_purpose {
    VAULT_PERSONAL, /* forms, what the phone page read */
    VAULT_DOCUMENT, /* uploads */
    VAULT_SMS,      /* texts with codes, waiting to be sent */
    VAULT_TOTP,     /* second factors of staff */
    VAULT_PIN,      /* from here on: only processes that have the PIN keys */
    VAULT_TOKEN_KEY,
    VAULT_PURPOSE_MAX
};

enum { VAULT_OVERHEAD = 1 + 8 + 16 + 12 + 16, VAULT_INDEX = 32, VAULT_PLAIN_MAX = 64 << 20 };

/* Reads the key files; pin_keys is NULL or "" for processes without that right. NULL on failure,
 * and `why` says in one sentence what is wrong with which file. */
struct vault *vault_open(const char *data_keys, const char *pin_keys, char *why, size_t why_size);
void vault_close(struct vault *v); /* wipes; NULL is fine */

/*
 * context names the one place where the value lives, as "orders/17/form". Results are in the
 * arena; what was opened has a NUL behind it that *plain_n does not count. E_FORBIDDEN for a
 * purpose that this process has no key for. A value that does not open (another place, a flipped
 * bit, an unknown key) is E_INTERNAL: it was damaged or somebody moved it.
 */
enum err vault_seal(struct op *op, enum vault_purpose purpose, const char *context,
    const void *plain, size_t n, const void **sealed, size_t *sealed_n) MUST_USE;
enum err vault_unseal(struct op *op, enum vault_purpose purpose, const char *context,
    const void *sealed, size_t n, const void **plain, size_t *plain_n) MUST_USE;

/* A keyed hash to find a value by equality without storing it; the caller normalises the text. The
 * same text has unrelated hashes under different purposes. */
enum err vault_index(struct op *op, enum vault_purpose purpose, const char *text,
    unsigned char out[VAULT_INDEX]) MUST_USE;

/* A new line for a key file: id, space, 64 hex digits, newline. */
const char *vault_new_key(struct arena *arena, const char *id);

#endif
