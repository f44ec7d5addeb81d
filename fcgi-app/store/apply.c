#include "store/apply.h"

#include <string.h>

#include "domain/calendar.h"
#include "domain/order_no.h"
#include "io/db.h"
#include "io/vault.h"
#include "store/order_view.h"

enum err
apply_create(struct op *op, const struct new_order *n, int64_t *id, const char **order_no)
{
    ROWS number = NULL, r = NULL;
    const char *no;

    TRY(RUN0(op, Q_ORDER_NUMBER, &number));
    TRY(order_no_make(op, calendar_day_of(op->now), row_int(number, 0, "n"), &no));
    TRY(RUN(op, Q_ORDER_CREATE, &r, no, db_int(op, n->account), n->project, n->certificate_type,
        db_int(op, n->years), n->key, op->actor.ip, op->trace));
    *id = row_count(r) == 0 ? 0 : row_int(r, 0, "id");
    *order_no = row_count(r) == 0 ? NULL : row_str(op, r, 0, "order_no");
    return OK;
}

enum err
apply_agreements(struct op *op, const char *project, struct list *out)
{
    struct agreement_ref *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_PROJECT_AGREEMENTS, &r, project));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct agreement_ref);
    for (int i = 0; i < row_count(r); i++)
        items[i] = (struct agreement_ref){row_str(op, r, i, "id"), row_str(op, r, i, "version")};
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}

enum err
apply_agree(struct op *op, int64_t order_id, const struct agreement_ref *a)
{
    return DO(op, Q_ORDER_AGREE, NULL, db_int(op, order_id), a->id, a->version,
        op->lang == LANG_EN ? "en" : "zh-CN", op->actor.ip);
}

enum err
apply_case(struct op *op, const char *order_no, int64_t account, const char *organisation_region,
    const char *delivery_region, const char *bank, struct form_case *out)
{
    enum certificate_type type;
    ROWS r = NULL;

    TRY(RUN(op, Q_FORM_CONTEXT, &r, order_no, db_int(op, account), organisation_region,
        delivery_region, bank));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "order %.40s", order_no);
    out->id = row_int(r, 0, "id");
    out->order_no = row_str(op, r, 0, "order_no");
    out->form_version = row_int(r, 0, "form_version");
    if (!certificate_type_parse(row_str(op, r, 0, "certificate_type"), &type) ||
        !order_state_parse(row_str(op, r, 0, "state"), &out->state))
        return op_fail(
            op, E_INTERNAL, "order %s is of a type or state unknown here", out->order_no);
    out->context = (struct form_context){
        .type = type,
        .today = calendar_day_of(op->now),
        .years = (int)row_int(r, 0, "years"),
        .organisation_region_known = row_bool(r, 0, "organisation_region"),
        .delivery_region_known = row_bool(r, 0, "delivery_region"),
        .delivery_served = row_bool(r, 0, "served"),
        .bank_known = row_bool(r, 0, "bank"),
    };
    return OK;
}

static const char *
pointers_json(struct op *op, const char *const *pointers)
{
    json_auto_t *list = json_array();

    for (; *pointers != NULL; pointers++)
        json_array_append_new(list, json_string(*pointers));
    return record_dump(op, list);
}

static enum err
key_of(struct op *op, const char *text, const char **hex)
{
    unsigned char key[VAULT_INDEX];

    TRY(vault_index(op, VAULT_PERSONAL, text, key));
    *hex = db_bytes(op, key, sizeof(key));
    return OK;
}

enum err
apply_person_key(struct op *op, const struct person *p, const char **hex)
{
    return key_of(op, arena_printf(op->arena, "%s|%s|%s", p->name, p->id_number, p->mobile), hex);
}

enum err
apply_save(struct op *op, const struct form_case *c, int64_t account, const struct form *f)
{
    const struct list warnings = order_warnings(op, c->context.type, c->context.years, f);
    const char *text, *sealed, *person = NULL;
    ROWS r = NULL;

    TRY(form_split(op, c->context.type, f, c->order_no, &text, &sealed));
    if (f->person.name != NULL && f->person.id_number != NULL && f->person.mobile != NULL)
        TRY(apply_person_key(op, &f->person, &person));
    TRY(RUN(op, Q_FORM_SAVE, &r, db_int(op, c->id), db_int(op, account), text, sealed,
        db_int(op, c->form_version), order_move_code(c->state == ORDER_DRAFT ? MOVE_T02 : MOVE_T23),
        op->actor.ip, op->trace, pointers_json(op, form_incomplete(op->arena, f, &c->context)),
        person, order_warnings_kept(op, &warnings), db_int(op, c->context.today)));
    if (row_count(r) != 1)
        return op_fail(op, E_STALE, "the form of %s changed meanwhile", c->order_no);
    return OK;
}

enum err
apply_form(struct op *op, const struct order *o, struct form *out)
{
    const void *sealed;
    ROWS r = NULL;
    size_t n;

    TRY(RUN(op, Q_FORM_READ, &r, db_int(op, o->id)));
    sealed = row_bytes(op, r, 0, "form_secret", &n);
    return form_join(op, o->type, o->order_no, row_str(op, r, 0, "form"), sealed, n, out);
}

enum err
apply_quote(struct op *op, int64_t order_id, const char *region, struct quote *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_ORDER_QUOTE, &r, db_int(op, order_id), region));
    out->fee_per_year_fen = row_int(r, 0, "fee_per_year_fen");
    out->courier_payer = row_str(op, r, 0, "courier_payer");
    out->tariff_id = row_int(r, 0, "tariff_id");
    out->courier_fen = strcmp(out->courier_payer, "sender") == 0 ? row_int(r, 0, "courier_fen") : 0;
    return OK;
}

/* The database knows whether the subject has an open order already: one index says it. */
static enum err
named_duplicate(struct op *op, enum err e)
{
    if (e == E_CONFLICT && strcmp(db_constraint(op), "orders_one_open") == 0)
        return op_fail(op, E_DUPLICATE_ORDER, "the subject has an open order");
    return e;
}

enum err
apply_confirm(struct op *op, struct order *o, const struct form *f, const struct quote *q)
{
    enum certificate_type type = o->type;
    const char *subject, *person, *text, *sealed;
    ROWS r = NULL;

    TRY(key_of(op,
        o->type == CERTIFICATE_NATURAL_PERSON ? f->person.id_number : f->organisation.uscc,
        &subject));
    TRY(apply_person_key(op, &f->person, &person));
    TRY(named_duplicate(
        op, RUN(op, Q_FORM_CONFIRM, &r, db_int(op, o->id), subject, person,
                db_int(op, q->fee_per_year_fen * o->years), db_int(op, q->courier_fen),
                q->courier_payer, q->tariff_id == 0 ? NULL : db_int(op, q->tariff_id))));
    o->revision_no = row_int(r, 0, "revision_no");
    o->certificate_fen = q->fee_per_year_fen * o->years;
    o->courier_fen = q->courier_fen;
    TRY(form_split(op, type, f, o->order_no, &text, &sealed));
    return DO(op, Q_REVISION_ADD, NULL, db_int(op, o->id), db_int(op, o->revision_no), text, sealed,
        form_digest(op, type, f), form_print_digest(op, type, f));
}

enum err
apply_void_reviews(struct op *op, int64_t order_id)
{
    TRY(DO(op, Q_REVIEW_VOID, NULL, db_int(op, order_id)));
    return DO(op, Q_REVIEW_UNPASSED, NULL, db_int(op, order_id));
}
