/* From what an inspection found to what the applicant is told (forms.md 3). Pure. */
#ifndef HALL_PAPER_CHECK_H
#define HALL_PAPER_CHECK_H

#include "domain/material.h"
#include "paper/scan.h"

/* The document that was asked for. digest is what stands on the printed form, at least the 32 hex
 * digits of the QR code; both may be NULL for documents without a QR code. */
struct check_wanted {
    enum material_kind kind;
    const char *order_no, *digest;
};

struct check {
    const char *code; /* "form_qr", stable */
    bool passed;
    bool blocking; /* the documents cannot be confirmed with this one: it is of another revision */
    const char *detail[LANG_MAX];
};

enum { CHECKS_MAX = 8 };

/* How hall-inspect is to look at it. */
enum scan_kind check_scan_kind(enum material_kind k);

/*
 * OK when the upload can be kept. Else adds the fault that says what to do and returns
 * E_UNSUPPORTED_TYPE (neither JPEG nor PDF, neither MP4 nor WebM), E_IMAGE_REFUSED (a picture of an
 * ID card that cannot be used) or E_DOCUMENT_UNREADABLE.
 */
enum err check_refusal(struct op *op, enum material_kind k, const struct scan_result *r) MUST_USE;

/* The checks of an upload that is kept, in the order they are shown. out has CHECKS_MAX places;
 * returns how many were filled, texts are in the arena. */
size_t check_list(
    struct op *op, const struct check_wanted *w, const struct scan_result *r, struct check *out);

#endif
