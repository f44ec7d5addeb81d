#include "store/submit.h"

#include <string.h>

#include "io/db.h"
#include "io/record.h"
#include "store/form.h"

struct content {
    const char *documents, *form;
    int64_t identity;
};
static const struct field content_fields[] = {
    RAW(struct content, documents, NULL),
    STR(struct content, form, 64, 64),
    INT(struct content, identity, 0, INT64_MAX),
    {.type = F_END},
};

/* Somebody who changes a revision behind our back must not get a certificate for it: the digest is
 * computed anew from what is stored. */
static enum err
check_revision(struct op *op, const struct order *o, rows r, const char *digest)
{
    enum certificate_type type = o->type;
    struct form form;
    const void *sealed;
    size_t n;

    sealed = row_bytes(op, r, 0, "form_secret", &n);
    TRY(form_join(op, type, o->order_no, row_str(op, r, 0, "form"), sealed, n, &form));
    if (strcmp(form_digest(op, type, &form), digest) != 0)
        return op_fail(op, E_INTERNAL, "revision %lld of %s was changed", (long long)o->revision_no,
            o->order_no);
    return OK;
}

enum err
submit_facts(struct op *op, const struct order *o, struct submit_facts *out)
{
    struct content content;
    ROWS r = NULL;

    TRY(RUN(op, Q_SUBMIT_FACTS, &r, db_int(op, o->id)));
    if (row_count(r) != 1)
        return op_fail(op, E_INTERNAL, "order %s has no revision", o->order_no);
    content = (struct content){
        .documents = row_str(op, r, 0, "documents"),
        .form = row_str(op, r, 0, "digest"),
        .identity = row_int(r, 0, "identity"),
    };
    TRY(check_revision(op, o, r, content.form));
    out->content = record_text(op, content_fields, &content);
    out->manual_identity = row_bool(r, 0, "manual_identity");
    out->policy = (struct review_policy){
        .by_type = row_bool(r, 0, "by_type"),
        .returned_at_least = row_int(r, 0, "returned_at_least"),
        .manual_identity = row_bool(r, 0, "policy_manual"),
        .random_percent = row_int(r, 0, "random_percent"),
    };
    return OK;
}

static const char *
or_null(struct op *op, int64_t v)
{
    return v == 0 ? NULL : db_int(op, v);
}

enum err
submit_write(struct op *op, struct order *o)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_SUBMIT_WRITE, &r, db_int(op, o->id), o->content_sha256, or_null(op, o->sla_due),
        db_bool(o->second_review)));
    if (row_count(r) != 1)
        return op_fail(op, E_INTERNAL, "order %s is gone", o->order_no);
    o->submitted_at = row_int(r, 0, "submitted_at");
    return OK;
}

enum err
promise_write(struct op *op, const struct order *o)
{
    return DO(op, Q_PROMISE_WRITE, NULL, db_int(op, o->id), or_null(op, o->sla_due),
        o->sla_due == 0 ? db_int(op, o->sla_left_s) : NULL);
}

enum err
calendar_load(struct op *op, struct calendar *out)
{
    struct calendar_day *days;
    ROWS r = NULL;

    TRY(RUN0(op, Q_CALENDAR_DAYS, &r));
    days = NEW_N(op->arena, (size_t)row_count(r) + 1, struct calendar_day);
    for (int i = 0; i < row_count(r); i++)
        days[i] = (struct calendar_day){row_int(r, i, "day"), row_bool(r, i, "working")};
    *out = (struct calendar){.days = days, .n = (size_t)row_count(r)};
    return OK;
}
