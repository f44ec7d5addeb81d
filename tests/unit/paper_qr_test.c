/* The text of the QR code: made, read back, and nothing else taken for it. */
#include "base/op.h"
#include "paper/qr.h"
#include "tap.h"

#define ORDER  "20261122000000170"
#define SHA256 "5c0ffee5c0ffee5c0ffee5c0ffee5c0ff00112233445566778899aabbccddeef"

static void
test_mark(void)
{
    static const char *const strange[] = {"", "HALL1", "HALL1|", "HALL1|1|1|",
        "HALL1|1|1|5c0ffee5c0ffee5c0ffee5c0ffee5c0", "HALL1|1|01|5c0ffee5c0ffee5c0ffee5c0ffee5c0f",
        "HALL1|1|0|5c0ffee5c0ffee5c0ffee5c0ffee5c0f", "HALL1||1|5c0ffee5c0ffee5c0ffee5c0ffee5c0f",
        "HALL1|1|-1|5c0ffee5c0ffee5c0ffee5c0ffee5c0f", "HALL2|1|1|5c0ffee5c0ffee5c0ffee5c0ffee5c0f",
        "HALL1|1|1|5C0FFEE5C0FFEE5C0FFEE5C0FFEE5C0F", "HALL1|1|1|5c0ffee5c0ffee5c0ffee5c0ffee5c0f|",
        "HALL1|1 1|1|5c0ffee5c0ffee5c0ffee5c0ffee5c0f",
        "HALL1|1|99999999999999999999|5c0ffee5c0ffee5c0ffee5c0ffee5c0f",
        "HALL1|123456789012345678901234567890123|1|5c0ffee5c0ffee5c0ffee5c0ffee5c0f",
        "https://example.com/"};
    struct op op = {.arena = arena_new(4096)};
    struct qr_mark m, back = {.revision = 9};
    bool refused = true;

    ok(qr_mark(QR_APPLICATION_FORM, ORDER, 12, SHA256, &m), "a mark is made");
    is(qr_text(op.arena, &m), "HALL1|" ORDER "|12|5c0ffee5c0ffee5c0ffee5c0ffee5c0f",
        "its text is as agreed");
    ok(qr_parse(qr_text(op.arena, &m), &back) && memcmp(&back, &m, sizeof(m)) == 0,
        "it is read back");
    m.form = QR_SEAL_FORM;
    ok(qr_parse(qr_text(op.arena, &m), &back) && back.form == QR_SEAL_FORM,
        "the seal collection form has a mark of its own");
    for (size_t i = 0; i < sizeof(strange) / sizeof(*strange); i++)
        if (qr_parse(strange[i], &back)) {
            printf("# taken: %s\n", strange[i]);
            refused = false;
        }
    ok(refused, "texts of any other form are no marks");
    arena_free(op.arena);
}

int
main(void)
{
    test_mark();
    return done();
}
