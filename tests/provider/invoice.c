/*
 * Electronic invoices against the sandbox: every end that the hall tells apart.
 *
 *   invoice SETTINGS SANDBOX_PORT        (tests/provider/run.mjs starts both)
 */
#include <time.h>

#include "control.h"
#include "tap.h"

static const struct invoice_provider *invoices;
static int serial;

static struct invoice_request
request(struct op *op)
{
    return (struct invoice_request){
        .number = arena_printf(op->arena, "%08d%06dF%02d", (int)(op->now % 100000000),
            (int)(getpid() % 1000000), ++serial),
        .order_no = "20260101000000017",
        .buyer_name = "测试公司\"甲\"",
        .tax_number = "91210102MA0ABCD1XL",
        .email = "invoice@example.com",
        .amount_fen = 24000,
        .excluded_fen = 22642,
        .tax_fen = 1358,
    };
}

static void
next(struct op *op, const char *action, const char *mode)
{
    behave(op, "nuonuo", action, mode, 1);
}

/* Asks until the platform is done with it, a few seconds at most. */
static struct invoice_status
wait_for(struct op *op, const char *number)
{
    struct invoice_status s = {.stage = INVOICE_AT_WORK};
    struct timespec pause = {0, 50000000};
    struct reason why;

    for (int i = 0; i < 100 && s.stage == INVOICE_AT_WORK; i++) {
        if (invoices->query(op, number, &s, &why) != OUTCOME_DONE)
            break;
        nanosleep(&pause, NULL);
    }
    return s;
}

static const struct tree *
seen(struct op *op, const char *number)
{
    const struct tree *items = tree_get(control(op, "GET", "/sandbox/invoices", ""), "items");
    const struct tree *found = NULL;

    for (const struct tree *t = items->first; t != NULL; t = t->next)
        if (strcmp(tree_text(t, "order_no"), number) == 0)
            found = t;
    return found;
}

static void
test_blue(struct op *op)
{
    struct invoice_request r = request(op);
    struct invoice_status s = {0};
    struct invoice_file f = {NULL, 0};
    struct reason why;
    const struct tree *t;

    ok(invoices->query(op, r.number, &s, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "NOT_FOUND") == 0,
        "nothing is known before it was asked for");
    ok(invoices->issue(op, &r, &why) == OUTCOME_DONE, "an ordinary one is accepted (%s)", why.text);
    ok(invoices->issue(op, &r, &why) == OUTCOME_DONE && strcmp(why.code, "E9106") == 0,
        "the same number again is the same one");
    ok(invoices->query(op, r.number, &s, &why) == OUTCOME_DONE && s.stage == INVOICE_AT_WORK,
        "it is at work");
    s = wait_for(op, r.number);
    ok(s.stage == INVOICE_DONE && strlen(s.invoice_number) == 20 && s.excluded_fen == 22642 &&
            s.tax_fen == 1358 && llabs(s.issued_at - op->now) < 60,
        "and issued, over our amounts");
    ok(invoices->fetch(op, s.pdf_url, &f, &why) == OUTCOME_DONE && f.size > 500 &&
            memcmp(f.data, "%PDF-", 5) == 0,
        "its file comes (%s)", why.code);
    next(op, "file", "no_pdf");
    ok(invoices->fetch(op, s.pdf_url, &f, &why) == OUTCOME_UNKNOWN, "or not yet");
    t = seen(op, r.number);
    is(tree_text(t, "title"), r.buyer_name, "the title is what we wrote");
    is(tree_text(t, "push_mode"), "0", "and it goes out by mail");
    next(op, "queryInvoiceResult", "strange_host");
    ok(invoices->query(op, r.number, &s, &why) == OUTCOME_DONE &&
            invoices->fetch(op, s.pdf_url, &f, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "HOST") == 0,
        "a file on another host is not fetched");
    ok(invoices->fetch(op, "http://127.0.0.1:1@example.com/x.pdf", &f, &why) == OUTCOME_REFUSED &&
            invoices->fetch(op, "file:///etc/passwd", &f, &why) == OUTCOME_REFUSED,
        "nor is anything that only looks like it");
}

