/* What money that has come in means, when it is asked about, and when it may go back. */
#include "domain/payment.h"
#include "domain/review_policy.h"

#include "tap.h"

enum { DUE = 26100, HOUR = 3600 };

static const struct judged {
    const char *name;
    struct payment_facts facts;
    enum payment_meaning meaning;
} judged[] = {
#define FACTS(state, ...)                                                              \
    {                                                                                  \
        .order = ORDER_##state, .due_fen = DUE, .quote_fen = DUE, .received_fen = DUE, \
        .yuan = true, __VA_ARGS__                                                      \
    }
    {"the amount due, in time, pays the order", FACTS(AWAITING_PAYMENT, .other_paid = false),
        PAYMENT_PAYS},
    {"the second payment is a duplicate", FACTS(AWAITING_PAYMENT, .other_paid = true),
        PAYMENT_IS_DUPLICATE},
    {"one fen less is wrong",
        {.order = ORDER_AWAITING_PAYMENT,
            .due_fen = DUE,
            .quote_fen = DUE,
            .received_fen = DUE - 1,
            .yuan = true},
        PAYMENT_IS_WRONG},
    {"one fen more is wrong",
        {.order = ORDER_AWAITING_PAYMENT,
            .due_fen = DUE,
            .quote_fen = DUE,
            .received_fen = DUE + 1,
            .yuan = true},
        PAYMENT_IS_WRONG},
    {"another currency is wrong",
        {.order = ORDER_AWAITING_PAYMENT, .due_fen = DUE, .quote_fen = DUE, .received_fen = DUE},
        PAYMENT_IS_WRONG},
    {"a code of the old price is wrong",
        {.order = ORDER_AWAITING_PAYMENT,
            .due_fen = DUE,
            .quote_fen = DUE + 100,
            .received_fen = DUE,
            .yuan = true},
        PAYMENT_IS_WRONG},
    {"a wrong amount is wrong whatever the order",
        {.order = ORDER_EXPIRED,
            .due_fen = DUE,
            .quote_fen = DUE,
            .received_fen = 1,
            .yuan = true,
            .still_valid = true},
        PAYMENT_IS_WRONG},
    {"72 hours after its end the order revives",
        FACTS(EXPIRED, .expired_s = 72 * HOUR, .still_valid = true), PAYMENT_REVIVES},
    {"a second later it does not", FACTS(EXPIRED, .expired_s = 72 * HOUR + 1, .still_valid = true),
        PAYMENT_RETURNS},
    {"nor with papers that no longer hold", FACTS(EXPIRED, .expired_s = 1), PAYMENT_RETURNS},
    {"nor when it is paid otherwise",
        FACTS(EXPIRED, .expired_s = 1, .still_valid = true, .other_paid = true), PAYMENT_RETURNS},
    {"nor at an old price",
        {.order = ORDER_EXPIRED,
            .due_fen = DUE,
            .quote_fen = DUE + 1,
            .received_fen = DUE,
            .yuan = true,
            .still_valid = true},
        PAYMENT_RETURNS},
    {"a cancelled order follows its late money", FACTS(CANCELLED, .still_valid = true),
        PAYMENT_RETURNS},
    {"so does one not admitted", FACTS(DENIED, .still_valid = true), PAYMENT_RETURNS},
    {"a refunded order stays refunded", FACTS(REFUNDED, .still_valid = true), PAYMENT_IS_LATE},
    {"a reopened form wants no money", FACTS(DRAFT, .still_valid = true), PAYMENT_IS_LATE},
    {"an order in review is paid already", FACTS(IN_REVIEW, .other_paid = true),
        PAYMENT_IS_DUPLICATE},
    {"a completed one, too", FACTS(COMPLETED, .other_paid = true), PAYMENT_IS_DUPLICATE},
};

static void
test_judge(void)
{
    for (size_t i = 0; i < sizeof(judged) / sizeof(*judged); i++)
        ok(payment_judge(&judged[i].facts) == judged[i].meaning, "%s", judged[i].name);
}

