#include "flow/review.h"

#include <string.h>

#include "base/text.h"
#include "domain/material.h"
#include "domain/reason.h"
#include "flow/bank_verify.h"
#include "flow/issue.h"
#include "flow/refund.h"
#include "flow/submit.h"
#include "io/db.h"
#include "store/apply.h"
#include "store/notice.h"

static enum order_move_id
taking(const struct order *o)
{
    return o->state == ORDER_PENDING_REVIEW ? MOVE_T11 : MOVE_T15;
}

enum err
review_next(struct op *op, const char **order_no)
{
    struct order order;
    TX(tx, op);

    TRY(review_alone(op, op->actor.id));
    TRY(review_held(op, op->actor.id, order_no));
    if (*order_no != NULL)
        return tx_commit(&tx);
    TRY(review_take_next(op, op->actor.id, true, order_no));
    if (*order_no == NULL)
        TRY(review_take_next(op, op->actor.id, false, order_no));
    if (*order_no == NULL)
        return tx_commit(&tx);
    TRY(order_lock(op, *order_no, 0, &order));
    TRY(order_step(op, &order, taking(&order), NULL));
    return tx_commit(&tx);
}

static bool
is_in_review(const struct order *o)
{
    return o->state == ORDER_IN_REVIEW || o->state == ORDER_IN_SECOND_REVIEW;
}

static bool
is_held(const struct op *op, const struct order *o)
{
    return is_in_review(o) && o->lease_staff == op->actor.id && o->lease_until > op->now;
}

/* Nobody is their own second pair of eyes. */
static enum err
not_the_first(struct op *op, const struct order *o)
{
    const char *content;
    int64_t first;

    TRY(review_first(op, o->id, &first, &content));
    return first == op->actor.id ? op_fail(op, E_SECOND_PERSON, "own first review") : OK;
}

static enum err
give_back(struct op *op, struct order *o)
{
    TRY(review_unlease(op, o->id));
    return order_step(op, o, o->state == ORDER_IN_REVIEW ? MOVE_T12 : MOVE_T16, NULL);
}

enum err
review_claim(struct op *op, const char *order_no)
{
    struct order order;
    const char *held;
    TX(tx, op);

    TRY(order_lock(op, order_no, 0, &order));
    TRY(review_alone(op, op->actor.id));
    TRY(review_held(op, op->actor.id, &held));
    if (held != NULL && strcmp(held, order_no) != 0)
        return op_fail(op, E_LEASE_HELD, "holds %s", held);
    if (!is_held(op, &order)) {
        if (is_in_review(&order) && order.lease_until <= op->now) /* before the clock sees to it */
            TRY(give_back(op, &order));
        if (order.state == ORDER_PENDING_SECOND_REVIEW)
            TRY(not_the_first(op, &order));
        TRY(order_step(op, &order, taking(&order), NULL));
    }
    TRY(review_lease(op, order.id, op->actor.id));
    return tx_commit(&tx);
}

/* Locks an order that the actor is reviewing. */
static enum err
lock_held(struct op *op, const char *order_no, struct order *o)
{
    TRY(order_lock(op, order_no, 0, o));
    if (!is_in_review(o))
        return op_state(op, order_state_code(o->state), "a verdict");
    if (!is_held(op, o))
        return op_fail(op, E_NOT_LEASED, "lease of %s", order_no);
    return OK;
}

enum err
review_release(struct op *op, const char *order_no)
{
    struct order order;
    TX(tx, op);

    TRY(lock_held(op, order_no, &order));
    TRY(give_back(op, &order));
    return tx_commit(&tx);
}

static int
stage(const struct order *o)
{
    return o->state == ORDER_IN_REVIEW ? 1 : 2;
}

