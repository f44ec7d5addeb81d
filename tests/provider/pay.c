/*
 * A payment's whole life at WeChat Pay and Alipay, with the callbacks of the sandbox arriving here.
 *
 *   pay SETTINGS SANDBOX_PORT HALL_PORT      (tests/provider/run.mjs starts both)
 */
#include <time.h>

#include "control.h"
#include "tap.h"

enum { SEEN_MOST = 64, WAIT_MS = 5000 };

static struct providers p;
static struct conf conf;
static struct stub hall;
static int serial;

/* What each callback said, in the order of arrival; the stub's count says how many are there. */
static struct seen {
    enum err verdict;
    bool is_refund;
    int64_t amount_fen;
    enum pay_state state;
    char number[65], id[65], path[33];
} seen[SEEN_MOST];

static struct op
new_op(void)
{
    struct op op = op_new(time(NULL));

    op.conf = &conf;
    return op;
}

/* Runs in the hall's thread: verifies as the pool of callbacks does, and answers. */
static void
take_callback(struct stub *s)
{
    struct op op = new_op();
    char *text = arena_printf(op.arena, "%s", s->request), *end = strstr(text, "\r\n\r\n");
    struct pair *headers = NEW_N(op.arena, 64, struct pair);
    struct callback cb = {headers, end + 4, strlen(end + 4)};
    struct seen *out = &seen[s->count % SEEN_MOST];
    struct pay_event e = {0};
    const struct pay_provider *pay;
    const char *type, *body;
    int status;
    size_t n = 0;

    *end = '\0';
    memset(out, 0, sizeof(*out));
    sscanf(text, "POST %32s", out->path);
    for (char *line = strstr(text, "\r\n"); line != NULL && n < 63; line = strstr(line, "\r\n")) {
        char *colon = strchr(line += 2, ':'), *stop = strstr(line, "\r\n");

        if (colon == NULL)
            break;
        headers[n].name = arena_strndup(op.arena, line, (size_t)(colon - line));
        for (char *q = line; q < colon; q++)
            *q |= *q >= 'A' && *q <= 'Z' ? 0x20 : 0;
        headers[n].name = arena_strndup(op.arena, line, (size_t)(colon - line));
        colon += 1 + strspn(colon + 1, " ");
        headers[n++].value =
            arena_strndup(op.arena, colon, stop == NULL ? strlen(colon) : (size_t)(stop - colon));
    }
    pay = strcmp(out->path, "/callback/alipay") == 0 ? p.alipay : p.wechat_pay;
    out->verdict = pay->verify(&op, &cb, &e);
    if (out->verdict == OK) {
        out->is_refund = e.is_refund;
        out->state = e.pay.state;
        out->amount_fen = e.is_refund ? e.refund.amount_fen : e.pay.amount_fen;
        snprintf(out->number, sizeof(out->number), "%s",
            e.is_refund ? e.refund.out_refund_no : e.pay.out_trade_no);
        snprintf(out->id, sizeof(out->id), "%s", e.event_id);
    }
    pay->answer(out->verdict == OK, &status, &type, &body);
    {
        static char answer[512];

        s->mode = STUB_ANSWER;
        s->size = (size_t)snprintf(answer, sizeof(answer),
            "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: "
            "close\r\n\r\n%s",
            status, type, strlen(body), body);
        s->answer = answer;
    }
    arena_free(op.arena);
}

/* The callback that comes as number `index`; NULL when none comes in time. */
static const struct seen *
wait_for(int index)
{
    for (int ms = 0; hall.count <= index; ms += 5) {
        if (ms > WAIT_MS)
            return NULL;
        usleep(5000);
    }
    return &seen[index % SEEN_MOST];
}

static const char *
new_number(struct op *op)
{
    return arena_printf(op->arena, "P%06d%04d", (int)(getpid() % 1000000), ++serial);
}

static struct pay_request
order_of(struct op *op, const char *out_trade_no)
{
    return (struct pay_request){out_trade_no, "测试项目/证书=新办", 24300, op->now + 3600};
}

static const char *
open_order(struct op *op, const struct pay_provider *pay, const char *no)
{
    struct pay_request r = order_of(op, no);
    const char *url = NULL;
    struct reason why;
    enum outcome o = pay->open(op, &r, &url, &why);

    ok(o == OUTCOME_DONE && url != NULL && *url != '\0', "%s opens an order (%s %s)", pay->name,
        why.code, why.text);
    return url;
}

static void
scan(struct op *op, const char *url, const char *action)
{
    control(op, "POST", "/sandbox/payments",
        arena_printf(
            op->arena, "{\"code_url\":%s,\"action\":\"%s\"}", tree_quote(op, url), action));
}

static bool
is_state(struct op *op, const struct pay_provider *pay, const char *no, enum pay_state wanted)
{
    struct pay_status s = {0};
    struct reason why;

    return pay->query(op, no, &s, &why) == OUTCOME_DONE && s.state == wanted &&
           strcmp(s.out_trade_no, no) == 0;
}

