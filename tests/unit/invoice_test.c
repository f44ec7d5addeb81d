/* The arithmetic of an invoice, and its states. */
#include "domain/invoice.h"
#include "domain/order_no.h"
#include "domain_op.h"
#include "tap.h"

static void
test_split(void)
{
    static const struct {
        int64_t amount, percent, excluded, tax;
    } rows[] = {
        {24000, 6, 22642, 1358},
        {26100, 6, 24623, 1477},
        {1, 6, 1, 0},
        {106, 6, 100, 6},
        {11300, 13, 10000, 1300},
        {99999999999, 6, 94339622641, 5660377358},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        int64_t excluded, tax;

        invoice_split(rows[i].amount, rows[i].percent, &excluded, &tax);
        ok(excluded == rows[i].excluded && tax == rows[i].tax, "%lld at %lld %%: %lld + %lld",
            (long long)rows[i].amount, (long long)rows[i].percent, (long long)excluded,
            (long long)tax);
    }
    for (int64_t amount = 1; amount < 5000; amount++) {
        int64_t excluded, tax, off;

        invoice_split(amount, 6, &excluded, &tax);
        off = excluded * 6 - tax * 100;
        if (excluded + tax != amount || off > 600 || off < -600) {
            ok(false, "%lld is split within six fen", (long long)amount);
            return;
        }
    }
    ok(true, "every amount is split without loss, within the six fen that are allowed");
}

static void
test_states(struct op *op)
{
    enum invoice_state s;
    const char *number = NULL;

    for (int i = 0; i < INVOICE_STATE_MAX; i++)
        ok(invoice_state_parse(invoice_state_code((enum invoice_state)i), &s) && (int)s == i &&
                *invoice_state_label(s, LANG_ZH) != '\0' &&
                *invoice_state_label(s, LANG_EN) != '\0',
            "%s has words and is read back", invoice_state_code((enum invoice_state)i));
    ok(!invoice_state_parse("lost", &s), "what is no state is none");
    ok(invoice_is_live(INVOICE_FAILED) && invoice_is_live(INVOICE_REVERSING) &&
            !invoice_is_live(INVOICE_RED) && !invoice_is_live(INVOICE_VOID),
        "an order has another one only after the last is over");
    ok(invoice_may_retry(INVOICE_FAILED) && invoice_may_retry(INVOICE_BY_HAND) &&
            !invoice_may_retry(INVOICE_REQUESTED) && !invoice_may_retry(INVOICE_SENT),
        "nobody touches what the provider is at, or has done");
    ok(invoice_no_make(op, INVOICE_BLUE, "20261122000000174", 1, &number) == OK, "a number");
    is(number, "20261122000000174F01", "of the order and the attempt, 20 characters");
    ok(invoice_no_make(op, INVOICE_RED_ONE, "20261122000000174", 12, &number) == OK, "a red one");
    is(number, "20261122000000174H12", "has a letter of its own");
    ok(invoice_no_make(op, INVOICE_BLUE, "20261122000000174", 100, &number) == E_TOO_MANY,
        "and there are no more than 99");
}

int
main(void)
{
    struct op op = domain_op();

    test_split();
    test_states(&op);
    arena_free(op.arena);
    return done();
}
