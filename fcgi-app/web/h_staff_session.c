/* The staff desk: signing in and out, and the people who work there. */
#include <string.h>

#include "base/text.h"
#include "flow/desk.h"
#include "web/routes.h"
#include "web/session.h"

struct staff_login {
    const char *username, *password, *totp;
};
static const struct field staff_login_fields[] = {
    STR(struct staff_login, username, 1, 32, .label = "用户名"),
    STR(struct staff_login, password, 1, 72, .label = "密码"),
    STR(struct staff_login, totp, 6, 6, .label = "动态验证码"),
    {.type = F_END},
};

struct staff_view {
    const char *id, *username, *name;
    struct strings roles;
    int64_t idle_s; /* the session ends after so long without a request */
};
static const struct field staff_view_fields[] = {
    STR(struct staff_view, id, 1, 20),
    STR(struct staff_view, username, 1, 32),
    STR(struct staff_view, name, 1, 40),
    STRS(struct staff_view, roles, 1, 5),
    INT(struct staff_view, idle_s, 1, INT64_MAX),
    {.type = F_END},
};

static enum err
h_sign_in(struct call *c, const void *in, void *out)
{
    const struct staff_login *l = in;
    struct staff s;
    struct caller who;

    TRY(desk_sign_in(c->op, l->username, l->password, l->totp, &s));
    *(struct staff_view *)out =
        (struct staff_view){arena_printf(c->op->arena, "%lld", (long long)s.id), s.username, s.name,
            s.roles, session_idle_s(SESSION_STAFF)};
    who = (struct caller){.staff = s.id, .name = s.name, .roles = session_roles(&s.roles)};
    return session_start(c, SESSION_STAFF, &who);
}

struct enrolment {
    const char *username, *password;
};
static const struct field enrolment_fields[] = {
    STR(struct enrolment, username, 1, 32, .label = "用户名"),
    STR(struct enrolment, password, 1, 72, .label = "密码"),
    {.type = F_END},
};
struct enrolled {
    const char *totp_secret, *totp_url;
};
static const struct field enrolled_fields[] = {
    STR(struct enrolled, totp_secret, 1, 64),
    STR(struct enrolled, totp_url, 1, 200, .format = "uri"),
    {.type = F_END},
};

static enum err
h_enrol(struct call *c, const void *in, void *out)
{
    const struct enrolment *e = in;
    struct enrolled *answer = out;

    TRY(desk_enrol(c->op, e->username, e->password, &answer->totp_secret));
    answer->totp_url = arena_printf(c->op->arena, "otpauth://totp/hall:%s?secret=%s&issuer=hall",
        e->username, answer->totp_secret);
    return OK;
}

static enum err
h_me(struct call *c, const void *in, void *out)
{
    const struct staff_row *row;
    struct list found;

    (void)in;
    TRY(staff_list(c->op, c->who.staff, &found));
    if (found.n != 1)
        return op_fail(c->op, E_UNAUTHENTICATED, "staff gone");
    row = found.items;
    *(struct staff_view *)out = (struct staff_view){
        row->id, row->username, row->name, row->roles, session_idle_s(SESSION_STAFF)};
    return OK;
}

static enum err
h_sign_out(struct call *c, const void *in, void *out)
{
    (void)in;
    (void)out;
    TRY(desk_note(c->op, "logout", 0, NULL));
    return session_end(c, SESSION_STAFF);
}

struct staff_items {
    struct list items;
};
static const struct field staff_items_fields[] = {
    LIST(struct staff_items, items, staff_row_fields, struct staff_row, 0, 10000),
    {.type = F_END},
};

static enum err
h_staff(struct call *c, const void *in, void *out)
{
    (void)in;
    return staff_list(c->op, 0, &((struct staff_items *)out)->items);
}

static bool
is_role(const char *name)
{
    const struct strings one = {.items = &name, .n = 1};

    return session_roles(&one) != 0;
}

static bool
is_username(const char *s)
{
    if (*s < 'a' || *s > 'z')
        return false;
    return s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_.-")] == '\0';
}

