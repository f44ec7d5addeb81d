/*
 * The form between its three shapes: the JSON of the API, struct form, and the two columns of the
 * database, one open and one sealed; the sealed one is whole.
 */
#ifndef HALL_STORE_FORM_H
#define HALL_STORE_FORM_H

#include "domain/form.h"
#include "io/record.h"

/* The record table of a form of this type; members that it does not have are unknown to it. */
const struct field *form_fields(enum certificate_type type);

/*
 * Takes the form of a request apart: types, unknown members, forbidden characters are reported with
 * op_fault; what is right stands in *out, cleaned. Rules and missing members are form_check's.
 */
void form_decode(struct op *op, enum certificate_type type, const json_t *in, struct form *out);

/* The two columns: *open_text is canonical JSON without P3 members, for the database to look into;
 * *sealed_hex a bytea of the whole form. */
enum err form_split(struct op *op, enum certificate_type type, const struct form *f,
    const char *order_no, const char **open_text, const char **sealed_hex) MUST_USE;

/* The form from its two columns, which must agree (E_INTERNAL: one was changed by hand); sealed
 * NULL is an empty form. */
enum err form_join(struct op *op, enum certificate_type type, const char *order_no,
    const char *open_text, const void *sealed, size_t sealed_n, struct form *out) MUST_USE;
/* The sealed column as the JSON text it was sealed as. Secret. */
enum err form_text_whole(struct op *op, const char *order_no, const void *sealed, size_t sealed_n,
    const char **text) MUST_USE;

/* The whole form as canonical JSON text, as its owner sees it. Secret. */
const char *form_whole(struct op *op, enum certificate_type type, const struct form *f);

/* The same with P3 members masked, as staff see it. */
const char *form_masked(struct op *op, enum certificate_type type, const struct form *f);

/* SHA-256 over the whole form; and over what is printed, whose head is in the QR code on paper: a
 * change that the paper does not show needs no new paper. Hex, lower case. */
const char *form_digest(struct op *op, enum certificate_type type, const struct form *f);
const char *form_print_digest(struct op *op, enum certificate_type type, const struct form *f);
/* The same over what the licence and the seal show. */
const char *form_stamped_digest(struct op *op, enum certificate_type type, const struct form *f);

#endif
