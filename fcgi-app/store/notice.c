#include "store/notice.h"

#include <string.h>

#include "domain/mask.h"
#include "io/db.h"
#include "io/record.h"
#include "store/job.h"

struct kept {
    int64_t sms_id;
    const char *phone, *name, *text;
    struct strings params;
};
static const struct field kept_fields[] = {
    INT(struct kept, sms_id, 1, INT64_MAX),
    STR(struct kept, phone, 1, 20),
    STR(struct kept, name, 1, 10),
    STR(struct kept, text, 1, 1000),
    STRS(struct kept, params, 0, 40),
    {.type = F_END},
};

static enum err
find_phone(struct op *op, int64_t order_id, const char **phone)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_SMS_PHONE, &r, db_int(op, order_id)));
    if (row_count(r) != 1)
        return op_fail(op, E_INTERNAL, "nobody to tell");
    *phone = row_str(op, r, 0, "phone");
    return OK;
}

enum err
notice_add(struct op *op, const struct notice_order *n)
{
    const char *phone = n->phone, *text, *masked, *key;
    const char *const *arranged;
    struct kept kept = {.name = notice_name(n->notice)};
    ROWS r = NULL;

    if (phone == NULL)
        TRY(find_phone(op, n->order_id, &phone));
    TRY(notice_render(op, n->notice, LANG_ZH, n->params, &text));
    TRY(notice_render(
        op, n->notice, LANG_ZH, notice_mask(op->arena, n->notice, n->params), &masked));
    TRY(notice_arrange(op, n->notice, n->params, &arranged));
    TRY(RUN(op, Q_SMS_ADD, &r, n->order_id == 0 ? NULL : db_int(op, n->order_id), kept.name,
        mask_mobile(op->arena, phone), masked));
    kept.sms_id = row_int(r, 0, "id");
    kept.phone = phone;
    kept.text = text;
    while (arranged[kept.params.n] != NULL)
        kept.params.n++;
    kept.params.items = NEW_N(op->arena, kept.params.n + 1, const char *);
    memcpy(kept.params.items, arranged, kept.params.n * sizeof(*arranged));
    key = n->key != NULL ? n->key : arena_printf(op->arena, "%lld", (long long)kept.sms_id);
    return job_add(op, &(struct job_order){
                           .kind = "SMS",
                           .key = arena_printf(op->arena, "sms/%s", key),
                           .order_id = n->order_id,
                           .secret = record_text(op, kept_fields, &kept),
                       });
}

enum err
notice_read(struct op *op, const char *secret, struct notice_message *out)
{
    struct kept kept = {0};

    TRY(record_read(op, kept_fields, secret, &kept));
    *out =
        (struct notice_message){kept.sms_id, kept.phone, kept.name, kept.text, kept.params.items};
    return OK;
}

enum err
notice_result(
    struct op *op, int64_t sms_id, const char *state, const char *provider_id, const char *failure)
{
    return DO(op, Q_SMS_RESULT, NULL, db_int(op, sms_id), state, provider_id, failure);
}

enum err
notice_try(struct op *op, int64_t sms_id, int64_t *first_at, bool *is_repeat)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_SMS_TRY, &r, db_int(op, sms_id)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "sms %lld", (long long)sms_id);
    *first_at = row_int(r, 0, "sent_at");
    *is_repeat = row_bool(r, 0, "is_repeat");
    return OK;
}