/* Where a passed order goes, by how it is paid (states.md, T18). */
static enum err
pass(struct op *op, struct order *o)
{
    enum order_move_id move = stage(o) == 1 ? MOVE_T18A : MOVE_T18B;
    const char *total = text_yuan(op->arena, o->certificate_fen + o->courier_fen);
    enum money money;
    bool holds;

    TRY(review_money(op, o->id, &money));
    /* Also where finance gave everything back meanwhile: the order then asks for new money. */
    if (money == MONEY_WAITING || money == MONEY_NONE) {
        TRY(order_move(op, o, move, ORDER_AWAITING_FUNDS, NULL));
        return notice_add(op, &SAY(N08, o->id, "no", o->order_no, "amt", total));
    }
    if (money == MONEY_CONFIRMED) {
        TRY(order_move(op, o, move, ORDER_ACCEPTED, NULL));
        TRY(issue_queue(op, o));
        return notice_add(op, &SAY(N06, o->id, "no", o->order_no));
    }
    TRY(review_bank_holds(op, o->id, &holds));
    if (holds) {
        TRY(order_move(op, o, move, ORDER_BANK_VERIFIED, NULL));
        TRY(issue_queue(op, o));
        return notice_add(op, &SAY(N06, o->id, "no", o->order_no));
    }
    TRY(order_move(op, o, move, ORDER_BANK_VERIFICATION_PENDING, NULL));
    TRY(bank_verification_announce(op, o));
    return bank_verification_begin(op, o);
}

enum err
review_approve(struct op *op, const char *order_no, const char *content_sha256, const char *note)
{
    const char *now_sha256, *first_sha256;
    struct verdict verdict = {.verdict = "approved", .note = note};
    struct order order;
    int64_t first;
    TX(tx, op);

    TRY(lock_held(op, order_no, &order));
    TRY(submit_content(op, &order, &now_sha256));
    if (strcmp(content_sha256, now_sha256) != 0)
        return op_fail(op, E_STALE, "the content of %s is not what was looked at", order_no);
    verdict.stage = stage(&order);
    verdict.content_sha256 = now_sha256;
    if (verdict.stage == 2) {
        TRY(not_the_first(op, &order));
        TRY(review_first(op, order.id, &first, &first_sha256));
        if (first == 0 || strcmp(first_sha256, now_sha256) != 0)
            return op_fail(op, E_STALE, "the first review of %s was about else", order_no);
    }
    TRY(review_add(op, order.id, op->actor.id, &verdict));
    if (verdict.stage == 1 && order.second_review) {
        TRY(review_unlease(op, order.id));
        TRY(order_step(op, &order, MOVE_T14, NULL));
    } else {
        TRY(review_mark_passed(op, order.id, now_sha256));
        TRY(pass(op, &order));
    }
    return tx_commit(&tx);
}

/* offered NULL: every code; words of a reviewer's own have none of the table. */
static void
check_reason(struct op *op, const struct review_reason *r, size_t i, enum certificate_type type,
    const char *offered)
{
    enum reason_code code;

    if (!reason_target_valid(r->target, type))
        op_fault(op, arena_printf(op->arena, "/reasons/%zu/target", i), FAULT_CHOICE);
    if (offered != NULL && reason_parse(REASON_FOR_REVIEW, r->code, &code) &&
        strstr(offered, arena_printf(op->arena, "\"%s\"", r->code)) == NULL)
        op_fault(op, arena_printf(op->arena, "/reasons/%zu/code", i), FAULT_CHOICE);
}

/* What the applicant sees: targets, pointers, words, and since when. */
static const char *
rejection_json(struct op *op, const struct list *reasons, const char **array)
{
    const struct review_reason *r = reasons->items;
    json_auto_t *list = json_array(), *all = NULL;

    for (size_t i = 0; i < reasons->n; i++)
        json_array_append_new(list, json_pack("{ss ss* ss ss}", "target", r[i].target, "pointer",
                                        r[i].pointer, "code", r[i].code, "text", r[i].text));
    *array = record_dump(op, list);
    all = json_pack("{sO ss}", "reasons", list, "at", text_time(op->arena, op->now));
    return record_dump(op, all);
}

