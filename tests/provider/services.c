/*
 * Bank, courier and SMS against the sandbox: every result that the hall tells apart.
 *
 *   services SETTINGS SANDBOX_PORT HALL_PORT     (tests/provider/run.mjs starts both)
 */
#include <time.h>

#include "control.h"
#include "tap.h"

#define ID "11010519491231002X"
enum { THREADS = 8, CALLS = 5 };

static struct providers p;
static struct conf conf;
static int serial;

static struct op
new_op(void)
{
    struct op op = op_new(time(NULL));

    op.conf = &conf;
    return op;
}

static const char *
new_number(struct op *op, const char *stem)
{
    return arena_printf(op->arena, "%s%06d%04d", stem, (int)(getpid() % 1000000), ++serial);
}

/* Sets one mode for the next call of an action. */
static void
next(struct op *op, const char *provider, const char *action, const char *mode)
{
    behave(op, provider, action, mode, 1);
}

/* ---- Bank ---- */

static struct transfer_request
transfer_of(struct op *op, const char *account)
{
    return (struct transfer_request){new_number(op, "T"), "测试公司甲", "102584000002", account,
        "PIN:0123456789 深圳CA", 1, false};
}

static void
test_transfer_ends(struct op *op)
{
    static const struct {
        const char *account, *mode;
        enum outcome outcome;
        enum transfer_state state;
        enum transfer_reason reason;
    } rows[] = {
        {"6222000000007777", NULL, OUTCOME_DONE, TRANSFER_PAID, TRANSFER_NO_REASON},
        {"6222000000000001", NULL, OUTCOME_DONE, TRANSFER_FAILED, TRANSFER_NAME_MISMATCH},
        {"6222000000000002", NULL, OUTCOME_DONE, TRANSFER_FAILED, TRANSFER_NO_ACCOUNT},
        {"6222000000000003", NULL, OUTCOME_DONE, TRANSFER_FAILED, TRANSFER_ACCOUNT_STATUS},
        {"6222000000009005", NULL, OUTCOME_DONE, TRANSFER_FAILED, TRANSFER_WRONG_BRANCH},
        {"6222000000009008", NULL, OUTCOME_DONE, TRANSFER_FAILED, TRANSFER_BANK_SYSTEM},
        {"6222000000007777", "other", OUTCOME_DONE, TRANSFER_FAILED, TRANSFER_OTHER},
        {"6222000000007777", "in_process", OUTCOME_DONE, TRANSFER_PROCESSING, TRANSFER_NO_REASON},
        {"6222000000007777", "approval", OUTCOME_DONE, TRANSFER_PROCESSING, TRANSFER_NO_REASON},
        {"6222000000007777", "suspicious", OUTCOME_UNKNOWN, 0, 0},
        {"6222000000007777", "refused", OUTCOME_REFUSED, 0, 0},
        {"6222000000007777", "no_balance", OUTCOME_REFUSED, 0, 0},
        {"6222000000007777", "gateway_error", OUTCOME_UNKNOWN, 0, 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct transfer_request r = transfer_of(op, rows[i].account);
        struct transfer_status s = {0};
        struct reason why;
        enum outcome o;

        if (rows[i].mode != NULL)
            next(op, "bank", "BB1PAYOP", rows[i].mode);
        o = p.bank->transfer(op, &r, &s, &why);
        ok(o == rows[i].outcome &&
                (o != OUTCOME_DONE || (s.state == rows[i].state && s.reason == rows[i].reason)),
            "to %s, %s: %s, state %d, reason %d (%s %s)", rows[i].account,
            rows[i].mode == NULL ? "as its number says" : rows[i].mode, outcome_name(o),
            (int)s.state, (int)s.reason, why.code, why.text);
        if (o != OUTCOME_DONE)
            continue;
        memset(&s, 0, sizeof(s));
        ok(p.bank->query(op, r.reference, op->now, &s, &why) == OUTCOME_DONE &&
                s.state == rows[i].state && s.reason == rows[i].reason && s.bank_serial != NULL,
            "and the query agrees");
    }
}

static void
test_transfer_life(struct op *op)
{
    struct transfer_request r = transfer_of(op, "6222000000006666"), other;
    struct transfer_status s = {0};
    struct reason why;
    const struct tree *t;

    next(op, "bank", "BB1PAYOP", "in_process");
    ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_DONE && s.state == TRANSFER_PROCESSING,
        "a transfer is under way");
    ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_DONE && s.state == TRANSFER_PROCESSING,
        "sent again it is the same one");
    other = r;
    other.account_number = "6222000000006667";
    ok(p.bank->transfer(op, &other, &s, &why) == OUTCOME_UNKNOWN,
        "the reference with another account is no success (%s)", why.code);
    control(op, "POST", arena_printf(op->arena, "/sandbox/transfers/%s", r.reference),
        "{\"state\":\"paid\"}");
    ok(p.bank->query(op, r.reference, op->now, &s, &why) == OUTCOME_DONE &&
            s.state == TRANSFER_PAID,
        "it arrives");
    t = control(op, "GET", "/sandbox/bank-statement?account_number=6222000000006666", "");
    is(tree_text(t, "items.0.memo"), r.memo, "the payee reads the memo");
    ok(tree_get(t, "items.1") == NULL, "once");
    next(op, "bank", "BB1PAYQR", "not_found");
    ok(p.bank->query(op, r.reference, op->now, &s, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "NOT_FOUND") == 0,
        "the bank may forget for a while");
    control(op, "POST", arena_printf(op->arena, "/sandbox/transfers/%s", r.reference),
        "{\"state\":\"returned\",\"reason\":\"no_account\"}");
    ok(p.bank->query(op, r.reference, op->now, &s, &why) == OUTCOME_DONE &&
            s.state == TRANSFER_RETURNED && s.reason == TRANSFER_NO_ACCOUNT,
        "and give it back (%s %s)", why.code, why.text);
}

