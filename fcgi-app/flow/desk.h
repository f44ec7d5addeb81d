/* The staff desk: signing in with password and code, and who works there. */
#ifndef HALL_FLOW_DESK_H
#define HALL_FLOW_DESK_H

#include "store/staff.h"

/* E_LOGIN_WRONG whichever of the three was wrong; E_LOCKED after five in a row. With a code made
 * from the secret of desk_enrol the first login confirms it; before that E_NOT_ENROLLED. */
enum err desk_sign_in(struct op *op, const char *username, const char *password, const char *totp,
    struct staff *out) MUST_USE;

/* Gives somebody without a confirmed second factor a new secret, *totp in base32. E_LOGIN_WRONG
 * for everybody else, whatever the reason; E_LOCKED as above. */
enum err desk_enrol(
    struct op *op, const char *username, const char *password, const char **totp) MUST_USE;

/* An act of op->actor that moves no order, for the trail; detail is a JSON object or NULL. */
enum err desk_note(
    struct op *op, const char *action, int64_t order_id, const char *detail) MUST_USE;

struct new_staff {
    const char *username, *name, *password;
    struct strings roles;
};
/* The person enrols at the first login. */
enum err desk_add_staff(struct op *op, const struct new_staff *n, int64_t *id) MUST_USE;

struct changed_staff {
    const char *name, *state, *password;
    struct strings roles;
    bool enrol_again;
};
/* The caller ends the person's sessions. Nobody changes their own roles or state. */
enum err desk_change_staff(struct op *op, int64_t id, const struct changed_staff *c) MUST_USE;

#endif
