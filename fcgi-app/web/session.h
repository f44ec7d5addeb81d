/*
 * Sessions: an opaque cookie, its SHA-256 the key in Redis. One round trip checks and renews.
 * A session ends when nothing was asked for a while, and for good some time after it began (ASVS
 * 7.3.1, 7.3.2); both are counted by the real clock, as Redis counts.
 */
#ifndef HALL_WEB_SESSION_H
#define HALL_WEB_SESSION_H

#include "web/route.h"

enum session_kind { SESSION_APPLICANT, SESSION_STAFF, SESSION_PHONE };

/* Fills who from the cookie of the route's kind; OK with nothing filled for a stranger. */
enum err session_read(
    struct op *op, const struct http_request *http, unsigned guard, struct caller *who) MUST_USE;

/* Makes a session and sets its cookie on the reply. roles and staff matter for staff only, check
 * for a phone. */
enum err session_start(struct call *c, enum session_kind kind, const struct caller *who) MUST_USE;

/* Ends the caller's own session and clears the cookie. */
enum err session_end(struct call *c, enum session_kind kind) MUST_USE;

/* One of an account's sessions, as its owner is shown it. */
struct session_view {
    const char *id; /* names it to session_end_one; no help in guessing its token */
    int64_t began_at;
    const char *ip, *device; /* device: what the browser called itself */
    bool is_current;
};
/* Those that are open, the newest first; items are struct session_view. */
enum err session_list(
    struct call *c, enum session_kind kind, int64_t owner, struct list *out) MUST_USE;
/* Ends one of them; E_NOT_FOUND when the owner has none by this id. */
enum err session_end_one(
    struct op *op, enum session_kind kind, int64_t owner, const char *id) MUST_USE;

/* Ends every session of an account or a member of staff. */
enum err session_end_all(struct op *op, enum session_kind kind, int64_t id) MUST_USE;

/* Seconds without a request after which a session of this kind ends. */
int64_t session_idle_s(enum session_kind kind);

/* The role a member of staff acts in: the first of these bits; and the bits of a list of names. */
const char *session_role(unsigned roles);
int64_t session_roles(const struct strings *names);

#endif