static void
test_kinds(struct op *op)
{
    struct invoice_request special = request(op), person = request(op), wrong = request(op);
    struct reason why;

    special.special = true;
    special.address_phone = "测试路1号 024-12345678";
    special.bank_account = "测试银行 6222000000007777";
    special.mobile = "13800001234";
    ok(invoices->issue(op, &special, &why) == OUTCOME_DONE, "a special one (%s)", why.text);
    is(tree_text(seen(op, special.number), "kind"), "special", "is one");
    person.natural_person = true;
    person.buyer_name = "张三";
    ok(invoices->issue(op, &person, &why) == OUTCOME_DONE, "a person's (%s)", why.text);
    wrong.tax_number = "1";
    ok(invoices->issue(op, &wrong, &why) == OUTCOME_REFUSED && strstr(why.text, "税号") != NULL,
        "a wrong tax number is refused in words (%s)", why.text);
    wrong = request(op);
    wrong.tax_fen++;
    ok(invoices->issue(op, &wrong, &why) == OUTCOME_REFUSED, "and so are wrong sums");
}

static void
test_ends(struct op *op)
{
    struct invoice_request failed = request(op), unsealed = request(op), soon = request(op);
    struct invoice_status s;
    struct reason why;

    next(op, "requestBillingNew", "issue_failed");
    ok(invoices->issue(op, &failed, &why) == OUTCOME_DONE, "accepted");
    s = wait_for(op, failed.number);
    ok(s.stage == INVOICE_NOT_MADE && strstr(s.failure, "开票失败") != NULL, "and then failed");
    next(op, "requestBillingNew", "seal_failed");
    ok(invoices->issue(op, &unsealed, &why) == OUTCOME_DONE, "accepted");
    s = wait_for(op, unsealed.number);
    ok(s.stage == INVOICE_UNSEALED, "issued without a seal");
    ok(invoices->reseal(op, unsealed.number, &why) == OUTCOME_DONE &&
            wait_for(op, unsealed.number).stage == INVOICE_DONE,
        "which is put on again");
    ok(invoices->issue(op, &soon, &why) == OUTCOME_DONE, "accepted");
    next(op, "queryInvoiceResult", "not_stored_yet");
    ok(invoices->query(op, soon.number, &s, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "NOT_FOUND") == 0 && wait_for(op, soon.number).stage == INVOICE_DONE,
        "not found right after it was sent, and found a moment later");
    next(op, "requestBillingNew", "retry_limit");
    ok(invoices->issue(op, &soon, &why) == OUTCOME_NOT_SENT, "too often");
    next(op, "requestBillingNew", "token_expired");
    ok(invoices->issue(op, &soon, &why) == OUTCOME_NOT_SENT, "a token that no longer holds");
    next(op, "queryInvoiceResult", "unknown_enum");
    ok(invoices->query(op, soon.number, &s, &why) == OUTCOME_UNKNOWN, "a state nobody knows");
}

static void
test_red(struct op *op)
{
    struct invoice_request blue = request(op);
    struct invoice_reversal r = {.number = request(op).number};
    struct invoice_status s;
    struct reason why;

    r.blue = "26000000000000000000";
    ok(invoices->reverse(op, &r, &why) == OUTCOME_REFUSED, "there is nothing to take back");
    ok(invoices->issue(op, &blue, &why) == OUTCOME_DONE, "a blue one");
    r.blue = wait_for(op, blue.number).invoice_number;
    next(op, "queryInvoiceRedConfirm", "waits_for_buyer");
    ok(invoices->reverse(op, &r, &why) == OUTCOME_UNKNOWN &&
            strcmp(why.code, "WAITS_FOR_BUYER") == 0,
        "the buyer has to agree");
    ok(invoices->query(op, r.number, &s, &why) == OUTCOME_REFUSED, "nothing is red yet");
    ok(invoices->reverse(op, &r, &why) == OUTCOME_DONE, "the buyer has agreed (%s)", why.text);
    ok(invoices->reverse(op, &r, &why) == OUTCOME_DONE, "again is the same one (%s)", why.text);
    s = wait_for(op, r.number);
    ok(s.stage == INVOICE_DONE && s.excluded_fen == -22642 && s.tax_fen == -1358, "it is red");
    ok(strcmp(s.invoice_number, r.blue) != 0, "under a number of its own");
}

int
main(int argc, char **argv)
{
    struct op op = op_new(time(NULL));
    static struct conf conf;
    struct providers p;
    char why[256] = "";

    if (argc < 3 || conf_read(&conf, argv[1], why, sizeof(why)) != OK) {
        printf("Bail out! usage: invoice SETTINGS SANDBOX_PORT (%s)\n", why);
        return 1;
    }
    sandbox_port = atoi(argv[2]);
    op.conf = &conf;
    op.deadline_ms += 60000;
    ok(providers_open(&conf, false, &p, why, sizeof(why)) == OK, "the connectors open %s", why);
    invoices = p.invoice;
    test_blue(&op);
    test_kinds(&op);
    test_ends(&op);
    test_red(&op);
    providers_close();
    arena_free(op.arena);
    return done();
}