static void
test_refunds(struct op *op, const struct pay_provider *pay, const char *sandbox, const char *refund,
    const char *no)
{
    struct refund_request r = {no, arena_printf(op->arena, "%sR1", no), "取消订单", 4300, 24300};
    struct refund_status s = {0};
    const struct seen *cb;
    const struct tree *items;
    struct reason why;
    int index = hall.count;
    size_t found = 0;

    ok(pay->refund_query(op, &r, &s, &why) == OUTCOME_REFUSED && strcmp(why.code, "NOT_FOUND") == 0,
        "no refund yet (%s)", why.code);
    behave(op, sandbox, refund, "not_enough", 1);
    ok(pay->refund(op, &r, &s, &why) == OUTCOME_NOT_SENT, "an empty account can be filled (%s)",
        why.code);
    ok(pay->refund(op, &r, &s, &why) == OUTCOME_DONE && s.amount_fen == 4300 &&
            strcmp(s.out_refund_no, r.out_refund_no) == 0 && s.refund_id != NULL,
        "43.00 go back (%s %s)", why.code, why.text);
    cb = wait_for(index);
    ok(cb != NULL && cb->verdict == OK && cb->is_refund && cb->amount_fen == 4300,
        "and a callback tells of it");
    is(cb == NULL ? "" : cb->number, r.out_refund_no, "by our number");
    ok(pay->refund_query(op, &r, &s, &why) == OUTCOME_DONE && s.state == REFUND_SUCCESS &&
            s.amount_fen == 4300,
        "the query agrees");
    ok(pay->refund(op, &r, &s, &why) == OUTCOME_DONE && s.amount_fen == 4300,
        "the same again answers the same (%s)", why.code);
    items = tree_get(control(op, "GET", "/sandbox/refunds", ""), "items");
    for (const struct tree *t = items->first; t != NULL; t = t->next)
        found += strcmp(tree_text(t, "out_refund_no"), r.out_refund_no) == 0;
    ok(found == 1, "and it was refunded %zu time", found);
    ok(is_state(op, pay, no, PAY_SUCCESS), "the order stays paid");

    r.out_refund_no = arena_printf(op->arena, "%sR2", no);
    r.refund_fen = 24300;
    ok(pay->refund(op, &r, &s, &why) == OUTCOME_REFUSED, "more than what is left is refused (%s)",
        why.code);
    r.refund_fen = 24301;
    ok(pay->refund(op, &r, &s, &why) == OUTCOME_REFUSED && strcmp(why.code, "REQUEST") == 0,
        "more than the total is not even asked for");
    r.out_refund_no = arena_printf(op->arena, "%sR3", no);
    r.refund_fen = 100;
    behave(op, sandbox, refund, "refund_processing", 1);
    ok(pay->refund(op, &r, &s, &why) == OUTCOME_DONE && s.state == REFUND_PROCESSING,
        "a refund may take its time (%s)", why.code);
    ok(pay->refund_query(op, &r, &s, &why) == OUTCOME_DONE && s.state == REFUND_PROCESSING,
        "and is asked for (%s)", why.code);
    index = hall.count;
    control(op, "POST", arena_printf(op->arena, "/sandbox/refunds/%s", r.out_refund_no),
        "{\"status\":\"SUCCESS\"}");
    ok(pay->refund_query(op, &r, &s, &why) == OUTCOME_DONE && s.state == REFUND_SUCCESS,
        "until it is done");
    cb = wait_for(index);
    ok(cb != NULL && cb->verdict == OK && cb->is_refund, "with its callback");
}

