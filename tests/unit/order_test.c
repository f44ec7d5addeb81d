#include "domain/order.h"

#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

#include "tap.h"

/* The design's own list of states and moves, where it lies beside the repository. */
static const char design[] = "../shared/design/states.json";

static const struct order_facts no_facts, all_facts = {true, true, true, true, true, true};

/* Whose turn it is, which the pages take from the table. */
static const char *const turns[] = {
#define STATE(name, code, zh, en, turn, open, days, move) [ORDER_##name] = #turn,
#include "domain/order.def"
};

static const char *
text(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));

    return s == NULL ? "" : s;
}

/* ---- against states.json ---- */

static const char *
turn_of(const char *ball)
{
    static const struct {
        const char *word, *turn;
    } rows[] = {{"applicant", "APPLICANT"}, {"reviewer", "REVIEWER"}, {"finance", "FINANCE"},
        {"worker", "SYSTEM"}, {"CA operator", "PRODUCTION"}, {"mail room", "PRODUCTION"},
        {"courier", "COURIER"}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (strstr(ball, rows[i].word) != NULL)
            return rows[i].turn;
    return "NOBODY";
}

/* Only late money leaves it. */
static bool
is_terminal(enum order_state s)
{
    for (int i = 0; i < order_moves_n; i++)
        if (order_moves[i].from == s && order_moves[i].id != MOVE_T51 &&
            order_moves[i].id != MOVE_T51A)
            return false;
    return true;
}

static bool
is_offered(enum order_state s, enum order_action a, const struct order_facts *facts)
{
    return (order_actions(s, facts) >> a & 1) != 0;
}

/* "… 60 d -> T25": how long until which move; 0 and MOVE_NONE where the design says nothing. */
static int
expiry_of(const char *sla, enum order_move_id *move)
{
    const char *arrow = strstr(sla, "-> T"), *clause = sla;
    char code[8] = "";
    int days = 0;

    *move = MOVE_NONE;
    for (const char *p = sla; arrow != NULL && p < arrow; p++)
        if (*p == ';')
            clause = p + 1;
    if (arrow == NULL || sscanf(clause, " %d d ", &days) != 1 || strstr(clause, " min ") != NULL)
        return 0;
    sscanf(arrow, "-> %7[T0-9a-d]", code);
    if (!order_move_parse(code, move))
        return -1;
    return days;
}

static void
check_buttons(const char *words, enum order_state s)
{
    static const struct {
        const char *word;
        enum order_action action;
    } rows[] = {{"继续填写", ACTION_EDIT_FORM}, {"编辑", ACTION_EDIT_FORM},
        {"打印申请表", ACTION_PRINT_FORMS}, {"上传资料", ACTION_UPLOAD_DOCUMENTS},
        {"返回修改", ACTION_REOPEN_FORM}, {"取消", ACTION_CANCEL},
        {"扫码认证", ACTION_START_IDENTITY_CHECK}, {"在线支付", ACTION_PAY},
        {"对公转账", ACTION_SUBMIT_VOUCHER}, {"重新上传凭证", ACTION_SUBMIT_VOUCHER},
        {"金融认证", ACTION_CHANGE_BANK_ACCOUNT}, {"查物流", ACTION_TRACK_SHIPMENT},
        {"激活确认", ACTION_CONFIRM_DELIVERY}, {"回执", ACTION_DOWNLOAD_RECEIPT}};
    const struct order_facts certified = {.has_certificate = true};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (strstr(words, rows[i].word) != NULL)
            ok(is_offered(s, rows[i].action, &certified), "%s offers %s", order_state_code(s),
                order_action_code(rows[i].action));
}

static void
compare_states(const json_t *states)
{
    size_t i;
    json_t *o;

    ok(json_array_size(states) == ORDER_STATE_MAX, "as many states as the design has");
    json_array_foreach(states, i, o)
    {
        enum order_state s = ORDER_DRAFT;
        enum order_move_id move;
        int days = expiry_of(text(o, "sla"), &move);

        ok(order_state_parse(text(o, "code"), &s) && s == i, "%s is in its place", text(o, "code"));
        is(order_state_label(s, LANG_ZH), text(o, "zh"), "%s has the design's words",
            text(o, "code"));
        is(turns[s], turn_of(text(o, "ball")), "it is the turn of %s", text(o, "ball"));
        ok(order_expiry_days(s) == days && order_expiry_move(s) == move,
            "%s ends by itself after %d days", text(o, "code"), days);
        ok(is_terminal(s) == (strncmp(text(o, "sla"), "terminal", 8) == 0),
            "%s is terminal as in the design", text(o, "code"));
        check_buttons(text(o, "applicant_actions"), s);
    }
}

/* Bits that the design's words ask for; ACTOR_PROVIDER may come on top where the system acts on
 * an answer from outside. */
static unsigned
actors_of(const char *words)
{
    static const struct {
        const char *word;
        unsigned bits;
    } rows[] = {{"applicant", ACTOR_APPLICANT}, {"system", ACTOR_SYSTEM}, {"worker", ACTOR_SYSTEM},
        {"timer", ACTOR_SYSTEM}, {"/ 15 d", ACTOR_SYSTEM}, {"reviewer", ACTOR_REVIEWER},
        {"finance", ACTOR_FINANCE}, {"CA operator", ACTOR_PRODUCTION},
        {"mail room", ACTOR_PRODUCTION}, {"supervisor", ACTOR_ADMINISTRATOR | ACTOR_SECOND}};
    unsigned bits = 0;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (strstr(words, rows[i].word) != NULL)
            bits |= rows[i].bits;
    return bits;
}

static bool
actors_fit(const struct order_move *m, const char *words, const char *guard)
{
    unsigned staff = ACTOR_REVIEWER | ACTOR_FINANCE | ACTOR_PRODUCTION;

    if (strcmp(words, "staff x2") == 0)
        return (m->actors & ACTOR_SECOND) && (m->actors & staff) && !(m->actors & ACTOR_APPLICANT);
    if (strstr(guard, "two-person") != NULL && !(m->actors & ACTOR_SECOND))
        return false;
    if (strchr(words, '(') != NULL && !(m->actors & ACTOR_PROVIDER))
        return false;
    if ((m->actors & ACTOR_PROVIDER) && !(m->actors & ACTOR_SYSTEM))
        return false;
    return (m->actors & ~(unsigned)(ACTOR_PROVIDER | ACTOR_SECOND)) ==
           (actors_of(words) & ~(unsigned)ACTOR_SECOND);
}

/* Bit n for each "Nnn" in the text. */
static uint64_t
notices_of(const char *s)
{
    uint64_t bits = 0;

    for (; *s != '\0'; s++)
        if (*s == 'N' && s[1] >= '0' && s[1] <= '9')
            bits |= UINT64_C(1) << strtol(s + 1, NULL, 10);
    return bits;
}

static uint64_t
notices_told(enum order_move_id id)
{
    uint64_t bits = 0;

    for (const struct order_move *m = order_moves; m < order_moves + order_moves_n; m++)
        if (m->id == id)
            bits |= notices_of(notice_name(m->notice)) | notices_of(notice_name(m->also));
    return bits;
}

/* One "from" of a transition with each of its targets; returns how many rows that is. */
static int
compare_targets(const json_t *o, enum order_move_id id, const char *from)
{
    char targets[256], *rest = NULL;
    int rows = 0;

    snprintf(targets, sizeof(targets), "%s",
        strcmp(text(o, "to"), "(same)") == 0 ? from : text(o, "to"));
    for (char *to = strtok_r(targets, "|", &rest); to != NULL; to = strtok_r(NULL, "|", &rest)) {
        enum order_state a = ORDER_STATE_MAX, b = ORDER_STATE_MAX;
        const struct order_move *m = NULL;

        if (order_state_parse(from, &a) && order_state_parse(to, &b))
            m = order_move_find(id, a, b);
        ok(m != NULL, "%s leads from %s to %s", text(o, "id"), from, to);
        ok(m != NULL && actors_fit(m, text(o, "actor"), text(o, "guard")), "%s is made by %s",
            text(o, "id"), text(o, "actor"));
        rows++;
    }
    return rows;
}

static void
compare_moves(const json_t *transitions)
{
    bool seen[MOVE_ID_MAX] = {[MOVE_NONE] = true, [MOVE_T01] = true};
    int rows = 0, unseen = 0;
    size_t i, k;
    json_t *o, *from;

    json_array_foreach(transitions, i, o)
    {
        enum order_move_id id = MOVE_NONE;

        ok(order_move_parse(text(o, "id"), &id), "%s is known", text(o, "id"));
        seen[id] = true;
        json_array_foreach(json_object_get(o, "from"), k, from) rows +=
            compare_targets(o, id, json_string_value(from));
        ok(notices_told(id) == notices_of(text(o, "notify")), "%s tells %s", text(o, "id"),
            text(o, "notify"));
    }
    ok(rows == order_moves_n, "no move that the design does not have: %d rows", rows);
    for (int id = 0; id < MOVE_ID_MAX; id++)
        unseen += !seen[id];
    ok(unseen == 0, "no name of a move that the design does not have");
}

static void
compare_with_design(void)
{
    json_error_t fault;
    json_auto_t *o = NULL;

    if (access(design, R_OK) != 0) {
        ok(true, "comparison with the design # SKIP %s is not here", design);
        return;
    }
    o = json_load_file(design, JSON_REJECT_DUPLICATES, &fault);
    ok(o != NULL, "%s can be read", design);
    compare_states(json_object_get(o, "states"));
    compare_moves(json_object_get(o, "transitions"));
}

/* ---- by itself ---- */

static void
check_words(void)
{
    enum order_state s = ORDER_ISSUED;
    enum order_move_id id = MOVE_T47B;
    int gaps = 0;

    for (int i = 0; i < ORDER_STATE_MAX; i++)
        gaps += *order_state_label((enum order_state)i, LANG_EN) == '\0' ||
                !order_state_parse(order_state_code((enum order_state)i), &s) || (int)s != i;
    ok(gaps == 0, "every state has its code and words");
    for (int i = MOVE_NONE + 1; i < MOVE_ID_MAX; i++)
        gaps += *order_move_label((enum order_move_id)i, LANG_ZH) == '\0' ||
                *order_move_label((enum order_move_id)i, LANG_EN) == '\0' ||
                *order_move_event((enum order_move_id)i) == '\0' ||
                !order_move_parse(order_move_code((enum order_move_id)i), &id) || (int)id != i;
    ok(gaps == 0, "every move has its code and words");
    for (int i = 0; i < ACTION_MAX; i++)
        gaps += *order_action_code((enum order_action)i) == '\0';
    ok(gaps == 0 && ACTION_MAX <= 32, "every action has its code and a bit");
    s = ORDER_ISSUED;
    ok(!order_state_parse("no_such_state", &s) && !order_state_parse(NULL, &s) && s == ORDER_ISSUED,
        "an unknown state is refused");
    ok(!order_move_parse("T99", &id) && !order_move_parse("", &id) && !order_move_parse(NULL, &id),
        "an unknown move is refused");
    is(order_state_step(ORDER_AWAITING_PAYMENT, LANG_ZH), "缴费", "the next step has words");
    ok(order_state_step(ORDER_ISSUING, LANG_ZH) == NULL, "and none where others must act");
}

static void
check_every_move(void)
{
    int legal = 0, allowed = 0;

    for (int id = 0; id < MOVE_ID_MAX; id++)
        for (int a = 0; a < ORDER_STATE_MAX; a++) {
            int targets = 0;

            for (int b = 0; b < ORDER_STATE_MAX; b++)
                targets += order_move_find((enum order_move_id)id, (enum order_state)a,
                               (enum order_state)b) != NULL;
            legal += targets;
            allowed +=
                order_move_allowed((enum order_state)a, (enum order_move_id)id) == (targets > 0);
            if (order_move_only((enum order_move_id)id, (enum order_state)a) != NULL)
                allowed += targets != 1;
        }
    ok(legal == order_moves_n, "all other moves are refused; no row stands twice");
    ok(allowed == MOVE_ID_MAX * ORDER_STATE_MAX, "allowed and only agree with the rows");
    ok(order_move_only(MOVE_T03, ORDER_DRAFT)->to == ORDER_AWAITING_DOCUMENTS &&
            order_move_only(MOVE_T18A, ORDER_IN_REVIEW) == NULL,
        "a move with several targets wants its target named");
}

static void
check_no_dead_end(void)
{
    bool reached[ORDER_STATE_MAX] = {[ORDER_DRAFT] = true};
    int n = 0, stuck = 0;

    for (int round = 0; round < ORDER_STATE_MAX; round++)
        for (int i = 0; i < order_moves_n; i++)
            reached[order_moves[i].to] |= reached[order_moves[i].from];
    for (int s = 0; s < ORDER_STATE_MAX; s++) {
        bool leaves = false;

        for (int i = 0; i < order_moves_n; i++)
            leaves |= (int)order_moves[i].from == s && (int)order_moves[i].to != s;
        n += reached[s];
        stuck += !leaves && !is_terminal((enum order_state)s);
    }
    ok(n == ORDER_STATE_MAX, "every state can be reached from a draft");
    ok(stuck == 0, "every state that is not terminal can be left");
}

static void
check_roles(void)
{
    const struct order_move *approve = order_move_find(MOVE_T18A, ORDER_IN_REVIEW, ORDER_ACCEPTED);
    const struct order_move *deny = order_move_find(MOVE_T19, ORDER_IN_REVIEW, ORDER_DENIED);

    ok(order_move_may(approve, "reviewer"), "a reviewer approves");
    ok(!order_move_may(approve, "applicant") && !order_move_may(approve, "finance") &&
            !order_move_may(approve, "auditor") && !order_move_may(approve, "administrator") &&
            !order_move_may(approve, NULL) && !order_move_may(approve, ""),
        "nobody else does");
    ok(deny->actors & ACTOR_SECOND && order_move_may(deny, "administrator"),
        "refusing for good needs a second person");
    for (int i = 0; i < order_moves_n; i++)
        if ((order_moves[i].actors & ACTOR_APPLICANT) && (order_moves[i].actors & ACTOR_SECOND))
            ok(false, "an applicant is nobody's second person");
}

static bool
applicant_moves(enum order_state s, enum order_move_id id)
{
    for (int i = 0; i < order_moves_n; i++)
        if (order_moves[i].id == id && order_moves[i].from == s)
            return (order_moves[i].actors & ACTOR_APPLICANT) != 0;
    return false;
}

/* A button stands exactly where one of its moves can be made. */
static void
check_actions_have_moves(void)
{
    static const struct {
        enum order_action action;
        enum order_move_id moves[5];
    } rows[] = {
        {ACTION_EDIT_FORM, {MOVE_T02, MOVE_T23}},
        {ACTION_CONFIRM_FORM, {MOVE_T03}},
        {ACTION_REOPEN_FORM, {MOVE_T04}},
        {ACTION_CONFIRM_DOCUMENTS, {MOVE_T05, MOVE_T05B}},
        {ACTION_PAY, {MOVE_T07, MOVE_T07C}},
        {ACTION_RESUBMIT, {MOVE_T22, MOVE_T22B}},
        {ACTION_CANCEL, {MOVE_T24A, MOVE_T24B, MOVE_T24C, MOVE_T24D}},
        {ACTION_CHANGE_BANK_ACCOUNT, {MOVE_T31}},
        {ACTION_CONFIRM_DELIVERY, {MOVE_T47, MOVE_T47B}},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        int wrong = 0;

        for (int s = 0; s < ORDER_STATE_MAX; s++) {
            bool can = false;

            for (const enum order_move_id *m = rows[i].moves; *m != MOVE_NONE; m++)
                can |= applicant_moves((enum order_state)s, *m);
            wrong += can != is_offered((enum order_state)s, rows[i].action, &no_facts);
        }
        ok(wrong == 0, "%s is offered where its moves are legal",
            order_action_code(rows[i].action));
    }
}

static void
check_facts(void)
{
    struct order_facts pending = {.payment_pending = true}, leased = {.leased = true};
    struct order_facts valid = {.identity_valid = true}, manual = {.manual_requested = true};
    struct order_facts certified = {.has_certificate = true}, money = {.money_in = true};

    ok(is_offered(ORDER_AWAITING_PAYMENT, ACTION_PAY, &pending) &&
            !is_offered(ORDER_AWAITING_PAYMENT, ACTION_CANCEL, &pending) &&
            !is_offered(ORDER_AWAITING_PAYMENT, ACTION_SUBMIT_VOUCHER, &pending) &&
            !is_offered(ORDER_AWAITING_PAYMENT, ACTION_REOPEN_FORM, &pending),
        "while a payment is pending it can only be finished");
    ok(!is_offered(ORDER_PENDING_REVIEW, ACTION_CANCEL, &leased),
        "what a reviewer holds is not cancelled");
    ok(!is_offered(ORDER_RETURNED, ACTION_START_IDENTITY_CHECK, &valid) &&
            is_offered(ORDER_RETURNED, ACTION_START_IDENTITY_CHECK, &no_facts),
        "a returned order repeats the identity check only where it is void");
    ok(!is_offered(ORDER_AWAITING_IDENTITY, ACTION_REQUEST_MANUAL_IDENTITY_CHECK, &manual),
        "the other way is asked for once");
    ok(is_offered(ORDER_SHIPPED, ACTION_DOWNLOAD_CERTIFICATE, &certified) &&
            !is_offered(ORDER_SHIPPED, ACTION_DOWNLOAD_CERTIFICATE, &no_facts),
        "there is something to download only once it exists");
    ok(!is_offered(ORDER_AWAITING_FUNDS, ACTION_SUBMIT_VOUCHER, &money),
        "confirmed money needs no voucher");
    ok(order_actions(ORDER_ISSUING, &all_facts) == 0 &&
            order_actions(ORDER_REFUNDED, &all_facts) == 0 &&
            order_actions(ORDER_IN_REVIEW, &no_facts) == 0,
        "where others must act there are no buttons");
}

static void
check_clocks(void)
{
    const int *days = order_reminder_days(ORDER_RETURNED);

    ok(order_is_open(ORDER_DRAFT) && order_is_open(ORDER_RETURNED) &&
            order_is_open(ORDER_DELIVERED) && !order_is_open(ORDER_COMPLETED) &&
            !order_is_open(ORDER_REFUNDING) && !order_is_open(ORDER_REFUND_FAILED),
        "what may still become a certificate is open");
    for (int s = 0; s < ORDER_STATE_MAX; s++) {
        enum order_move_id move = order_expiry_move((enum order_state)s);

        if (move != MOVE_NONE)
            ok(order_move_allowed((enum order_state)s, move) &&
                    order_state_step((enum order_state)s, LANG_EN) != NULL,
                "%s can expire by %s, and people can be told what is missing",
                order_state_code((enum order_state)s), order_move_code(move));
    }
    ok(days[0] == 3 && days[1] == 7 && days[2] == 15 && days[3] == 0 &&
            order_reminder_days(ORDER_ISSUING)[0] == 0,
        "reminders of a returned order");
}

int
main(void)
{
    compare_with_design();
    check_words();
    check_every_move();
    check_no_dead_end();
    check_roles();
    check_actions_have_moves();
    check_facts();
    check_clocks();
    return done();
}
