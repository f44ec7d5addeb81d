/* The two forms: a right one of each, and what a single change makes of it. */
#include "domain/form.h"

#include "domain/form_check.h"
#include "domain_op.h"
#include "form_data.h"
#include "tap.h"

static const struct change organisation_changes[] = {
    {AT(organisation.name), NULL, "/organisation/name", "required"},
    {AT(organisation.name), "", "/organisation/name", "required"},
    {AT(organisation.name), "某", "/organisation/name", "length"},
    {AT(organisation.name), "某<b>公司", "/organisation/name", "characters"},
    {AT(organisation.name), "沈阳另一有限公司", "/bank_account/account_name", "account_name"},
    {AT(organisation.uscc), NULL, "/organisation/uscc", "required"},
    {AT(organisation.uscc), "91210102MA0ABCD1XA", "/organisation/uscc", "uscc_check"},
    {AT(organisation.uscc), "91210102MI0ABCD1XL", "/organisation/uscc", "uscc_format"},
    {AT(organisation.uscc), "94210102MA0ABCD1XL", "/organisation/uscc", "uscc_category"},
    {AT(organisation.uscc), "12210000463300122C", "/organisation/licence_kind", "licence_kind"},
    {AT(organisation.region), "210000", "/organisation/region", "region"},
    {AT(organisation.region), NULL, "/organisation/region", "required"},
    {AT(organisation.address), "沈阳", "/organisation/address", "length"},
    {AT(organisation.valid_to), "2026-11-21", "/organisation/valid_to", "licence_expired"},
    {AT(organisation.valid_to), "2026-11-22", NULL, NULL},
    {AT(organisation.valid_to), "2026-02-30", "/organisation/valid_to", "date"},
    {AT(organisation.valid_to), "forever", "/organisation/valid_to", "date"},
    {AT(organisation.phone), NULL, NULL, NULL},
    {AT(organisation.phone), "13812345678", NULL, NULL},
    {AT(organisation.phone), "12345678", "/organisation/phone", "phone"},
    {AT(person.name), "张", "/handler/name", "length"},
    {AT(person.name), "张3", "/handler/name", "name"},
    {AT(person.id_number), NULL, "/handler/id_number", "required"},
    {AT(person.id_number), "210102199003070031", "/handler/id_number", "id_check"},
    {AT(person.id_number), "210702197802290014", "/handler/id_number", "id_birth"},
    {AT(person.id_number), "990102199003070038", "/handler/id_number", "id_region"},
    {AT(person.id_number), "1234", "/handler/id_number", "id_format"},
    {AT(person.id_number), "21010220120101001X", "/handler/id_number", "under_age"},
    {AT(person.id_number), "210102200811220036", NULL, NULL},
    {AT(person.id_number), "210102200811230031", "/handler/id_number", "under_age"},
    {AT(person.id_valid_to), "2026-11-21", "/handler/id_valid_to", "id_expired"},
    {AT(person.id_valid_to), NULL, "/handler/id_valid_to", "required"},
    {AT(person.mobile), "12812345678", "/handler/mobile", "mobile"},
    {AT(person.email), "a@b", "/handler/email", "email"},
    {AT(person.email), NULL, NULL, NULL},
    {AT(person.title), "a\\b", "/handler/title", "characters"},
    {AT(legal_representative.name), NULL, "/legal_representative/name", "required"},
    {AT(legal_representative.id_number), "210203198512315126", "/legal_representative/id_number",
        "id_check"},
    {AT(legal_representative.id_number), "21010220120101001X", NULL, NULL},
    {AT(legal_representative.mobile), NULL, NULL, NULL},
    {AT(legal_representative.mobile), "138", "/legal_representative/mobile", "mobile"},
    {AT(bank_account.account_name), "大连某某有限公司", "/bank_account/account_name",
        "account_name"},
    {AT(bank_account.account_name), "大连某某科技 （集团） 有限公司", NULL, NULL},
    {AT(bank_account.bank_code), "1022", "/bank_account/bank_code", "bank_code"},
    {AT(bank_account.account_number), "12345", "/bank_account/account_number", "account_format"},
    {AT(bank_account.account_number), "6222021200000000006", NULL, NULL},
    {AT(delivery.recipient), "张", "/delivery/recipient", "length"},
    {AT(delivery.mobile), "1", "/delivery/mobile", "phone"},
    {AT(delivery.region), "21", "/delivery/region", "region"},
    {AT(delivery.address), NULL, "/delivery/address", "required"},
    {AT(delivery.postcode), "1100", "/delivery/postcode", "postcode"},
    {AT(delivery.postcode), NULL, NULL, NULL},
    {AT(invoice.title), NULL, "/invoice/title", "required"},
    {AT(invoice.tax_number), NULL, "/invoice/tax_number", "required"},
    {AT(invoice.tax_number), "ABC", "/invoice/tax_number", "tax_format"},
    {AT(invoice.tax_number), "91210102MA0ABCD1XA", "/invoice/tax_number", "tax_check"},
    {AT(invoice.email), NULL, "/invoice/email", "invoice_delivery"},
    {AT(invoice.mobile), "1", "/invoice/mobile", "mobile"},
    {AT(invoice.bank_account), NULL, NULL, NULL},
};

