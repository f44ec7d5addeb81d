/* Electronic invoices. Whoever changes one holds the lock of its order. */
#ifndef HALL_STORE_INVOICE_H
#define HALL_STORE_INVOICE_H

#include "domain/invoice.h"
#include "io/record.h"
#include "store/order.h"

struct invoice_sheet {
    int64_t id, order_id, attempt; /* id 0: there is none */
    const char *invoice_id;        /* opaque name outside */
    const char *number;            /* ours, for the provider; never changes over retries */
    enum invoice_kind kind;
    const char *title;
    int64_t amount_fen, excluded_fen, tax_fen;
    enum invoice_state state;
    const char *failure;              /* NULL when there is none */
    int64_t created_at, submitted_at; /* UTC seconds, 0 for never */
    const char *invoice_number;       /* NULL until issued */
    int64_t issued_at;
    const char *red_number; /* of the red one being made, NULL when there was none */
    int64_t red_submitted_at;
};

struct invoice_key {
    int64_t id, order_id; /* id 0: there is none */
};

struct new_invoice {
    const struct order *order;
    const struct invoice *buyer;
    int64_t amount_fen, excluded_fen, tax_fen;
    enum invoice_state state;
};
/* The next attempt. E_CONFLICT while another is live, E_TOO_MANY after 99. */
enum err invoice_add(
    struct op *op, const struct new_invoice *n, struct invoice_sheet *out) MUST_USE;

enum err invoice_get(struct op *op, int64_t id, struct invoice_sheet *out) MUST_USE;
/* The last attempt of the order; id 0 when there was none. */
enum err invoice_current(struct op *op, int64_t order_id, struct invoice_sheet *out) MUST_USE;
/* E_NOT_FOUND. */
enum err invoice_find(struct op *op, const char *invoice_id, struct invoice_key *out) MUST_USE;
/* Blue or red; id 0 when there is none. */
enum err invoice_by_number(struct op *op, const char *number, struct invoice_key *out) MUST_USE;
/* Whom it is for, opened. */
enum err invoice_buyer(struct op *op, const struct invoice_sheet *i, struct invoice *out) MUST_USE;

/* failure may be NULL. The first REQUESTED writes the hour. */
enum err invoice_set_state(
    struct op *op, struct invoice_sheet *i, enum invoice_state state, const char *failure) MUST_USE;
enum err invoice_issued(
    struct op *op, struct invoice_sheet *i, const char *invoice_number, int64_t issued_at) MUST_USE;
/* Made by hand elsewhere, now. */
enum err invoice_recorded(
    struct op *op, struct invoice_sheet *i, const char *invoice_number) MUST_USE;
enum err invoice_filed(struct op *op, struct invoice_sheet *i, const char *pdf_sha256) MUST_USE;
/* Under a new number for the red one. */
enum err invoice_reverse(struct op *op, const struct order *o, struct invoice_sheet *i) MUST_USE;
enum err invoice_red_submitted(struct op *op, const struct invoice_sheet *i) MUST_USE;
enum err invoice_red(struct op *op, struct invoice_sheet *i, const char *red_number) MUST_USE;

/* As its buyer sees it. E_NOT_FOUND where there is none. */
struct invoice_view {
    const char *invoice_id, *state, *state_label, *kind, *title, *number, *red_number, *fault;
    int64_t amount_fen, excluded_fen, tax_fen, issued_at, red_at;
    bool has_file;
    const char *pdf_sha256; /* not shown */
};
extern const struct field invoice_view_fields[];
enum err invoice_shown(
    struct op *op, const char *order_no, int64_t account, struct invoice_view *out) MUST_USE;

/* As finance sees them. */
struct invoice_row {
    int64_t id;
    const char *invoice_id, *order_no, *subject_name, *own_number, *kind, *title, *state,
        *state_label, *fault, *number, *red_number;
    int64_t amount_fen, issued_at, created_at;
};
extern const struct field invoice_row_fields[];
struct invoice_wish {
    const char *state, *invoice_id; /* NULL: any */
    int64_t before, limit;          /* before 0: from the newest; one more is read */
    bool open;                      /* only those that wait or need a person */
};
enum err invoice_list(struct op *op, const struct invoice_wish *w, struct list *out) MUST_USE;

#endif
