#include "flow/admin.h"

#include <string.h>

#include "base/text.h"
#include "domain/calendar.h"
#include "domain/reason.h"
#include "flow/desk.h"
#include "io/db.h"
#include "store/job.h"

static enum err
check_reasons(struct op *op, const struct strings *codes)
{
    enum reason_code code;

    for (size_t i = 0; i < codes->n; i++)
        if (!reason_parse(REASON_FOR_REVIEW, codes->items[i], &code))
            op_fault(op, arena_printf(op->arena, "/return_reasons/%zu", i), FAULT_CHOICE);
    return op_faults(op);
}

/* NULL where the project has no such text. */
static const struct agreement_row *
text_in_force(const struct list *texts, const struct agreement_change *c)
{
    const struct agreement_row *t = texts->items;

    for (size_t i = 0; i < texts->n; i++)
        if (strcmp(t[i].id, c->id) == 0 && strcmp(t[i].lang, agreement_langs[c->lang]) == 0)
            return &t[i];
    return NULL;
}

/* *version is NULL where nothing differs from the texts in force. */
static enum err
publish(struct op *op, const char *code, const struct list *changes, const char **version)
{
    const struct agreement_change *c = changes->items;
    struct agreement_change *differ = NEW_N(op->arena, changes->n + 1, struct agreement_change);
    struct list texts, list = {.items = differ};

    *version = NULL;
    TRY(admin_agreements(op, code, &texts));
    for (size_t i = 0; i < changes->n; i++) {
        const struct agreement_row *now = text_in_force(&texts, &c[i]);

        if (now == NULL)
            op_fault(op, arena_printf(op->arena, "/agreements/%zu/id", i), FAULT_CHOICE);
        else if (strcmp(now->title, c[i].title) != 0 || strcmp(now->body, c[i].body) != 0)
            differ[list.n++] = c[i];
    }
    TRY(op_faults(op));
    return list.n == 0 ? OK : admin_agreements_publish(op, code, &list, version);
}

enum err
admin_change_project(struct op *op, const char *code, const struct project_change *c)
{
    const char *agreement;
    struct list found;
    TX(tx, op);

    TRY(check_reasons(op, &c->return_reasons));
    TRY(admin_projects(op, code, &found));
    if (found.n != 1)
        return op_fail(op, E_NOT_FOUND, "project %.40s", code);
    TRY(admin_project_save(op, code, c));
    TRY(publish(op, code, &c->agreements, &agreement));
    TRY(desk_note(op, "project_changed", 0,
        arena_printf(op->arena, "{\"project\":\"%s\",\"version\":%lld%s%s%s}", code,
            (long long)c->version + 1, agreement == NULL ? "" : ",\"agreements\":\"",
            agreement == NULL ? "" : agreement, agreement == NULL ? "" : "\"")));
    return tx_commit(&tx);
}

/* E_NOT_FOUND. The first fee of a province opens it. */
static enum err
check_province(struct op *op, const char *province)
{
    const struct tariff_province *all;
    struct list found;

    TRY(tariff_provinces(op, &found));
    all = found.items;
    for (size_t i = 0; i < found.n; i++)
        if (strcmp(all[i].province, province) == 0)
            return OK;
    return op_fail(op, E_NOT_FOUND, "province %.10s", province);
}

enum err
admin_add_tariff(struct op *op, const char *province, const struct new_tariff *t)
{
    int64_t day;
    enum err e;
    TX(tx, op);

    if (!text_date(t->valid_from, &day))
        op_fault(op, "/valid_from", FAULT_DATE);
    else if (day < calendar_day_of(op->now))
        op_fault(op, "/valid_from", FAULT_DATE_PAST);
    TRY(op_faults(op));
    TRY(check_province(op, province));
    e = tariff_add(op, province, t);
    if (e == E_CONFLICT) {
        op_fault(op, "/valid_from", FAULT_TARIFF_TAKEN);
        return op_faults(op);
    }
    TRY(e);
    TRY(desk_note(op, "tariff_added", 0,
        arena_printf(op->arena, "{\"province\":\"%s\",\"fee_fen\":%lld,\"from\":\"%s\"}", province,
            (long long)t->fee_fen, t->valid_from)));
    return tx_commit(&tx);
}

enum err
admin_retry_work(struct op *op, int64_t job)
{
    TX(tx, op);

    TRY(job_wake(op, job));
    TRY(desk_note(
        op, "work_retried", 0, arena_printf(op->arena, "{\"job\":%lld}", (long long)job)));
    return tx_commit(&tx);
}