static void
test_paid(
    const struct pay_provider *pay, const char *sandbox, const char *query, const char *refund)
{
    struct op op = new_op();
    const char *no = new_number(&op), *url = open_order(&op, pay, no), *again;
    struct pay_request r = order_of(&op, no);
    struct pay_status s = {0};
    struct reason why;
    const struct seen *cb;
    int index = hall.count;

    ok(is_state(&op, pay, no, PAY_NOTPAY), "nobody has paid");
    again = open_order(&op, pay, no);
    ok(again != NULL, "a second code for the same order");
    r.amount_fen = 1;
    ok(pay->open(&op, &r, &again, &why) == OUTCOME_UNKNOWN,
        "the same number with another amount: ask first (%s)", why.code);
    scan(&op, url, "scan");
    ok(is_state(&op, pay, no, strcmp(pay->name, "alipay") == 0 ? PAY_NOTPAY : PAY_IN_PROCESS),
        "scanned");
    scan(&op, url, "pay");
    cb = wait_for(index);
    ok(cb != NULL && cb->verdict == OK && !cb->is_refund && cb->amount_fen == 24300 &&
            cb->state == PAY_SUCCESS,
        "the callback verifies");
    is(cb == NULL ? "" : cb->number, no, "with our number");
    ok(cb != NULL && *cb->id != '\0', "and an id");
    ok(pay->query(&op, no, &s, &why) == OUTCOME_DONE && s.state == PAY_SUCCESS &&
            s.amount_fen == 24300 && s.transaction_id != NULL && strcmp(s.currency, "CNY") == 0,
        "paid: 243.00 yuan (%s)", why.code);
    ok(llabs(s.paid_at - op.now) < 120, "just now");
    behave(&op, sandbox, query, "backwards", 1);
    ok(pay->query(&op, no, &s, &why) == OUTCOME_DONE && s.state != PAY_SUCCESS &&
            s.transaction_id == NULL,
        "a step back is told as it is, and claims no payment");
    r.amount_fen = 24300;
    ok(pay->open(&op, &r, &again, &why) == OUTCOME_REFUSED && strcmp(why.code, "PAID") == 0,
        "no second code once paid (%s)", why.code);
    ok(pay->close(&op, no, &why) == OUTCOME_REFUSED && strcmp(why.code, "PAID") == 0,
        "closing comes too late (%s)", why.code);
    test_refunds(&op, pay, sandbox, refund, no);
    arena_free(op.arena);
}

static void
test_closed(const struct pay_provider *pay)
{
    struct op op = new_op();
    const char *no = new_number(&op), *url = open_order(&op, pay, no), *again;
    struct pay_request r = order_of(&op, no);
    struct reason why;
    bool alipay = strcmp(pay->name, "alipay") == 0;

    if (alipay)
        scan(&op, url, "scan");
    ok(pay->close(&op, no, &why) == OUTCOME_DONE, "closed (%s)", why.code);
    ok(is_state(&op, pay, no, PAY_CLOSED), "and the query agrees");
    ok(pay->close(&op, no, &why) == OUTCOME_DONE, "closed twice is closed (%s)", why.code);
    ok(pay->open(&op, &r, &again, &why) == OUTCOME_REFUSED && strcmp(why.code, "CLOSED") == 0,
        "a closed order gets no code (%s)", why.code);
    no = new_number(&op);
    ok(is_state(&op, pay, no, PAY_NOTPAY), "an order that never was is not paid");
    ok(pay->close(&op, no, &why) == OUTCOME_DONE && strcmp(why.code, "NOT_FOUND") == 0,
        "and nothing is there to close");
    r = order_of(&op, "with blank");
    ok(pay->open(&op, &r, &again, &why) == OUTCOME_REFUSED, "a number of odd characters");
    r = order_of(&op, no);
    r.amount_fen = 0;
    ok(pay->open(&op, &r, &again, &why) == OUTCOME_REFUSED, "an amount of nothing");
    arena_free(op.arena);
}

/* A query between a close's refusal and its answer: Alipay says one code for paid and closed. */
static void
test_forged(const struct pay_provider *pay)
{
    struct op op = new_op();
    const char *no = new_number(&op), *url = open_order(&op, pay, no);
    const struct tree *items =
        tree_get(control(&op, "POST", "/sandbox/forged-callbacks",
                     arena_printf(op.arena, "{\"code_url\":%s}", tree_quote(&op, url))),
            "items");

    ok(length(items) >= 7, "%zu kinds of forged callbacks", length(items));
    for (const struct tree *t = items->first; t != NULL; t = t->next) {
        const char *variant = tree_text(t, "variant");
        /* These two are signed as they should be: the caller's own amount and orders find them. */
        bool signed_right =
            strcmp(variant, "other_amount") == 0 || strcmp(variant, "other_order") == 0;
        int64_t status = 0;

        ok(tree_int(t, "status", &status) && (status == 200) == signed_right, "%s: %s, answer %lld",
            pay->name, variant, (long long)status);
    }
    ok(is_state(&op, pay, no, PAY_NOTPAY), "and the order is not paid");
    arena_free(op.arena);
}

int
main(int argc, char **argv)
{
    char why[256] = "";

    if (argc != 4 || conf_read(&conf, argv[1], why, sizeof(why)) != OK) {
        printf("Bail out! usage: pay SETTINGS SANDBOX_PORT HALL_PORT (%s)\n", why);
        return 1;
    }
    sandbox_port = atoi(argv[2]);
    ok(providers_open(&conf, false, &p, why, sizeof(why)) == OK, "the connectors open %s", why);
    hall.before = take_callback;
    stub_start(&hall, atoi(argv[3]));
    test_paid(p.wechat_pay, "wechatpay", "query", "refund");
    test_paid(p.alipay, "alipay", "alipay.trade.query", "alipay.trade.refund");
    test_closed(p.wechat_pay);
    test_closed(p.alipay);
    test_forged(p.wechat_pay);
    test_forged(p.alipay);
    stub_stop(&hall);
    providers_close();
    return done();
}
