/* A right form of each kind, all of it synthetic, and a way to change one member. */
#ifndef HALL_TESTS_FORM_DATA_H
#define HALL_TESTS_FORM_DATA_H

#include "base/text.h"
#include "domain/form_check.h"

static const struct form organisation = {
    .organisation = {.name = "大连某某科技（集团）有限公司",
        .licence_kind = LICENCE_BUSINESS,
        .uscc = "91210102MA0ABCD1XL",
        .region = "210102",
        .address = "沈阳市和平区某某街1号",
        .valid_to = "long_term",
        .phone = "024-12345678",
        .nature = NATURE_ENTERPRISE},
    .person = {.name = "张三",
        .id_kind = ID_RESIDENT_CARD,
        .id_number = "210102199003070038",
        .id_valid_to = "2035-01-01",
        .mobile = "13812345678",
        .email = "a@example.com",
        .department = "采购部",
        .title = "经理"},
    .legal_representative = {.name = "李四",
        .id_kind = ID_RESIDENT_CARD,
        .id_number = "210203198512315125",
        .mobile = "13912345678"},
    .bank_account = {.account_name = "大连某某科技(集团)有限公司",
        .bank_code = "102221000012",
        .account_number = "3301001234567890"},
    .delivery = {.recipient = "张三",
        .mobile = "13812345678",
        .region = "210102",
        .address = "某某街1号",
        .postcode = "110001"},
    .invoice = {.wanted = true,
        .kind = INVOICE_SPECIAL,
        .title = "大连某某科技（集团）有限公司",
        .tax_number = "91210102MA0ABCD1XL",
        .email = "a@example.com",
        .address_phone = "沈阳市和平区某某街1号 024-12345678",
        .bank_account = "某某银行沈阳分行 3301001234567890"},
};

static const struct form natural = {
    .organisation = {.name = "大连某某科技有限公司",
        .licence_kind = LICENCE_BUSINESS,
        .uscc = "91210102MA0ABCD1XL"},
    .person = {.name = "张三",
        .id_kind = ID_RESIDENT_CARD,
        .id_number = "210102199003070038",
        .id_valid_to = "long_term",
        .mobile = "13812345678"},
    .bank_account = {.account_name = "张三",
        .bank_code = "102221000012",
        .account_number = "6222021200000000005"},
    .delivery = {.recipient = "张三",
        .mobile = "024-12345678",
        .region = "440305",
        .address = "某某街1号"},
};

static inline struct form_context
form_context_of(enum certificate_type type)
{
    struct form_context ctx = {.type = type,
        .years = 1,
        .organisation_region_known = true,
        .delivery_region_known = true,
        .delivery_served = true,
        .bank_known = true};

    if (!text_date("2026-11-22", &ctx.today))
        ctx.today = 0;
    return ctx;
}

/* One member of the right form is changed to a text; what is then wrong, and where. */
struct change {
    size_t offset;
    const char *value;   /* NULL: absent */
    const char *pointer; /* NULL: nothing is wrong */
    const char *code;
};

#define AT(member) offsetof(struct form, member)

static inline struct form
changed(const struct form *f, size_t offset, const char *value)
{
    struct form out = *f;

    *(const char **)((char *)&out + offset) = value;
    return out;
}

#endif
