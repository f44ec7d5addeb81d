/* Registration, login, a new password; what somebody who is signed in changes of the account. */
#include "domain/mobile.h"
#include "domain/sms_code.h"
#include "flow/signin.h"
#include "web/routes.h"
#include "web/session.h"

struct code_order {
    const char *phone, *challenge;
    int purpose;
};
static const struct field code_order_fields[] = {
    STR(struct code_order, phone, 11, 11, .check = mobile_check, .label = "手机号"),
    ENUM(struct code_order, purpose, code_purposes, .label = "用途"),
    STR(struct code_order, challenge, 0, 200, .flags = F_OPT),
    {.type = F_END},
};

struct code_sent {
    int64_t expires_in, retry_after;
};
static const struct field code_sent_fields[] = {
    INT(struct code_sent, expires_in, 0, 3600),
    INT(struct code_sent, retry_after, 0, 3600),
    {.type = F_END},
};

struct registration {
    const char *phone, *sms_code, *password, *name;
};
static const struct field registration_fields[] = {
    STR(struct registration, phone, 11, 11, .check = mobile_check, .label = "手机号"),
    STR(struct registration, sms_code, 6, 6, .label = "短信验证码"),
    STR(struct registration, password, 1, 72, .label = "密码"),
    STR(struct registration, name, 1, 40, .label = "姓名"),
    {.type = F_END},
};

struct login {
    const char *phone, *password, *sms_code;
};
static const struct field login_fields[] = {
    STR(struct login, phone, 11, 11, .check = mobile_check, .label = "手机号"),
    STR(struct login, password, 1, 72, .flags = F_OPT, .label = "密码"),
    STR(struct login, sms_code, 6, 6, .flags = F_OPT, .label = "短信验证码"),
    {.type = F_END},
};

struct reset {
    const char *phone, *sms_code, *password;
};
static const struct field reset_fields[] = {
    STR(struct reset, phone, 11, 11, .check = mobile_check, .label = "手机号"),
    STR(struct reset, sms_code, 6, 6, .label = "短信验证码"),
    STR(struct reset, password, 1, 72, .label = "新密码"),
    {.type = F_END},
};

struct new_password {
    const char *current_password, *password;
};
static const struct field new_password_fields[] = {
    STR(struct new_password, current_password, 1, 72, .label = "当前密码"),
    STR(struct new_password, password, 1, 72, .label = "新密码"),
    {.type = F_END},
};

struct new_phone {
    const char *current_password, *phone, *sms_code;
};
static const struct field new_phone_fields[] = {
    STR(struct new_phone, current_password, 1, 72, .label = "当前密码"),
    STR(struct new_phone, phone, 11, 11, .check = mobile_check, .label = "新手机号"),
    STR(struct new_phone, sms_code, 6, 6, .label = "短信验证码"),
    {.type = F_END},
};

static const struct field session_fields[] = {
    STR(struct session_view, id, 16, 16),
    TIME(struct session_view, began_at),
    STR(struct session_view, ip, 0, 64, .flags = F_OPT),
    STR(struct session_view, device, 0, 200, .flags = F_OPT),
    BOOL(struct session_view, is_current),
    {.type = F_END},
};
struct sessions {
    struct list items;
};
static const struct field sessions_fields[] = {
    LIST(struct sessions, items, session_fields, struct session_view, 0, 1000),
    {.type = F_END},
};

struct account_view {
    const char *phone, *name;
    int64_t created_at;
};
static const struct field account_view_fields[] = {
    STR(struct account_view, phone, 11, 11),
    STR(struct account_view, name, 1, 40),
    TIME(struct account_view, created_at),
    {.type = F_END},
};

static enum err
h_send_code(struct call *c, const void *in, void *out)
{
    const struct code_order *o = in;

    TRY(signin_send_code(c->op, o->phone, (enum code_purpose)o->purpose));
    *(struct code_sent *)out = (struct code_sent){SMS_CODE_SECONDS, SMS_CODE_GAP_SECONDS};
    return OK;
}

static void
show(const struct account *a, struct account_view *out)
{
    *out = (struct account_view){a->phone, a->name, a->created_at};
}

static enum err
welcome(struct call *c, const struct account *a, void *out)
{
    const struct caller who = {
        .account = a->id, .name = a->name, .phone = a->phone, .since = a->created_at};

    show(a, out);
    return session_start(c, SESSION_APPLICANT, &who);
}

static enum err
h_register(struct call *c, const void *in, void *out)
{
    const struct registration *r = in;
    struct account account;

    TRY(signin_register(c->op, r->phone, r->sms_code, r->password, r->name, &account));
    return welcome(c, &account, out);
}

static enum err
h_login(struct call *c, const void *in, void *out)
{
    const struct login *l = in;
    struct account account;

    if ((l->password == NULL) == (l->sms_code == NULL)) {
        op_fault(c->op, l->password == NULL ? "/password" : "/sms_code",
            l->password == NULL ? FAULT_REQUIRED : FAULT_UNKNOWN);
        return op_faults(c->op);
    }
    if (l->password != NULL)
        TRY(signin_password(c->op, l->phone, l->password, &account));
    else
        TRY(signin_code(c->op, l->phone, l->sms_code, &account));
    return welcome(c, &account, out);
}

