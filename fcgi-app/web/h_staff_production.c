/* Production and the mail room: certificates that could not be made, revocation, parcels. */
#include <string.h>

#include "flow/certificate.h"
#include "flow/deliver.h"
#include "flow/issue_desk.h"
#include "store/issuance.h"
#include "store/shipment.h"
#include "web/desk_order.h"
#include "web/page.h"
#include "web/rejection.h"
#include "web/routes.h"

/* ---- issuance ---- */

struct issuance_query {
    int state;
    const char *cursor;
    int64_t limit;
};
static const char *const issuance_states[] = {
    "", "queued", "prepared", "signed", "failed", "closed", NULL};
static const struct field issuance_query_fields[] = {
    ENUM(struct issuance_query, state, issuance_states, .flags = F_OPT),
    STR(struct issuance_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct issuance_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

static const struct field issue_switch_fields[] = {
    BOOL(struct issue_switch, on),
    STR(struct issue_switch, reason, 0, 200, .flags = F_OPT | F_LINES),
    STR(struct issue_switch, changed_by, 1, 40, .flags = F_OPT),
    TIME(struct issue_switch, changed_at),
    {.type = F_END},
};

struct issuance_page {
    bool on;
    struct issue_switch turned;
    struct list items;
    const char *next_cursor;
};
static const struct field issuance_page_fields[] = {
    BOOL(struct issuance_page, on),
    OBJ(struct issuance_page, turned, issue_switch_fields),
    LIST(struct issuance_page, items, issuance_row_fields, struct issuance_row, 0, 100),
    STR(struct issuance_page, next_cursor, 1, 40, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_issuance(struct call *c, const void *in, void *out)
{
    const struct issuance_query *q = c->query;
    int64_t limit = page_limit(q->limit), before = page_before(c->op, q->cursor);
    struct issuance_page *page = out;
    const struct issuance_row *rows;

    (void)in;
    TRY(op_faults(c->op));
    TRY(issue_is_on(c->op, &page->turned));
    page->on = page->turned.on;
    TRY(issuance_list(
        c->op, q->state == 0 ? NULL : issuance_states[q->state], before, limit, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(
        c->op, &page->items, limit, (int64_t)page->items.n > limit ? rows[limit - 1].number : 0);
    return OK;
}

struct turn {
    bool on;
    const char *reason;
};
static const struct field turn_fields[] = {
    BOOL(struct turn, on, .label = "制证开关"),
    STR(struct turn, reason, 1, 200, .flags = F_OPT | F_LINES, .label = "原因"),
    {.type = F_END},
};

static enum err
h_switch(struct call *c, const void *in, void *out)
{
    const struct turn *t = in;

    TRY(issue_turn(c->op, t->on, t->reason));
    return issue_is_on(c->op, out);
}

struct retry {
    const char *cause;
};
static const struct field retry_fields[] = {
    STR(struct retry, cause, 1, 500, .flags = F_OPT | F_LINES, .label = "原因及处理"),
    {.type = F_END},
};

static enum err
h_retry(struct call *c, const void *in, void *out)
{
    TRY(issue_retry(c->op, c->args[0], ((const struct retry *)in)->cause));
    return answer_desk_order(c, c->args[0], out);
}

static enum err
h_return(struct call *c, const void *in, void *out)
{
    TRY(issue_return(c->op, c->args[0], &((const struct rejection *)in)->reasons));
    return answer_desk_order(c, c->args[0], out);
}

/* ---- acts of two people ---- */

struct because {
    const char *reason;
};
static const struct field because_fields[] = {
    STR(struct because, reason, 1, 200, .label = "原因"),
    {.type = F_END},
};

static enum err
two_people(struct call *c, bool done, void *out)
{
    if (!done)
        c->reply->status = 202;
    return answer_desk_order(c, c->args[0], out);
}

static enum err
h_refuse(struct call *c, const void *in, void *out)
{
    bool done;

    TRY(issue_refuse(c->op, c->args[0], ((const struct because *)in)->reason, &done));
    return two_people(c, done, out);
}

static enum err
h_reissue(struct call *c, const void *in, void *out)
{
    bool done;

    TRY(deliver_reissue(c->op, c->args[0], ((const struct because *)in)->reason, &done));
    return two_people(c, done, out);
}

static enum err
h_certificate(struct call *c, const void *in, void *out)
{
    (void)in;
    return certificate_view(c->op, c->args[0], out);
}

static enum err
h_revoke(struct call *c, const void *in, void *out)
{
    bool done;

    TRY(certificate_end(c->op, c->args[0], ((const struct because *)in)->reason, &done));
    if (!done)
        c->reply->status = 202;
    return certificate_view(c->op, c->args[0], out);
}

struct certificate_query {
    int status;
    const char *cursor;
    int64_t limit;
};
static const char *const certificate_statuses[] = {"", "good", "held", "revoked", "asked", NULL};
static const struct field certificate_query_fields[] = {
    ENUM(struct certificate_query, status, certificate_statuses, .flags = F_OPT),
    STR(struct certificate_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct certificate_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

struct certificate_page {
    struct list items;
    const char *next_cursor;
};
static const struct field certificate_page_fields[] = {
    LIST(struct certificate_page, items, certificate_row_fields, struct certificate_row, 0, 100),
    STR(struct certificate_page, next_cursor, 1, 40, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_certificates(struct call *c, const void *in, void *out)
{
    const struct certificate_query *q = c->query;
    struct certificate_search s = {
        .status = q->status == 0 ? NULL : certificate_statuses[q->status],
        .before = page_before(c->op, q->cursor),
        .limit = page_limit(q->limit)};
    struct certificate_page *page = out;
    const struct certificate_row *rows;

    (void)in;
    TRY(op_faults(c->op));
    TRY(certificate_list(c->op, &s, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(
        c->op, &page->items, s.limit, (int64_t)page->items.n > s.limit ? rows[s.limit - 1].id : 0);
    return OK;
}

/* ---- parcels ---- */

struct parcel_query {
    int state;
    const char *cursor;
    int64_t limit;
};
static const char *const parcel_states[] = {"to_send", "under_way", "exception", NULL};
static const enum order_state parcel_orders[] = {
    ORDER_ISSUED, ORDER_SHIPPED, ORDER_DELIVERY_EXCEPTION};
static const struct field parcel_query_fields[] = {
    ENUM(struct parcel_query, state, parcel_states, .flags = F_OPT),
    STR(struct parcel_query, cursor, 1, 40, .flags = F_OPT),
    INT(struct parcel_query, limit, 1, 100, .flags = F_OPT),
    {.type = F_END},
};

struct parcel_page {
    struct list items;
    const char *next_cursor;
};
static const struct field parcel_page_fields[] = {
    LIST(struct parcel_page, items, parcel_row_fields, struct parcel_row, 0, 100),
    STR(struct parcel_page, next_cursor, 1, 40, .flags = F_OPT),
    {.type = F_END},
};

static enum err
h_parcels(struct call *c, const void *in, void *out)
{
    const struct parcel_query *q = c->query;
    struct parcel_search search = {.state = parcel_orders[q->state],
        .after = page_before(c->op, q->cursor),
        .limit = page_limit(q->limit),
        .whole = (c->who.roles & STAFF_PRODUCTION) != 0};
    struct parcel_page *page = out;
    const struct parcel_row *rows;

    (void)in;
    TRY(op_faults(c->op));
    TRY(shipment_list(c->op, &search, &page->items));
    rows = page->items.items;
    page->next_cursor = page_next(c->op, &page->items, search.limit,
        (int64_t)page->items.n > search.limit ? rows[search.limit - 1].id : 0);
    return OK;
}

static const struct field dispatch_fields[] = {
    STR(struct dispatch, carrier, 1, 20, .label = "快递公司"),
    STR(struct dispatch, tracking_no, 1, 40, .label = "运单号"),
    STR(struct dispatch, token_serial, 1, 40, .label = "介质序列号"),
    {.type = F_END},
};

static enum err
h_ship(struct call *c, const void *in, void *out)
{
    TRY(deliver_ship(c->op, c->args[0], in));
    return answer_desk_order(c, c->args[0], out);
}

struct trouble {
    const char *reason, *note;
};
static const struct field trouble_fields[] = {
    STR(struct trouble, reason, 1, 60, .label = "原因代码"),
    STR(struct trouble, note, 1, 500, .flags = F_OPT | F_LINES, .label = "说明"),
    {.type = F_END},
};

static enum err
h_trouble(struct call *c, const void *in, void *out)
{
    const struct trouble *t = in;

    TRY(deliver_trouble(c->op, c->args[0], t->reason, t->note));
    return answer_desk_order(c, c->args[0], out);
}

static enum err
h_resend(struct call *c, const void *in, void *out)
{
    (void)in;
    TRY(deliver_resend(c->op, c->args[0]));
    return answer_desk_order(c, c->args[0], out);
}

#define ISSUANCE   "/api/admin/v1/issuance"
#define ORDER      "/api/admin/v1/orders/{order_no}"
#define PRODUCTION POOL_STAFF, STAFF_PRODUCTION
#define TWO        POOL_STAFF, STAFF_PRODUCTION | STAFF_ADMINISTRATOR, R_TWO_PEOPLE
#define DESK       BODY(out, desk_order)
const struct route h_staff_production_routes[] = {
    {"GET", ISSUANCE, POOL_STAFF, STAFF_ANY, BODY(query, issuance_query), BODY(out, issuance_page),
        .run = h_issuance, .summary = "制证队列"},
    {"PUT", ISSUANCE "/switch", POOL_STAFF, STAFF_PRODUCTION | STAFF_ADMINISTRATOR, BODY(in, turn),
        BODY(out, issue_switch), .run = h_switch, .summary = "暂停或恢复制证"},
    {"POST", ORDER "/issuance/retry", PRODUCTION, R_MAY_BE_EMPTY, BODY(in, retry), DESK,
        .run = h_retry, .summary = "重新制证", REFUSES(E_STATE)},
    {"POST", ORDER "/issuance/return", PRODUCTION, BODY(in, rejection), DESK, .run = h_return,
        .summary = "退回申请人修改", REFUSES(E_STATE)},
    {"POST", ORDER "/issuance/refusal", TWO, BODY(in, because), DESK, .run = h_refuse,
        .summary = "无法制证，退款，须两人", REFUSES(E_STATE, E_SECOND_PERSON)},
    {"GET", "/api/admin/v1/certificates", POOL_STAFF, STAFF_ANY, BODY(query, certificate_query),
        BODY(out, certificate_page), .run = h_certificates, .summary = "已签发的证书"},
    {"GET", ORDER "/certificate", POOL_STAFF, STAFF_ANY, BODY(out, certificate_view),
        .run = h_certificate, .summary = "证书及其状态"},
    {"POST", ORDER "/certificate/revocation", POOL_STAFF,
        STAFF_REVIEWER | STAFF_PRODUCTION | STAFF_ADMINISTRATOR, R_TWO_PEOPLE, BODY(in, because),
        BODY(out, certificate_view), .run = h_revoke, .summary = "吊销证书，须两人",
        REFUSES(E_SECOND_PERSON)},
    {"GET", "/api/admin/v1/shipments", POOL_STAFF, STAFF_ANY, BODY(query, parcel_query),
        BODY(out, parcel_page), .run = h_parcels, .summary = "待寄、在途和异常的包裹"},
    {"POST", ORDER "/shipment", PRODUCTION, BODY(in, dispatch), DESK, .run = h_ship,
        .summary = "绑定运单和介质，寄出", REFUSES(E_STATE)},
    {"POST", ORDER "/shipment/exception", PRODUCTION, BODY(in, trouble), DESK, .run = h_trouble,
        .summary = "登记快递异常", REFUSES(E_STATE)},
    {"POST", ORDER "/shipment/resend", PRODUCTION, DESK, .run = h_resend,
        .summary = "包裹退回且封签完好，重新寄出", REFUSES(E_STATE, E_ADDRESS_UNCONFIRMED)},
    {"POST", ORDER "/reissue", TWO, BODY(in, because), DESK, .run = h_reissue,
        .summary = "遗失或拆封：吊销原证书，重新制作，须两人", REFUSES(E_STATE, E_SECOND_PERSON)},
    {.method = NULL},
};
