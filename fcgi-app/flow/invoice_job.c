/* The worker's part of an invoice: the order's lock, the provider, the order's lock again. */
#include <string.h>

#include "domain/payment.h"
#include "flow/invoice.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/files.h"
#include "paper/scan.h"
#include "provider/provider.h"

/* Soon after it was sent the platform may not know yet what it was told (einvoice.md). */
enum { QUIET_SECONDS = 60 };

struct work {
    const struct job *job;
    const char *number; /* of the blue or the red one */
    struct order order;
    struct invoice_sheet sheet;
    struct invoice buyer;
};

/* Done, refused, or whatever the last call has told. */
struct result {
    enum outcome outcome;
    struct invoice_status status;
    struct reason why;
};

static bool
is_red(const struct work *w)
{
    return w->sheet.red_number != NULL && strcmp(w->number, w->sheet.red_number) == 0;
}

static enum err
load(struct op *op, struct work *w)
{
    TRY(order_lock_id(op, w->sheet.order_id, &w->order));
    TRY(invoice_get(op, w->sheet.id, &w->sheet));
    return invoice_buyer(op, &w->sheet, &w->buyer);
}

/* Whether this number still waits for its end. A repeat of old news changes nothing. */
static bool
is_open(const struct work *w)
{
    enum invoice_state s = w->sheet.state;

    return is_red(w) ? s == INVOICE_REVERSING
                     : s == INVOICE_WAITING || s == INVOICE_REQUESTED || s == INVOICE_ISSUED;
}

/* Soon at first, while it is at work; rarely when it is stuck. */
static int64_t
gap(struct op *op, const struct work *w)
{
    int64_t since = is_red(w) ? w->sheet.red_submitted_at : w->sheet.submitted_at;
    int64_t s = payment_retry_gap(since == 0 ? 0 : op->now - since);

    return s < 10 ? op->conf->invoice_poll_s : s;
}

static const char *
words(struct op *op, const struct reason *why)
{
    return arena_printf(
        op->arena, "%s", why->text != NULL && *why->text != '\0' ? why->text : why->code);
}

/* Not yet: the row says why, where there is a why. */
static enum err
later(struct op *op, struct work *w, enum invoice_state state, const char *failure)
{
    TRY(invoice_set_state(op, &w->sheet, state, failure));
    return job_later(op, w->job, gap(op, w), NULL);
}

/* ---- one step, written down ---- */

/* Over other amounts than ours nobody has issued ours. */
static enum err
check_amounts(struct op *op, const struct work *w, const struct invoice_status *s)
{
    int64_t sign = is_red(w) ? -1 : 1;

    if (s->excluded_fen == sign * w->sheet.excluded_fen && s->tax_fen == sign * w->sheet.tax_fen)
        return OK;
    return op_fail(op, E_PROVIDER, "invoice %s: %lld and %lld", w->number,
        (long long)s->excluded_fen, (long long)s->tax_fen);
}

static enum err
settle_done(struct op *op, struct work *w, const struct invoice_status *s)
{
    TRY(check_amounts(op, w, s));
    if (is_red(w)) {
        TRY(invoice_red(op, &w->sheet, s->invoice_number));
        TRY(job_hurry_kind(op, w->order.id, "REFUND")); /* it waits for this */
        return job_done(op, w->job);
    }
    if (w->sheet.state != INVOICE_ISSUED)
        TRY(invoice_issued(op, &w->sheet, s->invoice_number, s->issued_at));
    return job_later(op, w->job, 0, NULL);
}

static enum err
settle_failed(struct op *op, struct work *w, const char *failure)
{
    TRY(invoice_set_state(op, &w->sheet, is_red(w) ? INVOICE_RED_FAILED : INVOICE_FAILED, failure));
    return job_done(op, w->job);
}

/* After a question, or after the call that asked for it (asked: false). */
static enum err
settle(struct op *op, struct work *w, const struct result *r, bool asked)
{
    TX(tx, op);

    TRY(load(op, w));
    if (!is_open(w))
        TRY(job_done(op, w->job));
    else if (asked && r->outcome == OUTCOME_DONE && r->status.stage == INVOICE_DONE)
        TRY(settle_done(op, w, &r->status));
    else if (asked && r->outcome == OUTCOME_DONE && r->status.stage == INVOICE_NOT_MADE)
        TRY(settle_failed(op, w, r->status.failure));
    else if (!asked && r->outcome == OUTCOME_REFUSED)
        TRY(settle_failed(op, w, words(op, &r->why)));
    else if (!asked && r->outcome == OUTCOME_NOT_SENT && !is_red(w))
        TRY(later(op, w, INVOICE_WAITING, words(op, &r->why)));
    else
        TRY(later(op, w, w->sheet.state,
            r->outcome == OUTCOME_DONE || r->outcome == OUTCOME_REFUSED ? NULL
                                                                        : words(op, &r->why)));
    return tx_commit(&tx);
}

/* ---- what is asked of the provider ---- */

/* A member that was left out may be there as "". */
static const char *
given(const char *s)
{
    return s != NULL && *s != '\0' ? s : NULL;
}

