/* Logins made by the owner of the hall: passwords and second factors that are shown once. */
#ifndef HALL_CTL_LOGIN_H
#define HALL_CTL_LOGIN_H

#include "base/op.h"

struct login {
    const char *username;
    const char *password; /* drawn at random */
    const char *totp;     /* base32, as authenticator apps want it */
};

/* name NULL: the person must be there already and gets a new password and second factor, which
 * ends their sessions. roles is a PostgreSQL array, "{reviewer}". E_CONFLICT when the username is
 * taken or not well formed, or a role unknown; E_NOT_FOUND. Inside the caller's transaction. */
enum err login_staff(struct op *op, const char *username, const char *name, const char *roles,
    struct login *out) MUST_USE;

/* Makes an applicant's account, or gives it a new password. */
enum err login_applicant(
    struct op *op, const char *phone, const char *name, struct login *out) MUST_USE;

#endif
