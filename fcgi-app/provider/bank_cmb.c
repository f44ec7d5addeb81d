#include "provider/bank_cmb.h"

#include <string.h>

#include "io/json_tree.h"
#include "provider/bank_cdc.h"
#include "provider/wire.h"

/* A statement's page holds 200 lines at the bank. */
enum { AMOUNT_FEN = 1, REFERENCE_MOST = 20, NAME_MOST = 200, PAGES_MOST = 100, LINES_MOST = 20000 };

/* Set once at start. */
static struct {
    struct cdc cdc;
    const char *account, *mode;
    int64_t refund_most_fen;
} my;

/*
 * The bank's words for why a payee was refused (errCod, errTxt, rtnNar), in the order of looking.
 * They choose what the applicant is told, never whether money moved.
 */
static const struct {
    const char *words;
    enum transfer_reason reason;
} reasons[] = {
    {"户名", TRANSFER_NAME_MISMATCH},
    {"RJ02", TRANSFER_NAME_MISMATCH},
    {"不存在", TRANSFER_NO_ACCOUNT},
    {"无此账", TRANSFER_NO_ACCOUNT},
    {"账号错", TRANSFER_NO_ACCOUNT},
    {"账号有误", TRANSFER_NO_ACCOUNT},
    {"RJ01", TRANSFER_NO_ACCOUNT},
    {"销户", TRANSFER_ACCOUNT_STATUS},
    {"冻结", TRANSFER_ACCOUNT_STATUS},
    {"止付", TRANSFER_ACCOUNT_STATUS},
    {"账户状态", TRANSFER_ACCOUNT_STATUS},
    {"开户行", TRANSFER_WRONG_BRANCH},
    {"行号", TRANSFER_WRONG_BRANCH},
    {"系统", TRANSFER_BANK_SYSTEM},
    {"超时", TRANSFER_BANK_SYSTEM},
};

static enum transfer_reason
reason_of(const char *code, const char *text)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
        if ((code != NULL && strstr(code, reasons[i].words) != NULL) ||
            (text != NULL && strstr(text, reasons[i].words) != NULL))
            return reasons[i].reason;
    }
    return TRANSFER_OTHER;
}

/* A code only where it tells of a failure. */
static const char *
failure_code(const struct tree *t)
{
    const char *code = tree_text(t, "errCod");

    return code == NULL || strcmp(code, "SUC0000") == 0 ? "" : code;
}

/* The first of the texts that is filled: of the result, of the submission, of the record. */
static const char *
failure_text(const struct tree *t)
{
    static const char *const names[] = {"rtnNar", "msgTxt", "errTxt"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *text = tree_text(t, names[i]);

        if (text != NULL && *text != '\0')
            return text;
    }
    return "";
}

/* reqSts says where the request is; rtnFlg counts only with FIN. What is not
 * known here is in process. */
static enum outcome
read_state(struct op *op, const struct tree *t, struct transfer_status *out, struct reason *why)
{
    const char *status = tree_text(t, "reqSts"), *flag = tree_text(t, "rtnFlg");
    const char *code = failure_code(t), *text = failure_text(t);

    if (status == NULL || *status == '\0')
        return outcome_said(op, why, OUTCOME_UNKNOWN, *code == '\0' ? "UNREADABLE" : code, text);
    *out = (struct transfer_status){.bank_serial = tree_text(t, "reqNbr")};
    if (strcmp(status, "WRF") == 0)
        return outcome_said(op, why, OUTCOME_UNKNOWN, status, text);
    if (strcmp(status, "FIN") != 0 || flag == NULL || strlen(flag) != 1)
        return outcome_said(op, why, OUTCOME_DONE, status, text);
    switch (*flag) {
    case 'S':
        out->state = TRANSFER_PAID;
        return outcome_set(why, OUTCOME_DONE, NULL, NULL);
    case 'F':
        out->state = TRANSFER_FAILED;
        out->reason = reason_of(code, text);
        break;
    case 'B':
        out->state = TRANSFER_RETURNED;
        out->reason = reason_of(code, text);
        break;
    case 'R': /* refused, expired or cancelled on our own side: not the applicant's account */
    case 'D':
    case 'C':
        out->state = TRANSFER_FAILED;
        out->reason = TRANSFER_BANK_SYSTEM;
        break;
    default:
        break;
    }
    return outcome_said(op, why, OUTCOME_DONE, *code != '\0' ? code : flag, text);
}

