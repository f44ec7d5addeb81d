/* Guide, 未通过 → 编辑: an order that was returned is corrected in place and handed in again. */
#ifndef HALL_FLOW_CORRECT_H
#define HALL_FLOW_CORRECT_H

#include "base/op.h"

/*
 * T22, or T22b where no money is there yet. Names all at once that is not right yet: members of the
 * form ("/form/…"), documents ("/documents/KIND") and the identity check ("/identity_check"). What
 * a change makes void is made void here: verdicts, and the bank verification of another account.
 */
enum err correct_resubmit(struct op *op, int64_t account, const char *order_no) MUST_USE;

#endif
