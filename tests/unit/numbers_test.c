/* Numbers people copy from paper: identity, organisation, bank, phone, tax. Synthetic, but for six
 * credit codes that their companies publish. */
#include "domain/bankno.h"
#include "domain/contact.h"
#include "domain/form.h"
#include "domain/idno.h"
#include "domain/mobile.h"
#include "domain/uscc.h"

#include "base/text.h"
#include "domain_op.h"
#include "tap.h"

static int64_t
day(const char *s)
{
    int64_t days = 0;

    ok(text_date(s, &days), "%s is a date", s);
    return days;
}

/* ---- GB 32100 ---- */

static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static void
check_uscc_vectors(struct op *op)
{
    static const char *const good[] = {"91440300708461136T", "9144030071526726XG",
        "91330100799655058B", "91110000802100433B", "91110108551385082Q", "914403001922038216",
        "91210102MA0ABCD1XL", "92210200MA10XYW213", "12210000463300122C", "51210000501100237Y",
        "31210000MD0A1B2C3N", "93210300MA2QRTUW3Q", "N2210400MF3G4H5J0B"};
    static const struct {
        const char *s;
        enum fault_code why;
    } bad[] = {{"91210102MA0ABCD1XA", FAULT_USCC_CHECK}, {"91210102MI0ABCD1XL", FAULT_USCC_FORMAT},
        {"94210102MA0ABCD1XL", FAULT_USCC_CATEGORY}, {"91210102AM0ABCD1XL", FAULT_USCC_CHECK},
        {"91310000132211037T", FAULT_USCC_CHECK}, {"91440300192310957D", FAULT_USCC_CHECK},
        {"91210102MA0ABCD1X", FAULT_USCC_FORMAT}, {"91210102MA0ABCD1XLL", FAULT_USCC_FORMAT},
        {"91210102ma0abcd1xl", FAULT_USCC_FORMAT}, {"9121010AMA0ABCD1XL", FAULT_USCC_FORMAT},
        {"", FAULT_USCC_FORMAT}, {"９1210102MA0ABCD1X", FAULT_USCC_FORMAT},
        {"000000000000000000", FAULT_USCC_CATEGORY}};
    enum fault_code why;

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        ok(uscc_check(good[i], &why), "%s is right", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        why = FAULT_MAX;
        ok(!uscc_check(bad[i].s, &why) && why == bad[i].why, "%s is refused for its reason",
            bad[i].s);
    }
    ok(uscc_check(uscc_clean(op->arena, " 91210102 ma0abcd1xl "), &why),
        "small letters and spaces are cleaned");
}

static void
check_uscc_errors(void)
{
    const char *right = "91210102MA0ABCD1XL";
    char s[19];
    enum fault_code why;
    int tried = 0, missed = 0, swaps = 0;

    for (int i = 0; i < 18; i++)
        for (const char *c = uscc_alphabet; *c != '\0'; c++) {
            if (*c == right[i])
                continue;
            memcpy(s, right, sizeof(s));
            s[i] = *c;
            missed += uscc_check(s, &why);
            tried++;
        }
    ok(tried == 540 && missed == 0, "all 540 errors of one symbol are caught");
    for (int i = 0; i < 17; i++) {
        memcpy(s, right, sizeof(s));
        s[i] = right[i + 1];
        s[i + 1] = right[i];
        swaps += s[i] != s[i + 1];
        missed += uscc_check(s, &why);
    }
    ok(swaps == 17 && missed == 0, "all 17 swaps of neighbours are caught");
}

/* Every pair of a real alphabet against the list of the standard. */
static void
check_uscc_pairs(void)
{
    static const char *const categories[] = {"11239", "219", "3123459", "419", "51239", "6129",
        "7129", "819", "9123", "A19", "N1239", "Y1"};
    int right = 0, wrong = 0;

    for (const char *a = uscc_alphabet; *a != '\0'; a++)
        for (const char *b = uscc_alphabet; *b != '\0'; b++) {
            char s[] = "??210102MA0ABCD1XL";
            enum fault_code why = FAULT_MAX;
            bool known = false, refused;

            s[0] = *a;
            s[1] = *b;
            for (size_t i = 0; i < sizeof(categories) / sizeof(*categories); i++)
                known |= categories[i][0] == *a && strchr(categories[i] + 1, *b) != NULL;
            refused = !uscc_check(s, &why) && why == FAULT_USCC_CATEGORY;
            right += known;
            wrong += refused == known;
        }
    ok(right == 36 && wrong == 0, "exactly the 36 pairs of the standard are taken");
}

