/* Applicants' logins. */
#ifndef HALL_STORE_ACCOUNT_H
#define HALL_STORE_ACCOUNT_H

#include "base/op.h"

struct account {
    int64_t id; /* 0: there is none */
    const char *phone, *name, *password_hash;
    int64_t created_at;
    int64_t locked_s; /* seconds until a password may be tried again, 0 now */
};

/* E_PHONE_TAKEN when the phone has an account. */
enum err account_create(struct op *op, const char *phone, const char *name,
    const char *password_hash, struct account *out) MUST_USE;
/* out->id is 0 when there is none. */
enum err account_by_phone(struct op *op, const char *phone, struct account *out) MUST_USE;
/* Counts a wrong password: the fifth in a row locks password logins for 15 minutes. */
enum err account_wrong(struct op *op, int64_t id) MUST_USE;
enum err account_right(struct op *op, int64_t id) MUST_USE;
enum err account_password(struct op *op, int64_t id, const char *password_hash) MUST_USE;
/* E_PHONE_TAKEN when the phone has an account. */
enum err account_phone(struct op *op, int64_t id, const char *phone) MUST_USE;

#endif
