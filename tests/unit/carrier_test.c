/* Couriers and their waybills; the words of why a certificate cannot be made. */
#include "domain/carrier.h"

#include <string.h>

#include "domain/issue_fault.h"
#include "tap.h"

static void
check_waybills(void)
{
    static const struct {
        const char *no;
        bool right;
    } rows[] = {
        {"SF1234567890123", true},
        {"SF123456789012", true},
        {"SF123456789012345", true},
        {"SF12345678901", false},
        {"SF1234567890123456", false},
        {"sf1234567890123", false},
        {"1234567890123", false},
        {"SF12345678901A3", false},
        {"SF 1234567890123", false},
        {"SF", false},
        {"", false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        ok(waybill_check(CARRIER_SF, rows[i].no) == rows[i].right, "\"%s\" is %s waybill",
            rows[i].no, rows[i].right ? "a" : "no");
}

int
main(void)
{
    enum carrier carrier = CARRIER_MAX;
    enum issue_fault fault;

    ok(carrier_parse("sf", &carrier) && carrier == CARRIER_SF, "a courier by its code");
    ok(!carrier_parse("SF", &carrier) && !carrier_parse("", &carrier), "and no other spelling");
    is(carrier_name(CARRIER_SF, LANG_ZH), "顺丰速运", "its name");
    check_waybills();
    for (int f = ISSUE_FAULT_NONE + 1; f < ISSUE_FAULT_MAX; f++) {
        const char *code = issue_fault_code((enum issue_fault)f);

        ok(issue_fault_parse(code, &fault) && (int)fault == f, "%s is read back", code);
        ok(*issue_fault_text(fault, LANG_ZH) != '\0' && *issue_fault_text(fault, LANG_EN) != '\0',
            "%s has words", code);
        ok(strchr(code, ':') == NULL, "%s can stand before a note", code);
    }
    ok(!issue_fault_parse("", &fault), "no code is no fault");
    return done();
}
