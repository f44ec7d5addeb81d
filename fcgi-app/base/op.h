/*
 * An operation: one request or one job, carried through every floor.
 * It owns the memory, names the actor and the moment, and remembers why it failed.
 */
#ifndef HALL_BASE_OP_H
#define HALL_BASE_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct conf;
struct db;
struct kv;
struct vault;
struct providers;

enum fault_code {
#define FAULT(name, code, zh, en) FAULT_##name,
#include "base/fault.def"
    FAULT_MAX
};

/* One wrong field; kept in the order found. */
struct fault {
    const char *pointer; /* RFC 6901, "/handler/mobile"; "" is the whole body */
    const char *code;
    const char *detail; /* in op->lang */
    struct fault *next;
};

/* Who acts. Kept in every event; role is "applicant", "system", "provider" or a staff role. */
struct actor {
    const char *role;
    int64_t id; /* account or staff id; 0 for system and providers */
    const char *ip;
};

struct op {
    struct arena *arena;
    struct db *db; /* the handles are NULL where the process has no such right */
    struct kv *kv;
    const struct vault *vault;
    const struct conf *conf;
    const struct providers *providers;
    int64_t now;           /* UTC seconds, the hall's clock; tests move it */
    int64_t deadline_ms;   /* CLOCK_MONOTONIC, milliseconds: every wait ends by then */
    const char *trace;     /* request or job id, in every log line and every event */
    const char *note;      /* why it failed, for the log only */
    const char *state;     /* with E_STATE: the state that stood in the way, for the answer */
    int64_t retry_after_s; /* with E_TOO_MANY, E_LOCKED: for the answer; 0 where unknown */
    struct actor actor;
    enum lang lang;
    struct fault *faults, *last_fault;
};

/* return op_fail(op, E_STATE, "order %s is %s", no, state); the note goes to the log only. */
enum err op_fail(struct op *op, enum err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* return op_state(op, "in_review", "cancel"); E_STATE, and the answer names the state. */
enum err op_state(struct op *op, const char *state, const char *wanted);

/* Adds one wrong field; the arguments fill the conversions of the text in base/fault.def. */
void op_fault(struct op *op, const char *pointer, enum fault_code code, ...);

/* E_INVALID when any field was found wrong, else OK. */
enum err op_faults(const struct op *op) MUST_USE;

/* Milliseconds of CLOCK_MONOTONIC; with op->deadline_ms the only clock that waiting knows. */
int64_t op_monotonic_ms(void);

/* Milliseconds left, at least 0. */
int op_left_ms(const struct op *op);

#endif
