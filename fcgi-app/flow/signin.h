/* Guide, 网站注册、登录: a code by SMS, registration, login, a new password. */
#ifndef HALL_FLOW_SIGNIN_H
#define HALL_FLOW_SIGNIN_H

#include "store/account.h"

enum code_purpose { CODE_REGISTER, CODE_LOGIN, CODE_RESET_PASSWORD, CODE_CHANGE_PHONE };
extern const char *const code_purposes[]; /* as in the contract */

/*
 * Sends a code for this purpose. The answer is the same whether or not the phone is known; a phone
 * for which the purpose makes no sense simply gets a message that says so to its owner alone.
 * E_TOO_MANY with op->retry_after_s beyond the limits of domain/sms_code.h.
 */
enum err signin_send_code(struct op *op, const char *phone, enum code_purpose purpose) MUST_USE;

/* E_SMS_CODE_WRONG, E_PHONE_TAKEN; a weak password is a fault of "/password". */
enum err signin_register(struct op *op, const char *phone, const char *code, const char *password,
    const char *name, struct account *out) MUST_USE;

/* One of password and code; E_LOGIN_WRONG, E_LOCKED. */
enum err signin_password(
    struct op *op, const char *phone, const char *password, struct account *out) MUST_USE;
enum err signin_code(
    struct op *op, const char *phone, const char *code, struct account *out) MUST_USE;

/* The caller ends the account's sessions. */
enum err signin_reset_password(struct op *op, const char *phone, const char *code,
    const char *password, int64_t *account) MUST_USE;

/* Of somebody signed in as `phone`: both ask for the present password, which counts as at a login
 * (E_LOCKED); a wrong one is a fault of "/current_password". The caller ends the sessions. */
enum err signin_change_password(
    struct op *op, const char *phone, const char *current, const char *password) MUST_USE;
/* code was sent to new_phone; E_SMS_CODE_WRONG, E_PHONE_TAKEN. The old phone is told (N29). */
enum err signin_change_phone(struct op *op, const char *phone, const char *current,
    const char *new_phone, const char *code, struct account *out) MUST_USE;

/* A logout or the like, for the trail. */
enum err signin_note(struct op *op, int64_t account, const char *action) MUST_USE;

#endif
