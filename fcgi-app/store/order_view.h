/* What people see of an order: the detail, the list, the timeline; each is one statement. */
#ifndef HALL_STORE_ORDER_VIEW_H
#define HALL_STORE_ORDER_VIEW_H

#include "domain/form_warning.h"
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
    enum certificate_type type;
    const char *order_no, *project, *project_name, *certificate_type, *state, *state_label;
    int64_t years;
    struct order_fees fees;
    const char *form, *incomplete; /* JSON; form is whole: it is the owner's own */
    const char *confirmed_form;    /* JSON: as it was reviewed, while it is being corrected */
    struct list warnings;          /* struct form_warning; while the form can be changed */
    int64_t form_revision;
    const char *documents, *identity_check, *payment, *refunds, *rejection, *bank_verification;
    const char *certificate, *shipment;
    const char *close_reason;
    struct strings allowed_actions;
    int64_t deadline_at, promised_at, created_at, updated_at;
    const char *etag;
};
extern const struct field order_view_fields[], order_fees_fields[];

/* The rows of the table, for structs that begin with a struct order_view. */
#define ORDER_VIEW_ROWS                                                                            \
    STR(struct order_view, order_no, 17, 17), STR(struct order_view, project, 1, 40),              \
        STR(struct order_view, project_name, 1, 60),                                               \
        STR(struct order_view, certificate_type, 1, 20), INT(struct order_view, years, 1, 10),     \
        STR(struct order_view, state, 1, 40), STR(struct order_view, state_label, 1, 40),          \
        OBJ(struct order_view, fees, order_fees_fields), RAW(struct order_view, form, NULL),       \
        RAW(struct order_view, incomplete, NULL),                                                  \
        INT(struct order_view, form_version, 0, INT64_MAX),                                        \
        INT(struct order_view, form_revision, 0, INT64_MAX),                                       \
        RAW(struct order_view, documents, NULL), RAW(struct order_view, identity_check, NULL),     \
        RAW(struct order_view, payment, NULL), RAW(struct order_view, refunds, NULL),              \
        RAW(struct order_view, rejection, NULL), RAW(struct order_view, bank_verification, NULL),  \
        RAW(struct order_view, certificate, NULL), RAW(struct order_view, shipment, NULL),         \
        STR(struct order_view, close_reason, 0, 500, .flags = F_OPT),                              \
        STRS(struct order_view, allowed_actions, 0, 20),                                           \
        TIME(struct order_view, deadline_at, .flags = F_OPT),                                      \
        TIME(struct order_view, promised_at, .flags = F_OPT), TIME(struct order_view, created_at), \
        TIME(struct order_view, updated_at)

/* What somebody should look at in a form: struct form_warning. */
extern const struct field form_warning_fields[];
struct list order_warnings(
    struct op *op, enum certificate_type type, int64_t years, const struct form *f);
/* The same as it is kept with a saved form, JSON: without the words, which are of a language. */
const char *order_warnings_kept(struct op *op, const struct list *warnings);

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
 * sees whether there are more. state NULL: all; text: part of the number or of whom it is for,
 * NULL: any. */
enum err order_list(struct op *op, int64_t account, const char *state, const char *text,
    int64_t before, int64_t limit, struct list *out) MUST_USE;

struct order_event {
    int64_t at;
    const char *type, *label, *detail;
};
extern const struct field order_event_fields[];
/* E_NOT_FOUND when the order is not that account's. */
enum err order_events(
    struct op *op, const char *order_no, int64_t account, struct list *out) MUST_USE;

#endif
