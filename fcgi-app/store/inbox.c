#include "store/inbox.h"

#include "io/db.h"
#include "store/job.h"

static const struct field event_fields[] = {
    STR(struct inbox_event, kind, 1, 20),
    STR(struct inbox_event, out_trade_no, 1, 64, .flags = F_OPT),
    STR(struct inbox_event, state, 1, 20, .flags = F_OPT),
    STR(struct inbox_event, transaction_id, 1, 64, .flags = F_OPT),
    STR(struct inbox_event, currency, 1, 16, .flags = F_OPT),
    INT(struct inbox_event, amount_fen, 0, INT64_MAX, .flags = F_OPT),
    INT(struct inbox_event, paid_at, 0, INT64_MAX, .flags = F_OPT),
    STR(struct inbox_event, out_refund_no, 1, 64, .flags = F_OPT),
    STRS(struct inbox_event, names, 0, 1000, .flags = F_OPT),
    {.type = F_END},
};

enum err
inbox_add(struct op *op, const char *provider, const char *event_id, const struct inbox_event *e,
    bool *was_new)
{
    ROWS r = NULL;
    int64_t id;

    TRY(RUN(op, Q_INBOX_ADD, &r, provider, event_id, record_text(op, event_fields, e)));
    *was_new = row_count(r) == 1;
    if (!*was_new)
        return OK;
    id = row_int(r, 0, "id");
    return job_add(op, &(struct job_order){
                           .kind = "INBOX",
                           .key = arena_printf(op->arena, "inbox/%lld", (long long)id),
                       });
}

enum err
inbox_get(struct op *op, int64_t id, struct inbox_row *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_INBOX_GET, &r, db_int(op, id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "callback %lld", (long long)id);
    *out = (struct inbox_row){
        .id = id,
        .provider = row_str(op, r, 0, "provider"),
        .applied = row_bool(r, 0, "applied"),
    };
    return record_read(op, event_fields, row_str(op, r, 0, "event"), &out->event);
}

enum err
inbox_applied(struct op *op, int64_t id, const char *verdict)
{
    return DO(op, Q_INBOX_APPLIED, NULL, db_int(op, id), verdict);
}

enum err
inbox_sms(struct op *op, int64_t id, struct inbox_sms *out)
{
    ROWS r = NULL;

    *out = (struct inbox_sms){0};
    TRY(RUN(op, Q_INBOX_SMS, &r, db_int(op, id)));
    if (row_count(r) == 1)
        *out = (struct inbox_sms){id, row_int(r, 0, "sent_at"), row_str(op, r, 0, "phone")};
    return OK;
}

enum err
inbox_parcel(struct op *op, const char *tracking_no, struct inbox_parcel *out)
{
    ROWS r = NULL;

    *out = (struct inbox_parcel){0};
    TRY(RUN(op, Q_INBOX_SHIPMENT, &r, tracking_no));
    if (row_count(r) >= 1)
        *out = (struct inbox_parcel){row_int(r, 0, "id"), row_int(r, 0, "order_id")};
    return OK;
}
