#include "store/order_view.h"

#include <string.h>

#include "domain/calendar.h"
#include "io/db.h"
#include "io/json_tree.h"
#include "store/form.h"

const struct field order_fees_fields[] = {
    INT(struct order_fees, certificate_fen, 0, INT64_MAX),
    INT(struct order_fees, courier_fen, 0, INT64_MAX),
    INT(struct order_fees, total_fen, 0, INT64_MAX),
    STR(struct order_fees, courier_payer, 0, 20),
    {.type = F_END},
};

const struct field form_warning_fields[] = {
    STR(struct form_warning, pointer, 1, 100),
    STR(struct form_warning, code, 1, 40),
    STR(struct form_warning, text, 1, 300),
    {.type = F_END},
};

/* As an order keeps them: the words are looked up. */
struct kept_warnings {
    struct list warnings;
};
static const struct field kept_warning_fields[] = {
    STR(struct form_warning, pointer, 1, 100),
    STR(struct form_warning, code, 1, 40),
    {.type = F_END},
};
static const struct field kept_warnings_fields[] = {
    LIST(struct kept_warnings, warnings, kept_warning_fields, struct form_warning, 0, 100),
    {.type = F_END},
};

const struct field order_view_fields[] = {
    ORDER_VIEW_ROWS,
    RAW(struct order_view, confirmed_form, NULL),
    LIST(struct order_view, warnings, form_warning_fields, struct form_warning, 0, 100),
    {.type = F_END},
};

const struct field order_row_fields[] = {
    STR(struct order_row, order_no, 17, 17),
    STR(struct order_row, project, 1, 40),
    STR(struct order_row, certificate_type, 1, 20),
    INT(struct order_row, years, 1, 10),
    STR(struct order_row, state, 1, 40),
    STR(struct order_row, state_label, 1, 40),
    STR(struct order_row, subject_name, 0, 100, .flags = F_OPT),
    INT(struct order_row, total_fen, 0, INT64_MAX),
    STRS(struct order_row, allowed_actions, 0, 20),
    TIME(struct order_row, created_at),
    TIME(struct order_row, updated_at),
    {.type = F_END},
};

const struct field order_event_fields[] = {
    TIME(struct order_event, at),
    STR(struct order_event, type, 1, 60),
    STR(struct order_event, label, 1, 100),
    STR(struct order_event, detail, 0, 500, .flags = F_OPT),
    {.type = F_END},
};

static struct strings
actions(struct op *op, enum order_state state, const struct order_facts *facts)
{
    uint32_t bits = order_actions(state, facts);
    struct strings s = {.items = NEW_N(op->arena, ACTION_MAX, const char *)};

    for (int a = 0; a < ACTION_MAX; a++)
        if (bits & 1u << a)
            s.items[s.n++] = order_action_code((enum order_action)a);
    return s;
}

static struct order_facts
facts(rows r, int row)
{
    return (struct order_facts){
        .payment_pending = row_bool(r, row, "payment_pending"),
        .money_in = row_bool(r, row, "money_in"),
        .has_certificate = row_bool(r, row, "has_certificate"),
        .leased = row_bool(r, row, "leased"),
        .manual_requested = row_bool(r, row, "manual_requested"),
    };
}

/* What an unsaved form lacks: everything. Afterwards each save remembers it. */
static const char *
missing(struct op *op, enum certificate_type type, int64_t years)
{
    const struct form_context context = {.type = type, .years = (int)years, .draft = true};
    const struct form empty = {.invoice.wanted = false};
    const char *const *p = form_incomplete(op->arena, &empty, &context);
    json_auto_t *list = json_array();

    for (; *p != NULL; p++)
        json_array_append_new(list, json_string(*p));
    return record_dump(op, list);
}

struct list
order_warnings(struct op *op, enum certificate_type type, int64_t years, const struct form *f)
{
    const struct form_context context = {
        .type = type, .years = (int)years, .today = calendar_day_of(op->now), .draft = true};
    const struct form_warning *first = form_warnings(op, f, &context);
    struct form_warning *items;
    size_t n = 0;

    for (const struct form_warning *w = first; w != NULL; w = w->next)
        n++;
    items = NEW_N(op->arena, n + 1, struct form_warning);
    n = 0;
    for (const struct form_warning *w = first; w != NULL; w = w->next)
        items[n++] = *w;
    return (struct list){.items = items, .n = n};
}

