#include "flow/invoice.h"

#include <string.h>

#include "domain/calendar.h"
#include "domain/contact.h"
#include "domain/mobile.h"
#include "flow/desk.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/files.h"
#include "provider/provider.h"
#include "store/apply.h"
#include "store/payment.h"

enum { NUMBER_LENGTH = 20 };

static enum err
add_job(struct op *op, const struct order *o, const char *number)
{
    const char *key = arena_printf(op->arena, "invoice/%s", number);

    TRY(job_add(op, &(struct job_order){.kind = "INVOICE", .key = key, .order_id = o->id}));
    return job_again(op, key);
}

/* What was paid and is kept, as far as it is billed. */
static enum err
amount_due(struct op *op, const struct order *o, int64_t *fen)
{
    struct payment p;

    TRY(payment_of_order(op, o->id, &p));
    *fen = p.id == 0 || p.state != PAYMENT_PAID ? 0 : p.received_fen - p.returned_fen;
    if (!op->conf->invoice_courier)
        *fen -= o->courier_fen;
    return OK;
}

static enum err
add(struct op *op, const struct order *o, const struct invoice *buyer)
{
    struct new_invoice n = {.order = o,
        .buyer = buyer,
        .state = op->providers->invoice == NULL ? INVOICE_BY_HAND : INVOICE_WAITING};
    struct invoice_sheet sheet;

    TRY(amount_due(op, o, &n.amount_fen));
    if (n.amount_fen <= 0)
        return OK;
    invoice_split(n.amount_fen, op->conf->invoice_tax_percent, &n.excluded_fen, &n.tax_fen);
    TRY(invoice_add(op, &n, &sheet));
    return sheet.state == INVOICE_WAITING ? add_job(op, o, sheet.number) : OK;
}

enum err
invoice_begin(struct op *op, const struct order *o)
{
    struct invoice_sheet last;
    struct form form;

    TRY(invoice_current(op, o->id, &last));
    if (last.id != 0) /* the certificate is made once more, the bill is not */
        return OK;
    TRY(apply_form(op, o, &form));
    if (!form.invoice.wanted)
        return OK;
    return add(op, o, &form.invoice);
}

enum err
invoice_make_way(struct op *op, const struct order *o, bool *clear)
{
    struct invoice_sheet i;

    *clear = false;
    TRY(invoice_current(op, o->id, &i));
    if (i.id == 0 || !invoice_is_live(i.state)) {
        *clear = true;
        return OK;
    }
    switch (i.state) {
    case INVOICE_BY_HAND:
    case INVOICE_WAITING: /* nobody has heard of it: the number may be given up */
    case INVOICE_FAILED:
        *clear = true;
        return invoice_set_state(op, &i, INVOICE_VOID, i.failure);
    case INVOICE_ISSUED:
    case INVOICE_SENT:
        TRY(invoice_reverse(op, o, &i));
        return add_job(op, o, i.red_number);
    default: /* on its way to one of these, or red soon */
        return OK;
    }
}

enum err
invoice_follow_refund(struct op *op, const struct order *o)
{
    struct invoice_sheet last;
    struct invoice buyer;

    TRY(invoice_current(op, o->id, &last));
    if (last.id == 0 || invoice_is_live(last.state))
        return OK;
    TRY(invoice_buyer(op, &last, &buyer));
    return add(op, o, &buyer);
}

enum err
invoice_file(struct op *op, int64_t account, const char *order_no, struct shown *out)
{
    struct invoice_view view;

    TRY(invoice_shown(op, order_no, account, &view));
    if (!view.has_file)
        return op_fail(op, E_NOT_FOUND, "invoice of %s is %s", order_no, view.state);
    TRY(files_get(
        op, op->conf->documents, view.pdf_sha256, INVOICE_FILE_MOST, &out->data, &out->size));
    out->content_type = "application/pdf";
    out->sha256 = view.pdf_sha256;
    out->name = arena_printf(op->arena, "%s-invoice.pdf", order_no);
    return OK;
}

/* ---- the desk ---- */

static enum err
lock(struct op *op, const char *invoice_id, struct order *o, struct invoice_sheet *i)
{
    struct invoice_key key;

    TRY(invoice_find(op, invoice_id, &key));
    TRY(order_lock_id(op, key.order_id, o));
    return invoice_get(op, key.id, i);
}

