/* What people see of an order: the detail, the list, the timeline; each is one statement. */
#ifndef HALL_STORE_ORDER_VIEW_H
#define HALL_STORE_ORDER_VIEW_H

#include "domain/order.h"
#include "io/record.h"

struct order_fees {
    int64_t certificate_fen, courier_fen, total_fen;
    const char *courier_payer;
};

/* The order as its owner sees it. Members ending in JSON text come from the query as they are. */
struct order_view {
    int64_t id, version, form_version;
    enum order_state code;
    const char *order_no, *project, *certificate_type, *state, *state_label;
    int64_t years;
    struct order_fees fees;
    const char *form, *incomplete; /* JSON; form is whole: it is the owner's own */
    int64_t form_revision;
    const char *documents, *identity_check, *payment, *refunds, *rejection, *bank_verification;
    const char *certificate, *shipment;
    const char *close_reason;
    struct strings allowed_actions;
    int64_t deadline_at, promised_at, created_at, updated_at;
    const char *etag;
};
extern const struct field order_view_fields[];

/* account 0: whoever's, for staff, and then the form is masked. E_NOT_FOUND. */
enum err order_view(
    struct op *op, const char *order_no, int64_t account, struct order_view *out) MUST_USE;

struct order_row {
    int64_t id;
    const char *order_no, *project, *certificate_type, *state, *state_label, *subject_name;
    int64_t years, total_fen, created_at, updated_at;
    struct strings allowed_actions;
};
extern const struct field order_row_fields[];

/* Newest first, from below `before` (0: from the top); at most `limit` + 1 rows, so that the caller
 * sees whether there are more. state NULL: all. */
enum err order_list(struct op *op, int64_t account, const char *state, int64_t before,
    int64_t limit, struct list *out) MUST_USE;

struct order_event {
    int64_t at;
    const char *type, *label, *detail;
};
extern const struct field order_event_fields[];
/* E_NOT_FOUND when the order is not that account's. */
enum err order_events(
    struct op *op, const char *order_no, int64_t account, struct list *out) MUST_USE;

#endif
