#include "flow/apply.h"

#include <string.h>

#include "base/text.h"
#include "flow/pay.h"
#include "io/db.h"

static bool
accepted(const struct list *given, const struct agreement_ref *wanted)
{
    const struct agreement_ref *a = given->items;

    for (size_t i = 0; i < given->n; i++)
        if (strcmp(a[i].id, wanted->id) == 0 && strcmp(a[i].version, wanted->version) == 0)
            return true;
    return false;
}

/* Every agreement, in the version in force, and no other. */
static enum err
check_agreements(struct op *op, const struct apply_start *in, const struct list *wanted)
{
    const struct agreement_ref *w = wanted->items, *given = in->agreements.items;

    for (size_t i = 0; i < wanted->n; i++)
        if (!accepted(&in->agreements, &w[i]))
            op_fault(op, arena_printf(op->arena, "/agreements/%s", w[i].id), FAULT_AGREEMENT);
    for (size_t i = 0; i < in->agreements.n; i++)
        if (!accepted(wanted, &given[i]))
            op_fault(op, arena_printf(op->arena, "/agreements/%zu", i), FAULT_CHOICE);
    if (!in->supplier_registered)
        op_fault(op, "/supplier_registered", FAULT_SUPPLIER);
    return op_faults(op);
}

enum err
apply_begin(struct op *op, int64_t account, const struct apply_start *in, const char **order_no)
{
    const struct new_order order = {account, in->project, in->certificate_type, in->years, in->key};
    struct list wanted;
    int64_t id;
    TX(tx, op);

    TRY(apply_agreements(op, in->project, &wanted));
    if (wanted.n == 0)
        op_fault(op, "/project", FAULT_CHOICE);
    TRY(check_agreements(op, in, &wanted));
    TRY(apply_create(op, &order, &id, order_no));
    if (id == 0) {
        op_fault(op, "/years", FAULT_CHOICE);
        return op_faults(op);
    }
    for (size_t i = 0; i < wanted.n; i++)
        TRY(apply_agree(op, id, (const struct agreement_ref *)wanted.items + i));
    return tx_commit(&tx);
}

static const char *
member(const json_t *form, const char *group, const char *name)
{
    return json_string_value(json_object_get(json_object_get(form, group), name));
}

/* "12.3" and "12.4" are different orders but may be the same form: the number behind the point. */
static bool
same_form(const char *if_match, int64_t form_version)
{
    const char *dot = strchr(if_match, '.');
    int64_t v;

    return strcmp(if_match, "*") == 0 ||
           (dot != NULL && text_int(dot + 1, &v) && v == form_version);
}

enum err
apply_fill(struct op *op, int64_t account, const char *order_no, const char *if_match,
    const json_t *in, bool draft)
{
    struct form_case c;
    struct form form;

    TRY(apply_case(op, order_no, account, member(in, "organisation", "region"),
        member(in, "delivery", "region"), member(in, "bank_account", "bank_code"), &c));
    if (c.state != ORDER_DRAFT && c.state != ORDER_RETURNED)
        return op_state(op, order_state_code(c.state), "saving the form");
    if (!same_form(if_match, c.form_version))
        return op_fail(op, E_STALE, "form version %lld", (long long)c.form_version);
    c.context.draft = draft;
    form_decode(op, c.context.type, in, &form);
    form_check(op, &form, &c.context);
    TRY(op_faults(op));
    return apply_save(op, &c, account, &form);
}

enum err
apply_checked_form(struct op *op, int64_t account, const struct order *o, struct form *out)
{
    struct form_case c;

    TRY(apply_form(op, o, out));
    TRY(apply_case(op, o->order_no, account, out->organisation.region, out->delivery.region,
        out->bank_account.bank_code, &c));
    form_check(op, out, &c.context);
    return op_faults(op);
}

enum err
apply_confirm_form(struct op *op, int64_t account, const char *order_no)
{
    struct order order;
    struct quote quote;
    struct form form;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &order));
    if (!order_move_allowed(order.state, MOVE_T03))
        return op_state(op, order_state_code(order.state), "confirming the form");
    TRY(apply_checked_form(op, account, &order, &form));
    TRY(apply_quote(op, order.id, form.delivery.region, &quote));
    TRY(apply_confirm(op, &order, &form, &quote));
    TRY(order_step(op, &order, MOVE_T03, NULL));
    return tx_commit(&tx);
}

enum err
apply_reopen_form(struct op *op, int64_t account, const char *order_no)
{
    struct order order;
    TX(tx, op);

    TRY(order_lock(op, order_no, account, &order));
    if (!order_move_allowed(order.state, MOVE_T04))
        return op_state(op, order_state_code(order.state), "reopening the form");
    TRY(pay_close_first(op, &order, &tx));
    TRY(order_step(op, &order, MOVE_T04, NULL));
    TRY(apply_void_reviews(op, order.id));
    return tx_commit(&tx);
}