static void
check_uscc_meaning(void)
{
    ok(uscc_org_code_right("91210102MA0ABCD1XL") && uscc_org_code_right("914403001922038216"),
        "the organisation code inside is right");
    ok(!uscc_org_code_right("91210102MA0ABCD12L"), "or not");
    ok(uscc_fits_licence("91210102MA0ABCD1XL", LICENCE_BUSINESS) &&
            uscc_fits_licence("92210200MA10XYW213", LICENCE_BUSINESS) &&
            uscc_fits_licence("93210300MA2QRTUW3Q", LICENCE_BUSINESS) &&
            uscc_fits_licence("12210000463300122C", LICENCE_PUBLIC_INSTITUTION) &&
            uscc_fits_licence("51210000501100237Y", LICENCE_SOCIAL_ORGANISATION) &&
            uscc_fits_licence("52210000501100237Y", LICENCE_PRIVATE_NON_ENTERPRISE) &&
            uscc_fits_licence("31210000MD0A1B2C3N", LICENCE_LAW_FIRM) &&
            uscc_fits_licence("N2210400MF3G4H5J0B", LICENCE_OTHER),
        "each licence has its first two places");
    ok(!uscc_fits_licence("91210102MA0ABCD1XL", LICENCE_LAW_FIRM) &&
            !uscc_fits_licence("12210000463300122C", LICENCE_BUSINESS) &&
            !uscc_fits_licence("N2210400MF3G4H5J0B", LICENCE_BUSINESS),
        "and no other's");
    ok(uscc_nature("91210102MA0ABCD1XL") == NATURE_ENTERPRISE &&
            uscc_nature("92210200MA10XYW213") == NATURE_SELF_EMPLOYED &&
            uscc_nature("12210000463300122C") == NATURE_PUBLIC_INSTITUTION &&
            uscc_nature("51210000501100237Y") == NATURE_SOCIAL_ORGANISATION,
        "they suggest the kind of body");
    ok(uscc_in_province("91210102MA0ABCD1XL", "210103") &&
            !uscc_in_province("91210102MA0ABCD1XL", "440305"),
        "and the province");
}

/* ---- GB 11643 ---- */

static void
check_citizens(int64_t today)
{
    static const struct {
        const char *s;
        bool right;
        enum fault_code why;
    } rows[] = {{"11010519491231002X", true, 0}, {"210102199003070038", true, 0},
        {"210203198512315125", true, 0}, {"21010220120101001X", true, 0},
        {"210702197802290014", false, FAULT_ID_BIRTH},
        {"440524188001010014", false, FAULT_ID_BIRTH},
        {"990102199003070038", false, FAULT_ID_REGION},
        {"210102199003070031", false, FAULT_ID_CHECK},
        {"210102199030070038", false, FAULT_ID_BIRTH},
        {"21010219900307003", false, FAULT_ID_FORMAT},
        {"2101021990030700388", false, FAULT_ID_FORMAT},
        {"11010519491231002x", false, FAULT_ID_FORMAT},
        {"010102199003070038", false, FAULT_ID_FORMAT},
        {"21010219900307X038", false, FAULT_ID_FORMAT}, {"", false, FAULT_ID_FORMAT},
        {"210102209903070038", false, FAULT_ID_BIRTH}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        enum fault_code why = FAULT_MAX;
        bool right = idno_check(ID_RESIDENT_CARD, rows[i].s, today, &why);

        ok(right == rows[i].right && (right || why == rows[i].why), "%s is %s", rows[i].s,
            rows[i].right ? "right" : "refused for its reason");
    }
}

static void
check_citizen_errors(int64_t today)
{
    const char *right = "210102199003070038";
    char s[19];
    enum fault_code why;
    int tried = 0, missed = 0;

    for (int i = 0; i < 18; i++)
        for (const char *c = "0123456789X"; *c != '\0'; c++) {
            if (*c == right[i])
                continue;
            memcpy(s, right, sizeof(s));
            s[i] = *c;
            missed += idno_check(ID_RESIDENT_CARD, s, today, &why);
            tried++;
        }
    ok(tried == 180 && missed == 0, "all 180 errors of one symbol are caught");
    for (int i = 0; i < 17; i++) {
        memcpy(s, right, sizeof(s));
        s[i] = right[i + 1];
        s[i + 1] = right[i];
        missed += s[i] != s[i + 1] && idno_check(ID_RESIDENT_CARD, s, today, &why);
    }
    ok(missed == 0, "all swaps of neighbours are caught");
}

