/*
 * The text of the QR code on a printed form: it ties the paper to one revision of one order.
 *
 * HALL1|order_no|revision|digest on the application form, HALL1S|… on the seal collection form;
 * digest is the first 32 hex digits of the revision's SHA-256.
 */
#ifndef HALL_PAPER_QR_H
#define HALL_PAPER_QR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { QR_ORDER_MAX = 32, QR_DIGEST = 32 };

enum qr_form { QR_APPLICATION_FORM, QR_SEAL_FORM };

struct qr_mark {
    enum qr_form form;
    int64_t revision; /* from 1 */
    char order_no[QR_ORDER_MAX + 1];
    char digest[QR_DIGEST + 1];
};

/* False unless order_no is 1 to 32 digits, letters or hyphens, revision above 0 and sha256 begins
 * with 32 lower-case hex digits. */
bool qr_mark(enum qr_form form, const char *order_no, int64_t revision, const char *sha256,
    struct qr_mark *out);

const char *qr_text(struct arena *a, const struct qr_mark *m);

/* False for any text that qr_text() does not make; *out is then untouched. */
bool qr_parse(const char *text, struct qr_mark *out);

#endif
