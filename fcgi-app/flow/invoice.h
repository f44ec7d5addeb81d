/* Electronic invoices (states.md, section 4): issued once there is a certificate, taken back before
 * money goes back. */
#ifndef HALL_FLOW_INVOICE_H
#define HALL_FLOW_INVOICE_H

#include "flow/documents.h"
#include "store/invoice.h"
#include "store/job.h"

/* Within the transaction of T35: the form's wish becomes an invoice and a job, once for an order.
 */
enum err invoice_begin(struct op *op, const struct order *o) MUST_USE;

/* Within the transaction that would send money back, on a locked order: what was not issued yet is
 * given up, what was issued is being taken back. *clear once no blue invoice stands. */
enum err invoice_make_way(struct op *op, const struct order *o, bool *clear) MUST_USE;
/* Within the transaction that ends a refund: what is left of the payment gets an invoice anew. */
enum err invoice_follow_refund(struct op *op, const struct order *o) MUST_USE;

/* Job INVOICE, of a blue or a red one. */
enum err invoice_job(struct op *op, const struct job *j) MUST_USE;

/* The file, for the owner. E_NOT_FOUND until it is here. */
enum err invoice_file(
    struct op *op, int64_t account, const char *order_no, struct shown *out) MUST_USE;

/* ---- the finance desk; op->actor is the member of staff ---- */

/* Once more what failed or was to be made by hand, with members that are not NULL replaced. The
 * number of a failed one is used up: then it is a new invoice, *invoice_id. */
enum err invoice_retry(struct op *op, const char *invoice_id, const struct invoice *corrected,
    const char **new_invoice_id) MUST_USE;
/* Made, or taken back, by hand elsewhere: 20 digits. */
enum err invoice_record(struct op *op, const char *invoice_id, const char *number) MUST_USE;

#endif
