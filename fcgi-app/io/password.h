/*
 * Passwords as scrypt strings, "$scrypt$ln=15,r=8,p=1$salt$hash" (RFC 7914), and time-based codes
 * of authenticator apps (RFC 6238).
 *
 * A hash costs 32 MiB and about 0.1 s. At most conf->password_hashes_at_once are computed at the
 * same time in a process, the others wait; who still waits at op->deadline_ms gets E_UNAVAILABLE.
 */
#ifndef HALL_IO_PASSWORD_H
#define HALL_IO_PASSWORD_H

#include <stddef.h>

#include "base/op.h"

enum { PASSWORD_MAX = 256 }; /* bytes; longer ones are E_INVALID */

enum err password_hash(struct op *op, const char *password, const char **stored) MUST_USE;

/* *right tells whether it is the password. stored may be NULL, where there is no such account:
 * then it is wrong and takes as long. E_INTERNAL when stored is no such string. */
enum err password_verify(
    struct op *op, const char *password, const char *stored, bool *right) MUST_USE;

/* Codes of 6 digits, SHA-1, steps of 30 s, as every authenticator app makes them. */
enum { TOTP_STEP_S = 30, TOTP_SECRET = 20 };

/* The step that the code belongs to, if that is the step of now or one beside it and later than
 * last_step; else 0. The caller stores the step before it believes in the sign-in, so that a code
 * is good once. Times are UTC seconds. */
int64_t totp_check(const void *secret, size_t n, const char *code, int64_t now, int64_t last_step);

/* The code of a step, 6 digits and NUL. */
void totp_code(const void *secret, size_t n, int64_t step, char out[7]);

#endif
