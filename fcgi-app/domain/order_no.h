/*
 * The numbers by which the hall and its partners name things (forms.md 4.8). All are made of the
 * order number, so that a statement line can be read by people.
 *
 *   order_no       20261122 00000017 d     day, sequence of the day, Luhn digit: 17 digits
 *   out_trade_no   order_no + attempt      19 digits
 *   out_refund_no  out_trade_no + R + nn   22 characters
 *   bank reference V + order_no + nn       20 characters, digits and capitals, as every bank takes
 *                                          them; M instead of V for a proof by hand
 *   bank refund    order_no + R + nn       20 characters too
 *   invoice        order_no + F + nn       20 characters too; H instead of F for a red one
 */
#ifndef HALL_DOMAIN_ORDER_NO_H
#define HALL_DOMAIN_ORDER_NO_H

#include <stdint.h>

#include "base/op.h"

enum { ORDER_NO_LENGTH = 17, BANK_REFERENCE_MAX = 20 };

/* E_INTERNAL when the sequence is not 1 to 99999999: a day has no more orders. The civil day in
 * China is counted from 1970-01-01. */
enum err order_no_make(struct op *op, int64_t day, int64_t sequence, const char **out) MUST_USE;

/* Attempts and counts are 1 to 99, else E_TOO_MANY. */
enum err out_trade_no_make(
    struct op *op, const char *order_no, int64_t attempt, const char **out) MUST_USE;
enum err out_refund_no_make(
    struct op *op, const char *out_trade_no, int64_t count, const char **out) MUST_USE;
enum bank_kind { BANK_TRANSFER, BANK_BY_HAND };
enum err bank_reference_make(struct op *op, enum bank_kind kind, const char *order_no,
    int64_t attempt, const char **out) MUST_USE;
/* A refund that goes by transfer is counted over the order, not the payment. */
enum err bank_refund_no_make(
    struct op *op, const char *order_no, int64_t count, const char **out) MUST_USE;
enum invoice_colour { INVOICE_BLUE, INVOICE_RED_ONE };
enum err invoice_no_make(struct op *op, enum invoice_colour colour, const char *order_no,
    int64_t count, const char **out) MUST_USE;

#endif
