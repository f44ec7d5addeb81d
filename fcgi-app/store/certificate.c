#include "store/certificate.h"

#include <string.h>

#include "io/db.h"
#include "io/vault.h"

enum err
certificate_add(
    struct op *op, const struct order *o, const struct intent *i, const struct certificate *c)
{
    return DO(op, Q_CERTIFICATE_ADD, NULL, db_int(op, o->id), db_int(op, i->id),
        db_int(op, o->reissue_no), i->issuer, i->serial, c->subject, db_int(op, c->not_before),
        db_int(op, c->not_after), c->chain_pem, c->receipt);
}

enum err
certificate_of_order(struct op *op, const char *order_no, int64_t account, struct certificate *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_CERTIFICATE_OF_ORDER, &r, order_no, account == 0 ? NULL : db_int(op, account)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "certificate of order %.40s", order_no);
    *out = (struct certificate){
        .id = row_int(r, 0, "id"),
        .order_id = row_int(r, 0, "order_id"),
        .order_no = row_str(op, r, 0, "order_no"),
        .reissue_no = row_int(r, 0, "reissue_no"),
        .issuer = row_str(op, r, 0, "issuer"),
        .serial = row_str(op, r, 0, "serial"),
        .subject = row_str(op, r, 0, "subject"),
        .status = row_str(op, r, 0, "status"),
        .not_before = row_int(r, 0, "not_before"),
        .not_after = row_int(r, 0, "not_after"),
        .chain_pem = row_str(op, r, 0, "chain_pem"),
        .receipt = row_str(op, r, 0, "receipt"),
    };
    return OK;
}

enum err
certificate_container(struct op *op, const struct certificate *c, const void **data, size_t *n)
{
    const void *sealed;
    ROWS r = NULL;
    size_t sealed_n;

    TRY(RUN(op, Q_CERTIFICATE_CONTAINER, &r, db_int(op, c->order_id), db_int(op, c->reissue_no)));
    if (row_count(r) != 1 || row_null(r, 0, "container_sealed"))
        return op_fail(op, E_NOT_FOUND, "container of order %s", c->order_no);
    sealed = row_bytes(op, r, 0, "container_sealed", &sealed_n);
    return vault_unseal(op, VAULT_PERSONAL, arena_printf(op->arena, "containers/%s", c->serial),
        sealed, sealed_n, data, n);
}

enum err
certificate_revoke(struct op *op, const struct order *o, const char *reason, int64_t first,
    int64_t second, const char **serial)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_CERTIFICATE_REVOKE, &r, db_int(op, o->id), reason,
        first == 0 ? NULL : db_int(op, first), second == 0 ? NULL : db_int(op, second)));
    *serial = row_count(r) == 0 ? NULL : row_str(op, r, 0, "serial");
    return OK;
}

const struct field certificate_view_fields[] = {
    STR(struct certificate_view, serial, 32, 32),
    STR(struct certificate_view, subject, 1, 1000),
    STR(struct certificate_view, algorithm, 1, 10),
    STR(struct certificate_view, status, 1, 20),
    INT(struct certificate_view, reissue_no, 0, 1000),
    TIME(struct certificate_view, not_before),
    TIME(struct certificate_view, not_after),
    TIME(struct certificate_view, issued_at),
    TIME(struct certificate_view, revoked_at, .flags = F_OPT),
    STR(struct certificate_view, revocation_reason, 1, 60, .flags = F_OPT),
    STR(struct certificate_view, revocation_asked_by, 1, 40, .flags = F_OPT),
    STR(struct certificate_view, revocation_approved_by, 1, 40, .flags = F_OPT),
    STR(struct certificate_view, proposed_by, 1, 40, .flags = F_OPT),
    INT(struct certificate_view, proposed_by_id, 0, INT64_MAX, .flags = F_OPT),
    STR(struct certificate_view, proposed_reason, 1, 500, .flags = F_OPT),
    {.type = F_END},
};

