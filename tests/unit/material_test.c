/* Documents, reasons, PINs and passwords. */
#include "domain/material.h"

#include "base/secret.h"
#include "domain/password.h"
#include "domain/pin.h"
#include "domain/reason.h"
#include "domain/sms_code.h"
#include "domain_op.h"
#include "tap.h"

static void
check_materials(void)
{
    enum material_kind k = MATERIAL_MAX;
    int n = 0;

    for (int i = 0; i < MATERIAL_MAX; i++)
        n += material_parse(material_code((enum material_kind)i), &k) && (int)k == i;
    ok(n == MATERIAL_MAX, "every document has its code");
    ok(!material_parse("passport", &k) && !material_parse(NULL, &k), "others are unknown");
    ok(material_required(MATERIAL_APPLICATION_FORM, CERTIFICATE_ORGANISATION) &&
            material_required(MATERIAL_BUSINESS_LICENCE, CERTIFICATE_ORGANISATION) &&
            material_required(MATERIAL_SEAL_COLLECTION_FORM, CERTIFICATE_ORGANISATION) &&
            !material_required(MATERIAL_PAYMENT_VOUCHER, CERTIFICATE_ORGANISATION) &&
            !material_required(MATERIAL_ID_FRONT, CERTIFICATE_ORGANISATION),
        "an organisation hands in three documents");
    ok(material_required(MATERIAL_APPLICATION_FORM, CERTIFICATE_NATURAL_PERSON) &&
            material_required(MATERIAL_SEAL_COLLECTION_FORM, CERTIFICATE_NATURAL_PERSON) &&
            !material_required(MATERIAL_BUSINESS_LICENCE, CERTIFICATE_NATURAL_PERSON) &&
            !material_applies(MATERIAL_BUSINESS_LICENCE, CERTIFICATE_NATURAL_PERSON),
        "a person two");
    ok(material_max_size(MATERIAL_APPLICATION_FORM) == 2097152 &&
            material_max_size(MATERIAL_ID_BACK) == 2097152 &&
            material_max_size(MATERIAL_LIVENESS_VIDEO) == 6291456,
        "of 2 MiB each, a video of 6");
}

/* Bit s for every state in which the document may be put. */
static uint32_t
open_states(enum material_kind k, enum certificate_type type)
{
    uint32_t bits = 0;

    for (int s = 0; s < ORDER_STATE_MAX; s++)
        bits |= (uint32_t)material_open(k, type, (enum order_state)s) << s;
    return bits;
}

static void
check_when(void)
{
    const uint32_t correcting = 1u << ORDER_AWAITING_DOCUMENTS | 1u << ORDER_RETURNED;

    ok(open_states(MATERIAL_APPLICATION_FORM, CERTIFICATE_ORGANISATION) == correcting,
        "documents are put before they are handed in, and to correct them");
    ok(open_states(MATERIAL_BUSINESS_LICENCE, CERTIFICATE_NATURAL_PERSON) == 0,
        "one that the type does not know never");
    ok(open_states(MATERIAL_PAYMENT_VOUCHER, CERTIFICATE_ORGANISATION) ==
            (1u << ORDER_AWAITING_PAYMENT | 1u << ORDER_AWAITING_FUNDS),
        "the voucher when money is due");
    ok(open_states(MATERIAL_ID_FRONT, CERTIFICATE_ORGANISATION) ==
            (1u << ORDER_AWAITING_IDENTITY | 1u << ORDER_RETURNED),
        "cards during the identity check");
    ok(open_states(MATERIAL_SUPPLEMENT, CERTIFICATE_ORGANISATION) ==
            (correcting | 1u << ORDER_BANK_VERIFICATION_FAILED),
        "supplements whenever staff may have asked");
}

/* What the pages take from the table besides the words. */
static const struct {
    enum reason_use use;
    const char *target, *pointer;
} reasons[] = {
#define REASON(name, code, use, target, pointer, zh, en) {REASON_FOR_##use, target, pointer},
#include "domain/reason.def"
};

/* A member of an organisation's form, or none. */
static bool
is_in_form(struct op *op, const char *pointer)
{
    const char *person = strncmp(pointer, "/person/", 8) == 0
                             ? arena_printf(op->arena, "/handler/%s", pointer + 8)
                             : pointer;
    bool known = *pointer == '\0';

    for (int m = 0; m < form_members_n; m++)
        known |= strcmp(person,
                     form_pointer(op->arena, CERTIFICATE_ORGANISATION, &form_members[m])) == 0;
    return known;
}