const char *
order_warnings_kept(struct op *op, const struct list *warnings)
{
    const struct kept_warnings kept = {.warnings = *warnings};

    return record_text(op, kept_warnings_fields, &kept);
}

/* As of the day of the last save; false on another day. */
static enum err
kept_warnings(struct op *op, rows r, struct list *out, bool *known)
{
    struct kept_warnings kept;
    struct form_warning *items;

    *known =
        !row_null(r, 0, "warnings") && row_int(r, 0, "warnings_day") == calendar_day_of(op->now);
    if (!*known)
        return OK;
    TRY(record_read(op, kept_warnings_fields, row_str(op, r, 0, "warnings"), &kept));
    items = NEW_N(op->arena, kept.warnings.n + 1, struct form_warning);
    for (size_t i = 0; i < kept.warnings.n; i++) {
        items[i] = ((const struct form_warning *)kept.warnings.items)[i];
        items[i].text = form_warning_text(items[i].code, op->lang);
        *known = *known && items[i].text != NULL;
    }
    *out = (struct list){.items = items, .n = kept.warnings.n};
    return OK;
}

/* To its owner the form is copied as it was sealed; it is taken apart only where warnings are
 * shown and those of the last save are of another day. */
static enum err
own_form(struct op *op, rows r, struct order_view *out)
{
    struct form form = {.invoice.wanted = false};
    const void *sealed;
    bool known;
    size_t n;

    sealed = row_bytes(op, r, 0, "form_secret", &n);
    TRY(form_text_whole(op, out->order_no, sealed, n, &out->form));
    if (out->code != ORDER_DRAFT && out->code != ORDER_RETURNED)
        return OK;
    TRY(kept_warnings(op, r, &out->warnings, &known));
    if (!known) {
        TRY(record_read(op, form_fields(out->type), out->form, &form));
        out->warnings = order_warnings(op, out->type, out->years, &form);
    }
    sealed = row_bytes(op, r, 0, "confirmed_secret", &n);
    return sealed == NULL ? OK
                          : form_text_whole(op, out->order_no, sealed, n, &out->confirmed_form);
}

static enum err
form_of(struct op *op, rows r, int64_t account, struct order_view *out)
{
    const void *sealed;
    struct form form;
    size_t n;

    out->incomplete = row_null(r, 0, "incomplete") ? missing(op, out->type, out->years)
                                                   : row_str(op, r, 0, "incomplete");
    if (account != 0)
        return own_form(op, r, out);
    sealed = row_bytes(op, r, 0, "form_secret", &n);
    TRY(form_join(op, out->type, out->order_no, row_str(op, r, 0, "form"), sealed, n, &form));
    out->form = form_masked(op, out->type, &form);
    return OK;
}

/* A member of what hangs below the order, as it stands there. */
static const char *
part(struct op *op, const char *sum, const char *name)
{
    const char *start;
    size_t n;

    if (!tree_span(sum, name, &start, &n) || strncmp(start, "null", n) == 0)
        return NULL;
    return arena_strndup(op->arena, start, n);
}

static void
below(struct op *op, const char *sum, struct order_view *out)
{
    out->documents = part(op, sum, op->lang == LANG_EN ? "detail_en" : "detail_zh");
    out->identity_check = part(op, sum, "identity_check");
    out->payment = part(op, sum, "payment");
    out->refunds = part(op, sum, "refunds");
    out->bank_verification = part(op, sum, "bank_verification");
    out->certificate = part(op, sum, "certificate");
    out->shipment = part(op, sum, "shipment");
}