static struct certificate_view
view_of(struct op *op, rows r, int i)
{
    return (struct certificate_view){
        .serial = row_str(op, r, i, "serial"),
        .subject = row_str(op, r, i, "subject"),
        .algorithm = row_str(op, r, i, "issuer"),
        .status = row_str(op, r, i, "status"),
        .reissue_no = row_int(r, i, "reissue_no"),
        .not_before = row_int(r, i, "not_before"),
        .not_after = row_int(r, i, "not_after"),
        .issued_at = row_int(r, i, "issued_at"),
        .revoked_at = row_int(r, i, "revoked_at"),
        .revocation_reason = row_str(op, r, i, "revocation_reason"),
        .revocation_asked_by = row_str(op, r, i, "revocation_asked_by"),
        .revocation_approved_by = row_str(op, r, i, "revocation_approved_by"),
        .proposed_by = row_str(op, r, i, "proposed_by"),
        .proposed_by_id = row_int(r, i, "proposed_by_id"),
        .proposed_reason = row_str(op, r, i, "proposed_reason"),
    };
}

enum err
certificate_view(struct op *op, const char *order_no, struct certificate_view *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_CERTIFICATE_STAFF_VIEW, &r, order_no));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "certificate of order %.40s", order_no);
    *out = view_of(op, r, 0);
    return OK;
}

const struct field certificate_row_fields[] = {
    STR(struct certificate_row, order_no, 17, 17),
    STR(struct certificate_row, subject_name, 0, 200, .flags = F_OPT),
    OBJ(struct certificate_row, certificate, certificate_view_fields),
    {.type = F_END},
};

enum err
certificate_list(struct op *op, const struct certificate_search *s, struct list *out)
{
    struct certificate_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_CERTIFICATE_LIST, &r, s->status, s->before == 0 ? NULL : db_int(op, s->before),
        db_int(op, s->limit + 1)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct certificate_row);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct certificate_row){row_int(r, i, "id"), row_str(op, r, i, "order_no"),
            row_str(op, r, i, "subject_name"), view_of(op, r, i)};
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
crl_due(struct op *op, const char *issuer, int64_t most_s, struct crl_row *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_CRL_DUE, &r, issuer, db_int(op, most_s)));
    *out = (struct crl_row){
        row_int(r, 0, "number"), row_bool(r, 0, "is_due"), row_bool(r, 0, "is_unpublished")};
    return OK;
}

enum err
crl_entries(struct op *op, const char *issuer, struct crl_entry **out, size_t *n)
{
    struct crl_entry *all;
    ROWS r = NULL;

    TRY(RUN(op, Q_CRL_ENTRIES, &r, issuer));
    *n = (size_t)row_count(r);
    *out = all = NEW_N(op->arena, *n + 1, struct crl_entry);
    for (int i = 0; i < row_count(r); i++) {
        size_t size;
        const void *serial = row_bytes(op, r, i, "serial", &size);

        if (size != sizeof(all[i].serial))
            return op_fail(op, E_INTERNAL, "a serial number of %zu bytes", size);
        memcpy(all[i].serial, serial, size);
        all[i].at = row_int(r, i, "revoked_at");
        all[i].reason = row_str(op, r, i, "revocation_reason");
    }
    return OK;
}

enum err
crl_add(struct op *op, const struct crl_signed *c)
{
    return DO(op, Q_CRL_ADD, NULL, c->issuer, db_int(op, c->number), db_bytes(op, c->der, c->der_n),
        db_int(op, c->this_update), db_int(op, c->next_update), db_int(op, c->entries));
}

enum err
crl_last(struct op *op, const char *issuer, struct crl_signed *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_CRL_LAST, &r, issuer));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "no list of %s", issuer);
    *out = (struct crl_signed){.issuer = issuer, .number = row_int(r, 0, "number")};
    out->der = row_bytes(op, r, 0, "der", &out->der_n);
    return OK;
}

enum err
crl_published(struct op *op, const struct crl_signed *c)
{
    return DO(op, Q_CRL_PUBLISHED, NULL, c->issuer, db_int(op, c->number));
}
