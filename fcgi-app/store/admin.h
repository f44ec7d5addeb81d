/* Administration: stuck work, projects. */
#ifndef HALL_STORE_ADMIN_H
#define HALL_STORE_ADMIN_H

#include "io/record.h"

struct work_row {
    const char *id, *kind, *key, *order_no, *failure, *state;
    int64_t attempts, due_at, created_at;
};
extern const struct field work_row_fields[];
enum err admin_work(struct op *op, struct list *out) MUST_USE;

struct admin_project {
    const char *project, *name_zh, *name_en, *supplier_url, *courier_payer, *agreement_version;
    const char *agreements, *second_review, *certificate_types; /* JSON */
    const char *return_reasons;                                 /* JSON array of codes; NULL: all */
    bool active;
    int64_t version;
};
extern const struct field admin_project_fields[];
/* code NULL: all. */
enum err admin_projects(struct op *op, const char *code, struct list *out) MUST_USE;

struct project_type_change {
    int certificate_type; /* index of certificate_types (domain/form.h) */
    int64_t fee_per_year_fen;
    struct list years; /* struct year_offer */
};
struct year_offer {
    int64_t years;
};
/* A text in the place of the one in force; all texts then get a new version. */
struct agreement_change {
    const char *id;
    int lang; /* index of agreement_langs */
    const char *title, *body;
};
extern const char *const agreement_langs[]; /* "zh-CN", "en" */
struct project_change {
    bool active;
    const char *supplier_url;
    int courier_payer;             /* index of courier_payers */
    int64_t version;               /* as read: E_STALE when it is another by now */
    struct list certificate_types; /* struct project_type_change */
    struct strings return_reasons; /* codes of domain/reason.def; none: all of them */
    struct list agreements;        /* struct agreement_change; none: as they are */
};
extern const char *const courier_payers[]; /* "sender", "recipient" */
enum err admin_project_save(
    struct op *op, const char *code, const struct project_change *c) MUST_USE;

/* The texts in force. */
struct agreement_row {
    const char *id, *version, *lang, *title, *body;
    int64_t accepted; /* how many orders agreed to just this one */
};
extern const struct field agreement_row_fields[];
enum err admin_agreements(struct op *op, const char *code, struct list *out) MUST_USE;

/* The project's texts under a new version, which is in force then. items are struct
 * agreement_change that differ from what there is. */
enum err admin_agreements_publish(
    struct op *op, const char *code, const struct list *items, const char **version) MUST_USE;

/* Courier fees by destination; dated, never edited. */
struct tariff_row {
    const char *province; /* "21" */
    const char *province_name, *valid_from,
        *valid_to; /* valid_to: the first day it does not hold */
    int64_t fee_fen;
    bool is_current;
};
extern const struct field tariff_row_fields[];
/* province NULL: all. */
enum err tariff_list(struct op *op, const char *province, struct list *out) MUST_USE;

/* Where parcels can go; served: there is a fee for it, of whatever day. */
struct tariff_province {
    const char *province, *province_name;
    bool served;
};
extern const struct field tariff_province_fields[];
enum err tariff_provinces(struct op *op, struct list *out) MUST_USE;

struct new_tariff {
    int64_t fee_fen;
    const char *valid_from; /* "2026-12-01" */
};
/* The one before ends then. E_CONFLICT where one begins on that day already. */
enum err tariff_add(struct op *op, const char *province, const struct new_tariff *t) MUST_USE;

#endif
