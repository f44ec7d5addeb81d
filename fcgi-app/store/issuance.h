/* The making of certificates: what leads to one, the intent that is committed before any signature,
 * and its release. */
#ifndef HALL_STORE_ISSUANCE_H
#define HALL_STORE_ISSUANCE_H

#include "domain/form.h"
#include "domain/issue_fault.h"
#include "io/record.h"
#include "store/order.h"

/* Queues the order's present reissue number: anew where an earlier try ended without success. */
enum err issuance_add(struct op *op, const struct order *o) MUST_USE;
/* One more try; *attempts counts it. */
enum err issuance_begin(struct op *op, const struct order *o, int64_t *attempts) MUST_USE;
/* state: "queued", "prepared", "signed", "failed", "closed". note may be NULL; no personal data. */
enum err issuance_state(struct op *op, const struct order *o, const char *state,
    enum issue_fault fault, const char *note) MUST_USE;

/* What must hold before a certificate is made, read anew from the rows, and what goes into it. */
struct issuance_gate {
    bool is_on; /* the switch of all issuance */
    bool is_paid, is_identified, is_bank_verified;
    int64_t reviewers[2]; /* staff of the first and second verdict on just this content; 0: none */
    const char *project_name, *algorithm;
    struct form form; /* of the confirmed revision */
};
enum err issuance_gate(struct op *op, const struct order *o, struct issuance_gate *out) MUST_USE;

/* Names of province and city; *province is NULL where the code belongs to none. */
enum err issuance_place(
    struct op *op, const char *region, const char **province, const char **city) MUST_USE;

/* Numbers of orders that should be made but that no job leads, at most 100, NULL-ended. */
enum err issuance_stray(struct op *op, const char *const **order_nos) MUST_USE;
/* Every paused job of issuance runs now. */
enum err issuance_wake(struct op *op) MUST_USE;

/* The order's number of remakes grows; *o follows. */
enum err issuance_next_reissue(struct op *op, struct order *o) MUST_USE;

/* A switch, and who turned it last. */
struct setting {
    const char *value, *changed_by, *reason; /* changed_by NULL: as it came; reason may be NULL */
    int64_t changed_at;
};
enum err setting_get(struct op *op, const char *name, struct setting *out) MUST_USE;
enum err setting_set(
    struct op *op, const char *name, const char *value, const char *reason) MUST_USE;

/* ---- The intent ---- */
struct intent {
    int64_t id;                  /* 0: there is none */
    const char *issuer, *serial; /* "sm2"; hex, 32 characters */
    const char *content_sha256;  /* hex */
    const void *tbs;
    size_t tbs_n;
    const void *key; /* of the soft token, opened: secret; NULL once it is in its container */
    size_t key_n;
    const char *spki_sha256, *lint; /* for intent_add only: hex, JSON */
    int64_t prepared_at;
    bool is_released;
};
/* Fills id and prepared_at. E_CONFLICT when the order has one that is not void. */
enum err intent_add(struct op *op, const struct order *o, struct intent *i) MUST_USE;
/* The one that is not void, locked. */
enum err intent_live(struct op *op, const struct order *o, struct intent *out) MUST_USE;
/* The certificate comes into the world; container NULL where it goes to nobody. E_CONFLICT when it
 * had been released, or given up. */
enum err intent_release(struct op *op, const struct intent *i, const void *der, size_t der_n,
    const void *container, size_t container_n) MUST_USE;
enum err intent_void(struct op *op, const struct intent *i, const char *reason) MUST_USE;
/* Were just these bytes prepared under this number, whatever became of them? All in hex. */
enum err intent_known(struct op *op, const char *issuer, const char *serial, const char *tbs_sha256,
    bool *known) MUST_USE;

/* ---- For the desk ---- */
struct issuance_row {
    int64_t number;
    const char *order_no, *order_state, *subject_name, *project, *certificate_type, *state;
    int64_t reissue_no, attempts, changed_at, refusal_asked_by_id;
    const char *failure, *failure_text, *failure_note, *lint;
    const char *refusal_asked_by, *refusal_reason;
};
extern const struct field issuance_row_fields[];
/* By order, newest first, from below `before`; at most limit + 1; state NULL: all. */
enum err issuance_list(
    struct op *op, const char *state, int64_t before, int64_t limit, struct list *out) MUST_USE;

#endif
