#include "provider/courier_sf.h"

#include <string.h>

#include "base/text.h"
#include "io/json_tree.h"
#include "provider/wire.h"

enum { PUSH_MOST = 100, EVENTS_MOST = 500 };

/* Set once at start. */
static struct {
    const char *base, *partner_id;
    char *checkword;
} my;

/* apiResultCode: the platform's door. */
static const struct verdict api_verdicts[] = {
    {"A1001", OUTCOME_REFUSED, NULL},
    {"A1003", OUTCOME_NOT_SENT, NULL},
    {"A1004", OUTCOME_NOT_SENT, NULL},
    {"A1005", OUTCOME_NOT_SENT, NULL},
    {"A1006", OUTCOME_NOT_SENT, NULL},
    {"A1008", OUTCOME_NOT_SENT, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};
/* errorCode inside apiResultData. */
static const struct verdict service_verdicts[] = {
    {"8018", OUTCOME_REFUSED, "NOT_FOUND"},
    {"8024", OUTCOME_REFUSED, "NOT_FOUND"},
    {"*", OUTCOME_REFUSED, NULL},
    {NULL, OUTCOME_UNKNOWN, NULL},
};

enum err
courier_sf_digest(struct op *op, const char *msg_data, const char *timestamp, const char *checkword,
    const char **out)
{
    const char *text = arena_printf(op->arena, "%s%s%s", msg_data, timestamp, checkword);

    return sign_md5(op, wire_escape_java(op, text), out);
}

/* apiResultData is JSON inside JSON; an object is taken as well. NULL when it is neither. */
static const struct tree *
result_data(struct op *op, const struct tree *t)
{
    const struct tree *data = tree_get(t, "apiResultData");

    if (data != NULL && data->kind == TREE_TEXT &&
        tree_read(op, data->text, strlen(data->text), &data) != OK)
        return NULL;
    return data != NULL && data->kind == TREE_OBJECT ? data : NULL;
}

static enum outcome
judge(struct op *op, const struct client_answer *a, const struct tree **out, struct reason *why)
{
    const struct tree *t, *data, *success;
    const char *code;

    if (a->status != 200)
        return outcome_set(why, OUTCOME_UNKNOWN, "HTTP", "not the answer of the platform");
    if (tree_read(op, a->body, a->size, &t) != OK)
        return outcome_unread(op, why, "UNREADABLE");
    code = tree_text(t, "apiResultCode");
    if (code == NULL || strcmp(code, "A1000") != 0)
        return outcome_by(op, why, api_verdicts, code, tree_text(t, "apiErrorMsg"));
    data = result_data(op, t);
    success = tree_get(data, "success");
    if (success == NULL || success->kind != TREE_BOOL)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "apiResultData");
    if (!success->integer)
        return outcome_by(
            op, why, service_verdicts, tree_text(data, "errorCode"), tree_text(data, "errorMsg"));
    *out = tree_get(data, "msgData");
    return outcome_set(why, OUTCOME_DONE, NULL, NULL);
}

static enum outcome
call(struct op *op, const char *service, const char *msg_data, const struct tree **out,
    struct reason *why)
{
    const char *timestamp = arena_printf(op->arena, "%lld000", (long long)op->now), *digest;
    struct pair form[] = {
        {"partnerID", my.partner_id},
        {"requestID", wire_nonce(op, 32)},
        {"serviceCode", service},
        {"timestamp", timestamp},
        {"msgDigest", NULL},
        {"msgData", msg_data},
        {NULL, NULL},
    };
    struct client_header headers[] = {
        {"Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"}, {NULL, NULL}};
    struct client_request r = {
        .method = "POST", .url = my.base, .headers = headers, .total_ms = SLOW_MS};
    struct client_answer answer;
    enum outcome o;

    if (my.checkword == NULL)
        return outcome_no_key(why);
    if (courier_sf_digest(op, msg_data, timestamp, my.checkword, &digest) != OK)
        return outcome_unsent(op, why);
    form[4].value = digest;
    r.body = wire_form(op, form);
    r.size = strlen(r.body);
    o = provider_exchange(op, &r, &answer, why);
    return o == OUTCOME_DONE ? judge(op, &answer, out, why) : o;
}

enum parcel_state
courier_sf_state(const char *op_code)
{
    static const struct {
        const char *code;
        enum parcel_state state;
    } rows[] = {
        {"50", PARCEL_PICKED},
        {"54", PARCEL_PICKED},
        {"30", PARCEL_IN_TRANSIT},
        {"31", PARCEL_IN_TRANSIT},
        {"36", PARCEL_IN_TRANSIT},
        {"44", PARCEL_OUT},
        {"204", PARCEL_OUT},
        {"80", PARCEL_SIGNED},
        {"8000", PARCEL_SIGNED},
        {"33", PARCEL_PROBLEM},
        {"70", PARCEL_PROBLEM},
        {"99", PARCEL_RETURNING},
        {"517", PARCEL_RETURNING},
        {"648", PARCEL_RETURNED},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (strcmp(rows[i].code, op_code) == 0)
            return rows[i].state;
    }
    return PARCEL_IN_TRANSIT;
}

