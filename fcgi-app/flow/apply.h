/* Guide, 申请数字证书 1 to 3: choose the project, fill in the form, confirm it. */
#ifndef HALL_FLOW_APPLY_H
#define HALL_FLOW_APPLY_H

#include "store/apply.h"

struct apply_start {
    const char *project, *certificate_type, *key;
    int64_t years;
    struct list agreements; /* struct agreement_ref, as accepted */
    bool supplier_registered;
};
/* T01. Every agreement of the project must be accepted in the version that is in force. */
enum err apply_begin(
    struct op *op, int64_t account, const struct apply_start *in, const char **order_no) MUST_USE;

/*
 * T02, T23: saves the form; as a draft it may lack members but what is there must be right.
 * if_match is the order's ETag or "*"; E_STALE when the form changed since.
 */
enum err apply_fill(struct op *op, int64_t account, const char *order_no, const char *if_match,
    const json_t *form, bool draft) MUST_USE;

/* T03: the form is complete and right; frozen as a revision, the price quoted. */
enum err apply_confirm_form(struct op *op, int64_t account, const char *order_no) MUST_USE;

/* T04: back to the draft; verdicts on the order end. */
enum err apply_reopen_form(struct op *op, int64_t account, const char *order_no) MUST_USE;

/* Checks the saved form of a locked order again, whole; wrong fields are reported. For T03, T22. */
enum err apply_checked_form(
    struct op *op, int64_t account, const struct order *o, struct form *out) MUST_USE;

#endif
