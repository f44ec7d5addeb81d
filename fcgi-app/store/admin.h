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
struct project_change {
    bool active;
    const char *supplier_url;
    int courier_payer;             /* index of courier_payers */
    int64_t version;               /* as read: E_STALE when it is another by now */
    struct list certificate_types; /* struct project_type_change */
};
extern const char *const courier_payers[]; /* "sender", "recipient" */
enum err admin_project_save(
    struct op *op, const char *code, const struct project_change *c) MUST_USE;

#endif
