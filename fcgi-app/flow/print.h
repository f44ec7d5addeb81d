/* Guide, 打印申请表、电子签章采集表: the two papers of an order as PDF. */
#ifndef HALL_FLOW_PRINT_H
#define HALL_FLOW_PRINT_H

#include "paper/form_pdf.h"

enum print_what { PRINT_APPLICATION, PRINT_SEAL };

/*
 * The form in force, once one was confirmed (E_STATE before). While an order is corrected it is the
 * form as saved now, under the number it will get; members that are missing are faults.
 */
enum err print_paper(struct op *op, int64_t account, const char *order_no, enum print_what what,
    struct pdf *out) MUST_USE;

#endif
