#include "domain/order.h"

#include <string.h>

enum { CLOSED, OPEN };

static const struct {
    const char *code;
    const char *label[LANG_MAX];
    int open, days;
    enum order_move_id expiry;
} states[ORDER_STATE_MAX] = {
#define STATE(name, code, zh, en, turn, open, days, move) \
    [ORDER_##name] = {code, {zh, en}, open, days, MOVE_##move},
#include "domain/order.def"
};

static const char *const steps[ORDER_STATE_MAX][LANG_MAX] = {
#define STEP(state, zh, en) [ORDER_##state] = {zh, en},
#include "domain/order.def"
};

static const struct {
    const char *code, *event;
    const char *label[LANG_MAX];
    bool shown;
} moves[MOVE_ID_MAX] = {
    [MOVE_NONE] = {"", "", {"", ""}, false},
#define SHOWN                                   true
#define HIDDEN                                  false
#define MOVE_ID(id, code, event, zh, en, shown) [MOVE_##id] = {code, event, {zh, en}, shown},
#include "domain/order.def"
};

const struct order_move order_moves[] = {
#define MOVE(id, from, to, actors, notice, also) \
    {MOVE_##id, ORDER_##from, ORDER_##to, actors, NOTICE_##notice, NOTICE_##also},
#include "domain/order.def"
};
const int order_moves_n = sizeof(order_moves) / sizeof(*order_moves);

static const char *const actions[ACTION_MAX] = {
#define ACTION(name, code, zh, en) [ACTION_##name] = code,
#include "domain/order.def"
};

enum {
    FACT_PAYMENT_PENDING = 1,
    FACT_MONEY_IN = 2,
    FACT_HAS_CERTIFICATE = 4,
    FACT_LEASED = 8,
    FACT_IDENTITY_VALID = 16,
    FACT_MANUAL_REQUESTED = 32
};

static const struct {
    enum order_state state;
    enum order_action action;
    unsigned needs, forbids;
} allows[] = {
#define ALLOW(state, action, needs, forbids) {ORDER_##state, ACTION_##action, needs, forbids},
#include "domain/order.def"
};

static const struct {
    const char *role;
    unsigned bit;
} roles[] = {
    {"applicant", ACTOR_APPLICANT},
    {"system", ACTOR_SYSTEM},
    {"provider", ACTOR_PROVIDER},
    {"reviewer", ACTOR_REVIEWER},
    {"finance", ACTOR_FINANCE},
    {"production", ACTOR_PRODUCTION},
    {"administrator", ACTOR_ADMINISTRATOR},
};

const char *
order_state_code(enum order_state s)
{
    return states[s].code;
}

const char *
order_state_label(enum order_state s, enum lang lang)
{
    return states[s].label[lang];
}

bool
order_state_parse(const char *code, enum order_state *out)
{
    for (int i = 0; code != NULL && i < ORDER_STATE_MAX; i++) {
        if (strcmp(states[i].code, code) == 0) {
            *out = (enum order_state)i;
            return true;
        }
    }
    return false;
}

const char *
order_state_step(enum order_state s, enum lang lang)
{
    return steps[s][lang];
}

bool
order_is_open(enum order_state s)
{
    return states[s].open == OPEN;
}

int
order_expiry_days(enum order_state s)
{
    return states[s].days;
}

enum order_move_id
order_expiry_move(enum order_state s)
{
    return states[s].expiry;
}

const int *
order_reminder_days(enum order_state s)
{
    static const int returned[] = {3, 7, 15, 0}, bank[] = {3, 7, 0}, none[] = {0};

    return s == ORDER_RETURNED ? returned : s == ORDER_BANK_VERIFICATION_FAILED ? bank : none;
}

const char *
order_move_code(enum order_move_id id)
{
    return moves[id].code;
}

bool
order_move_parse(const char *code, enum order_move_id *out)
{
    for (int i = MOVE_NONE + 1; code != NULL && i < MOVE_ID_MAX; i++) {
        if (strcmp(moves[i].code, code) == 0) {
            *out = (enum order_move_id)i;
            return true;
        }
    }
    return false;
}

const char *
order_move_event(enum order_move_id id)
{
    return moves[id].event;
}

const char *
order_move_label(enum order_move_id id, enum lang lang)
{
    return moves[id].label[lang];
}

bool
order_move_shown(enum order_move_id id)
{
    return moves[id].shown;
}

const struct order_move *
order_move_find(enum order_move_id id, enum order_state from, enum order_state to)
{
    for (const struct order_move *m = order_moves; m < order_moves + order_moves_n; m++)
        if (m->id == id && m->from == from && m->to == to)
            return m;
    return NULL;
}

const struct order_move *
order_move_only(enum order_move_id id, enum order_state from)
{
    const struct order_move *found = NULL;

    for (const struct order_move *m = order_moves; m < order_moves + order_moves_n; m++) {
        if (m->id != id || m->from != from)
            continue;
        if (found != NULL)
            return NULL;
        found = m;
    }
    return found;
}

bool
order_move_allowed(enum order_state from, enum order_move_id id)
{
    for (const struct order_move *m = order_moves; m < order_moves + order_moves_n; m++)
        if (m->id == id && m->from == from)
            return true;
    return false;
}

unsigned
order_actor_bit(const char *role)
{
    for (size_t i = 0; role != NULL && i < sizeof(roles) / sizeof(*roles); i++)
        if (strcmp(roles[i].role, role) == 0)
            return roles[i].bit;
    return 0;
}

bool
order_move_may(const struct order_move *m, const char *role)
{
    return (m->actors & order_actor_bit(role)) != 0;
}

const char *
order_action_code(enum order_action a)
{
    return actions[a];
}

static unsigned
fact_bits(const struct order_facts *f)
{
    return (f->payment_pending ? FACT_PAYMENT_PENDING : 0u) | (f->money_in ? FACT_MONEY_IN : 0u) |
           (f->has_certificate ? FACT_HAS_CERTIFICATE : 0u) | (f->leased ? FACT_LEASED : 0u) |
           (f->identity_valid ? FACT_IDENTITY_VALID : 0u) |
           (f->manual_requested ? FACT_MANUAL_REQUESTED : 0u);
}

uint32_t
order_actions(enum order_state s, const struct order_facts *facts)
{
    unsigned have = fact_bits(facts);
    uint32_t out = 0;

    for (size_t i = 0; i < sizeof(allows) / sizeof(*allows); i++)
        if (allows[i].state == s && (allows[i].needs & ~have) == 0 &&
            (allows[i].forbids & have) == 0)
            out |= 1u << allows[i].action;
    return out;
}
