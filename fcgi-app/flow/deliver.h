/*
 * From the finished certificate to the applicant's hand (states.md T42 to T47b). The soft token's
 * container stands ready for download; what is sent is the token that the mail room scanned.
 */
#ifndef HALL_FLOW_DELIVER_H
#define HALL_FLOW_DELIVER_H

#include "domain/form.h"
#include "store/order.h"

struct dispatch {
    const char *carrier, *tracking_no, *token_serial;
};
/* T42: waybill and token are bound, the PIN is wiped. Wrong numbers are faults. */
enum err deliver_ship(struct op *op, const char *order_no, const struct dispatch *d) MUST_USE;

/* T44 by the mail room: reason is a code of domain/reason.def for parcels, note may be NULL. */
enum err deliver_trouble(
    struct op *op, const char *order_no, const char *reason, const char *note) MUST_USE;

/* In a delivery exception the applicant says where the parcel shall go now, or the same again; at
 * our expense. Wrong members are faults ("/address"). */
enum err deliver_address(
    struct op *op, int64_t account, const char *order_no, const struct delivery *d) MUST_USE;

/* T45: the parcel is back with its seal unbroken; E_ADDRESS_UNCONFIRMED until the applicant has
 * said where it shall go. */
enum err deliver_resend(struct op *op, const char *order_no) MUST_USE;

/* T46: lost or opened. Two people; then the certificate is revoked and another one made, with
 * another key and PIN. *done tells whether this was the second. */
enum err deliver_reissue(
    struct op *op, const char *order_no, const char *reason, bool *done) MUST_USE;

/* T47 by the applicant. */
enum err deliver_confirm(struct op *op, int64_t account, const char *order_no) MUST_USE;
/* T47 within the caller's transaction, on a locked order: for the clock. */
enum err deliver_complete(struct op *op, struct order *o) MUST_USE;

/* T47b: not received, or damaged; reason is a code for parcels or the applicant's words. */
enum err deliver_dispute(
    struct op *op, int64_t account, const char *order_no, const char *reason) MUST_USE;

#endif