static void
test_refund(struct op *op)
{
    struct transfer_request r = transfer_of(op, "6222000000004444");
    struct transfer_status s = {0};
    struct reason why;
    const struct tree *t;
    int64_t fen = 0;

    r.gives_back = true;
    r.amount_fen = conf.bank_refund_most_fen;
    r.memo = "退款";
    ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_DONE && s.state == TRANSFER_PAID,
        "a refund goes out by transfer (%s %s)", why.code, why.text);
    t = control(op, "GET", "/sandbox/bank-statement?account_number=6222000000004444", "");
    ok(tree_int(t, "items.0.amount_fen", &fen) && fen == r.amount_fen, "in full");
}

static void
test_transfer_refused_here(struct op *op)
{
    static const char *const memos[] = {"", "一二三四五六七八九十一二三四五x", "PIN|1", "PIN😀"};
    struct transfer_request r;
    struct transfer_status s;
    struct reason why;
    int64_t before = last_request(op);
    bool good;

    for (size_t i = 1; i < sizeof(memos) / sizeof(*memos); i++) {
        r = transfer_of(op, "6222000000005555");
        r.memo = memos[i];
        ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_REFUSED, "memo %zu: %s", i, why.text);
    }
    r = transfer_of(op, "6222000000005555");
    r.amount_fen = 2;
    ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_REFUSED, "two fen are never paid");
    r.gives_back = true;
    r.amount_fen = conf.bank_refund_most_fen + 1;
    ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_REFUSED, "nor a refund above its limit");
    r = transfer_of(op, "6222000000005555");
    r.reference = "T-1";
    ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_REFUSED, "a reference of odd characters");
    r = transfer_of(op, "6222 0000");
    ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_REFUSED,
        "an account number of odd characters");
    r = transfer_of(op, "6222000000005555");
    r.account_name = "测试😀";
    ok(p.bank->transfer(op, &r, &s, &why) == OUTCOME_REFUSED, "a name that GBK cannot write");
    ok(requests_since(op, before, "bank", "BB1PAYOP", &good) == 0, "and the bank heard of none");
}

