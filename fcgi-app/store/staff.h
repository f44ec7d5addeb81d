/* Members of staff. */
#ifndef HALL_STORE_STAFF_H
#define HALL_STORE_STAFF_H

#include "io/record.h"

struct staff {
    int64_t id; /* 0: there is none */
    const char *username, *name, *password_hash;
    const void *totp; /* the opened secret */
    size_t totp_n;
    int64_t totp_step;
    bool enrolled; /* false until the first login with a code */
    struct strings roles;
    int64_t locked_s;
};

/* out->id is 0 when there is none that may log in. */
enum err staff_by_username(struct op *op, const char *username, struct staff *out) MUST_USE;
enum err staff_wrong(struct op *op, int64_t id) MUST_USE;
/* E_LOGIN_WRONG when the step was used before. */
enum err staff_right(struct op *op, int64_t id, int64_t totp_step) MUST_USE;
/* A new secret, 20 bytes; E_LOGIN_WRONG when the person has confirmed one meanwhile. */
enum err staff_enrol(
    struct op *op, const struct staff *s, const void *totp, size_t totp_n) MUST_USE;

struct staff_row {
    int64_t number;
    const char *id, *username, *name, *state;
    struct strings roles;
    bool totp_enrolled;
    int64_t created_at;
};
extern const struct field staff_row_fields[];
/* id 0: everybody. */
enum err staff_list(struct op *op, int64_t id, struct list *out) MUST_USE;

/* totp: 20 secret bytes. E_CONFLICT when the name is taken. */
enum err staff_add(struct op *op, const char *username, const char *name, const char *password_hash,
    const void *totp, size_t totp_n, const struct strings *roles, int64_t *id) MUST_USE;

struct staff_change {
    const char *name, *state, *password_hash; /* NULL: as it is */
    struct strings roles;                     /* none: as they are */
    bool enrol_again;                         /* the second factor is lost */
};
enum err staff_change(struct op *op, int64_t id, const struct staff_change *c) MUST_USE;

#endif