static struct result
send(struct op *op, const struct work *w)
{
    const struct invoice *b = &w->buyer;
    const struct invoice_request blue = {
        .number = w->sheet.number,
        .order_no = w->order.order_no,
        .special = w->sheet.kind == INVOICE_SPECIAL,
        .natural_person = given(b->tax_number) == NULL,
        .buyer_name = b->title,
        .tax_number = given(b->tax_number),
        .address_phone = given(b->address_phone),
        .bank_account = given(b->bank_account),
        .email = given(b->email),
        .mobile = given(b->mobile),
        .amount_fen = w->sheet.amount_fen,
        .excluded_fen = w->sheet.excluded_fen,
        .tax_fen = w->sheet.tax_fen,
    };
    const struct invoice_reversal red = {
        .number = w->sheet.red_number,
        .blue = w->sheet.invoice_number,
        .special = blue.special,
        .buyer_tax_number = blue.tax_number,
    };
    struct result r = {.why = {"", ""}};

    r.outcome = is_red(w) ? op->providers->invoice->reverse(op, &red, &r.why)
                          : op->providers->invoice->issue(op, &blue, &r.why);
    return r;
}

static struct result
ask(struct op *op, const struct work *w)
{
    struct result r = {.why = {"", ""}};

    r.outcome = op->providers->invoice->query(op, w->number, &r.status, &r.why);
    if (r.outcome == OUTCOME_DONE && r.status.stage == INVOICE_UNSEALED)
        r.outcome = op->providers->invoice->reseal(op, w->number, &r.why) == OUTCOME_DONE
                        ? OUTCOME_DONE
                        : OUTCOME_UNKNOWN;
    return r;
}

/* The platform has never heard of what we may have sent: the same number may go out again. A red
 * one is asked for step by step, and is not known before the last. */
static bool
is_unheard(struct op *op, const struct work *w, const struct result *r)
{
    if (r->outcome != OUTCOME_REFUSED || strcmp(r->why.code, "NOT_FOUND") != 0)
        return false;
    return is_red(w) || op->now - w->sheet.submitted_at >= QUIET_SECONDS;
}

/* ---- the file of an issued one ---- */

/* Judged like every other paper that comes from outside. */
static enum err
take_file(struct op *op, const char *url, char sha256[65])
{
    struct invoice_file file;
    struct scan_result found;
    struct reason why;

    if (url == NULL || op->providers->invoice->fetch(op, url, &file, &why) != OUTCOME_DONE)
        return op_fail(op, E_PROVIDER, "%s", url == NULL ? "no address of the file" : why.code);
    TRY(scan_inspect(op, SCAN_DOCUMENT, file.data, file.size, &found));
    if (found.type != SCAN_PDF || (found.problem != SCAN_FINE && found.problem != SCAN_BLANK))
        return op_fail(op, E_PROVIDER, "the file is %s", scan_problem_name(found.problem));
    return files_put(op, op->conf->documents, file.data, file.size, sha256);
}

static enum err
file(struct op *op, struct work *w, const char *url)
{
    char sha256[65];
    enum err e = take_file(op, url, sha256);
    TX(tx, op);

    TRY(load(op, w));
    if (!is_open(w))
        TRY(job_done(op, w->job));
    else if (e != OK)
        TRY(later(op, w, INVOICE_ISSUED, op->note));
    else {
        TRY(invoice_filed(op, &w->sheet, sha256));
        TRY(job_done(op, w->job));
    }
    return tx_commit(&tx);
}

/* ---- one try ---- */

/* From here on somebody outside may have heard of it. *go is false when there is nothing to do. */
static enum err
prepare(struct op *op, struct work *w, bool *fresh, bool *go)
{
    bool none = op->providers->invoice == NULL;
    TX(tx, op);

    TRY(load(op, w));
    *fresh = w->sheet.state == INVOICE_WAITING || (is_red(w) && w->sheet.red_submitted_at == 0);
    *go = is_open(w) && !none;
    if (!is_open(w))
        TRY(job_done(op, w->job));
    else if (none && *fresh) {
        TRY(invoice_set_state(
            op, &w->sheet, is_red(w) ? INVOICE_RED_FAILED : INVOICE_BY_HAND, NULL));
        TRY(job_done(op, w->job));
    } else if (none)
        return op_fail(op, E_PROVIDER, "invoice %s: no provider is set any more", w->number);
    else if (*fresh && is_red(w))
        TRY(invoice_red_submitted(op, &w->sheet));
    else if (*fresh)
        TRY(invoice_set_state(op, &w->sheet, INVOICE_REQUESTED, NULL));
    return tx_commit(&tx);
}

enum err
invoice_job(struct op *op, const struct job *j)
{
    struct work w = {.job = j, .number = j->key + strlen("invoice/")};
    struct invoice_key key;
    struct result r;
    bool fresh, go;

    TRY(invoice_by_number(op, w.number, &key));
    if (key.id == 0) /* a number of a red one that failed, and has been followed by another */
        return job_done(op, j);
    w.sheet.id = key.id;
    w.sheet.order_id = key.order_id;
    TRY(prepare(op, &w, &fresh, &go));
    if (!go)
        return OK;
    r = fresh ? send(op, &w) : ask(op, &w);
    if (!fresh && is_unheard(op, &w, &r)) {
        r = send(op, &w);
        fresh = true;
    }
    if (w.sheet.state == INVOICE_ISSUED && r.outcome == OUTCOME_DONE &&
        r.status.stage == INVOICE_DONE)
        return file(op, &w, r.status.pdf_url);
    return settle(op, &w, &r, !fresh);
}
