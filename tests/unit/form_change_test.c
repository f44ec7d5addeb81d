/* What a form warns of, and what a change of it means. */
#include "domain/form_warning.h"

#include "domain_op.h"
#include "form_data.h"
#include "tap.h"

static bool
is_warned(const struct form_warning *w, const char *pointer, const char *code)
{
    for (; w != NULL; w = w->next)
        if (strcmp(w->pointer, pointer) == 0 && strcmp(w->code, code) == 0)
            return *w->text != '\0';
    return false;
}

static void
check_warnings(struct op *op)
{
    static const struct change rows[] = {
        {AT(organisation.name), "大连𠮷某科技有限公司", "/organisation/name", "rare_characters"},
        {AT(organisation.uscc), "91210102MA0ABCD121", "/organisation/uscc", "organisation_code"},
        {AT(organisation.region), "440305", "/organisation/region", "province_differs"},
        {AT(organisation.uscc), "12210000463300122C", "/organisation/nature", "nature_differs"},
        {AT(organisation.valid_to), "2027-11-21", "/organisation/valid_to", "licence_ends_early"},
        {AT(organisation.valid_to), "2027-11-22", NULL, NULL},
        {AT(person.name), "𠮷某", "/handler/name", "rare_characters"},
        {AT(person.id_valid_to), "2026-12-22", "/handler/id_valid_to", "id_ends_soon"},
        {AT(person.id_valid_to), "2026-12-23", NULL, NULL},
        {AT(person.mobile), "17012345678", "/handler/mobile", "mobile_unverifiable"},
        {AT(bank_account.account_name), "别名", "/bank_account/account_name",
            "account_name_differs"},
        {AT(delivery.address), "某某街道", "/delivery/address", "address_vague"},
        {AT(invoice.title), "另一公司", "/invoice/title", "invoice_title_differs"},
        {AT(invoice.bank_account), NULL, "/invoice/bank_account", "invoice_details"},
        {AT(invoice.address_phone), NULL, "/invoice/address_phone", "invoice_details"},
    };
    struct form_context ctx = form_context_of(CERTIFICATE_ORGANISATION);
    struct form f;

    ok(form_warnings(op, &organisation, &ctx) == NULL, "the right form warns of nothing");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const struct form_warning *w;

        f = changed(&organisation, rows[i].offset, rows[i].value);
        w = form_warnings(op, &f, &ctx);
        ok(rows[i].pointer == NULL ? w == NULL : is_warned(w, rows[i].pointer, rows[i].code),
            "row %zu: \"%s\" warns of %s", i, rows[i].value == NULL ? "absent" : rows[i].value,
            rows[i].code == NULL ? "nothing" : rows[i].code);
    }
    f = organisation;
    f.person.id_kind = ID_PASSPORT;
    ok(is_warned(form_warnings(op, &f, &ctx), "/handler/id_kind", "manual_identity_check"),
        "staff check passports");
    ctx = form_context_of(CERTIFICATE_NATURAL_PERSON);
    f = changed(&natural, AT(bank_account.account_number), "123456789012");
    ok(is_warned(form_warnings(op, &f, &ctx), "/bank_account/account_number", "card_check"),
        "an old account may lack its check digit");
    f = natural;
    f.invoice = (struct invoice){.wanted = true, .kind = INVOICE_ORDINARY, .title = "张三"};
    ok(form_warnings(op, &f, &ctx) == NULL, "a person may have the invoice in their own name");
}

/* ---- what must be done again ---- */