static void
check_provinces(int64_t today)
{
    enum fault_code why;
    int known = 0;

    for (int i = 10; i < 100; i++) {
        char s[] = "??0102199003070038";

        s[0] = (char)('0' + i / 10);
        s[1] = (char)('0' + i % 10);
        known += idno_check(ID_RESIDENT_CARD, s, today, &why) || why != FAULT_ID_REGION;
    }
    ok(known == 35, "there are 35 provinces");
}

static void
check_other_papers(struct op *op, int64_t today)
{
    enum fault_code why = FAULT_MAX;

    ok(idno_check(ID_RESIDENCE_PERMIT, "810000199003070031", today, &why) &&
            idno_check(ID_RESIDENCE_PERMIT, "830000199003070035", today, &why),
        "residence permits are checked alike");
    ok(!idno_check(ID_RESIDENCE_PERMIT, "210102199003070038", today, &why) &&
            why == FAULT_ID_PERMIT,
        "but begin with 81, 82 or 83");
    ok(idno_check(ID_PASSPORT, "E12345678", today, &why) &&
            idno_check(ID_PASSPORT, "AB123", today, &why),
        "passports have letters and digits");
    ok(!idno_check(ID_PASSPORT, "E123", today, &why) && why == FAULT_PASSPORT &&
            !idno_check(ID_PASSPORT, "E1234567890123456789A", today, &why) &&
            !idno_check(ID_PASSPORT, "E1234-678", today, &why),
        "five to twenty of them");
    is(idno_clean(op->arena, " 110105 19491231 002x "), "11010519491231002X",
        "spaces and small letters are cleaned");
}

static void
check_age(void)
{
    const char *born = "210102200803070031"; /* 7 March 2008 */
    const char *leap = "210102200802290032";

    ok(idno_age(ID_RESIDENT_CARD, born, day("2026-03-06")) == 17, "17 on the day before");
    ok(idno_age(ID_RESIDENT_CARD, born, day("2026-03-07")) == 18, "18 on the birthday");
    ok(idno_age(ID_RESIDENT_CARD, leap, day("2026-02-28")) == 17 &&
            idno_age(ID_RESIDENT_CARD, leap, day("2026-03-01")) == 18,
        "who was born on a leap day is older on 1 March");
    ok(idno_age(ID_PASSPORT, "E12345678", day("2026-03-01")) == -1, "a passport does not say");
}

/* ---- banks ---- */

static void
check_banks(struct op *op)
{
    static const char *const cards[] = {
        "6222021200000000005", "6217000730000123451", "622848004000012343", "6222021200000003"};
    enum fault_code why = FAULT_MAX;

    for (size_t i = 0; i < sizeof(cards) / sizeof(*cards); i++) {
        char *wrong = arena_strndup(op->arena, cards[i], strlen(cards[i]));
        char *last = wrong + strlen(wrong) - 1;

        *last = (char)(*last == '9' ? '0' : *last + 1);
        ok(bankno_personal(cards[i], &why), "%s is right", cards[i]);
        ok(!bankno_personal(wrong, &why) && why == FAULT_CARD_CHECK, "%s is not", wrong);
    }
    ok(bankno_personal("123456789012", &why) && bankno_personal("4000000000000001", &why),
        "other accounts need no check digit");
    ok(!bankno_luhn("123456789012") && bankno_luhn("4000000000000002") && !bankno_luhn("") &&
            !bankno_luhn("79927398713a") && bankno_luhn("79927398713"),
        "but it can be seen whether they have one");
    ok(!bankno_personal("12345678901", &why) && why == FAULT_CARD_FORMAT &&
            !bankno_personal("12345678901234567890", &why) &&
            !bankno_personal("62220212ABCD", &why),
        "personal accounts have 12 to 19 digits");
    ok(bankno_corporate("123456") && bankno_corporate("12345678901234567890123456789012") &&
            !bankno_corporate("12345") && !bankno_corporate("123456789012345678901234567890123") &&
            !bankno_corporate("1234567A") && !bankno_corporate(""),
        "corporate accounts have 6 to 32 digits");
    is(bankno_clean(op->arena, "6222 0212-0000 0000 005"), cards[0], "spaces and hyphens go");
    ok(bankno_branch("102221000012") && !bankno_branch("10222100001") &&
            !bankno_branch("1022210000123") && !bankno_branch("10222100001X"),
        "a branch has twelve digits");
}