static const struct field new_staff_fields[] = {
    STR(struct new_staff, username, 2, 32, .check = is_username, .label = "用户名"),
    STR(struct new_staff, name, 1, 40, .label = "姓名"),
    STR(struct new_staff, password, 1, 72, .label = "初始密码"),
    STRS(struct new_staff, roles, 1, 5, .check = is_role, .label = "角色"),
    {.type = F_END},
};

struct staff_made {
    const char *id;
};
static const struct field staff_made_fields[] = {
    STR(struct staff_made, id, 1, 20),
    {.type = F_END},
};

static enum err
h_add_staff(struct call *c, const void *in, void *out)
{
    struct staff_made *made = out;
    int64_t id;

    TRY(desk_add_staff(c->op, in, &id));
    made->id = arena_printf(c->op->arena, "%lld", (long long)id);
    return OK;
}

static const char *const staff_states[] = {"", "active", "closed", NULL};
struct staff_patch {
    const char *name, *password;
    int state;
    struct strings roles;
    bool enrol_again;
};
static const struct field staff_patch_fields[] = {
    STR(struct staff_patch, name, 1, 40, .flags = F_OPT, .label = "姓名"),
    STR(struct staff_patch, password, 1, 72, .flags = F_OPT, .label = "新密码"),
    ENUM(struct staff_patch, state, staff_states, .flags = F_OPT, .label = "状态"),
    STRS(struct staff_patch, roles, 1, 5, .check = is_role, .flags = F_OPT, .label = "角色"),
    BOOL(struct staff_patch, enrol_again, .flags = F_OPT, .label = "重新绑定动态验证码"),
    {.type = F_END},
};

static enum err
h_change_staff(struct call *c, const void *in, void *out)
{
    const struct staff_patch *p = in;
    const struct changed_staff change = {p->name, p->state == 0 ? NULL : staff_states[p->state],
        p->password, p->roles, p->enrol_again};
    struct list found;
    int64_t id;

    if (!text_int(c->args[0], &id))
        return op_fail(c->op, E_NOT_FOUND, "staff %.40s", c->args[0]);
    TRY(desk_change_staff(c->op, id, &change));
    TRY(session_end_all(c->op, SESSION_STAFF, id));
    TRY(staff_list(c->op, id, &found));
    *(struct staff_row *)out = *(const struct staff_row *)found.items;
    return OK;
}

const struct route h_staff_session_routes[] = {
    {"POST", "/api/admin/v1/session", POOL_STAFF, ANYONE, BODY(in, staff_login),
        BODY(out, staff_view), .status = 201, .run = h_sign_in, .summary = "工作人员登录",
        REFUSES(E_LOGIN_WRONG, E_NOT_ENROLLED, E_LOCKED)},
    {"POST", "/api/admin/v1/enrolment", POOL_STAFF, ANYONE, BODY(in, enrolment),
        BODY(out, enrolled), .run = h_enrol, .summary = "首次登录前绑定动态验证码",
        REFUSES(E_LOGIN_WRONG, E_LOCKED)},
    {"GET", "/api/admin/v1/session", POOL_STAFF, STAFF_ANY, BODY(out, staff_view), .run = h_me,
        .summary = "当前登录的工作人员"},
    {"DELETE", "/api/admin/v1/session", POOL_STAFF, STAFF_ANY, .status = 204, .run = h_sign_out,
        .summary = "工作人员退出"},
    {"GET", "/api/admin/v1/staff", POOL_STAFF, STAFF_ADMINISTRATOR, BODY(out, staff_items),
        .run = h_staff, .summary = "工作人员名单"},
    {"POST", "/api/admin/v1/staff", POOL_STAFF, STAFF_ADMINISTRATOR, BODY(in, new_staff),
        BODY(out, staff_made), .status = 201, .run = h_add_staff, .summary = "新增工作人员"},
    {"PATCH", "/api/admin/v1/staff/{id}", POOL_STAFF, STAFF_ADMINISTRATOR, BODY(in, staff_patch),
        BODY(out, staff_row), .run = h_change_staff, .summary = "修改工作人员",
        REFUSES(E_SECOND_PERSON)},
    {.method = NULL},
};
