#include "flow/certificate.h"

#include <string.h>

#include "domain/notice.h"
#include "io/db.h"
#include "pki/crl.h"
#include "store/audit.h"
#include "store/proposal.h"

static const char *
stream(struct op *op, const char *order_no)
{
    return arena_printf(op->arena, "orders/%s", order_no);
}

enum err
certificate_take(struct op *op, int64_t account, const char *order_no, const void **data, size_t *n)
{
    struct certificate c;
    TX(tx, op);

    TRY(certificate_of_order(op, order_no, account, &c));
    TRY(certificate_container(op, &c, data, n));
    TRY(audit_add(op, stream(op, order_no), "container_taken", c.order_id,
        arena_printf(op->arena, "{\"serial\":\"%s\"}", c.serial)));
    return tx_commit(&tx);
}

const struct field receipt_view_fields[] = {
    STR(struct receipt_view, statement, 1, 4000),
    STR(struct receipt_view, signature, 1, 200),
    STR(struct receipt_view, algorithm, 1, 20),
    STR(struct receipt_view, key_id, 40, 40),
    STR(struct receipt_view, key_url, 1, 300),
    STR(struct receipt_view, public_key, 1, 1000, .flags = F_LINES),
    STR(struct receipt_view, how, 1, 2000, .flags = F_OPT | F_LINES),
    {.type = F_END},
};

enum err
certificate_receipt(struct op *op, int64_t account, const char *order_no, struct receipt_view *out)
{
    struct certificate c;

    TRY(certificate_of_order(op, order_no, account, &c));
    if (c.receipt == NULL)
        return op_fail(op, E_NOT_FOUND, "receipt of order %s", order_no);
    TRY(record_read(op, receipt_view_fields, c.receipt, out));
    out->how = phrase_text(PHRASE_RECEIPT_HOW, op->lang);
    return OK;
}

enum err
certificate_end_now(struct op *op, const struct order *o, const char *reason, int64_t asked_by)
{
    const char *serial;

    TRY(certificate_revoke(op, o, reason, asked_by, op->actor.id, &serial));
    if (serial == NULL)
        return op_fail(op, E_NOT_FOUND, "order %s has nothing to revoke", o->order_no);
    return audit_add(op, stream(op, o->order_no), "certificate_revoked", o->id,
        arena_printf(op->arena, "{\"serial\":\"%s\",\"reason\":\"%s\",\"first\":%lld}", serial,
            reason, (long long)asked_by));
}

enum err
certificate_end(struct op *op, const char *order_no, const char *reason, bool *done)
{
    enum revocation_reason parsed;
    struct certificate c;
    struct order order;
    int64_t by;
    TX(tx, op);

    if (!revocation_parse(reason, &parsed) || parsed == REVOCATION_HOLD) {
        op_fault(op, "/reason", FAULT_CHOICE);
        return op_faults(op);
    }
    TRY(order_lock(op, order_no, 0, &order));
    TRY(certificate_of_order(op, order_no, 0, &c));
    TRY(proposal_want(op, order.id, PROPOSAL_REVOCATION, reason, &by));
    *done = by != 0;
    if (*done)
        TRY(certificate_end_now(op, &order, reason, by));
    else
        TRY(audit_add(op, arena_printf(op->arena, "staff/%lld", (long long)op->actor.id),
            "revocation_asked", order.id, arena_printf(op->arena, "{\"reason\":\"%s\"}", reason)));
    return tx_commit(&tx);
}