/* Only what pays or revives is booked on the order. */
static void
test_purpose(void)
{
    ok(payment_purpose_of(PAYMENT_PAYS) == PAYMENT_FOR_ORDER &&
            payment_purpose_of(PAYMENT_REVIVES) == PAYMENT_FOR_ORDER,
        "what pays is the order's");
    ok(payment_purpose_of(PAYMENT_RETURNS) == PAYMENT_LATE &&
            payment_purpose_of(PAYMENT_IS_LATE) == PAYMENT_LATE,
        "late is late");
    ok(payment_purpose_of(PAYMENT_IS_DUPLICATE) == PAYMENT_DUPLICATE &&
            payment_purpose_of(PAYMENT_IS_WRONG) == PAYMENT_MISMATCH,
        "the others have names of their own");
}

static void
test_words(void)
{
    enum payment_state state = PAYMENT_PAID;
    enum payment_method method = PAYMENT_ALIPAY;
    enum payment_purpose purpose = PAYMENT_LATE;
    enum return_state returned = RETURN_FAILED;
    bool all = true;

    for (int i = 0; i < PAYMENT_STATE_MAX; i++)
        all =
            all && payment_state_parse(payment_states[i], &state) && state == (enum payment_state)i;
    ok(all && payment_states[PAYMENT_STATE_MAX] == NULL, "every state is read as it is written");
    all = true;
    for (int i = 0; i < RETURN_STATE_MAX; i++)
        all = all && return_state_parse(return_states[i], &returned) &&
              returned == (enum return_state)i;
    ok(all && return_states[RETURN_STATE_MAX] == NULL, "so is every state of a refund");
    state = PAYMENT_PAID;
    ok(!payment_state_parse("Paid", &state) && !payment_state_parse(NULL, &state) &&
            !payment_state_parse("", &state) && state == PAYMENT_PAID,
        "other words leave the result alone");
    ok(!payment_method_parse("cash", &method) && !payment_purpose_parse("gift", &purpose) &&
            !return_state_parse("lost", &returned),
        "there is no cash, no gift, nothing lost");
}

static void
test_gaps(void)
{
    bool grows = true, bounded = true;

    for (int64_t age = 0; age < 4 * HOUR; age++) {
        grows = grows && payment_poll_gap(age) <= payment_poll_gap(age + 1) &&
                payment_retry_gap(age) <= payment_retry_gap(age + 1);
        bounded = bounded && payment_poll_gap(age) >= 1 && payment_poll_gap(age) <= 60 &&
                  payment_retry_gap(age) >= 1;
    }
    for (int64_t tries = 0; tries < 100; tries++)
        bounded = bounded && payment_failed_gap(tries) >= 1 && payment_failed_gap(tries) <= 300 &&
                  payment_failed_gap(tries) <= payment_failed_gap(tries + 1);
    ok(grows && bounded, "gaps grow with age and have their bounds");
    ok(payment_poll_gap(0) <= 5, "who looks at the code hears within seconds");
}

static void
test_return(void)
{
    bool part = true;

    for (int s = 0; s < ORDER_STATE_MAX; s++)
        part = part && payment_may_return((enum order_state)s, false);
    ok(part, "a part may always go back");
    ok(payment_may_return(ORDER_PENDING_REVIEW, true) && payment_may_return(ORDER_RETURNED, true) &&
            payment_may_return(ORDER_COMPLETED, true),
        "the whole before the approval and after the end");
    ok(!payment_may_return(ORDER_ACCEPTED, true) && !payment_may_return(ORDER_ISSUING, true) &&
            !payment_may_return(ORDER_BANK_VERIFICATION_FAILED, true) &&
            !payment_may_return(ORDER_DELIVERY_EXCEPTION, true),
        "never from under the making of the certificate");
}

static void
test_policy(void)
{
    const struct review_policy nothing = {0},
                               all = {.returned_at_least = 2,
                                   .manual_identity = true,
                                   .random_percent = 10},
                               typed = {.by_type = true};

    ok(!review_policy_asks(&nothing, 9, true, 0), "no policy asks for nothing");
    ok(review_policy_asks(&typed, 0, false, -1), "a type of certificate always");
    ok(!review_policy_asks(&all, 1, false, 99) && review_policy_asks(&all, 2, false, -1),
        "returned twice");
    ok(review_policy_asks(&all, 0, true, -1), "an identity that staff checked");
    ok(review_policy_asks(&all, 0, false, 9) && !review_policy_asks(&all, 0, false, 10),
        "ten in a hundred at random");
    ok(!review_policy_asks(&all, 0, false, -1), "luck is tried once");
}

int
main(void)
{
    test_judge();
    test_purpose();
    test_words();
    test_gaps();
    test_return();
    test_policy();
    return done();
}
