#include "store/desk.h"

#include <string.h>

#include "domain/calendar.h"
#include "io/db.h"
#include "io/vault.h"
#include "store/form.h"

const struct field desk_row_fields[] = {
    STR(struct desk_row, order_no, 17, 17),
    STR(struct desk_row, project, 1, 40),
    STR(struct desk_row, certificate_type, 1, 20),
    STR(struct desk_row, state, 1, 40),
    STR(struct desk_row, state_label, 1, 40),
    STR(struct desk_row, subject_name, 0, 100, .flags = F_OPT),
    STR(struct desk_row, reviewer, 0, 40, .flags = F_OPT),
    INT(struct desk_row, returned_times, 0, INT64_MAX),
    BOOL(struct desk_row, second_review),
    TIME(struct desk_row, submitted_at, .flags = F_OPT),
    TIME(struct desk_row, sla_due, .flags = F_OPT),
    TIME(struct desk_row, state_since),
    {.type = F_END},
};

const struct field desk_work_fields[] = {
    STR(struct desk_work, name, 1, 40),
    INT(struct desk_work, n, 0, INT64_MAX),
    TIME(struct desk_work, oldest, .flags = F_OPT),
    STR(struct desk_work, order_no, 17, 17, .flags = F_OPT),
    {.type = F_END},
};

static const struct field revision_fields[] = {
    INT(struct desk_revision, revision_no, 1, INT64_MAX),
    TIME(struct desk_revision, confirmed_at),
    RAW(struct desk_revision, form, NULL),
    {.type = F_END},
};

const struct field desk_order_fields[] = {
    ORDER_VIEW_ROWS,
    STR(struct desk_order, revision_sha256, 64, 64, .flags = F_OPT),
    INT(struct desk_order, returned_times, 0, INT64_MAX),
    BOOL(struct desk_order, second_review),
    TIME(struct desk_order, submitted_at, .flags = F_OPT),
    STR(struct desk_order, reviewer, 0, 40, .flags = F_OPT),
    BOOL(struct desk_order, mine),
    TIME(struct desk_order, lease_until, .flags = F_OPT),
    RAW(struct desk_order, reviews, NULL),
    RAW(struct desk_order, notes, NULL),
    RAW(struct desk_order, messages, NULL),
    RAW(struct desk_order, duplicates, NULL),
    RAW(struct desk_order, identity, NULL),
    RAW(struct desk_order, payments, NULL),
    RAW(struct desk_order, return_reasons, NULL),
    RAW(struct desk_order, names, NULL),
    STRS(struct desk_order, changed, 0, 100),
    LIST(struct desk_order, warnings, form_warning_fields, struct form_warning, 0, 100),
    LIST(struct desk_order, revisions, revision_fields, struct desk_revision, 0, 2),
    LIST(struct desk_order, events, order_event_fields, struct order_event, 0, 1000),
    {.type = F_END},
};

/* What was typed may be a USCC or an ID number, which are found by their keyed hash alone. */
static enum err
search_key(struct op *op, const char *q, const char **hex)
{
    unsigned char key[VAULT_INDEX];

    *hex = NULL;
    if (q == NULL)
        return OK;
    TRY(vault_index(op, VAULT_PERSONAL, q, key));
    *hex = db_bytes(op, key, sizeof(key));
    return OK;
}

static enum err
find(struct op *op, const struct desk_search *s, rows *out)
{
    const char *key, *from = s->before == 0 ? NULL : db_int(op, s->before);

    if (s->queue)
        return RUN(op, Q_DESK_QUEUE, out, s->state, from, db_int(op, s->limit + 1));
    TRY(search_key(op, s->q, &key));
    return RUN(op, Q_DESK_LIST, out, s->state, s->assigned == 0 ? NULL : db_int(op, s->assigned),
        from, db_int(op, s->limit + 1), s->q, key);
}