static void
test_statement(struct op *op)
{
    const char *day;
    struct bank_line *lines = NULL;
    struct reason why;
    size_t n = 0, ours = 0, twice = 0;
    time_t china = (time_t)op->now + 8 * 3600;
    char text[9];
    struct tm tm;

    for (int i = 0; i < 8; i++)
        control(op, "POST", "/sandbox/bank-credits",
            arena_printf(op->arena,
                "{\"payer_name\":\"测试公司%d\",\"payer_account\":\"622200000000888%d\","
                "\"amount_fen\":%d,\"memo\":\"订单 SZ%d\"}",
                i, i, 24300 + i, i));
    strftime(text, sizeof(text), "%Y%m%d", gmtime_r(&china, &tm));
    day = text;
    ok(p.bank->statement(op, day, &lines, &n, &why) == OUTCOME_DONE && n >= 8,
        "%zu credits over several pages (%s)", n, why.code);
    for (size_t i = 0; i < n; i++) {
        ours += lines[i].amount_fen >= 24300 && lines[i].amount_fen < 24308 &&
                strncmp(lines[i].payer_name, "测试公司", 12) == 0 &&
                strncmp(lines[i].memo, "订单 SZ", 9) == 0 && strlen(lines[i].payer_account) == 16 &&
                llabs(lines[i].at - op->now) < 300;
        for (size_t k = 0; k < i; k++)
            twice += strcmp(lines[i].serial, lines[k].serial) == 0;
    }
    ok(ours == 8 && twice == 0, "each of ours once");
    ok(p.bank->statement(op, "20200101", &lines, &n, &why) == OUTCOME_DONE && n == 0,
        "an empty day is empty");
    behave(op, "bank", "trsQryByBreakPoint", "garbage_truncated", 1);
    ok(p.bank->statement(op, day, &lines, &n, &why) == OUTCOME_UNKNOWN,
        "a page that cannot be read spoils the whole statement");
}

/* ---- Courier and SMS ---- */

static void
event(struct op *op, const char *number, const char *fields)
{
    control(op, "POST", arena_printf(op->arena, "/sandbox/parcels/%s/events", number),
        arena_printf(op->arena, "{%s}", fields));
}

static void
test_courier(struct op *op)
{
    static const struct {
        const char *fields;
        enum parcel_state state;
    } steps[] = {
        {"\"state\":\"picked\",\"phone_tail\":\"0001\"", PARCEL_PICKED},
        {"\"state\":\"transit\"", PARCEL_IN_TRANSIT},
        {"\"state\":\"out\"", PARCEL_OUT},
        {"\"state\":\"problem\"", PARCEL_PROBLEM},
        {"\"state\":\"lost\"", PARCEL_LOST},
        {"\"op_code\":\"98765\"", PARCEL_IN_TRANSIT},
        {"\"state\":\"returning\"", PARCEL_RETURNING},
        {"\"state\":\"returned\"", PARCEL_RETURNED},
        {"\"state\":\"signed\"", PARCEL_SIGNED},
    };
    const char *no = new_number(op, "SF");
    struct parcel_event *e = NULL;
    struct reason why;
    size_t n = 0;

    ok(p.courier->track(op, no, "0001", &e, &n, &why) == OUTCOME_DONE && n == 0,
        "nothing is known of a new waybill");
    for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        event(op, no, steps[i].fields);
        if (i == 4)
            next(op, "sf", "EXP_RECE_SEARCH_ROUTES", "routes_object");
        ok(p.courier->track(op, no, "0001", &e, &n, &why) == OUTCOME_DONE && n == i + 1 &&
                e[i].state == steps[i].state && strcmp(e[i].tracking_no, no) == 0 &&
                llabs(e[i].at - op->now) < 120 && *e[i].event_id != '\0' && *e[i].remark != '\0',
            "step %zu, %s: %s", i, e != NULL && n > i ? e[i].code : "", why.code);
    }
    ok(p.courier->track(op, no, "0002", &e, &n, &why) == OUTCOME_DONE && n == 0,
        "who does not know the phone sees nothing");
}