/* An act of finance, by name and number, without what stands on the invoice. */
static enum err
note(struct op *op, const char *action, const struct invoice_sheet *i)
{
    return desk_note(
        op, action, i->order_id, arena_printf(op->arena, "{\"invoice\":\"%s\"}", i->number));
}

static void
replace(const char **member, const char *with)
{
    if (with != NULL)
        *member = with;
}

static bool
is_blank(const char *s)
{
    return s == NULL || *s == '\0';
}

/* The rules of the form's group (forms.md 1.6), on what is to be sent now. */
static enum err
check_buyer(struct op *op, const struct order *o, const struct invoice *b)
{
    bool person = o->type == CERTIFICATE_NATURAL_PERSON;
    enum fault_code why;

    if (b->kind == INVOICE_SPECIAL && person)
        op_fault(op, "/kind", FAULT_INVOICE_SPECIAL);
    if (is_blank(b->tax_number) ? !person
                                : !taxno_check(b->tax_number, calendar_day_of(op->now), &why))
        op_fault(op, "/tax_number", is_blank(b->tax_number) ? FAULT_REQUIRED : why);
    if (!is_blank(b->email) && !email_check(b->email))
        op_fault(op, "/email", FAULT_EMAIL);
    if (!is_blank(b->mobile) && !mobile_check(b->mobile))
        op_fault(op, "/mobile", FAULT_MOBILE);
    return op_faults(op);
}

/* The number of a failed one is used up, and so is its row; the next one costs the same. */
static enum err
issue_anew(struct op *op, const struct order *o, struct invoice_sheet *i, const struct invoice *b)
{
    struct new_invoice n = {.order = o,
        .buyer = b,
        .amount_fen = i->amount_fen,
        .excluded_fen = i->excluded_fen,
        .tax_fen = i->tax_fen,
        .state = INVOICE_WAITING};

    TRY(invoice_set_state(op, i, INVOICE_VOID, i->failure));
    TRY(invoice_add(op, &n, i));
    return add_job(op, o, i->number);
}

enum err
invoice_retry(
    struct op *op, const char *invoice_id, const struct invoice *c, const char **new_invoice_id)
{
    struct invoice_sheet i;
    struct invoice buyer;
    struct order o;
    TX(tx, op);

    TRY(lock(op, invoice_id, &o, &i));
    if (!invoice_may_retry(i.state))
        return op_state(op, invoice_state_code(i.state), "trying the invoice again");
    if (i.state == INVOICE_RED_FAILED) {
        TRY(invoice_reverse(op, &o, &i));
        TRY(add_job(op, &o, i.red_number));
    } else {
        TRY(invoice_buyer(op, &i, &buyer));
        if (c->kind != INVOICE_ABSENT)
            buyer.kind = c->kind;
        replace(&buyer.title, c->title);
        replace(&buyer.tax_number, c->tax_number);
        replace(&buyer.email, c->email);
        replace(&buyer.mobile, c->mobile);
        replace(&buyer.address_phone, c->address_phone);
        replace(&buyer.bank_account, c->bank_account);
        TRY(check_buyer(op, &o, &buyer));
        TRY(issue_anew(op, &o, &i, &buyer));
    }
    TRY(note(op, "invoice_retried", &i));
    *new_invoice_id = i.invoice_id;
    return tx_commit(&tx);
}

enum err
invoice_record(struct op *op, const char *invoice_id, const char *number)
{
    struct invoice_sheet i;
    struct order o;
    TX(tx, op);

    if (strlen(number) != NUMBER_LENGTH || strspn(number, "0123456789") != NUMBER_LENGTH)
        op_fault(op, "/number", FAULT_FORMAT);
    TRY(op_faults(op));
    TRY(lock(op, invoice_id, &o, &i));
    if (!invoice_may_retry(i.state))
        return op_state(op, invoice_state_code(i.state), "writing down an invoice made by hand");
    TRY(note(op, "invoice_recorded", &i));
    if (i.state == INVOICE_RED_FAILED) {
        TRY(invoice_red(op, &i, number));
        TRY(job_hurry_kind(op, o.id, "REFUND"));
    } else
        TRY(invoice_recorded(op, &i, number));
    return tx_commit(&tx);
}