/* All of it is in the session: one round trip to Redis answers. */
static enum err
h_session(struct call *c, const void *in, void *out)
{
    (void)in;
    *(struct account_view *)out = (struct account_view){c->who.phone, c->who.name, c->who.since};
    return OK;
}

static enum err
h_logout(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    TRY(signin_note(c->op, c->who.account, "logout"));
    return session_end(c, SESSION_APPLICANT);
}

static enum err
h_reset(struct call *c, const void *in, void *out)
{
    const struct reset *r = in;
    int64_t account;

    (void)out;
    TRY(signin_reset_password(c->op, r->phone, r->sms_code, r->password, &account));
    return session_end_all(c->op, SESSION_APPLICANT, account);
}

/* Whoever may know the old password is signed out; the one who changed it goes on. */
static enum err
begin_anew(struct call *c, const struct account *a, void *out)
{
    TRY(session_end_all(c->op, SESSION_APPLICANT, a->id));
    return welcome(c, a, out);
}

static enum err
h_change_password(struct call *c, const void *in, void *out)
{
    const struct new_password *n = in;
    const struct account same = {.id = c->who.account,
        .name = c->who.name,
        .phone = c->who.phone,
        .created_at = c->who.since};

    TRY(signin_change_password(c->op, c->who.phone, n->current_password, n->password));
    return begin_anew(c, &same, out);
}

static enum err
h_change_phone(struct call *c, const void *in, void *out)
{
    const struct new_phone *n = in;
    struct account account;

    TRY(signin_change_phone(
        c->op, c->who.phone, n->current_password, n->phone, n->sms_code, &account));
    return begin_anew(c, &account, out);
}

static enum err
h_sessions(struct call *c, const void *in, void *out)
{
    (void)in;
    return session_list(c, SESSION_APPLICANT, c->who.account, &((struct sessions *)out)->items);
}

static enum err
h_end_session(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    TRY(session_end_one(c->op, SESSION_APPLICANT, c->who.account, c->args[0]));
    return signin_note(c->op, c->who.account, "session_ended");
}

static enum err
h_end_sessions(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    TRY(signin_note(c->op, c->who.account, "logout_everywhere"));
    TRY(session_end_all(c->op, SESSION_APPLICANT, c->who.account));
    return session_end(c, SESSION_APPLICANT);
}

const struct route h_account_routes[] = {
    {"POST", "/api/v1/sms-codes", POOL_APPLICANT, ANYONE, BODY(in, code_order),
        BODY(out, code_sent), .status = 202, .run = h_send_code, .summary = "发送短信验证码",
        REFUSES(E_TOO_MANY)},
    {"POST", "/api/v1/accounts", POOL_APPLICANT, ANYONE, BODY(in, registration),
        BODY(out, account_view), .status = 201, .run = h_register, .summary = "注册",
        REFUSES(E_PHONE_TAKEN)},
    {"POST", "/api/v1/sessions", POOL_APPLICANT, ANYONE, BODY(in, login), BODY(out, account_view),
        .status = 201, .run = h_login, .summary = "登录", REFUSES(E_LOGIN_WRONG, E_LOCKED)},
    {"GET", "/api/v1/session", POOL_APPLICANT, SIGNED_IN, BODY(out, account_view), .run = h_session,
        .summary = "当前登录的账号"},
    {"DELETE", "/api/v1/session", POOL_APPLICANT, SIGNED_IN, .status = 204, .run = h_logout,
        .summary = "退出登录"},
    {"POST", "/api/v1/password-resets", POOL_APPLICANT, ANYONE, BODY(in, reset), .status = 204,
        .run = h_reset, .summary = "用短信验证码重设密码"},
    {"PUT", "/api/v1/account/password", POOL_APPLICANT, SIGNED_IN, BODY(in, new_password),
        BODY(out, account_view), .run = h_change_password, .summary = "修改密码；其他登录随之退出",
        REFUSES(E_LOCKED)},
    {"PUT", "/api/v1/account/phone", POOL_APPLICANT, SIGNED_IN, BODY(in, new_phone),
        BODY(out, account_view), .run = h_change_phone, .summary = "更换手机号；其他登录随之退出",
        REFUSES(E_LOCKED, E_PHONE_TAKEN)},
    {"GET", "/api/v1/account/sessions", POOL_APPLICANT, SIGNED_IN, BODY(out, sessions),
        .run = h_sessions, .summary = "登录中的设备"},
    {"DELETE", "/api/v1/account/sessions", POOL_APPLICANT, SIGNED_IN, .status = 204,
        .run = h_end_sessions, .summary = "在所有设备上退出登录"},
    {"DELETE", "/api/v1/account/sessions/{session_id}", POOL_APPLICANT, SIGNED_IN, .status = 204,
        .run = h_end_session, .summary = "让一处登录退出"},
    {.method = NULL},
};
