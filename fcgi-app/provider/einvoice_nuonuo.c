#include "provider/einvoice_nuonuo.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "io/json_tree.h"
#include "provider/wire.h"

enum { NONCE = 8, SENID = 32, GOODS_CODE = 19, RED_FOR_SERVICE = 3 };

#define METHOD "nuonuo.OpeMplatform."

/* Set once at start. */
static struct {
    const struct conf *conf;
    char *secret, *token;
} my;

/* What a code means to somebody who sends … */
static const struct verdict sent_verdicts[] = {
    {"E0000", OUTCOME_DONE, NULL},
    {"E9106", OUTCOME_DONE, NULL}, /* the number was used before: by us, for it never changes */
    {"E9613", OUTCOME_NOT_SENT, NULL},
    {"070*", OUTCOME_NOT_SENT, NULL}, /* token and permission */
    {"E9999", OUTCOME_UNKNOWN, NULL},
    {"E9*", OUTCOME_REFUSED, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};
/* … and to somebody who asks. */
static const struct verdict asked_verdicts[] = {
    {"E0000", OUTCOME_DONE, NULL},
    {"E9500", OUTCOME_REFUSED, "NOT_FOUND"},
    {"E9613", OUTCOME_NOT_SENT, NULL},
    {"070*", OUTCOME_NOT_SENT, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};

enum err
einvoice_nuonuo_sign(
    struct op *op, const struct nuonuo_call *c, const char *app_secret, const char **out)
{
    return sign_hmac_sha1(op, app_secret,
        arena_printf(op->arena, "a=services&l=v1&p=open&k=%s&i=%s&n=%s&t=%s&f=%s", c->app_key,
            c->senid, c->nonce, c->timestamp, c->body),
        out);
}

static enum outcome
judge(struct op *op, const struct client_answer *a, const struct verdict *verdicts,
    const struct tree **out, struct reason *why)
{
    const struct tree *t;
    enum outcome o;

    if (a->status != 200)
        return outcome_set(why, OUTCOME_UNKNOWN, "HTTP", "not the answer of the platform");
    if (tree_read(op, a->body, a->size, &t) != OK)
        return outcome_unread(op, why, "UNREADABLE");
    o = outcome_by(op, why, verdicts, tree_text(t, "code"), tree_text(t, "describe"));
    if (o == OUTCOME_DONE)
        *out = tree_get(t, "result");
    return o;
}

static enum outcome
call(struct op *op, const char *method, const char *body, const struct verdict *verdicts,
    const struct tree **out, struct reason *why)
{
    const struct conf *conf = my.conf;
    char nonce[NONCE + 1];
    struct nuonuo_call c = {conf->invoice_app_key, wire_nonce(op, SENID), nonce,
        arena_printf(op->arena, "%lld", (long long)op->now), body};
    struct client_header headers[] = {{"Content-Type", "application/json; charset=UTF-8"},
        {"X-Nuonuo-Sign", NULL}, {"accessToken", my.token},
        {"userTax", conf->invoice_seller_tax_number}, {"method", method}, {NULL, NULL}};
    struct client_request r = {.method = "POST",
        .headers = headers,
        .body = body,
        .size = strlen(body),
        .total_ms = SLOW_MS};
    struct client_answer answer;
    enum outcome o;

    if (my.secret == NULL)
        return outcome_no_key(why);
    secret_text("0123456789", nonce, NONCE);
    if (einvoice_nuonuo_sign(op, &c, my.secret, &headers[1].value) != OK)
        return outcome_unsent(op, why);
    r.url = arena_printf(op->arena, "%s?senid=%s&nonce=%s&timestamp=%s&appkey=%s",
        conf->invoice_base_url, c.senid, c.nonce, c.timestamp, wire_escape(op, c.app_key));
    o = provider_exchange(op, &r, &answer, why);
    return o == OUTCOME_DONE ? judge(op, &answer, verdicts, out, why) : o;
}

/* ,"name":"value", or nothing where there is no value */
static const char *
member(struct op *op, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return "";
    return arena_printf(op->arena, ",\"%s\":%s", name, tree_quote(op, value));
}

static const char *
rate(struct op *op)
{
    return arena_printf(op->arena, "0.%02d", (int)my.conf->invoice_tax_percent);
}

static const char *
push_mode(const struct invoice_request *r)
{
    if (r->email != NULL)
        return r->mobile != NULL ? "2" : "0";
    return r->mobile != NULL ? "1" : "-1";
}

/* One line: the service with its tax. */
static const char *
detail(struct op *op, const struct invoice_request *r)
{
    const char *all = wire_yuan(op, r->amount_fen);

    return arena_printf(op->arena,
        "[{\"goodsName\":%s,\"goodsCode\":%s,\"withTaxFlag\":\"1\",\"price\":\"%s\",\"num\":\"1\","
        "\"unit\":\"项\",\"taxRate\":\"%s\",\"taxExcludedAmount\":\"%s\",\"tax\":\"%s\","
        "\"taxIncludedAmount\":\"%s\",\"invoiceLineProperty\":\"0\",\"favouredPolicyFlag\":\"0\"}]",
        tree_quote(op, my.conf->invoice_goods_name), tree_quote(op, my.conf->invoice_goods_code),
        all, rate(op), wire_yuan(op, r->excluded_fen), wire_yuan(op, r->tax_fen), all);
}

static enum outcome
nuonuo_issue(struct op *op, const struct invoice_request *r, struct reason *why)
{
    const struct conf *c = my.conf;
    const struct tree *result;
    const char *buyer, *seller, *body;

    buyer = arena_printf(op->arena,
        "\"buyerName\":%s,\"naturalPersonFlag\":\"%d\"%s%s%s%s%s,\"pushMode\":\"%s\"",
        tree_quote(op, r->buyer_name), r->natural_person,
        member(op, "buyerTaxNum", r->natural_person ? NULL : r->tax_number),
        member(op, "buyerAddress", r->address_phone), member(op, "buyerAccount", r->bank_account),
        member(op, "buyerPhone", r->mobile), member(op, "email", r->email), push_mode(r));
    seller = arena_printf(op->arena, "\"salerTaxNum\":%s%s%s%s,\"clerk\":%s",
        tree_quote(op, c->invoice_seller_tax_number),
        member(op, "salerTel", c->invoice_seller_phone),
        member(op, "salerAddress", c->invoice_seller_address),
        member(op, "salerAccount", c->invoice_seller_account), tree_quote(op, c->invoice_clerk));
    body = arena_printf(op->arena,
        "{\"order\":{\"orderNo\":%s,\"invoiceDate\":\"%s\",\"invoiceType\":\"1\","
        "\"invoiceLine\":\"%s\",%s,%s,\"remark\":%s,\"invoiceDetail\":%s}}",
        tree_quote(op, r->number), wire_format_cn(op, op->now, "%Y-%m-%d %H:%M:%S"),
        r->special ? "bs" : "pc", buyer, seller,
        tree_quote(op, arena_printf(op->arena, "业务单号%s", r->order_no)), detail(op, r));
    return call(op, METHOD "requestBillingNew", body, sent_verdicts, &result, why);
}

/* ---- what became of it ---- */

/* The platform writes numbers as such or as text. */
static int64_t
number(const struct tree *t, const char *name)
{
    const char *text = tree_text(t, name);
    int64_t n = -1;

    if (text != NULL)
        return text_int(text, &n) ? n : -1;
    return tree_int(t, name, &n) ? n : -1;
}

/* Fen of an amount, below 0 on red invoices. */
static bool
amount(const struct tree *t, const char *name, int64_t *fen)
{
    const char *text = tree_text(t, name);
    bool minus = text != NULL && *text == '-';

    if (text == NULL || !wire_fen(text + minus, fen))
        return false;
    *fen = minus ? -*fen : *fen;
    return true;
}

static bool
is_number(const char *s)
{
    return s != NULL && strlen(s) == 20 && strspn(s, "0123456789") == 20;
}

static enum outcome
read_issued(const struct tree *t, struct invoice_status *out, struct reason *why)
{
    struct invoice_status s = {.stage = INVOICE_DONE,
        .invoice_number = tree_text(t, "allElectronicInvoiceNumber"),
        .issued_at = number(t, "invoiceTime") / 1000,
        .pdf_url = tree_text(t, "pdfUrl")};

    if (!is_number(s.invoice_number) || s.issued_at <= 0 ||
        !amount(t, "exTaxAmount", &s.excluded_fen) || !amount(t, "taxAmount", &s.tax_fen))
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "an invoice without its numbers");
    *out = s;
    return outcome_set(why, OUTCOME_DONE, NULL, NULL);
}

static enum outcome
nuonuo_query(struct op *op, const char *number_, struct invoice_status *out, struct reason *why)
{
    const char *body = arena_printf(
        op->arena, "{\"orderNos\":[%s],\"isOfferInvoiceDetail\":\"0\"}", tree_quote(op, number_));
    const struct tree *list = NULL, *t;
    enum outcome o = call(op, METHOD "queryInvoiceResult", body, asked_verdicts, &list, why);

    if (o != OUTCOME_DONE)
        return o;
    if (list == NULL || list->kind != TREE_ARRAY)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no list of invoices");
    for (t = list->first; t != NULL; t = t->next)
        if (tree_text(t, "orderNo") != NULL && strcmp(tree_text(t, "orderNo"), number_) == 0)
            break;
    if (t == NULL)
        return outcome_set(why, OUTCOME_REFUSED, "NOT_FOUND", NULL);
    switch (number(t, "status")) {
    case 2:
        return read_issued(t, out, why);
    case 20:
    case 21:
        *out = (struct invoice_status){.stage = INVOICE_AT_WORK};
        return o;
    case 24:
        *out = (struct invoice_status){.stage = INVOICE_UNSEALED};
        return o;
    case 3:
    case 22:
    case 31:
        outcome_said(op, why, o, tree_text(t, "status"), tree_text(t, "failCause"));
        *out = (struct invoice_status){.stage = INVOICE_NOT_MADE, .failure = why->text};
        return o;
    }
    return outcome_said(op, why, OUTCOME_UNKNOWN, "STATUS", tree_text(t, "status"));
}

static enum outcome
nuonuo_reseal(struct op *op, const char *number_, struct reason *why)
{
    const struct tree *result;

    return call(op, METHOD "reInvoice",
        arena_printf(op->arena, "{\"orderno\":%s}", tree_quote(op, number_)), sent_verdicts,
        &result, why);
}

/* ---- taking one back ---- */

/* The confirmation of the red invoice, made once under our number, and how far it is: "01" needs no
 * buyer, "04" both have agreed, "02" and "03" wait for somebody, the others are its end. */
static enum outcome
confirm(struct op *op, const struct invoice_reversal *r, const char **bill_no, struct reason *why)
{
    static const struct verdict stages[] = {{"01", OUTCOME_DONE, NULL}, {"04", OUTCOME_DONE, NULL},
        {"02", OUTCOME_UNKNOWN, "WAITS_FOR_BUYER"}, {"03", OUTCOME_UNKNOWN, "WAITS_FOR_BUYER"},
        {"0*", OUTCOME_REFUSED, NULL}, {"10", OUTCOME_REFUSED, NULL},
        {NULL, OUTCOME_UNKNOWN, NULL}};
    const struct tree *t = NULL;
    enum outcome o;

    o = call(op, METHOD "saveInvoiceRedConfirm",
        arena_printf(op->arena,
            "{\"billId\":%s,\"blueInvoiceLine\":\"%s\",\"applySource\":\"0\","
            "\"blueElecInvoiceNumber\":%s,\"billTime\":\"%s\",\"sellerTaxNo\":%s%s,"
            "\"redReason\":\"%d\"}",
            tree_quote(op, r->number), r->special ? "bs" : "pc", tree_quote(op, r->blue),
            wire_format_cn(op, op->now, "%Y-%m-%d %H:%M:%S"),
            tree_quote(op, my.conf->invoice_seller_tax_number),
            member(op, "buyerTaxNo", r->buyer_tax_number), RED_FOR_SERVICE),
        sent_verdicts, &t, why);
    if (o != OUTCOME_DONE)
        return o;
    o = call(op, METHOD "queryInvoiceRedConfirm",
        arena_printf(op->arena, "{\"identity\":\"0\",\"billId\":%s}", tree_quote(op, r->number)),
        asked_verdicts, &t, why);
    if (o != OUTCOME_DONE)
        return o == OUTCOME_REFUSED ? outcome_set(why, OUTCOME_UNKNOWN, "NOT_FOUND", NULL) : o;
    *bill_no = tree_text(t, "list.0.billNo");
    if (*bill_no == NULL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "a confirmation without number");
    return outcome_by(
        op, why, stages, tree_text(t, "list.0.billStatus"), tree_text(t, "list.0.billMessage"));
}

static enum outcome
nuonuo_reverse(struct op *op, const struct invoice_reversal *r, struct reason *why)
{
    const struct tree *result;
    const char *bill_no = "";
    enum outcome o = confirm(op, r, &bill_no, why);

    if (o != OUTCOME_DONE)
        return o;
    return call(op, METHOD "fastInvoiceRed",
        arena_printf(op->arena, "{\"orderNo\":%s,\"billNo\":%s,\"clerk\":%s}",
            tree_quote(op, r->number), tree_quote(op, bill_no),
            tree_quote(op, my.conf->invoice_clerk)),
        sent_verdicts, &result, why);
}

/* ---- the file ---- */

/* That of the platform itself, or one of those named in the settings. */
static bool
is_ours(struct op *op, const char *url)
{
    const char *host = client_host(op, url);
    size_t n = strlen(host);

    if (!client_url_ok(url, my.conf->sandbox != 0))
        return false;
    if (strcmp(host, client_host(op, my.conf->invoice_base_url)) == 0)
        return true;
    for (const char *p = my.conf->invoice_file_hosts; *p != '\0';
         p += strcspn(p, " "), p += strspn(p, " "))
        if (strcspn(p, " ") == n && strncmp(p, host, n) == 0)
            return true;
    return false;
}

static enum outcome
nuonuo_fetch(struct op *op, const char *url, struct invoice_file *out, struct reason *why)
{
    struct client_header none[] = {{NULL, NULL}};
    struct client_request r = {.method = "GET",
        .url = url,
        .headers = none,
        .total_ms = SLOW_MS,
        .most = INVOICE_FILE_MOST};
    struct client_answer answer;
    enum outcome o;

    if (!is_ours(op, url))
        return outcome_set(why, OUTCOME_REFUSED, "HOST", "the file is elsewhere");
    o = provider_exchange(op, &r, &answer, why);
    if (o != OUTCOME_DONE)
        return o;
    if (answer.status != 200 || answer.size == 0)
        return outcome_set(why, OUTCOME_UNKNOWN, "HTTP", "no file there");
    *out = (struct invoice_file){answer.body, answer.size};
    return o;
}

static const struct invoice_provider nuonuo = {
    .name = "nuonuo",
    .issue = nuonuo_issue,
    .query = nuonuo_query,
    .reseal = nuonuo_reseal,
    .reverse = nuonuo_reverse,
    .fetch = nuonuo_fetch,
};

enum err
einvoice_nuonuo_open(struct loading *l, const struct invoice_provider **out)
{
    const struct conf *c = l->conf;

    *out = NULL;
    if (*c->invoice_base_url == '\0')
        return OK;
    TRY(load_base(l, "invoice_base_url", c->invoice_base_url));
    TRY(load_text(l, "invoice_app_key", c->invoice_app_key));
    TRY(load_text(l, "invoice_seller_tax_number", c->invoice_seller_tax_number));
    TRY(load_text(l, "invoice_clerk", c->invoice_clerk));
    TRY(load_text(l, "invoice_goods_name", c->invoice_goods_name));
    if (strlen(c->invoice_goods_code) != GOODS_CODE ||
        strspn(c->invoice_goods_code, "0123456789") != GOODS_CODE)
        return load_failed(l, "invoice_goods_code", "does not have 19 digits");
    TRY(load_secret(l, "invoice_app_secret_file", c->invoice_app_secret_file, 8, 128, &my.secret));
    TRY(load_secret(l, "invoice_token_file", c->invoice_token_file, 8, 256, &my.token));
    my.conf = c;
    *out = &nuonuo;
    return OK;
}

void
einvoice_nuonuo_close(void)
{
    unload_secret(&my.secret);
    unload_secret(&my.token);
}