static void
check_redo(void)
{
    static const struct {
        size_t offset;
        const char *value;
        unsigned organisation, natural;
    } rows[] = {
        {AT(organisation.name), "某公司", REDO_APPLICATION_FORM | REDO_LICENCE | REDO_SEAL_SHEET,
            REDO_APPLICATION_FORM | REDO_SEAL_SHEET},
        {AT(organisation.uscc), "92210200MA10XYW213",
            REDO_APPLICATION_FORM | REDO_LICENCE | REDO_SEAL_SHEET,
            REDO_APPLICATION_FORM | REDO_SEAL_SHEET},
        {AT(organisation.address), "别处1号", REDO_APPLICATION_FORM, 0},
        {AT(person.name), "王某", REDO_LIVENESS | REDO_APPLICATION_FORM,
            REDO_LIVENESS | REDO_APPLICATION_FORM},
        {AT(person.id_number), "11010519491231002X", REDO_LIVENESS | REDO_APPLICATION_FORM,
            REDO_LIVENESS | REDO_APPLICATION_FORM},
        {AT(person.mobile), "13900000000", REDO_LIVENESS | REDO_APPLICATION_FORM,
            REDO_LIVENESS | REDO_APPLICATION_FORM},
        {AT(person.email), "b@example.com", REDO_APPLICATION_FORM, REDO_APPLICATION_FORM},
        {AT(legal_representative.name), "王某", REDO_APPLICATION_FORM, 0},
        {AT(bank_account.account_number), "123456", REDO_BANK_VERIFICATION | REDO_APPLICATION_FORM,
            REDO_BANK_VERIFICATION | REDO_APPLICATION_FORM},
        {AT(delivery.region), "110105", REDO_FEE, REDO_FEE},
        {AT(delivery.address), "别处1号", 0, 0},
        {AT(invoice.title), "别名", 0, 0},
        {AT(organisation.phone), NULL, REDO_APPLICATION_FORM, 0},
        {AT(organisation.phone), "", REDO_APPLICATION_FORM, 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct form f = changed(&organisation, rows[i].offset, rows[i].value);
        struct form g = changed(&natural, rows[i].offset, rows[i].value);

        ok(form_needs_redo(CERTIFICATE_ORGANISATION, &organisation, &f) == rows[i].organisation &&
                form_needs_redo(CERTIFICATE_NATURAL_PERSON, &natural, &g) == rows[i].natural,
            "row %zu: what is to be done again after \"%s\"", i,
            rows[i].value == NULL ? "absent" : rows[i].value);
    }
    ok(form_needs_redo(CERTIFICATE_ORGANISATION, &organisation, &organisation) == 0,
        "nothing after no change");
}

static void
check_tables(struct op *op)
{
    struct form f = changed(&organisation, AT(person.mobile), "13900000000"), printed;
    const char *const *changes;
    const char *before = "";
    int groups = 0;

    f.invoice.wanted = false;
    changes = form_changes(op->arena, CERTIFICATE_ORGANISATION, &organisation, &f);
    ok(strcmp(changes[0], "/handler/mobile") == 0 && strcmp(changes[1], "/invoice/wanted") == 0 &&
            changes[2] == NULL,
        "the reviewer sees what changed");
    for (int i = 0; i < form_members_n; i++) {
        groups += strcmp(before, form_members[i].group) != 0;
        before = form_members[i].group;
    }
    ok(groups == 6 && form_members_n < 64, "the members of a group follow one another");
    printed = form_printed(CERTIFICATE_ORGANISATION, &organisation);
    ok(printed.delivery.recipient == NULL && !printed.invoice.wanted && printed.invoice.kind == 0 &&
            printed.person.id_kind == ID_RESIDENT_CARD &&
            strcmp(printed.bank_account.bank_code, "102221000012") == 0,
        "courier and invoice are not printed");
    ok(strcmp(licence_kinds[LICENCE_OTHER], "other") == 0 && licence_kinds[7] == NULL &&
            strcmp(natures[NATURE_OTHER], "other") == 0 &&
            strcmp(id_kinds[ID_PASSPORT], "passport") == 0 &&
            strcmp(invoice_kinds[INVOICE_SPECIAL], "special") == 0 && *invoice_kinds[0] == '\0',
        "enums and their names agree");
    is(licence_kind_label(LICENCE_BUSINESS, LANG_ZH), "营业执照", "and have words");
}

int
main(void)
{
    struct op op = domain_op();

    check_warnings(&op);
    check_redo();
    check_tables(&op);
    arena_free(op.arena);
    return done();
}