static const struct change natural_changes[] = {
    {AT(organisation.name), NULL, "/organisation/name", "required"},
    {AT(organisation.region), "210102", "/organisation/region", "unknown_field"},
    {AT(organisation.address), "某某街1号", "/organisation/address", "unknown_field"},
    {AT(organisation.phone), "024-12345678", "/organisation/phone", "unknown_field"},
    {AT(legal_representative.name), "李四", "/legal_representative/name", "unknown_field"},
    {AT(person.name), NULL, "/applicant/name", "required"},
    {AT(person.name), "张四", "/bank_account/account_name", "account_name"},
    {AT(person.id_number), "21010220120101001X", "/applicant/id_number", "under_age"},
    {AT(bank_account.account_name), "大连某某科技有限公司", "/bank_account/account_name",
        "account_name"},
    {AT(bank_account.account_number), "6222021200000000006", "/bank_account/account_number",
        "card_check"},
    {AT(bank_account.account_number), "12345678901", "/bank_account/account_number", "card_format"},
    {AT(bank_account.account_number), "123456789012", NULL, NULL},
    {AT(invoice.title), NULL, NULL, NULL},
};

static void
check_changes(struct op *op, const struct form *right, const struct form_context *ctx,
    const struct change *rows, size_t n)
{
    domain_op_clear(op);
    form_check(op, right, ctx);
    ok(fault_count(op) == 0, "the right form is right");
    for (size_t i = 0; i < n; i++) {
        struct form f = changed(right, rows[i].offset, rows[i].value);

        domain_op_clear(op);
        form_check(op, &f, ctx);
        if (rows[i].pointer == NULL)
            ok(fault_count(op) == 0, "row %zu: \"%s\" is fine", i,
                rows[i].value == NULL ? "absent" : rows[i].value);
        else
            ok(fault_count(op) == 1 && strcmp(fault_at(op, rows[i].pointer), rows[i].code) == 0,
                "row %zu: \"%s\" is %s at %s and nowhere else", i,
                rows[i].value == NULL ? "absent" : rows[i].value, rows[i].code, rows[i].pointer);
    }
}

/* What no text can show: enums, flags of the context, conditions. */
static void
check_conditions(struct op *op)
{
    struct form_context ctx = form_context_of(CERTIFICATE_ORGANISATION), other = ctx;
    struct form f = organisation;

    f.organisation.licence_kind = LICENCE_LAW_FIRM;
    domain_op_clear(op);
    form_check(op, &f, &ctx);
    is(fault_at(op, "/organisation/licence_kind"), "licence_kind", "the licence fits the code");
    f = organisation;
    f.organisation.licence_kind = f.person.id_kind = f.invoice.kind = 0;
    domain_op_clear(op);
    form_check(op, &f, &ctx);
    ok(fault_count(op) == 3 && strcmp(fault_at(op, "/handler/id_kind"), "required") == 0 &&
            strcmp(fault_at(op, "/invoice/kind"), "required") == 0,
        "choices are required too");
    other.organisation_region_known = other.delivery_region_known = other.bank_known = false;
    domain_op_clear(op);
    form_check(op, &organisation, &other);
    ok(fault_count(op) == 3 &&
            strcmp(fault_at(op, "/organisation/region"), "region_unknown") == 0 &&
            strcmp(fault_at(op, "/delivery/region"), "region_unknown") == 0 &&
            strcmp(fault_at(op, "/bank_account/bank_code"), "bank_unknown") == 0,
        "codes must be in their lists");
    other = ctx;
    other.delivery_served = false;
    domain_op_clear(op);
    form_check(op, &organisation, &other);
    is(fault_at(op, "/delivery/region"), "region_not_served", "the courier goes there");
    other = ctx;
    other.legal_mobile_needed = true;
    f = changed(&organisation, AT(legal_representative.mobile), NULL);
    domain_op_clear(op);
    form_check(op, &f, &other);
    is(fault_at(op, "/legal_representative/mobile"), "required", "a project may ask for it");
}

