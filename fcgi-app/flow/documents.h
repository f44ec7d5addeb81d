/* Guide, 上传资料: scans of what was signed and stamped; looking into them, and handing them in. */
#ifndef HALL_FLOW_DOCUMENTS_H
#define HALL_FLOW_DOCUMENTS_H

#include "store/document.h"
#include "store/form.h"

/* Bytes as they were handed in. */
struct upload {
    const void *data;
    size_t size;
};

/*
 * Puts a scan into its slot, in place of what stood there. What can be kept is kept with what was
 * found out about it, good or bad. E_UNSUPPORTED_TYPE and E_DOCUMENT_UNREADABLE say why in a fault
 * of ""; E_NOT_FOUND for a kind that this order does not have, E_STATE while it takes none.
 */
enum err documents_put(struct op *op, int64_t account, const char *order_no, const char *kind,
    const struct upload *u, struct document *out) MUST_USE;

enum err documents_drop(
    struct op *op, int64_t account, const char *order_no, const char *kind) MUST_USE;

struct shown {
    const void *data;
    size_t size;
    const char *content_type, *sha256, *name; /* name of a file: "application_form.pdf" */
};
/* For the owner. */
enum err documents_show(struct op *op, int64_t account, const char *order_no, const char *kind,
    struct shown *out) MUST_USE;
/* For staff, which is written down; also photographs of the identity check. */
enum err documents_look(
    struct op *op, const char *order_no, const char *kind, struct shown *out) MUST_USE;

/* The same look, at one page (from 1) drawn anew, so that no browser of ours ever opens what a
 * stranger made. E_NOT_FOUND where there is no such page, E_DOCUMENT_UNREADABLE. */
enum err documents_preview(struct op *op, const char *order_no, const char *kind, int page,
    struct shown *out, int *pages) MUST_USE;

/* T05, T05b: everything is there and belongs to the form in force. */
enum err documents_confirm(struct op *op, int64_t account, const char *order_no) MUST_USE;

/*
 * Names every required document that is missing, has to be replaced or was made for another form:
 * faults of "/documents/KIND". While an order is corrected, what was handed in since it came back
 * may be older than the form: the copy of a licence does not know of our form.
 */
enum err documents_check(struct op *op, const struct order *o, const struct form *f) MUST_USE;

/* What was just checked belongs to this form from here on. */
enum err documents_bind(struct op *op, const struct order *o, const struct form *f) MUST_USE;

#endif