const char *
bank_memo_fault(const char *memo)
{
    int size = wire_gbk_size(memo);

    if (size < 0)
        return "a character that GBK does not have";
    if (size > BANK_MEMO_MOST)
        return "more than 30 bytes in GBK";
    if (strpbrk(memo, "&<>'\"|\\") != NULL)
        return "a character that banks do not take";
    for (; *memo != '\0'; memo++) {
        if ((unsigned char)*memo < 0x20 || *memo == 0x7F)
            return "a control character";
    }
    return NULL;
}

static bool
reference_ok(const char *s)
{
    size_t n = strlen(s);

    return n > 0 && n <= REFERENCE_MOST && strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

/* NULL when the request may go out. The amount is checked here because nobody else can err above
 * it: this connector never pays another sum than 1 fen, or a refund within its limit. */
static const char *
request_fault(const struct transfer_request *r)
{
    int64_t most = r->gives_back ? my.refund_most_fen : AMOUNT_FEN;

    if (!reference_ok(r->reference))
        return "reference";
    if (r->amount_fen < AMOUNT_FEN || r->amount_fen > most)
        return "amount";
    if (strlen(r->bank_code) != 12 || strspn(r->bank_code, "0123456789") != 12)
        return "bank code";
    if (*r->account_number == '\0' || strlen(r->account_number) > 35 ||
        strspn(r->account_number, "0123456789-") != strlen(r->account_number))
        return "account number";
    return bank_memo_fault(r->memo);
}

/* What the bank has under a reference. `account`, when not NULL, is the payee it must be for. */
static enum outcome
look_up(struct op *op, const char *reference, const char *account, struct transfer_status *out,
    struct reason *why)
{
    const char *body = arena_printf(op->arena,
        "{\"bb1payqrx1\":[{\"busCod\":\"N02030\",\"yurRef\":%s}]}", tree_quote(op, reference));
    const struct tree *t, *list;
    const char *echoed, *payee;
    enum outcome o = cdc_call(op, &my.cdc, "BB1PAYQR", body, &t, why);

    if (o != OUTCOME_DONE)
        return o;
    list = tree_get(t, "bb1payqrz1");
    if (list == NULL || list->first == NULL)
        return outcome_set(why, OUTCOME_REFUSED, "NOT_FOUND", NULL);
    echoed = tree_text(list->first, "yurRef");
    payee = tree_text(list->first, "crtAcc");
    if (echoed != NULL && strcmp(echoed, reference) != 0)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "another payment");
    if (account != NULL && payee != NULL && strcmp(payee, account) != 0)
        return outcome_set(why, OUTCOME_UNKNOWN, "OTHER_CONTENT", "the reference is in use");
    return read_state(op, list->first, out, why);
}

static enum outcome
bank_query(struct op *op, const char *reference, int64_t submitted_at, struct transfer_status *out,
    struct reason *why)
{
    (void)submitted_at; /* this bank finds a reference without its day */
    return look_up(op, reference, NULL, out, why);
}

/*
 * The bank took the call and refused the record. Its list of codes is not known here, and among
 * them is "this reference is in use": so the bank is asked what it has under our reference.
 */
static enum outcome
refused_record(struct op *op, const struct tree *t, const struct transfer_request *r,
    struct transfer_status *out, struct reason *why)
{
    enum outcome o = look_up(op, r->reference, r->account_number, out, why);
    enum transfer_reason reason = reason_of(failure_code(t), failure_text(t));

    if (o != OUTCOME_REFUSED)
        return o == OUTCOME_DONE ? o : OUTCOME_UNKNOWN;
    if (reason == TRANSFER_OTHER || reason == TRANSFER_BANK_SYSTEM)
        return outcome_said(op, why, o, failure_code(t), failure_text(t));
    *out = (struct transfer_status){.state = TRANSFER_FAILED, .reason = reason};
    return outcome_said(op, why, OUTCOME_DONE, failure_code(t), failure_text(t));
}

static enum outcome
bank_transfer(struct op *op, const struct transfer_request *r, struct transfer_status *out,
    struct reason *why)
{
    const char *fault = request_fault(r), *body, *status;
    int name = wire_gbk_size(r->account_name);
    const struct tree *t;
    enum outcome o;

