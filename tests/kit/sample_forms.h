/* Synthetic forms for tests and for looking at: nobody and nothing in them exists. */
#ifndef HALL_TESTS_SAMPLE_FORMS_H
#define HALL_TESTS_SAMPLE_FORMS_H

#include "paper/form_pdf.h"

/* Names with characters that older systems lose; the last one is in the second font only. */
#define RARE_NAME "龙䶮㛃𬭎𠮷𫖯𬀩𬱖𪩘𰻝𠅤𬺈𱁬𭶑"

#define ROWS(a)       (a), sizeof(a) / sizeof(*(a))
#define SAMPLE_SHA256 "5c0ffee5c0ffee5c0ffee5c0ffee5c0ff00112233445566778899aabbccddeef"
#define SAMPLE_ORDER  "20261122000000170"

static const struct paper_row sample_order[] = {
    {"业务项目", "辽宁政府采购证书新办"},
    {"证书类型", "机构证书"},
    {"办理年限", "1 年"},
    {"采购网供应商账号", "LN_2026-0017"},
    {"证书费用", "240.00 元"},
    {"快递费用", "21.00 元（寄付）"},
    {"费用合计", "261.00 元"},
};
static const struct paper_row sample_person_order[] = {
    {"业务项目", "辽宁政府采购证书新办"},
    {"证书类型", "自然人证书"},
    {"办理年限", "1 年"},
    {"采购网供应商账号", "LN_2026-0017"},
    {"证书费用", "240.00 元"},
    {"快递费用", "21.00 元（寄付）"},
    {"费用合计", "261.00 元"},
};
static const struct paper_row sample_organisation[] = {
    {"单位名称", "辽宁春山示例科技有限公司"},
    {"单位证件类型", "营业执照"},
    {"统一社会信用代码", "91210102MA0ABCD1XL"},
    {"营业期限至", "长期"},
    {"单位性质", "企业"},
    {"单位电话", "024-00000000"},
    {"注册地", "辽宁省 沈阳市 和平区"},
    {"注册地址", "辽宁省沈阳市和平区示例街道样板路 100 号春山大厦 A 座 2101 室"},
};
static const struct paper_row sample_handler[] = {
    {"经办人姓名", RARE_NAME},
    {"证件类型", "居民身份证"},
    {"证件号码", "210102199003070038"},
    {"证件有效期至", "2036-03-07"},
    {"手机号码", "13800000000"},
    {"电子邮箱", "handler@example.com"},
    {"部门", "综合管理部"},
    {"职务", "主管"},
};
static const struct paper_row sample_legal[] = {
    {"法定代表人（负责人）姓名", "石样例"},
    {"证件类型", "居民身份证"},
    {"证件号码", "210203198512315125"},
    {"手机号码", ""},
};
static const struct paper_row sample_account[] = {
    {"基本户名称", "辽宁春山示例科技有限公司"},
    {"基本户账号", "2102000000000000017"},
    {"基本户开户行", "中国工商银行股份有限公司沈阳示例支行（102221000000）"},
};
static const struct paper_row sample_delivery[] = {
    {"收件人", "王样本"},
    {"收件人手机", "13900000000"},
    {"快递费付款方式", "寄付"},
    {"邮编", "110000"},
    {"收件地址", "辽宁省沈阳市和平区示例街道样板路 100 号春山大厦 A 座 2101 室前台转交"},
};
static const struct paper_row sample_invoice[] = {
    {"是否开票", "是"},
    {"发票类型", "增值税专用发票（电子）"},
    {"发票抬头", "辽宁春山示例科技有限公司"},
    {"纳税人识别号", "91210102MA0ABCD1XL"},
    {"收票邮箱", "invoice@example.com"},
    {"收票手机", "13900000000"},
    {"注册地址、电话", "辽宁省沈阳市和平区示例街道样板路 100 号 024-00000000"},
    {"开户行及账号", "中国工商银行股份有限公司沈阳示例支行 2102000000000000017"},
};
static const struct paper_group sample_organisation_groups[] = {
    {"业务信息", ROWS(sample_order)},
    {"申请单位信息", ROWS(sample_organisation)},
    {"经办人信息", ROWS(sample_handler)},
    {"法人信息", ROWS(sample_legal)},
    {"申请单位基本账户信息", ROWS(sample_account)},
    {"邮寄信息", ROWS(sample_delivery)},
    {"发票信息", ROWS(sample_invoice)},
};

static const struct paper_row sample_applicant[] = {
    {"申请人姓名", "阿依古丽·示例"},
    {"证件类型", "居民身份证"},
    {"证件号码", "210203198512315125"},
    {"证件有效期至", "长期"},
    {"手机号码", "13800000001"},
    {"电子邮箱", ""},
};
static const struct paper_row sample_unit[] = {
    {"单位名称", "辽宁春山示例科技有限公司"},
    {"单位证件类型", "营业执照"},
    {"统一社会信用代码", "91210102MA0ABCD1XL"},
};
static const struct paper_row sample_own_account[] = {
    {"户名（申请人本人）", "阿依古丽·示例"},
    {"银行账号", "6222021200000000005"},
    {"开户行", "中国工商银行股份有限公司沈阳示例支行（102221000000）"},
};
static const struct paper_row sample_own_invoice[] = {
    {"是否开票", "是"},
    {"发票类型", "电子普通发票"},
    {"发票抬头", "阿依古丽·示例"},
    {"收票手机", "13800000001"},
};
static const struct paper_group sample_person_groups[] = {
    {"业务信息", ROWS(sample_person_order)},
    {"申请人信息", ROWS(sample_applicant)},
    {"所属单位信息", ROWS(sample_unit)},
    {"金融认证信息", ROWS(sample_own_account)},
    {"邮寄信息", ROWS(sample_delivery)},
    {"发票信息", ROWS(sample_own_invoice)},
};
static const struct paper_row sample_seal_rows[] = {
    {"单位名称", "辽宁春山示例科技有限公司"},
    {"统一社会信用代码", "91210102MA0ABCD1XL"},
    {"经办人姓名", RARE_NAME},
    {"手机号码", "13800000000"},
    {"证书类型", "机构证书"},
    {"办理年限", "1 年"},
};
static const struct paper_group sample_seal_groups[] = {{"订单信息", ROWS(sample_seal_rows)}};

#define SAMPLE(k, g)                                                            \
    {                                                                           \
        .kind = (k), .authority = "深圳CA", .project = "辽宁政府采购项目",      \
        .order_no = SAMPLE_ORDER, .revision = 2, .sha256 = SAMPLE_SHA256,       \
        .created_at = 1795316645, .groups = (g), .n = sizeof(g) / sizeof(*(g)), \
    }
static const struct form_paper sample_organisation_form =
    SAMPLE(PAPER_ORGANISATION, sample_organisation_groups);
static const struct form_paper sample_person_form =
    SAMPLE(PAPER_NATURAL_PERSON, sample_person_groups);
static const struct form_paper sample_seal_form = SAMPLE(PAPER_ORGANISATION, sample_seal_groups);

#endif