/* ---- phones, mail, places ---- */

static void
check_mobiles(struct op *op)
{
    static const char *const good[] = {"13800138000", "19912345678"};
    static const char *const bad[] = {
        "12345678901", "1380013800", "138001380000", "1380013800a", "", "03800138000"};
    static const char *const written[] = {
        "+86 138 0013 8000", "0086-13800138000", "+8613800138000", "138-0013-8000", "13800138000"};
    int warned = 0;

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        ok(mobile_check(good[i]), "%s is a mobile", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        ok(!mobile_check(bad[i]), "\"%s\" is none", bad[i]);
    for (size_t i = 0; i < sizeof(written) / sizeof(*written); i++)
        is(mobile_clean(op->arena, written[i]), "13800138000", "%s is cleaned", written[i]);
    for (int i = 130; i < 200; i++)
        warned += mobile_is_unverifiable(arena_printf(op->arena, "%d12345678", i));
    ok(warned == 11 && mobile_is_unverifiable("17012345678") &&
            !mobile_is_unverifiable("13812345678"),
        "eleven ranges are warned about");
}

static void
check_landlines(void)
{
    static const char *const good[] = {"024-12345678", "02412345678", "0411-1234567",
        "024-12345678-801", "02412345678-801", "010-1234567", "400-123-4567", "4001234567"};
    static const char *const bad[] = {"12345678", "024-123456", "024-123456789", "24-12345678",
        "024-12345678-", "024-12345678-1234567", "0241-1234-5678", "024 12345678", "400-123-456",
        "400-1234-56789", "00000", "", "024-1234567a"};

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        ok(landline_check(good[i]), "%s is a phone number", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        ok(!landline_check(bad[i]), "\"%s\" is none", bad[i]);
}

static void
check_emails(struct op *op)
{
    static const char *const good[] = {
        "name@example.com", "a.b+c@mail.example.cn", "x@例子.中国", "o'neil_1@a-b.example"};
    static const char *const bad[] = {"", "name", "@example.com", "name@", "name@example",
        "a@b@example.com", ".a@example.com", "a.@example.com", "a..b@example.com",
        "a b@example.com", "name@-a.com", "name@a-.com", "name@a..com", "name@.com",
        "name@10.0.0.1", "名@example.com", "a\"b@example.com", "name@exa_mple.com"};

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        ok(email_check(good[i]), "%s is an address", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        ok(!email_check(bad[i]), "\"%s\" is none", bad[i]);
    ok(!email_check(arena_printf(op->arena, "a@%0*d.%0*d.com", 50, 1, 50, 1)), "nor is a long one");
}

static void
check_places_and_tax(int64_t today)
{
    static const struct {
        const char *s;
        bool right;
    } rows[] = {{"91210102MA0ABCD1XL", true}, {"210102556677889", true},
        {"21010255667788912", true}, {"21010219900307003100", true}, {"210102199003070038", true},
        {"21010220120101001X", true}, {"ABC", false}, {"91210102MA0ABCD1XA", false},
        {"21010255667788", false}, {"2101025566778891234", false}, {"21010255667788a", false},
        {"", false}};
    enum fault_code why = FAULT_MAX;

    ok(postcode_check("110013") && !postcode_check("11001") && !postcode_check("1100133") &&
            !postcode_check("11001a"),
        "a post code has six digits");
    ok(region_check("210102") && !region_check("210000") && !region_check("010102") &&
            !region_check("2101") && !region_check("21010A"),
        "a region is below its province");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        ok(taxno_check(rows[i].s, today, &why) == rows[i].right, "tax number \"%s\" is %s",
            rows[i].s, rows[i].right ? "right" : "wrong");
    ok(!taxno_check("91210102MA0ABCD1XA", today, &why) && why == FAULT_TAX_CHECK &&
            !taxno_check("ABC", today, &why) && why == FAULT_TAX_FORMAT,
        "each for its reason");
}

int
main(void)
{
    struct op op = domain_op();
    int64_t today = day("2026-11-22");

    check_uscc_vectors(&op);
    check_uscc_errors();
    check_uscc_pairs();
    check_uscc_meaning();
    check_citizens(today);
    check_citizen_errors(today);
    check_provinces(today);
    check_other_papers(&op, today);
    check_age();
    check_banks(&op);
    check_mobiles(&op);
    check_landlines();
    check_emails(&op);
    check_places_and_tax(today);
    arena_free(op.arena);
    return done();
}
