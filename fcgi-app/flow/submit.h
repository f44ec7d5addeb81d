/*
 * Handing an order over: what the verdict will be about, who has to look, and by when. Every
 * function works within the caller's transaction, on a locked order, before the move itself.
 */
#ifndef HALL_FLOW_SUBMIT_H
#define HALL_FLOW_SUBMIT_H

#include "store/order.h"

/*
 * SHA-256 in hex over what a verdict is about: the form of the revision in force, the documents
 * (the payment voucher is not one of them) and the identity check that holds. Computed from the
 * rows as they are now, so review, payment and issuance can each compare (states.md 1.6).
 * E_INTERNAL when the stored revision is not what its own digest says.
 */
enum err submit_content(struct op *op, const struct order *o, const char **hex) MUST_USE;

/*
 * The order goes to whoever decides next (T09, T10, T22): writes the content, the queue's time at
 * the first hand-over, the promise, and whether the project's policy asks for a second pair of
 * eyes. *o follows.
 */
enum err submit_prepare(struct op *op, struct order *o) MUST_USE;

/* After submit_prepare: the complete favourable verdict was about just this content, so review
 * has nothing left to do (T09b, T10b). */
bool submit_is_passed(const struct order *o);

/* The promise stands still because the order waits for the applicant (T13, T17, T21, T28, T40), and
 * runs again with what was left, at least one working day. Both are without effect where the clock
 * stands so already, or has not begun. */
enum err submit_pause(struct op *op, struct order *o) MUST_USE;
enum err submit_resume(struct op *op, struct order *o) MUST_USE;

/* "2026-11-25", for {date} of notices; the promise must run. */
const char *submit_promise(struct op *op, const struct order *o);

#endif