static void
check_invoices(struct op *op)
{
    struct form_context person = form_context_of(CERTIFICATE_NATURAL_PERSON);
    struct form_context ctx = form_context_of(CERTIFICATE_ORGANISATION);
    struct form f = natural;

    f.invoice = (struct invoice){
        .wanted = true, .kind = INVOICE_SPECIAL, .title = "张三", .mobile = "13812345678"};
    domain_op_clear(op);
    form_check(op, &f, &person);
    ok(fault_count(op) == 1 && strcmp(fault_at(op, "/invoice/kind"), "invoice_special") == 0,
        "a person gets ordinary invoices");
    f.invoice.kind = INVOICE_ORDINARY;
    domain_op_clear(op);
    form_check(op, &f, &person);
    ok(fault_count(op) == 0, "without a tax number");
    f = organisation;
    f.invoice = (struct invoice){.wanted = false};
    domain_op_clear(op);
    form_check(op, &f, &ctx);
    ok(fault_count(op) == 0, "without an invoice nothing of it is required");
}

static void
check_exceptions(struct op *op)
{
    struct form_context ctx = form_context_of(CERTIFICATE_ORGANISATION);
    struct form f = changed(&organisation, AT(bank_account.account_name), "某某商行");

    f.organisation.uscc = f.invoice.tax_number = "92210200MA10XYW213";
    f.organisation.nature = NATURE_SELF_EMPLOYED;
    domain_op_clear(op);
    form_check(op, &f, &ctx);
    ok(fault_count(op) == 0, "the self-employed have accounts in other names");
    f = organisation;
    f.person.id_kind = ID_PASSPORT;
    f.person.id_number = "E12345678";
    domain_op_clear(op);
    form_check(op, &f, &ctx);
    ok(fault_count(op) == 0, "a passport says nothing of age");
    f.person.id_kind = ID_RESIDENCE_PERMIT;
    f.person.id_number = "210102199003070038";
    domain_op_clear(op);
    form_check(op, &f, &ctx);
    is(fault_at(op, "/handler/id_number"), "id_permit", "a residence permit has its own numbers");
}

static void
check_empty(struct op *op)
{
    static const struct form empty;
    struct form_context ctx = form_context_of(CERTIFICATE_ORGANISATION);
    const char *const *missing;
    size_t n = 0;

    domain_op_clear(op);
    form_check(op, &empty, &ctx);
    ok(fault_count(op) == 21 && op_faults(op) == E_INVALID,
        "an empty form lacks everything that is required, each named");
    ctx.draft = true;
    domain_op_clear(op);
    form_check(op, &empty, &ctx);
    ok(op_faults(op) == OK, "as a draft it has no fault");
    for (missing = form_incomplete(op->arena, &empty, &ctx); missing[n] != NULL; n++)
        continue;
    ok(n == 21, "but the same members are listed");
    is(missing[0], "/organisation/name", "in the order of the form");
    ok(form_incomplete(op->arena, &organisation, &ctx)[0] == NULL, "a whole form lacks nothing");
    ctx = form_context_of(CERTIFICATE_NATURAL_PERSON);
    for (n = 0, missing = form_incomplete(op->arena, &empty, &ctx); missing[n] != NULL; n++)
        continue;
    ok(n == 15 && strcmp(missing[3], "/applicant/name") == 0, "a person has fewer to fill in");
}