    if (fault != NULL)
        return outcome_set(why, OUTCOME_REFUSED, "REQUEST", fault);
    if (name <= 0 || name > NAME_MOST)
        return outcome_set(
            why, OUTCOME_REFUSED, "NAME", "the account name cannot be written in GBK");
    body = arena_printf(op->arena,
        "{\"bb1paybmx1\":[{\"busCod\":\"N02030\",\"busMod\":%s}],\"bb1payopx1\":[{"
        "\"bnkFlg\":\"%s\",\"brdNbr\":%s,\"ccyNbr\":\"10\",\"crtAcc\":%s,\"crtNam\":%s,"
        "\"dbtAcc\":%s,\"nusAge\":%s,\"rcvChk\":\"1\",\"stlChn\":\"R\",\"trsAmt\":\"%s\","
        "\"yurRef\":%s}]}",
        tree_quote(op, my.mode), strncmp(r->bank_code, "308", 3) == 0 ? "Y" : "N",
        tree_quote(op, r->bank_code), tree_quote(op, r->account_number),
        tree_quote(op, r->account_name), tree_quote(op, my.account), tree_quote(op, r->memo),
        wire_yuan(op, r->amount_fen), tree_quote(op, r->reference));
    o = cdc_call(op, &my.cdc, "BB1PAYOP", body, &t, why);
    if (o != OUTCOME_DONE)
        return o;
    t = tree_get(t, "bb1payopz1.0");
    status = tree_text(t, "reqSts");
    if (status != NULL && *status == '\0' && *failure_code(t) != '\0')
        return refused_record(op, t, r, out, why);
    return read_state(op, t, out, why);
}

/* A credit of the statement; false for debits, corrections of the bank and lines without sense. */
static bool
read_line(struct op *op, const struct tree *t, struct bank_line *out)
{
    const char *code = tree_text(t, "loanCode"), *amount = tree_text(t, "transAmount");
    const char *date = tree_text(t, "transDate"), *clock = tree_text(t, "transTime");
    const char *reversal = tree_text(t, "reversalFlag");
    struct bank_line l = {
        .serial = tree_text(t, "transSequenceIdn"),
        .payer_name = tree_text(t, "ctpAcctName"),
        .payer_account = tree_text(t, "ctpAcctNbr"),
        .memo = tree_text(t, "remarkTextClt"),
    };

    if (code == NULL || strcmp(code, "C") != 0 || amount == NULL || date == NULL ||
        l.serial == NULL || (reversal != NULL && strcmp(reversal, "*") == 0))
        return false;
    if (!wire_fen(amount, &l.amount_fen) || l.amount_fen <= 0 ||
        !wire_time_cn(arena_printf(op->arena, "%s%s", date, clock == NULL ? "" : clock), &l.at))
        return false;
    if (l.payer_name == NULL)
        l.payer_name = "";
    if (l.payer_account == NULL)
        l.payer_account = "";
    if (l.memo == NULL)
        l.memo = "";
    *out = l;
    return true;
}

/* The places where the next page goes on, given back to the bank as they came. */
static const char *
break_points(struct op *op, const struct tree *list)
{
    const char *json = "";

    for (const struct tree *t = list == NULL ? NULL : list->first; t != NULL; t = t->next) {
        const char *account = tree_text(t, "acctNbr"), *day = tree_text(t, "transDate");
        const char *next = tree_text(t, "expectNextSequence");

        if (account == NULL || day == NULL || next == NULL)
            continue;
        json = arena_printf(op->arena,
            "%s%s{\"acctNbr\":%s,\"expectNextSequence\":%s,\"transDate\":%s}", json,
            *json == '\0' ? "" : ",", tree_quote(op, account), tree_quote(op, next),
            tree_quote(op, day));
    }
    return json;
}

