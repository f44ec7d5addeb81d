/* What forms choose from: projects, agreements, bank branches, regions, courier fees. */
#ifndef HALL_STORE_CATALOGUE_H
#define HALL_STORE_CATALOGUE_H

#include "io/record.h"

struct project {
    const char *project, *name, *supplier_url, *courier_payer;
    const char *certificate_types, *agreements; /* JSON */
};
extern const struct field project_fields[];

/* code NULL: all active ones, without the agreements' texts. */
enum err catalogue_projects(struct op *op, const char *code, struct list *out) MUST_USE;

struct agreement {
    const char *id, *version, *title, *text, *sha256;
};
extern const struct field agreement_text_fields[];
/* The newest version in op->lang. E_NOT_FOUND. */
enum err catalogue_agreement(struct op *op, const char *id, struct agreement *out) MUST_USE;

struct bank {
    const char *code, *name;
};
extern const struct field bank_fields[];
/* Every word of q (parted by spaces) must occur in the name or begin the code. province: two
 * digits whose branches come first, or NULL. */
enum err catalogue_banks(
    struct op *op, const char *q, const char *province, int64_t limit, struct list *out) MUST_USE;

struct region {
    const char *code, *name, *parent;
    int64_t level; /* 1 province, 2 city, 3 district */
    bool is_leaf;  /* may stand in an address */
};
extern const struct field region_fields[];
enum err catalogue_regions(struct op *op, struct list *out) MUST_USE;

struct courier_fee {
    const char *payer; /* "sender", "recipient" */
    int64_t fee_fen;
    bool served;
};
/* E_NOT_FOUND for an unknown project or region. */
enum err catalogue_courier_fee(
    struct op *op, const char *project, const char *region, struct courier_fee *out) MUST_USE;

#endif