static void
check_reasons(struct op *op)
{
    int unknown = 0, twice = 0, wrong = 0;

    for (int i = 0; i < REASON_MAX; i++) {
        enum reason_code r = (enum reason_code)i, found = REASON_MAX;
        const char *target = reasons[i].target;

        unknown += !reason_parse(reasons[i].use, reason_code(r), &found);
        twice += found != r;
        wrong += *reason_text(r, LANG_ZH) == '\0' || *reason_text(r, LANG_EN) == '\0';
        if (reasons[i].use == REASON_FOR_REVIEW && strcmp(target, "documents") != 0)
            wrong += !reason_target_valid(target, CERTIFICATE_ORGANISATION);
    }
    ok(unknown == 0 && twice == 0, "every reason is found by its code, which stands once");
    ok(wrong == 0, "and has words and a target");
    for (int i = 0; i < REASON_MAX; i++)
        if (!is_in_form(op, reasons[i].pointer))
            ok(false, "%s is in the form", reasons[i].pointer);
    ok(!reason_parse(REASON_FOR_FINANCE, "seal_unclear", (enum reason_code[]){0}) &&
            !reason_parse(REASON_FOR_REVIEW, NULL, (enum reason_code[]){0}),
        "a code belongs to one use");
    ok(reason_target_valid("form", CERTIFICATE_NATURAL_PERSON) &&
            reason_target_valid("identity", CERTIFICATE_NATURAL_PERSON) &&
            !reason_target_valid("documents/business_licence", CERTIFICATE_NATURAL_PERSON) &&
            !reason_target_valid("documents/id_front", CERTIFICATE_ORGANISATION) &&
            !reason_target_valid("documents/", CERTIFICATE_ORGANISATION) &&
            !reason_target_valid("documents", CERTIFICATE_ORGANISATION) &&
            !reason_target_valid("", CERTIFICATE_ORGANISATION),
        "a target is something that the order has");
}

static void
check_pins(struct op *op)
{
    const char *memo = NULL;
    char pin[PIN_LENGTH + 1];
    int wrong = 0;

    ok(strlen(pin_alphabet) == 30 && strpbrk(pin_alphabet, "01OILUoilu") == NULL,
        "thirty characters, none looks like another");
    for (const char *c = pin_alphabet; *c != '\0'; c++)
        wrong += strchr(c + 1, *c) != NULL;
    ok(wrong == 0, "none stands twice");
    secret_text(pin_alphabet, pin, PIN_LENGTH);
    ok(pin_check(pin), "a PIN of them is one");
    ok(!pin_check("ABCDEFGHJKM") && !pin_check("ABCDEFGHJKMNP") && !pin_check("ABCDEFGHJKM0") &&
            !pin_check("abcdefghjkmn") && !pin_check(""),
        "others are none");
    ok(pin_memo(op, "ABCDEFGHJKMN", &memo) == OK && strcmp(memo, "PIN码ABCDEFGHJKMN") == 0,
        "the memo begins with what it is");
    ok(gbk_length(memo) == 17 && gbk_length(memo) <= PIN_MEMO_GBK_MAX, "in 17 bytes of GBK");
    memo = "untouched";
    ok(pin_memo(op, "ABC", &memo) == E_INTERNAL && strcmp(memo, "untouched") == 0 &&
            strstr(op->note, "ABC") == NULL,
        "nothing else gets into a memo, nor into the log");
    ok(gbk_length("") == 0 && gbk_length("码a") == 3 && gbk_length("𠮷") == -1,
        "the bank counts bytes");
}

static void
check_passwords(struct op *op)
{
    static const struct {
        const char *s;
        bool right;
        enum fault_code why;
    } rows[] = {{"", false, FAULT_PASSWORD_LENGTH}, {"abc1234", false, FAULT_PASSWORD_LENGTH},
        {"kuai4Yun", true, 0}, {"正确的马电池订书钉", true, 0},
        {"订书钉", false, FAULT_PASSWORD_LENGTH}, {"13812345678", false, FAULT_PASSWORD_PHONE},
        {"x13812345678y", false, FAULT_PASSWORD_PHONE}, {"password", false, FAULT_PASSWORD_COMMON},
        {"PassWord1", false, FAULT_PASSWORD_COMMON}, {"12345678", false, FAULT_PASSWORD_COMMON},
        {"87654321", false, FAULT_PASSWORD_COMMON}, {"aaaaaaaaaa", false, FAULT_PASSWORD_COMMON},
        {"abcdefgh", false, FAULT_PASSWORD_COMMON}, {"1234567890", false, FAULT_PASSWORD_COMMON},
        {"1qaz2wsx", false, FAULT_PASSWORD_COMMON}, {"12345679", true, 0}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        enum fault_code why = FAULT_MAX;
        bool right = password_check(rows[i].s, "13812345678", &why);

        ok(right == rows[i].right && (right || why == rows[i].why), "\"%s\" is %s", rows[i].s,
            rows[i].right ? "taken" : "refused for its reason");
    }
    ok(password_check(arena_printf(op->arena, "%070dxy", 7), NULL, (enum fault_code[]){0}) &&
            !password_check(arena_printf(op->arena, "%071dxy", 7), NULL, (enum fault_code[]){0}),
        "72 characters and no more");
    ok(!password_check("my-Reviewer7-pw", "reviewer7", (enum fault_code[]){0}),
        "nor may it hold the user name");
    ok(SMS_CODE_SECONDS == 300 && SMS_CODE_DIGITS == 6 && SMS_CODE_TRIES == 5,
        "SMS codes have their limits");
}

int
main(void)
{
    struct op op = domain_op();

    check_materials();
    check_when();
    check_reasons(&op);
    check_pins(&op);
    check_passwords(&op);
    arena_free(op.arena);
    return done();
}