/* Routes have no id of their own, and a push tells the same step again: time and code name it. */
static bool
read_route(struct op *op, const struct tree *t, const char *tracking_no, struct parcel_event *out)
{
    const char *at = tree_text(t, "acceptTime"), *code = tree_text(t, "opCode");
    const char *place = tree_text(t, "acceptAddress"), *remark = tree_text(t, "remark");
    struct parcel_event e = {.tracking_no = tracking_no};

    if (at == NULL || code == NULL || !wire_time_cn(at, &e.at))
        return false;
    e.event_id = arena_printf(op->arena, "%lld-%s", (long long)e.at, code);
    e.code = code;
    e.place = place == NULL ? "" : place;
    e.remark = remark == NULL ? "" : remark;
    e.state = courier_sf_state(code);
    if (e.state == PARCEL_PROBLEM && strstr(e.remark, "遗失") != NULL)
        e.state = PARCEL_LOST; /* there is no code of its own for it */
    *out = e;
    return true;
}

static enum outcome
courier_track(struct op *op, const char *tracking_no, const char *phone_tail,
    struct parcel_event **events, size_t *n, struct reason *why)
{
    const char *msg_data = arena_printf(op->arena,
        "{\"language\":\"0\",\"trackingType\":\"1\",\"trackingNumber\":[%s],\"methodType\":\"1\","
        "\"checkPhoneNo\":%s}",
        tree_quote(op, tracking_no), tree_quote(op, phone_tail == NULL ? "" : phone_tail));
    const struct tree *t = NULL, *list;
    struct parcel_event *found = NEW_N(op->arena, EVENTS_MOST, struct parcel_event);
    enum outcome o = call(op, "EXP_RECE_SEARCH_ROUTES", msg_data, &t, why);
    size_t count = 0;

    if (o != OUTCOME_DONE)
        return o;
    list = tree_get(t, "routeResps");
    if (list == NULL || list->kind != TREE_ARRAY)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "no routeResps");
    for (const struct tree *r = list->first; r != NULL; r = r->next) {
        const struct tree *routes = tree_get(r, "routes");
        const char *number = tree_text(r, "mailNo");

        if (routes == NULL || number == NULL || strcmp(number, tracking_no) != 0)
            continue;
        for (const struct tree *s = routes->first; s != NULL && count < EVENTS_MOST; s = s->next)
            count += read_route(op, s, number, &found[count]);
    }
    *events = found;
    *n = count;
    return o;
}

/* Two kinds of push name waybills: of the route and of the order's state. */
static enum err
courier_parse_push(struct op *op, const struct callback *cb, const char ***tracking_nos, size_t *n)
{
    static const struct {
        const char *list, *number;
    } kinds[] = {{"Body.WaybillRoute", "mailno"}, {"orderState", "waybillNo"}};
    const char **numbers = NEW_N(op->arena, PUSH_MOST, const char *);
    const struct tree *t;
    bool known = false;
    size_t count = 0;

    TRY(tree_read(op, cb->body, cb->size, &t));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        const struct tree *list = tree_get(t, kinds[i].list);

        known |= list != NULL && list->kind == TREE_ARRAY;
        for (const struct tree *r = list == NULL ? NULL : list->first; r != NULL; r = r->next) {
            const char *number = tree_text(r, kinds[i].number);
            bool twice = number == NULL || *number == '\0' || strlen(number) > 40;

            for (size_t k = 0; k < count && !twice; k++)
                twice = strcmp(numbers[k], number) == 0;
            if (!twice && count < PUSH_MOST)
                numbers[count++] = number;
        }
    }
    if (!known)
        return op_fail(op, E_MALFORMED, "not a push of the courier");
    *tracking_nos = numbers;
    *n = count;
    return OK;
}

static void
courier_answer(bool accepted, int *status, const char **content_type, const char **body)
{
    *status = 200;
    *content_type = "application/json; charset=utf-8";
    *body = accepted ? "{\"return_code\":\"0000\",\"return_msg\":\"成功\"}"
                     : "{\"return_code\":\"1000\",\"return_msg\":\"失败\"}";
}

static const struct courier_provider courier_sf = {
    .name = "sf",
    .track = courier_track,
    .parse_push = courier_parse_push,
    .answer = courier_answer,
};

enum err
courier_sf_open(struct loading *l, const struct courier_provider **out)
{
    const struct conf *c = l->conf;

    if (!l->callbacks_only) {
        TRY(load_base(l, "courier_base_url", c->courier_base_url));
        TRY(load_text(l, "courier_partner_id", c->courier_partner_id));
        TRY(load_secret(
            l, "courier_checkword_file", c->courier_checkword_file, 8, 128, &my.checkword));
    }
    my.base = c->courier_base_url;
    my.partner_id = c->courier_partner_id;
    *out = &courier_sf;
    return OK;
}

void
courier_sf_close(void)
{
    unload_secret(&my.checkword);
}