static void
test_sms(struct op *op)
{
    static const char *const params[] = {"no", "SZ2026", "amt", "243.00", "date", "11月30日", NULL};
    static const struct {
        const char *mode;
        enum outcome sent;
    } refusals[] = {
        {"throttling", OUTCOME_NOT_SENT},
        {"arrears", OUTCOME_NOT_SENT},
        {"out_of_service", OUTCOME_NOT_SENT},
        {"business_limit", OUTCOME_REFUSED},
        {"illegal_number", OUTCOME_REFUSED},
        {"signature_illegal", OUTCOME_REFUSED},
        {"template_illegal", OUTCOME_REFUSED},
        {"system_error", OUTCOME_UNKNOWN},
    };
    struct sms_message m = {new_number(op, "M"), "13800002222", "N03", "", params};
    struct sms_receipt receipt = {NULL};
    const struct tree *t;
    struct reason why;

    ok(p.sms->query(op, &m, op->now, &receipt, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "NOT_FOUND") == 0,
        "nothing was sent yet");
    ok(p.sms->send(op, &m, &receipt, &why) == OUTCOME_DONE && receipt.provider_id != NULL,
        "a message goes out (%s)", why.code);
    ok(p.sms->query(op, &m, op->now, &receipt, &why) == OUTCOME_DONE, "and arrives (%s)", why.code);
    t = control(op, "GET", "/sandbox/messages?phone=13800002222", "");
    ok(tree_text(t, "items.0.text") != NULL &&
            strstr(tree_text(t, "items.0.text"), "订单SZ2026已收到付款243.00元") != NULL,
        "with its words");
    m.key = new_number(op, "M");
    next(op, "sms", "SendSms", "delivery_failed");
    ok(p.sms->send(op, &m, &receipt, &why) == OUTCOME_DONE, "a telephone that is off");
    ok(p.sms->query(op, &m, op->now, &receipt, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "UNDELIV") == 0,
        "gets nothing (%s)", why.code);
    m.key = new_number(op, "M");
    next(op, "sms", "SendSms", "delivery_slow");
    ok(p.sms->send(op, &m, &receipt, &why) == OUTCOME_DONE, "a slow network");
    ok(p.sms->query(op, &m, op->now, &receipt, &why) == OUTCOME_UNKNOWN, "is waited for");
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        enum outcome o;

        m.key = new_number(op, "M");
        next(op, "sms", "SendSms", refusals[i].mode);
        o = p.sms->send(op, &m, &receipt, &why);
        ok(o == refusals[i].sent, "%s: %s (%s)", refusals[i].mode, outcome_name(o), why.code);
    }
    m.template = "N99";
    ok(p.sms->send(op, &m, &receipt, &why) == OUTCOME_REFUSED, "no such template (%s)", why.code);
}

/* ---- Many threads at once ---- */

static void *
hammer(void *arg)
{
    long *bad = arg;

    for (int i = 0; i < CALLS; i++) {
        struct op op = new_op();
        struct pay_status s;
        struct transfer_status transfer;
        struct parcel_event *events;
        struct reason why;
        enum match m;
        size_t n;

        *bad += p.wechat_pay->query(&op, "NOSUCHORDER1", &s, &why) != OUTCOME_DONE;
        *bad += p.alipay->query(&op, "NOSUCHORDER1", &s, &why) != OUTCOME_DONE;
        *bad += p.bank->query(&op, "NOSUCH1", op.now, &transfer, &why) != OUTCOME_REFUSED;
        *bad += p.courier->track(&op, "SF0", "1", &events, &n, &why) != OUTCOME_DONE;
        *bad += p.identity->phone_match(&op, "测试甲", ID, "13800005555", &m, &why) != OUTCOME_DONE;
        arena_free(op.arena);
    }
    return NULL;
}

static void
test_threads(void)
{
    pthread_t threads[THREADS];
    long bad[THREADS] = {0}, total = 0;

    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, hammer, &bad[i]) != 0)
            exit(1);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        total += bad[i];
    }
    ok(total == 0, "%d threads call at once, %ld calls went wrong", THREADS, total);
}

int
main(int argc, char **argv)
{
    struct op op = new_op();
    char why[256] = "";

    if (argc != 4 || conf_read(&conf, argv[1], why, sizeof(why)) != OK) {
        printf("Bail out! usage: services SETTINGS SANDBOX_PORT HALL_PORT (%s)\n", why);
        return 1;
    }
    sandbox_port = atoi(argv[2]);
    op.conf = &conf;
    op.deadline_ms += 240000;
    ok(providers_open(&conf, false, &p, why, sizeof(why)) == OK, "the connectors open %s", why);
    test_transfer_ends(&op);
    test_transfer_life(&op);
    test_refund(&op);
    test_transfer_refused_here(&op);
    test_statement(&op);
    test_courier(&op);
    test_sms(&op);
    test_threads();
    providers_close();
    arena_free(op.arena);
    return done();
}