enum err
order_view(struct op *op, const char *order_no, int64_t account, struct order_view *out)
{
    struct order_facts f;
    ROWS r = NULL;

    TRY(RUN(op, Q_ORDER_VIEW, &r, order_no, account == 0 ? NULL : db_int(op, account)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "order %.40s", order_no);
    out->id = row_int(r, 0, "id");
    out->version = row_int(r, 0, "version");
    out->form_version = row_int(r, 0, "form_version");
    out->order_no = row_str(op, r, 0, "order_no");
    out->project = row_str(op, r, 0, "project");
    out->project_name = row_str(op, r, 0, op->lang == LANG_EN ? "name_en" : "name_zh");
    out->certificate_type = row_str(op, r, 0, "certificate_type");
    out->years = row_int(r, 0, "years");
    out->state = row_str(op, r, 0, "state");
    if (!certificate_type_parse(out->certificate_type, &out->type) ||
        !order_state_parse(out->state, &out->code))
        return op_fail(
            op, E_INTERNAL, "order %s is of a type or state unknown here", out->order_no);
    out->state_label = order_state_label(out->code, op->lang);
    out->fees = (struct order_fees){
        .certificate_fen = row_int(r, 0, "certificate_fen"),
        .courier_fen = row_int(r, 0, "courier_fen"),
        .courier_payer = row_str(op, r, 0, "courier_payer"),
    };
    out->fees.total_fen = out->fees.certificate_fen + out->fees.courier_fen;
    out->form_revision = row_int(r, 0, "revision_no");
    out->rejection = row_str(op, r, 0, "rejection");
    below(op, row_str(op, r, 0, "below"), out);
    out->close_reason = row_str(op, r, 0, "close_reason");
    out->deadline_at = row_int(r, 0, "deadline_at");
    out->promised_at = row_int(r, 0, "sla_due");
    out->created_at = row_int(r, 0, "created_at");
    out->updated_at = row_int(r, 0, "updated_at");
    f = facts(r, 0);
    f.identity_valid = row_bool(r, 0, "identity_valid");
    out->allowed_actions = actions(op, out->code, &f);
    /* The second number is the form's own: If-Match compares that one (api.md, an order). */
    out->etag =
        arena_printf(op->arena, "%lld.%lld", (long long)out->version, (long long)out->form_version);
    return form_of(op, r, account, out);
}

enum err
order_list(struct op *op, int64_t account, const char *state, const char *text, int64_t before,
    int64_t limit, struct list *out)
{
    struct order_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_ORDER_LIST, &r, db_int(op, account), state,
        before == 0 ? NULL : db_int(op, before), db_int(op, limit + 1), text));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct order_row);
    for (int i = 0; i < row_count(r); i++) {
        struct order_row *o = &items[i];
        struct order_facts f = facts(r, i);
        enum order_state code;

        o->id = row_int(r, i, "id");
        o->order_no = row_str(op, r, i, "order_no");
        o->project = row_str(op, r, i, "project");
        o->certificate_type = row_str(op, r, i, "certificate_type");
        o->years = row_int(r, i, "years");
        o->state = row_str(op, r, i, "state");
        if (!order_state_parse(o->state, &code))
            return op_fail(op, E_INTERNAL, "order %s is in a state unknown here", o->order_no);
        o->state_label = order_state_label(code, op->lang);
        o->subject_name = row_str(op, r, i, "subject_name");
        o->total_fen = row_int(r, i, "total_fen");
        o->allowed_actions = actions(op, code, &f);
        o->created_at = row_int(r, i, "created_at");
        o->updated_at = row_int(r, i, "updated_at");
    }
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

/* The one fact of an event that people are told; the rest of its detail is for the audit. */
static enum err
event_detail(struct op *op, const char *text, const char **out)
{
    json_auto_t *v = NULL;
    const char *s;

    TRY(record_parse(op, text, strlen(text), &v));
    s = json_string_value(json_object_get(v, "shown"));
    *out = s == NULL ? NULL : arena_strndup(op->arena, s, strlen(s));
    return OK;
}

enum err
order_events(struct op *op, const char *order_no, int64_t account, struct list *out)
{
    struct order_event *items;
    size_t n = 0;
    ROWS r = NULL;

    TRY(RUN(op, Q_ORDER_EVENTS, &r, order_no, account == 0 ? NULL : db_int(op, account)));
    if (row_count(r) == 0) /* every order has at least its birth */
        return op_fail(op, E_NOT_FOUND, "order %.40s", order_no);
    items = NEW_N(op->arena, (size_t)row_count(r), struct order_event);
    for (int i = 0; i < row_count(r); i++) {
        enum order_move_id move;

        if (!order_move_parse(row_str(op, r, i, "move"), &move) || !order_move_shown(move))
            continue;
        items[n].at = row_int(r, i, "at");
        items[n].type = order_move_event(move);
        items[n].label = order_move_label(move, op->lang);
        TRY(event_detail(op, row_str(op, r, i, "detail"), &items[n].detail));
        n++;
    }
    *out = (struct list){.items = items, .n = n};
    return OK;
}