static void
check_draft(struct op *op)
{
    struct form_context ctx = form_context_of(CERTIFICATE_ORGANISATION);
    struct form f = {.organisation = {.uscc = "91210102MA0ABCD1XA", .valid_to = "2020-01-01"},
        .person = {.id_number = "1"},
        .invoice = {.wanted = true}};
    const char *const *missing;
    bool title = false, email = false;

    ctx.draft = true;
    ctx.bank_known = ctx.delivery_region_known = false;
    domain_op_clear(op);
    form_check(op, &f, &ctx);
    ok(fault_count(op) == 1 && strcmp(fault_at(op, "/organisation/uscc"), "uscc_check") == 0,
        "in a draft what is there must be written right, no more");
    for (missing = form_incomplete(op->arena, &f, &ctx); *missing != NULL; missing++) {
        title |= strcmp(*missing, "/invoice/title") == 0;
        email |= strcmp(*missing, "/invoice/email") == 0;
    }
    ok(title && email, "what an invoice needs is listed once one is wanted");
}

static void
check_bank_account(struct op *op)
{
    struct form_context ctx = form_context_of(CERTIFICATE_ORGANISATION);
    struct bank_account b = {.account_name = "大连某某科技（集团）有限公司",
        .bank_code = " 1022 2100 0012 ",
        .account_number = "３３０１-0012 3456"};

    form_clean_bank_account(op->arena, &b);
    is(b.account_number, "330100123456", "the number is cleaned");
    domain_op_clear(op);
    form_check_bank_account(op, &b, &organisation, &ctx);
    ok(fault_count(op) == 0, "a right account is right");
    b.account_name = "某某";
    b.account_number = "1";
    ctx.bank_known = false;
    domain_op_clear(op);
    form_check_bank_account(op, &b, &organisation, &ctx);
    ok(fault_count(op) == 3 && strcmp(fault_at(op, "/account_name"), "account_name") == 0 &&
            strcmp(fault_at(op, "/account_number"), "account_format") == 0 &&
            strcmp(fault_at(op, "/bank_code"), "bank_unknown") == 0,
        "a wrong one is named member by member");
    b = (struct bank_account){NULL, NULL, NULL};
    domain_op_clear(op);
    form_check_bank_account(op, &b, &organisation, &ctx);
    ok(fault_count(op) == 3, "all three are required");
}

static void
check_clean(struct op *op)
{
    struct form f = {.organisation = {.name = "　大连　某某 ", .uscc = "91210102 ma0abcd1xl"},
        .person = {.name = "张 三",
            .id_number = "11010519491231002x",
            .mobile = "+86 138-1234-5678"},
        .bank_account = {.account_number = "6222 0212"},
        .delivery = {.mobile = "0086 13812345678", .postcode = "１１０００１"},
        .invoice = {.title = "  ", .tax_number = "91210102ma0abcd1xl"}};

    form_clean(op->arena, &f);
    is(f.organisation.name, "大连 某某", "names lose their outer spaces");
    is(f.organisation.uscc, "91210102MA0ABCD1XL", "codes are upper case");
    is(f.person.name, "张三", "a person has no spaces between Han");
    is(f.person.id_number, "11010519491231002X", "x is X");
    is(f.person.mobile, "13812345678", "+86 goes");
    is(f.bank_account.account_number, "62220212", "accounts are digits");
    is(f.delivery.mobile, "13812345678", "also where a landline may stand");
    is(f.delivery.postcode, "110001", "full-width digits are digits");
    ok(f.invoice.title == NULL && f.organisation.address == NULL, "blank is absent");
    is(f.invoice.tax_number, "91210102MA0ABCD1XL", "tax numbers too");
}

int
main(void)
{
    struct op op = domain_op();
    struct form_context o = form_context_of(CERTIFICATE_ORGANISATION);
    struct form_context n = form_context_of(CERTIFICATE_NATURAL_PERSON);

    check_changes(&op, &organisation, &o, organisation_changes,
        sizeof(organisation_changes) / sizeof(*organisation_changes));
    check_changes(
        &op, &natural, &n, natural_changes, sizeof(natural_changes) / sizeof(*natural_changes));
    check_conditions(&op);
    check_invoices(&op);
    check_exceptions(&op);
    check_empty(&op);
    check_draft(&op);
    check_bank_account(&op);
    check_clean(&op);
    arena_free(op.arena);
    return done();
}