enum err
desk_list(struct op *op, const struct desk_search *s, struct list *out)
{
    struct desk_row *items;
    ROWS r = NULL;

    TRY(find(op, s, &r));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct desk_row);
    for (int i = 0; i < row_count(r); i++) {
        enum order_state state;

        items[i] = (struct desk_row){
            .id = row_int(r, i, "id"),
            .order_no = row_str(op, r, i, "order_no"),
            .project = row_str(op, r, i, "project"),
            .certificate_type = row_str(op, r, i, "certificate_type"),
            .state = row_str(op, r, i, "state"),
            .subject_name = row_str(op, r, i, "subject_name"),
            .reviewer = row_str(op, r, i, "reviewer"),
            .returned_times = row_int(r, i, "returned_times"),
            .submitted_at = row_int(r, i, "submitted_at"),
            .sla_due = row_int(r, i, "sla_due"),
            .state_since = row_int(r, i, "state_since"),
            .second_review = row_bool(r, i, "second_review"),
        };
        if (!order_state_parse(items[i].state, &state))
            return op_fail(op, E_INTERNAL, "a state unknown here");
        items[i].state_label = order_state_label(state, op->lang);
    }
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
desk_work(struct op *op, struct list *waiting, struct list *today)
{
    int64_t since = calendar_day_start(calendar_day_of(op->now));
    struct desk_work *waits, *days;
    ROWS r = NULL;

    TRY(RUN(op, Q_DESK_WORK, &r, db_int(op, op->actor.id), db_int(op, since)));
    waits = NEW_N(op->arena, (size_t)row_count(r) + 1, struct desk_work);
    days = NEW_N(op->arena, (size_t)row_count(r) + 1, struct desk_work);
    *waiting = (struct list){.items = waits};
    *today = (struct list){.items = days};
    for (int i = 0; i < row_count(r); i++) {
        bool is_today = row_bool(r, i, "is_today");

        *(is_today ? &days[today->n++] : &waits[waiting->n++]) = (struct desk_work){
            .name = row_str(op, r, i, "name"),
            .n = row_int(r, i, "n"),
            .oldest = row_int(r, i, "oldest"),
            .order_no = row_str(op, r, i, "order_no"),
        };
    }
    return OK;
}

static struct strings
strings_of(struct op *op, const char *const *texts)
{
    struct strings out = {0};

    while (texts[out.n] != NULL)
        out.n++;
    out.items = NEW_N(op->arena, out.n + 1, const char *);
    for (size_t i = 0; i < out.n; i++)
        out.items[i] = texts[i];
    return out;
}

static enum err
revisions(struct op *op, struct desk_order *desk)
{
    const struct order_view *o = &desk->order;
    enum certificate_type type = o->type;
    struct desk_revision *items;
    struct form last;
    ROWS r = NULL;

    TRY(RUN(op, Q_DESK_REVISIONS, &r, db_int(op, o->id)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct desk_revision);
    for (int i = 0; i < row_count(r); i++) {
        size_t n;
        const void *sealed = row_bytes(op, r, i, "form_secret", &n);
        struct form form;

        TRY(form_join(op, type, o->order_no, row_str(op, r, i, "form"), sealed, n, &form));
        items[i] = (struct desk_revision){row_int(r, i, "revision_no"),
            row_int(r, i, "confirmed_at"), form_masked(op, type, &form)};
        if (i == 0) {
            desk->warnings = order_warnings(op, type, o->years, &form);
            last = form;
        } else
            desk->changed = strings_of(op, form_changes(op->arena, type, &form, &last));
    }
    desk->revisions = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
desk_order(struct op *op, const char *order_no, struct desk_order *out)
{
    ROWS r = NULL;

    TRY(order_view(op, order_no, 0, &out->order));
    TRY(RUN(op, Q_DESK_ORDER, &r, db_int(op, out->order.id), db_int(op, op->actor.id)));
    out->revision_sha256 = row_str(op, r, 0, "revision_sha256");
    out->returned_times = row_int(r, 0, "returned_times");
    out->second_review = row_bool(r, 0, "second_review");
    out->submitted_at = row_int(r, 0, "submitted_at");
    out->mine = row_bool(r, 0, "mine");
    out->reviewer = row_str(op, r, 0, "reviewer");
    out->lease_until = row_int(r, 0, "lease_until");
    out->reviews = row_str(op, r, 0, "reviews");
    out->notes = row_str(op, r, 0, "notes");
    out->messages = row_str(op, r, 0, "messages");
    out->duplicates = row_str(op, r, 0, "duplicates");
    out->identity = row_str(op, r, 0, "identity");
    out->payments = row_str(op, r, 0, "payments");
    out->return_reasons = row_str(op, r, 0, "return_reasons");
    out->names = row_str(op, r, 0, "names");
    TRY(revisions(op, out));
    return order_events(op, order_no, 0, &out->events);
}
