#include "web/session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "io/conf.h"
#include "io/encoding.h"
#include "io/hash.h"
#include "io/kv.h"

static const struct {
    const char *cookie, *prefix, *path;
    int64_t ttl_s, longest_s; /* without a request; in all */
} kinds[] = {
    [SESSION_APPLICANT] = {"hall_session", "session", "/", 2 * 3600, 7 * 86400},
    [SESSION_STAFF] = {"hall_staff", "staff", "/", 30 * 60, 12 * 3600},
    [SESSION_PHONE] = {"hall_phone", "phone", "/api/v1/h5", 30 * 60, 2 * 3600},
};
enum { DEVICE_MAX = 200, ID_SIZE = 16 };

int64_t
session_idle_s(enum session_kind kind)
{
    return kinds[kind].ttl_s;
}

/* What Redis keeps under the hash of the token. */
static const struct field caller_fields[] = {
    INT(struct caller, account, 0, INT64_MAX),
    INT(struct caller, staff, 0, INT64_MAX),
    INT(struct caller, check, 0, INT64_MAX),
    INT(struct caller, roles, 0, 1024),
    STR(struct caller, name, 0, 200, .flags = F_OPT),
    STR(struct caller, phone, 0, 20, .flags = F_OPT),
    INT(struct caller, since, 0, INT64_MAX),
    INT(struct caller, began, 0, INT64_MAX),
    STR(struct caller, ip, 0, 64, .flags = F_OPT),
    STR(struct caller, device, 0, DEVICE_MAX, .flags = F_OPT),
    {.type = F_END},
};

static bool
is_secure(struct op *op, enum session_kind kind)
{
    const char *url = kind == SESSION_STAFF ? op->conf->staff_url : op->conf->public_url;

    return strncmp(url, "https://", 8) == 0;
}

/* __Host- demands Path=/, so the phone's narrow cookie only gets __Secure-. */
static const char *
cookie_name(struct op *op, enum session_kind kind)
{
    const char *prefix = !is_secure(op, kind)    ? ""
                         : kind == SESSION_PHONE ? "__Secure-"
                                                 : "__Host-";

    return arena_printf(op->arena, "%s%s", prefix, kinds[kind].cookie);
}

static const char *
cookie_value(struct op *op, const char *cookies, const char *name)
{
    size_t n = strlen(name);

    for (const char *p = cookies; p != NULL && *p != '\0';) {
        const char *end = strchrnul(p, ';');

        while (*p == ' ')
            p++;
        if (strncmp(p, name, n) == 0 && p[n] == '=')
            return arena_strndup(op->arena, p + n + 1, (size_t)(end - p) - n - 1);
        p = *end == ';' ? end + 1 : end;
    }
    return NULL;
}

static const char *
session_key(struct op *op, enum session_kind kind, const char *token)
{
    return arena_printf(
        op->arena, "%s:%s", kinds[kind].prefix, hash_sha256_hex(op->arena, token, strlen(token)));
}

static const char *
owner_key(struct op *op, enum session_kind kind, int64_t id)
{
    return arena_printf(op->arena, "%s-of:%lld", kinds[kind].prefix, (long long)id);
}

static int64_t
owner(enum session_kind kind, const struct caller *who)
{
    return kind == SESSION_APPLICANT ? who->account
           : kind == SESSION_STAFF   ? who->staff
                                     : who->check;
}

static void
set_cookie(struct call *c, enum session_kind kind, const char *value, const char *more)
{
    struct op *op = c->op;

    http_reply_header(c->reply, "Set-Cookie",
        arena_printf(op->arena, "%s=%s; Path=%s; HttpOnly; SameSite=%s%s%s", cookie_name(op, kind),
            value, kinds[kind].path, kind == SESSION_APPLICANT ? "Lax" : "Strict",
            is_secure(op, kind) ? "; Secure" : "", more));
}

enum err
session_read(struct op *op, const struct http_request *http, unsigned guard, struct caller *who)
{
    enum session_kind kind = guard & SIGNED_IN ? SESSION_APPLICANT
                             : guard & PHONE   ? SESSION_PHONE
                                               : SESSION_STAFF;
    const char *token = cookie_value(op, http_header(http, "cookie"), cookie_name(op, kind));
    const char *text;

    if (token == NULL)
        return OK;
    TRY(kv_get_touch(op, session_key(op, kind, token), kinds[kind].ttl_s, &text));
    if (text == NULL)
        return OK;
    TRY(record_read(op, caller_fields, text, who));
    if (who->began + kinds[kind].longest_s <= (int64_t)time(NULL)) {
        *who = (struct caller){.account = 0};
        return OK;
    }
    who->token = token;
    op->actor.id = owner(kind, who);
    op->actor.role = kind == SESSION_STAFF ? "staff" : "applicant";
    return OK;
}

