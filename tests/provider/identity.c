/*
 * Real-name check, ID card and liveness against the sandbox: every result that the hall tells
 * apart.
 *
 *   identity SETTINGS SANDBOX_PORT HALL_PORT     (tests/provider/run.mjs starts both)
 */
#include <time.h>

#include "control.h"
#include "tap.h"

#define ID "11010519491231002X"

static struct providers p;
static struct conf conf;

static struct op
new_op(void)
{
    struct op op = op_new(time(NULL));

    op.conf = &conf;
    return op;
}

/* Sets one mode for the next call of an action. */
static void
next(struct op *op, const char *provider, const char *action, const char *mode)
{
    behave(op, provider, action, mode, 1);
}

static void
test_phone_match(struct op *op)
{
    static const struct {
        const char *name, *mobile, *mode;
        enum outcome outcome;
        enum match match;
    } rows[] = {
        {"测试甲", "13800005555", NULL, OUTCOME_DONE, MATCH_YES},
        {"测试乙", "13800005555", NULL, OUTCOME_DONE, MATCH_NO},
        {"测试甲", "13800006666", NULL, OUTCOME_DONE, MATCH_NO},
        {"测试甲", "12800005555", NULL, OUTCOME_DONE, MATCH_BAD_INPUT},
        {"测试甲", "13800005555", "no_record", OUTCOME_DONE, MATCH_NO_RECORD},
        {"测试甲", "13800005555", "unsupported_range", OUTCOME_DONE, MATCH_NO_RECORD},
        {"测试甲", "13800005555", "mismatch", OUTCOME_DONE, MATCH_NO},
        {"测试甲", "13800005555", "busy", OUTCOME_NOT_SENT, 0},
        {"测试甲", "13800005555", "limit", OUTCOME_REFUSED, 0},
        {"测试甲", "13800005555", "arrears", OUTCOME_NOT_SENT, 0},
        {"测试甲", "13800005555", "internal_error", OUTCOME_UNKNOWN, 0},
    };

    control(op, "POST", "/sandbox/persons",
        "{\"name\":\"测试甲\",\"id_number\":\"" ID "\",\"mobile\":\"13800005555\"}");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        enum match m = MATCH_YES;
        struct reason why;
        enum outcome o;

        if (rows[i].mode != NULL)
            next(op, "faceid", "PhoneVerification", rows[i].mode);
        o = p.identity->phone_match(op, rows[i].name, ID, rows[i].mobile, &m, &why);
        ok(o == rows[i].outcome && (o != OUTCOME_DONE || m == rows[i].match),
            "%s %s %s: %s, match %d (%s)", rows[i].name, rows[i].mobile,
            rows[i].mode == NULL ? "" : rows[i].mode, outcome_name(o), (int)m, why.code);
    }
}

#define FRONT "{\"side\":\"front\",\"name\":\"测试甲\",\"id_number\":\"" ID "\"}"

static void
test_id_card(struct op *op)
{
    static const struct {
        const char *mode, *code; /* NULL: accepted */
    } rows[] = {
        {"wrong_side", "wrong_side"},
        {"blurred", "blurred"},
        {"not_card", "not_card"},
        {"incomplete", "incomplete"},
        {"copy", "copy"},
        {"screen", "screen"},
        {"temporary", "not_card"},
        {"covered", "incomplete"},
        {"edited", "copy"},
        {"glare", "blurred"},
        {"bad_dates", NULL},
    };
    struct id_card card = {0};
    struct reason why;
    size_t n, back_n, none_n;
    const char *front = control_raw(op, "POST", "/sandbox/id-card", FRONT, &n);
    const char *back = control_raw(op, "POST", "/sandbox/id-card",
        "{\"side\":\"back\",\"authority\":\"沈阳市公安局\",\"valid_from\":\"2010-07-21\","
        "\"valid_until\":\"long_term\"}",
        &back_n);
    const char *none = control_raw(op, "POST", "/sandbox/id-card", "{\"side\":\"none\"}", &none_n);

    ok(p.identity->id_card(op, true, front, n, &card, &why) == OUTCOME_DONE, "the front (%s)",
        why.code);
    is(card.name, "测试甲", "has the name");
    is(card.id_number, ID, "and the number");
    ok(p.identity->id_card(op, false, back, back_n, &card, &why) == OUTCOME_DONE, "the back (%s)",
        why.code);
    is(card.authority, "沈阳市公安局", "has the authority");
    is(card.valid_from, "2010-07-21", "the first day");
    is(card.valid_until, "long_term", "and no last one");
    ok(p.identity->id_card(op, true, back, back_n, &card, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "wrong_side") == 0,
        "the back is no front (%s)", why.code);
    ok(p.identity->id_card(op, true, none, none_n, &card, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "not_card") == 0,
        "a landscape is no card (%s)", why.code);
    ok(p.identity->id_card(op, true, "text", 4, &card, &why) == OUTCOME_REFUSED &&
            strcmp(why.code, "not_card") == 0,
        "nor is what is no picture (%s)", why.code);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        enum outcome o;

        next(op, "faceid", "IDCardOCR", rows[i].mode);
        o = p.identity->id_card(op, true, front, n, &card, &why);
        ok(rows[i].code == NULL ? o == OUTCOME_DONE
                                : o == OUTCOME_REFUSED && strcmp(why.code, rows[i].code) == 0,
            "%s: %s %s", rows[i].mode, outcome_name(o), why.code);
    }
}

