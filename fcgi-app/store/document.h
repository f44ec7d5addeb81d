/* What was uploaded for an order: one current document per kind. The bytes are in io/files. */
#ifndef HALL_STORE_DOCUMENT_H
#define HALL_STORE_DOCUMENT_H

#include "domain/material.h"
#include "io/record.h"
#include "store/order.h"

struct document {
    int64_t id; /* 0: nothing stands in this slot */
    const char *kind, *sha256;
    int64_t size;
    const char *content_type;
    const char *checks; /* JSON: [{code, passed, detail_zh, detail_en}] */
    bool blocking;
    const char *bound_sha256; /* what it was made for; NULL where it does not matter */
    int64_t uploaded_at;
    bool fresh; /* uploaded since the order is in its present state */
};

enum err document_current(
    struct op *op, int64_t order_id, enum material_kind kind, struct document *out) MUST_USE;

/* Puts *d in its slot and retires what stood there; fills d->uploaded_at.
 * Within a transaction. */
enum err document_put(
    struct op *op, const struct order *o, enum material_kind kind, struct document *d) MUST_USE;
/* E_NOT_FOUND when the slot is empty. */
enum err document_drop(struct op *op, int64_t order_id, enum material_kind kind) MUST_USE;
/* The current one, if there is one, belongs to the form with this digest. */
enum err document_bind(
    struct op *op, int64_t order_id, enum material_kind kind, const char *bound_sha256) MUST_USE;

/* Where the bytes are and what they are; for the owner, and for staff (who also see the photographs
 * of the identity check). E_NOT_FOUND. */
struct document_file {
    int64_t order_id; /* for staff only */
    const char *sha256, *content_type;
};
enum err document_shown(struct op *op, const char *order_no, int64_t account,
    enum material_kind kind, struct document_file *out) MUST_USE;
enum err document_desk(struct op *op, const char *order_no, enum material_kind kind,
    struct document_file *out) MUST_USE;

#endif
