/* The order from its birth to the confirmed form. */
#ifndef HALL_STORE_APPLY_H
#define HALL_STORE_APPLY_H

#include "domain/form_check.h"
#include "io/record.h"
#include "store/form.h"
#include "store/order.h"

struct new_order {
    int64_t account;
    const char *project, *certificate_type;
    int64_t years;
    const char *key; /* Idempotency-Key or NULL: the same key is the same order */
};
/* *id is 0 when the project does not offer this. Within a transaction. */
enum err apply_create(
    struct op *op, const struct new_order *n, int64_t *id, const char **order_no) MUST_USE;

struct agreement_ref {
    const char *id, *version;
};
/* What the project demands; items are struct agreement_ref. */
enum err apply_agreements(struct op *op, const char *project, struct list *out) MUST_USE;
enum err apply_agree(struct op *op, int64_t order_id, const struct agreement_ref *a) MUST_USE;

/* An order as the rules of its form see it; found_* answer for the codes that were asked. */
struct form_case {
    int64_t id, form_version;
    const char *order_no;
    enum order_state state;
    struct form_context context; /* all but draft */
};
/* region and bank codes as they stand in the request; NULL where absent. E_NOT_FOUND. */
enum err apply_case(struct op *op, const char *order_no, int64_t account,
    const char *organisation_region, const char *delivery_region, const char *bank,
    struct form_case *out) MUST_USE;

/* Saves form and event. E_STALE when the form changed since it was read. */
enum err apply_save(
    struct op *op, const struct form_case *c, int64_t account, const struct form *f) MUST_USE;

/* The form as saved. */
enum err apply_form(struct op *op, const struct order *o, struct form *out) MUST_USE;

struct quote {
    int64_t fee_per_year_fen, tariff_id, courier_fen; /* tariff_id 0: not served */
    const char *courier_payer;
};
enum err apply_quote(
    struct op *op, int64_t order_id, const char *region, struct quote *out) MUST_USE;

/* Freezes the form as the next revision, with its price and the keys of its subject and person.
 * E_DUPLICATE_ORDER when the subject has an open order in this project. */
enum err apply_confirm(
    struct op *op, struct order *o, const struct form *f, const struct quote *q) MUST_USE;

/* Ends every verdict on the order: its content changes. */
enum err apply_void_reviews(struct op *op, int64_t order_id) MUST_USE;

/* Keyed hash, as hex for a bytea parameter, of name, ID number and mobile: whom an identity check
 * is about. */
enum err apply_person_key(struct op *op, const struct person *p, const char **hex) MUST_USE;

#endif
