#include "domain/order_no.h"

#include <string.h>

#include "base/text.h"
#include "domain/bankno.h"
#include "domain/calendar.h"

enum { SEQUENCE_MAX = 99999999, ATTEMPT_MAX = 99 };

enum err
order_no_make(struct op *op, int64_t day, int64_t sequence, const char **out)
{
    char *s;

    if (sequence < 1 || sequence > SEQUENCE_MAX)
        return op_fail(op, E_INTERNAL, "order sequence %lld", (long long)sequence);
    s = arena_printf(
        op->arena, "%08lld%08lld0", (long long)calendar_yyyymmdd(day), (long long)sequence);
    while (!bankno_luhn(s))
        s[ORDER_NO_LENGTH - 1]++;
    *out = s;
    return OK;
}

/* base + mark + two digits */
static enum err
number(struct op *op, const char *base, const char *mark, int64_t count, const char **out)
{
    if (count < 1 || count > ATTEMPT_MAX)
        return op_fail(op, E_TOO_MANY, "attempt %lld of %s", (long long)count, base);
    *out = arena_printf(op->arena, "%s%s%02lld", base, mark, (long long)count);
    return OK;
}

enum err
out_trade_no_make(struct op *op, const char *order_no, int64_t attempt, const char **out)
{
    return number(op, order_no, "", attempt, out);
}

enum err
out_refund_no_make(struct op *op, const char *out_trade_no, int64_t count, const char **out)
{
    return number(op, out_trade_no, "R", count, out);
}

enum err
bank_reference_make(
    struct op *op, enum bank_kind kind, const char *order_no, int64_t attempt, const char **out)
{
    static const char *const marks[] = {[BANK_TRANSFER] = "V", [BANK_BY_HAND] = "M"};

    return number(op, arena_printf(op->arena, "%s%s", marks[kind], order_no), "", attempt, out);
}

enum err
bank_refund_no_make(struct op *op, const char *order_no, int64_t count, const char **out)
{
    return number(op, order_no, "R", count, out);
}

enum err
invoice_no_make(struct op *op, enum invoice_colour colour, const char *order_no, int64_t count,
    const char **out)
{
    static const char *const marks[] = {[INVOICE_BLUE] = "F", [INVOICE_RED_ONE] = "H"};

    return number(op, order_no, marks[colour], count, out);
}
