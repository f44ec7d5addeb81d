/* What may happen to an order, and nothing about how it is stored or shown (states.md). */
#ifndef HALL_DOMAIN_ORDER_H
#define HALL_DOMAIN_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/notice.h"

enum order_state {
#define STATE(name, code, zh, en, turn, open, days, move) ORDER_##name,
#include "domain/order.def"
    ORDER_STATE_MAX
};

/* MOVE_T02, MOVE_T05B, …; MOVE_NONE is "no move". MOVE_T01 is the order's birth: an event without
 * a state before it, so it has words but no row in order_moves. */
enum order_move_id {
    MOVE_NONE,
#define MOVE_ID(id, code, event, zh, en, shown) MOVE_##id,
#include "domain/order.def"
    MOVE_ID_MAX
};

/* Bits of order_move.actors. */
enum order_actor {
    ACTOR_APPLICANT = 1 << 0,
    ACTOR_SYSTEM = 1 << 1,   /* the worker and its clocks */
    ACTOR_PROVIDER = 1 << 2, /* a verified answer from outside */
    ACTOR_REVIEWER = 1 << 3,
    ACTOR_FINANCE = 1 << 4,
    ACTOR_PRODUCTION = 1 << 5,
    ACTOR_ADMINISTRATOR = 1 << 6,
    ACTOR_SECOND = 1 << 7, /* not a role: somebody else must have asked for it */
};

/* One legal (id, from, to); equal rows stand in the SQL table of moves. */
struct order_move {
    enum order_move_id id;
    enum order_state from, to;
    unsigned actors;
    enum notice_code notice; /* NOTICE_NONE: tells nobody */
    enum notice_code also;   /* T20b: N06; T35: N19, only where the PIN goes by SMS */
};

extern const struct order_move order_moves[];
extern const int order_moves_n;

enum order_action {
#define ACTION(name, code, zh, en) ACTION_##name,
#include "domain/order.def"
    ACTION_MAX
};

/* What besides the state decides over the buttons. */
struct order_facts {
    bool payment_pending;  /* an online attempt is open at the provider */
    bool money_in;         /* the whole amount is confirmed */
    bool has_certificate;  /* there is a certificate to download */
    bool leased;           /* a reviewer holds the order */
    bool identity_valid;   /* the identity check holds for the person now in the form */
    bool manual_requested; /* the way without a face has been asked for */
};

const char *order_state_code(enum order_state s); /* "in_review" */
const char *order_state_label(enum order_state s, enum lang lang);
/* false, and *out untouched, when there is no such state; code may be NULL. */
bool order_state_parse(const char *code, enum order_state *out);
/* What the applicant has to do now, for {step} of a notice; NULL when it is not their turn. */
const char *order_state_step(enum order_state s, enum lang lang);

/* Counts as the one open order of a project and organisation or person (T03), which an order
 * claims with its first confirmation. */
bool order_is_open(enum order_state s);
/* Calendar days after which the clock makes order_expiry_move(s); 0 and MOVE_NONE for never. */
int order_expiry_days(enum order_state s);
enum order_move_id order_expiry_move(enum order_state s);
/* Days after entering the state on which the applicant is reminded, ended by 0; states.md, 2. */
const int *order_reminder_days(enum order_state s);
/* Days before expiry on which N15 is sent. */
enum { ORDER_WARN_DAYS = 3 };

const char *order_move_code(enum order_move_id id); /* "T05b"; "" for MOVE_NONE */
bool order_move_parse(const char *code, enum order_move_id *out);
/* The words of the applicant's timeline: {type, label}; not shown moves stay out of it. */
const char *order_move_event(enum order_move_id id); /* "documents_confirmed" */
const char *order_move_label(enum order_move_id id, enum lang lang);
bool order_move_shown(enum order_move_id id);

/* NULL when the move is not legal. */
const struct order_move *order_move_find(
    enum order_move_id id, enum order_state from, enum order_state to);
/* The row of a move that has one target from this state; NULL when there is none or several. */
const struct order_move *order_move_only(enum order_move_id id, enum order_state from);
/* Whether the move may start here, whatever its target. */
bool order_move_allowed(enum order_state from, enum order_move_id id);
/* Whether a role of op->actor ("applicant", "system", "provider", or a staff role) may make it.
 * Where ACTOR_SECOND is set the caller also proves that somebody else asked. */
bool order_move_may(const struct order_move *m, const char *role);
/* The bit of a role; 0 for one that moves nothing ("auditor") or is unknown. */
unsigned order_actor_bit(const char *role);

const char *order_action_code(enum order_action a); /* "edit_form" */
/* The bits 1u << ACTION_…; the voucher's file itself is opened by SUBMIT_VOUCHER, not by
 * UPLOAD_DOCUMENTS (see material.h). */
uint32_t order_actions(enum order_state s, const struct order_facts *facts);

#endif
