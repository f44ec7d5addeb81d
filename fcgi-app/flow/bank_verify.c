#include "flow/bank_verify.h"

#include <string.h>

#include "domain/calendar.h"
#include "domain/form_check.h"
#include "domain/mask.h"
#include "flow/issue.h"
#include "flow/submit.h"
#include "io/db.h"
#include "store/apply.h"
#include "store/audit.h"
#include "store/bank_verification.h"
#include "store/notice.h"
#include "store/pin.h"

static enum err
queue(struct op *op, const struct order *o, const struct bank_account *b)
{
    const char *reference;

    TRY(pin_burn(op, o));
    TRY(bank_verification_add(op, o, b, &reference));
    return job_add(op, &(struct job_order){
                           .kind = "BANK_SEND",
                           .key = arena_printf(op->arena, "bank/%s", reference),
                           .order_id = o->id,
                           .payload = arena_printf(op->arena, "{\"reference\":\"%s\"}", reference),
                       });
}

enum err
bank_verification_begin(struct op *op, const struct order *o)
{
    struct form form;

    TRY(apply_form(op, o, &form));
    return queue(op, o, &form.bank_account);
}

enum err
bank_verification_announce(struct op *op, const struct order *o)
{
    struct form form;

    TRY(apply_form(op, o, &form));
    return notice_add(op, &SAY(N07, o->id, "no", o->order_no, "tail4",
                              mask_tail(op->arena, form.bank_account.account_number, 4)));
}

enum err
bank_verification_burn(struct op *op, const struct order *o)
{
    return pin_burn(op, o);
}

static enum err
check_tries(struct op *op, const struct order *o)
{
    int64_t midnight = calendar_day_start(calendar_day_of(op->now));
    struct attempt_count count;

    TRY(bank_verification_count(op, o->id, midnight, &count));
    if (count.total >= BANK_TRIES_IN_ALL)
        return op_fail(
            op, E_BANK_TRIES_USED, "order %s: %lld attempts", o->order_no, (long long)count.total);
    if (count.today >= BANK_TRIES_A_DAY) {
        op->retry_after_s = midnight + 86400 - op->now;
        return op_fail(op, E_BANK_TRIES_TODAY, "order %s: %lld attempts today", o->order_no,
            (long long)count.today);
    }
    return OK;
}

/* The whole form with the new account must still be right where the account is concerned. */
static enum err
change_form(struct op *op, int64_t account, const struct order *o, const struct bank_account *b,
    struct form *form)
{
    struct form_case c;

    TRY(apply_form(op, o, form));
    form->bank_account = *b;
    form_clean_bank_account(op->arena, &form->bank_account);
    TRY(apply_case(op, o->order_no, account, NULL, NULL, form->bank_account.bank_code, &c));
    form_check_bank_account(op, &form->bank_account, form, &c.context);
    return op_faults(op);
}

enum err
bank_verification_change(
    struct op *op, int64_t account, const char *order_no, const struct bank_account *b)
{
    struct order order;
    struct form form;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &order));
    if (!order_move_allowed(order.state, MOVE_T31))
        return op_state(op, order_state_code(order.state), "another bank account");
    TRY(check_tries(op, &order));
    TRY(change_form(op, account, &order, b, &form));
    TRY(bank_verification_account(op, &order, &form));
    TRY(submit_resume(op, &order));
    TRY(order_step(op, &order, MOVE_T31, NULL));
    TRY(queue(op, &order, &form.bank_account));
    TRY(notice_add(op, &SAY(N18, order.id, "no", order.order_no)));
    return tx_commit(&tx);
}

/* T31b: the PIN will go by SMS, because no memo carried it. */
static enum err
prove(struct op *op, struct order *o, const struct attempt *a)
{
    TRY(pin_burn(op, o));
    TRY(bank_verification_prove(op, a));
    TRY(submit_resume(op, o));
    TRY(order_step(op, o, MOVE_T31B,
        arena_printf(op->arena, "{\"first\":%lld,\"attempt\":%lld}", (long long)a->first_staff,
            (long long)a->number)));
    return issue_queue(op, o);
}

/* What was asked for is asked about by somebody else: now it counts. */
static enum err
agree(struct op *op, struct order *o, const struct attempt *a)
{
    TRY(bank_verification_agree(op, a));
    if (a->state == ATTEMPT_FAILED)
        return prove(op, o, a);
    TRY(audit_add(op, arena_printf(op->arena, "orders/%s", o->order_no), "bank_result_by_hand",
        o->id,
        arena_printf(op->arena, "{\"first\":%lld,\"result\":\"%s\"}", (long long)a->first_staff,
            a->manual_result)));
    return job_again(op, arena_printf(op->arena, "bank/%s", a->reference));
}

static enum err
lock_attempt(struct op *op, int64_t id, struct order *o, struct attempt *a)
{
    const struct attempt_row *row;
    struct list found;

    TRY(bank_verification_list(op, NULL, 0, 1, id, &found));
    if (found.n != 1)
        return op_fail(op, E_NOT_FOUND, "bank verification %lld", (long long)id);
    row = found.items;
    TRY(order_lock(op, row->order_no, 0, o));
    return bank_verification_lock_id(op, id, a);
}

enum err
bank_verification_judge(struct op *op, int64_t id, bool ok, const char *note, bool *done)
{
    const char *result = ok ? "ok" : "failed";
    struct attempt a;
    struct order order;
    TX(tx, op);

    TRY(lock_attempt(op, id, &order, &a));
    if (!a.is_last || a.state == ATTEMPT_OK || (a.state == ATTEMPT_FAILED && !ok) ||
        order.state != (a.state == ATTEMPT_FAILED ? ORDER_BANK_VERIFICATION_FAILED
                                                  : ORDER_BANK_VERIFICATION_PENDING))
        return op_state(op, order_state_code(order.state), "a result by hand");
    *done =
        a.first_staff != 0 && a.first_staff != op->actor.id && strcmp(a.manual_result, result) == 0;
    if (a.first_staff == op->actor.id && strcmp(a.manual_result, result) == 0)
        return op_fail(op, E_SECOND_PERSON, "said by the same person");
    if (*done) {
        TRY(agree(op, &order, &a));
        return tx_commit(&tx);
    }
    TRY(bank_verification_ask(op, &a, result, note));
    TRY(audit_add(op, arena_printf(op->arena, "staff/%lld", (long long)op->actor.id),
        "bank_result_asked", order.id, arena_printf(op->arena, "{\"result\":\"%s\"}", result)));
    return tx_commit(&tx);
}
