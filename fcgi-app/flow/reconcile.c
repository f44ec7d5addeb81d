#include "flow/reconcile.h"

#include "base/log.h"
#include "base/text.h"
#include "domain/calendar.h"
#include "flow/refund.h"
#include "flow/settle.h"
#include "io/db.h"
#include "store/bank_line.h"
#include "store/ledger.h"

/* Comparisons in one run, and the time that must be left for one. */
enum { RUN_MOST = 50, ASK_MS = 10000 };
/* What comes in of this size is a bank verification that came back: nobody pays with it. */
enum { VERIFICATION_FEN = 1 };

/* ---- the statement ---- */

static enum err
take_in(struct op *op, const struct bank_line *lines, size_t n)
{
    TX(tx, op);

    for (size_t i = 0; i < n; i++) {
        if (lines[i].amount_fen <= VERIFICATION_FEN)
            continue;
        TRY(bank_line_add(op, &(struct bank_credit){
                                  .serial = lines[i].serial,
                                  .at = lines[i].at,
                                  .amount_fen = lines[i].amount_fen,
                                  .payer_name = lines[i].payer_name,
                                  .payer_account = lines[i].payer_account,
                                  .memo = lines[i].memo,
                              }));
    }
    TRY(bank_match_later(op));
    return tx_commit(&tx);
}

static enum err
statement_of(struct op *op, int64_t day)
{
    const char *name = arena_printf(op->arena, "%08lld", (long long)calendar_yyyymmdd(day));
    struct reason why = {"", ""};
    struct bank_line *lines;
    size_t n;

    if (op->providers->bank->statement(op, name, &lines, &n, &why) != OUTCOME_DONE)
        return op_fail(op, E_PROVIDER, "statement of %s: %s", name, why.code);
    return take_in(op, lines, n);
}

enum err
bank_statement_job(struct op *op, const struct job *j)
{
    int64_t today = calendar_day_of(op->now);

    (void)j;
    TRY(statement_of(op, today - 1));
    return statement_of(op, today);
}

/* ---- what lost its way ---- */

enum err
rescue_job(struct op *op, const struct job *j)
{
    int64_t n;
    TX(tx, op);

    (void)j;
    TRY(ledger_rescue(op, &n));
    TRY(tx_commit(&tx));
    if (n > 0)
        log_warn(op, "work rescued", "pieces", arena_printf(op->arena, "%lld", (long long)n), NULL);
    return OK;
}

/* ---- the books ---- */

/* What the provider holds of a payment; money we did not know of is booked first. */
static enum err
compare_payment(struct op *op, struct ledger_key key)
{
    struct pay_status s = {.state = PAY_IN_PROCESS};
    struct reason why = {"", ""};
    const char *verdict;
    struct payment p;

    TRY(payment_get(op, key.id, &p));
    if (pay_provider_of(op, p.method)->query(op, p.out_trade_no, &s, &why) != OUTCOME_DONE)
        return op_fail(op, E_PROVIDER, "comparing %s: %s", p.out_trade_no, why.code);
    {
        TX(tx, op);

        TRY(pay_settle(op, (struct payment_key){key.id, key.order_id}, &s, &verdict));
        TRY(payment_get(op, key.id, &p));
        TRY(ledger_compared(op, &(struct ledger_finding){
                                    .id = p.id,
                                    .order_id = p.order_id,
                                    .at = p.paid_at == 0 ? p.created_at : p.paid_at,
                                    .number = p.out_trade_no,
                                    .method = payment_methods[p.method],
                                    .ours_fen = p.received_fen,
                                    .theirs_fen = s.state == PAY_SUCCESS ? s.amount_fen : 0,
                                }));
        return tx_commit(&tx);
    }
}

static enum err
compare_refund(struct op *op, struct ledger_key key)
{
    return refund_compare(op, key.id, key.order_id);
}

/* One that cannot be compared today does not keep the others from it. */
static enum err
compare_all(struct op *op, const struct list *found,
    enum err (*compare)(struct op *op, struct ledger_key key))
{
    const struct ledger_key *key = found->items;
    enum err all = OK;

    for (size_t i = 0; i < found->n && op_left_ms(op) > ASK_MS; i++) {
        enum err e = compare(op, key[i]);

        if (e != OK)
            all = e;
    }
    return all;
}

enum err
ledger_job(struct op *op, const struct job *j)
{
    struct list found;
    enum err payments;

    (void)j;
    TRY(ledger_payments(op, RUN_MOST, &found));
    payments = compare_all(op, &found, compare_payment);
    TRY(ledger_refunds(op, RUN_MOST, &found));
    TRY(compare_all(op, &found, compare_refund));
    return payments;
}