/* Printable ASCII, as browsers send it. */
static const char *
device(struct call *c)
{
    const char *agent = http_header(c->http, "user-agent");
    char text[DEVICE_MAX + 1];
    size_t n = 0;

    for (; agent != NULL && *agent != '\0' && n < DEVICE_MAX; agent++)
        if (*agent >= 0x20 && *agent < 0x7F)
            text[n++] = *agent;
    return arena_strndup(c->op->arena, text, n);
}

enum err
session_start(struct call *c, enum session_kind kind, const struct caller *who)
{
    struct op *op = c->op;
    const char *token = encoding_token(op->arena), *key = session_key(op, kind, token);
    struct caller kept = *who;

    kept.began = (int64_t)time(NULL);
    kept.ip = op->actor.ip;
    kept.device = device(c);
    TRY(kv_set(op, key, record_text(op, caller_fields, &kept), kinds[kind].ttl_s));
    TRY(kv_set_add(op, owner_key(op, kind, owner(kind, who)), key, kinds[kind].longest_s));
    set_cookie(c, kind, token, "");
    return OK;
}

enum err
session_end(struct call *c, enum session_kind kind)
{
    set_cookie(c, kind, "", "; Max-Age=0");
    return kv_del(c->op, session_key(c->op, kind, c->who.token));
}

enum err
session_end_all(struct op *op, enum session_kind kind, int64_t id)
{
    const char *const *keys;
    size_t n;

    TRY(kv_set_members(op, owner_key(op, kind, id), &keys, &n));
    for (size_t i = 0; i < n; i++)
        TRY(kv_del(op, keys[i]));
    return kv_del(op, owner_key(op, kind, id));
}

/* The hash of a token is the end of its key; its beginning is name enough. */
static const char *
id_of(struct op *op, enum session_kind kind, const char *key)
{
    return arena_strndup(op->arena, key + strlen(kinds[kind].prefix) + 1, ID_SIZE);
}

static int
newest_first(const void *a, const void *b)
{
    const struct session_view *x = a, *y = b;

    return (x->began_at < y->began_at) - (x->began_at > y->began_at);
}

enum err
session_list(struct call *c, enum session_kind kind, int64_t owner, struct list *out)
{
    const char *set = owner_key(c->op, kind, owner), *text, *const * keys;
    const char *own = session_key(c->op, kind, c->who.token);
    struct session_view *items;
    size_t n, open = 0;

    TRY(kv_set_members(c->op, set, &keys, &n));
    items = NEW_N(c->op->arena, n + 1, struct session_view);
    for (size_t i = 0; i < n; i++) {
        struct caller who = {.account = 0};

        TRY(kv_get(c->op, keys[i], &text));
        if (text == NULL) {
            TRY(kv_set_remove(c->op, set, keys[i]));
            continue;
        }
        TRY(record_read(c->op, caller_fields, text, &who));
        items[open++] = (struct session_view){.id = id_of(c->op, kind, keys[i]),
            .began_at = who.began,
            .ip = who.ip,
            .device = who.device,
            .is_current = strcmp(keys[i], own) == 0};
    }
    qsort(items, open, sizeof(*items), newest_first);
    *out = (struct list){.items = items, .n = open};
    return OK;
}

enum err
session_end_one(struct op *op, enum session_kind kind, int64_t owner, const char *id)
{
    const char *set = owner_key(op, kind, owner), *const * keys;
    size_t n;

    TRY(kv_set_members(op, set, &keys, &n));
    for (size_t i = 0; i < n; i++)
        if (strcmp(id_of(op, kind, keys[i]), id) == 0) {
            TRY(kv_del(op, keys[i]));
            return kv_set_remove(op, set, keys[i]);
        }
    return op_fail(op, E_NOT_FOUND, "session %.20s", id);
}

static const struct {
    enum guard bit;
    const char *name;
} staff_roles[] = {
    {STAFF_REVIEWER, "reviewer"},
    {STAFF_FINANCE, "finance"},
    {STAFF_PRODUCTION, "production"},
    {STAFF_AUDITOR, "auditor"},
    {STAFF_ADMINISTRATOR, "administrator"},
};
enum { STAFF_ROLES = sizeof(staff_roles) / sizeof(*staff_roles) };

const char *
session_role(unsigned roles)
{
    for (int i = 0; i < STAFF_ROLES; i++)
        if (roles & staff_roles[i].bit)
            return staff_roles[i].name;
    return "staff";
}

int64_t
session_roles(const struct strings *names)
{
    int64_t bits = 0;

    for (size_t n = 0; n < names->n; n++)
        for (int i = 0; i < STAFF_ROLES; i++)
            if (strcmp(names->items[n], staff_roles[i].name) == 0)
                bits |= staff_roles[i].bit;
    return bits;
}