enum err
review_send_back(struct op *op, struct order *o, enum order_move_id move,
    const struct list *reasons, const char **array)
{
    const struct review_reason *r = reasons->items;
    const char *rejection, *offered, *count = arena_printf(op->arena, "%zu", reasons->n);

    TRY(review_reasons_offered(op, o->id, &offered));
    for (size_t i = 0; i < reasons->n; i++)
        check_reason(op, &r[i], i, o->type, offered);
    TRY(op_faults(op));
    rejection = rejection_json(op, reasons, array);
    TRY(apply_void_reviews(op, o->id));
    TRY(review_mark_returned(op, o->id, rejection));
    TRY(submit_pause(op, o));
    TRY(order_step(op, o, move, NULL));
    return notice_add(op, &SAY(N05, o->id, "no", o->order_no, "n", count, "reason", r[0].text));
}

enum err
review_return(struct op *op, const char *order_no, const struct list *reasons)
{
    struct verdict verdict = {.verdict = "returned"};
    struct order order;
    TX(tx, op);

    TRY(lock_held(op, order_no, &order));
    verdict.stage = stage(&order);
    verdict.content_sha256 = order.content_sha256;
    TRY(review_send_back(
        op, &order, verdict.stage == 1 ? MOVE_T13 : MOVE_T17, reasons, &verdict.reasons));
    TRY(review_add(op, order.id, op->actor.id, &verdict));
    return tx_commit(&tx);
}

static enum err
deny_now(struct op *op, struct order *o, const char *reason)
{
    struct verdict verdict = {.stage = stage(o),
        .verdict = "denied",
        .content_sha256 = o->content_sha256,
        .note = reason};
    int64_t refunded;
    bool money;

    TRY(review_add(op, o->id, op->actor.id, &verdict));
    TRY(review_mark_closed(op, o->id, reason));
    TRY(refund_begin(op, o, "不予受理", &refunded));
    money = refunded > 0;
    TRY(order_move(op, o, MOVE_T19, money ? ORDER_REFUNDING : ORDER_DENIED, NULL));
    return notice_add(
        op, &SAY(N09, o->id, "no", o->order_no, "reason", reason, "refund_line",
                phrase_text(money ? PHRASE_REFUND_FOLLOWS : PHRASE_NOTHING_PAID, LANG_ZH)));
}

enum err
review_deny(struct op *op, const char *order_no, const char *reason, bool *done)
{
    struct verdict asked = {.verdict = "denial_asked", .note = reason};
    struct order order;
    int64_t by;
    TX(tx, op);

    TRY(order_lock(op, order_no, 0, &order));
    if (!is_in_review(&order))
        return op_state(op, order_state_code(order.state), "denial");
    TRY(review_denial_asked(op, order.id, &by));
    *done = by != 0 && by != op->actor.id;
    if (*done) {
        TRY(deny_now(op, &order, reason));
        return tx_commit(&tx);
    }
    if (by == op->actor.id)
        return op_fail(op, E_SECOND_PERSON, "asked by the same person");
    if (!is_held(op, &order))
        return op_fail(op, E_NOT_LEASED, "lease of %s", order_no);
    asked.stage = stage(&order);
    asked.content_sha256 = order.content_sha256;
    TRY(review_add(op, order.id, op->actor.id, &asked));
    return tx_commit(&tx);
}

static enum err
release_expired(struct op *op, const char *order_no)
{
    struct order order;
    TX(tx, op);

    TRY(order_lock(op, order_no, 0, &order));
    if (is_in_review(&order) && order.lease_until <= op->now)
        TRY(give_back(op, &order));
    return tx_commit(&tx);
}

enum err
review_leases_job(struct op *op, const struct job *j)
{
    const char *const *nos;

    (void)j;
    TRY(review_expired(op, &nos));
    for (; *nos != NULL; nos++)
        TRY(job_skip(op, "lease not ended", *nos, release_expired(op, *nos)));
    return OK;
}
