/* Released certificates, their status, and the revocation lists that were signed. */
#ifndef HALL_STORE_CERTIFICATE_H
#define HALL_STORE_CERTIFICATE_H

#include "io/record.h"
#include "store/issuance.h"

struct certificate {
    int64_t id, order_id, reissue_no;
    const char *order_no, *issuer, *serial; /* "sm2"; hex */
    const char *subject, *status, *chain_pem;
    const char *receipt; /* JSON: statement, signature and what verifies it */
    int64_t not_before, not_after;
};

/* Within the transaction that released the intent: everything but id, order_id and status. */
enum err certificate_add(struct op *op, const struct order *o, const struct intent *i,
    const struct certificate *c) MUST_USE;

/* The one that is not revoked; account 0: whoever's. E_NOT_FOUND. */
enum err certificate_of_order(
    struct op *op, const char *order_no, int64_t account, struct certificate *out) MUST_USE;

/* The PKCS#12 under the PIN. E_NOT_FOUND where there is none. */
enum err certificate_container(
    struct op *op, const struct certificate *c, const void **data, size_t *n) MUST_USE;

/* Revokes what is not revoked yet; *serial NULL when there was nothing. first and second are staff,
 * both 0 where nobody ever had it. */
enum err certificate_revoke(struct op *op, const struct order *o, const char *reason, int64_t first,
    int64_t second, const char **serial) MUST_USE;

/* For the desk: the last one of an order. */
struct certificate_view {
    const char *serial, *subject, *algorithm, *status, *revocation_reason;
    const char *revocation_asked_by, *revocation_approved_by, *proposed_by, *proposed_reason;
    int64_t reissue_no, not_before, not_after, issued_at, revoked_at, proposed_by_id;
};
extern const struct field certificate_view_fields[];
enum err certificate_view(
    struct op *op, const char *order_no, struct certificate_view *out) MUST_USE;

/* A page of them, newest first, with what else stands in certificate_view. */
struct certificate_row {
    int64_t id;
    const char *order_no, *subject_name;
    struct certificate_view certificate;
};
extern const struct field certificate_row_fields[];
struct certificate_search {
    const char *status; /* "good", "held", "revoked", "asked": its revocation waits; NULL: any */
    int64_t before, limit;
};
/* At most limit + 1 from below `before`. */
enum err certificate_list(
    struct op *op, const struct certificate_search *s, struct list *out) MUST_USE;

/* ---- Revocation lists ---- */
struct crl_row {
    int64_t number; /* 0: there is none yet */
    bool is_due;    /* too old, or not with these entries */
    bool is_unpublished;
};
enum err crl_due(struct op *op, const char *issuer, int64_t most_s, struct crl_row *out) MUST_USE;

struct crl_entry {
    unsigned char serial[16];
    int64_t at;
    const char *reason; /* word of pki/revocation.def */
};
enum err crl_entries(struct op *op, const char *issuer, struct crl_entry **out, size_t *n) MUST_USE;

struct crl_signed {
    const char *issuer;
    int64_t number, this_update, next_update, entries;
    const void *der;
    size_t der_n;
};
enum err crl_add(struct op *op, const struct crl_signed *c) MUST_USE;
/* The last one: number and DER. */
enum err crl_last(struct op *op, const char *issuer, struct crl_signed *out) MUST_USE;
enum err crl_published(struct op *op, const struct crl_signed *c) MUST_USE;

#endif
