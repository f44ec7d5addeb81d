#include "base/op.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *code;
    const char *text[LANG_MAX];
} faults[FAULT_MAX] = {
#define FAULT(n, c, zh, en) [FAULT_##n] = {c, {zh, en}},
#include "base/fault.def"
};

enum err
op_fail(struct op *op, enum err e, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    op->note = arena_printf(op->arena, "%s", text);
    return e;
}

enum err
op_state(struct op *op, const char *state, const char *wanted)
{
    op->state = state;
    return op_fail(op, E_STATE, "%s while %s", wanted, state);
}

void
op_fault(struct op *op, const char *pointer, enum fault_code code, ...)
{
    struct fault *f;
    char text[256];
    va_list ap;

    /* What is wrong with a field first is what people are told; the rest follows from it. */
    for (f = op->faults; f != NULL; f = f->next)
        if (strcmp(f->pointer, pointer) == 0)
            return;
    f = NEW(op->arena, struct fault);

    va_start(ap, code);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    vsnprintf(text, sizeof(text), faults[code].text[op->lang], ap);
#pragma GCC diagnostic pop
    va_end(ap);
    f->pointer = arena_printf(op->arena, "%s", pointer);
    f->code = faults[code].code;
    f->detail = arena_printf(op->arena, "%s", text);
    if (op->last_fault != NULL)
        op->last_fault->next = f;
    else
        op->faults = f;
    op->last_fault = f;
}

enum err
op_faults(const struct op *op)
{
    return op->faults != NULL ? E_INVALID : OK;
}

int64_t
op_monotonic_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
op_left_ms(const struct op *op)
{
    int64_t left = op->deadline_ms - op_monotonic_ms();

    return left < 0 ? 0 : left > 600000 ? 600000 : (int)left;
}