static enum outcome
statement_page(struct op *op, const char *day, const char *account, const char *points,
    const struct tree **out, struct reason *why)
{
    const char *body = arena_printf(op->arena,
        "{\"TRANSQUERYBYBREAKPOINT_X1\":[{\"beginDate\":%s,\"cardNbr\":%s,\"currencyCode\":\"10\","
        "\"endDate\":%s,\"loanCode\":\"C\",\"queryAcctNbr\":%s,\"transactionSequence\":\"1\"}]%s%s%"
        "s}",
        tree_quote(op, day), tree_quote(op, my.account), tree_quote(op, day),
        tree_quote(op, account), *points == '\0' ? "" : ",\"TRANSQUERYBYBREAKPOINT_Y1\":[", points,
        *points == '\0' ? "" : "]");

    return cdc_call(op, &my.cdc, "trsQryByBreakPoint", body, out, why);
}

static bool
seen(const struct bank_line *lines, size_t n, const char *serial)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(lines[i].serial, serial) == 0)
            return true;
    }
    return false;
}

/* All pages or nothing: a statement with a hole would be taken for money that never came. */
static enum outcome
bank_statement(
    struct op *op, const char *day, struct bank_line **lines, size_t *n, struct reason *why)
{
    struct bank_line *all = NULL;
    const char *account = "", *points = "";
    size_t found = 0, room = 0;

    for (int page = 0; page < PAGES_MOST; page++) {
        const struct tree *t, *list;
        const char *more;
        enum outcome o = statement_page(op, day, account, points, &t, why);

        if (o != OUTCOME_DONE)
            return o;
        list = tree_get(t, "TRANSQUERYBYBREAKPOINT_Z2");
        for (const struct tree *l = list == NULL ? NULL : list->first; l != NULL; l = l->next) {
            struct bank_line line;

            if (!read_line(op, l, &line) || seen(all, found, line.serial))
                continue;
            if (found == room) {
                struct bank_line *grown = NEW_N(op->arena, room * 2 + 64, struct bank_line);

                if (found > 0)
                    memcpy(grown, all, found * sizeof(*all));
                all = grown;
                room = room * 2 + 64;
            }
            all[found++] = line;
        }
        more = tree_text(t, "TRANSQUERYBYBREAKPOINT_Z1.0.ctnFlag");
        account = tree_text(t, "TRANSQUERYBYBREAKPOINT_Z1.0.queryAcctNbr");
        points = break_points(op, tree_get(t, "TRANSQUERYBYBREAKPOINT_Y1"));
        if (more == NULL || strcmp(more, "Y") != 0) {
            *lines = all;
            *n = found;
            return outcome_set(why, OUTCOME_DONE, NULL, NULL);
        }
        if (account == NULL || *points == '\0' || found > LINES_MOST)
            break;
    }
    return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "a statement without end");
}

static const struct bank_provider bank_cmb = {
    .name = "cmb",
    .transfer = bank_transfer,
    .query = bank_query,
    .statement = bank_statement,
};

static enum err
load_sm2(struct loading *l, const char *setting, struct key *k)
{
    return key_is_sm2(k) ? OK : load_failed(l, setting, "is not an SM2 key");
}

enum err
bank_cmb_open(struct loading *l, const struct bank_provider **out)
{
    const struct conf *c = l->conf;
    struct cdc *cdc = &my.cdc;

    TRY(load_base(l, "bank_base_url", c->bank_base_url));
    TRY(load_text(l, "bank_uid", c->bank_uid));
    TRY(load_text(l, "bank_account", c->bank_account));
    TRY(load_private(l, "bank_sm2_key_file", c->bank_sm2_key_file, &cdc->private));
    TRY(load_sm2(l, "bank_sm2_key_file", cdc->private));
    TRY(load_public(l, "bank_public_key_file", c->bank_public_key_file, &cdc->bank));
    TRY(load_sm2(l, "bank_public_key_file", cdc->bank));
    TRY(load_secret(
        l, "bank_sm4_key_file", c->bank_sm4_key_file, CDC_KEY_SIZE, CDC_KEY_SIZE, &cdc->sm4_key));
    cdc->base = c->bank_base_url;
    cdc->uid = c->bank_uid;
    cdc_name(cdc);
    my.account = c->bank_account;
    my.mode = c->bank_mode;
    my.refund_most_fen = c->bank_refund_most_fen;
    *out = &bank_cmb;
    return OK;
}

void
bank_cmb_close(void)
{
    unload_key(&my.cdc.private);
    unload_key(&my.cdc.bank);
    unload_secret(&my.cdc.sm4_key);
}