static void
test_liveness(struct op *op)
{
    static const char *const good[] = {"blink", "mouth", NULL}, *const bad[] = {"nod", NULL};
    static const struct {
        const char *mode, *format;
        enum outcome outcome;
        bool passed;
    } rows[] = {
        {NULL, "mp4", OUTCOME_DONE, true},
        {NULL, "webm", OUTCOME_DONE, true},
        {"liveness_fail", "mp4", OUTCOME_DONE, false},
        {"low_similarity", "mp4", OUTCOME_DONE, false},
        {"fake", "mp4", OUTCOME_DONE, false},
        {"no_webm", "webm", OUTCOME_DONE, false},
        {"arrears", "mp4", OUTCOME_NOT_SENT, false},
        {"internal_error", "mp4", OUTCOME_UNKNOWN, false},
    };
    struct liveness_request r = {.key = "1", .actions = good};
    struct liveness_status s;
    struct reason why;

    r.face = control_raw(op, "POST", "/sandbox/id-card", FRONT, &r.face_size);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        enum outcome o;

        r.video = control_raw(op, "GET",
            arena_printf(op->arena, "/sandbox/liveness-clip?format=%s", rows[i].format), "",
            &r.video_size);
        if (rows[i].mode != NULL)
            next(op, "faceid", "LivenessCompare", rows[i].mode);
        memset(&s, 0, sizeof(s));
        o = p.identity->liveness(op, &r, &s, &why);
        ok(o == rows[i].outcome && s.passed == rows[i].passed, "%s %s: %s, passed %d, %d (%s)",
            rows[i].format, rows[i].mode == NULL ? "" : rows[i].mode, outcome_name(o), s.passed,
            s.score, why.code);
        ok(!s.passed || (s.score >= 70 && s.score <= 100 && s.request_id != NULL),
            "who passes has a score");
    }
    r.actions = bad;
    ok(p.identity->liveness(op, &r, &s, &why) == OUTCOME_REFUSED, "what it cannot judge (%s)",
        why.code);
    r.actions = good;
    r.video_size = 7 << 20;
    ok(p.identity->liveness(op, &r, &s, &why) == OUTCOME_REFUSED, "and what it does not take (%s)",
        why.code);
}

int
main(int argc, char **argv)
{
    struct op op = new_op();
    char why[256] = "";

    if (argc != 4 || conf_read(&conf, argv[1], why, sizeof(why)) != OK) {
        printf("Bail out! usage: identity SETTINGS SANDBOX_PORT HALL_PORT (%s)\n", why);
        return 1;
    }
    sandbox_port = atoi(argv[2]);
    op.conf = &conf;
    op.deadline_ms += 240000;
    ok(providers_open(&conf, false, &p, why, sizeof(why)) == OK, "the connectors open %s", why);
    test_phone_match(&op);
    test_id_card(&op);
    test_liveness(&op);
    providers_close();
    arena_free(op.arena);
    return done();
}
