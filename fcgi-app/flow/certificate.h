/* The certificate in its owner's hands, and its end. */
#ifndef HALL_FLOW_CERTIFICATE_H
#define HALL_FLOW_CERTIFICATE_H

#include "store/certificate.h"

/* PKCS#12 of key and chain, under the PIN; whoever takes it stands in the trail. E_NOT_FOUND. */
enum err certificate_take(
    struct op *op, int64_t account, const char *order_no, const void **data, size_t *n) MUST_USE;

/* The receipt as it is handed out, and how it is verified without us. */
struct receipt_view {
    const char *statement; /* the signed bytes, JSON */
    const char *signature; /* base64 */
    const char *algorithm, *key_id, *key_url, *public_key, *how;
};
extern const struct field receipt_view_fields[];
enum err certificate_receipt(
    struct op *op, int64_t account, const char *order_no, struct receipt_view *out) MUST_USE;

/* By two people: one asks, another one with the same reason (a word of pki/revocation.def) does it.
 * *done tells which. The next list has it within a tick of the clock. E_NOT_FOUND when there is
 * nothing to revoke. */
enum err certificate_end(
    struct op *op, const char *order_no, const char *reason, bool *done) MUST_USE;

/* Within the caller's transaction, on a locked order: what two people have decided is done. */
enum err certificate_end_now(
    struct op *op, const struct order *o, const char *reason, int64_t asked_by) MUST_USE;

#endif
