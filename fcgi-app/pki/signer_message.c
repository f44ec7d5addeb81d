#include "pki/signer_message.h"

#include "pki/wire.h"

static const struct {
    const char *code;
    enum err error;
    bool alarm;
    const char *text[LANG_MAX];
} refusals[REFUSAL_MAX] = {
#define REFUSAL(id, code, error, alarm, zh, en) [REFUSAL_##id] = {code, error, alarm, {zh, en}},
#include "pki/refusal.def"
};

const char *
refusal_code(enum refusal r)
{
    return refusals[r].code;
}

enum err
refusal_error(enum refusal r)
{
    return refusals[r].error;
}

bool
refusal_alarms(enum refusal r)
{
    return refusals[r].alarm;
}

const char *
refusal_text(enum refusal r, enum lang lang)
{
    return refusals[r].text[lang];
}

const char *
signer_ask_name(enum signer_ask a)
{
    static const char *const names[ASK_MAX] = {
        [ASK_CERTIFICATE] = "certificate",
        [ASK_CRL] = "crl",
        [ASK_STATEMENT] = "statement",
        [ASK_VOID] = "void",
        [ASK_SERIAL] = "serial",
        [ASK_ORDER] = "order",
        [ASK_NEXT] = "next",
        [ASK_STATUS] = "status",
    };

    return names[a];
}

static void
put_order(struct wire_out *w, const struct signer_order *o)
{
    wire_put_text(w, o->order_no);
    wire_put_int(w, o->reissue_no);
    wire_put_bytes(w, (struct blob){o->revision, REVISION_SIZE});
    wire_put_int(w, o->reviewer_count);
    for (int i = 0; i < o->reviewer_count; i++)
        wire_put_int(w, o->reviewers[i]);
}

static void
get_order(struct wire_in *w, struct arena *arena, struct signer_order *o)
{
    o->order_no = wire_text(w, arena, ORDER_NAME_MAX);
    o->reissue_no = wire_int_in(w, 0, 1000);
    wire_fixed(w, o->revision, REVISION_SIZE);
    o->reviewer_count = (int)wire_int_in(w, 0, REVIEWERS_MAX);
    for (int i = 0; i < o->reviewer_count; i++)
        o->reviewers[i] = wire_int_in(w, 0, INT64_MAX);
    if (o->order_no == NULL || !journal_order_usable(o->order_no))
        w->broken = true;
}

struct blob
signer_request_encode(struct arena *arena, const struct signer_request *r)
{
    struct wire_out w = {.arena = arena};

    wire_put_int(&w, SIGNER_VERSION);
    wire_put_int(&w, r->ask);
    if (r->ask == ASK_CERTIFICATE || r->ask == ASK_VOID || r->ask == ASK_ORDER)
        put_order(&w, &r->order);
    if (r->ask == ASK_CERTIFICATE)
        wire_put_bytes(&w, profile_encode(arena, &r->profile));
    if (r->ask == ASK_CRL || r->ask == ASK_VOID || r->ask == ASK_SERIAL)
        wire_put_int(&w, r->issuer);
    if (r->ask == ASK_VOID || r->ask == ASK_SERIAL)
        wire_put_bytes(&w, (struct blob){r->serial, SERIAL_SIZE});
    if (r->ask == ASK_NEXT)
        wire_put_int(&w, r->seq);
    if (r->ask == ASK_CERTIFICATE || r->ask == ASK_CRL || r->ask == ASK_STATEMENT)
        wire_put_bytes(&w, r->bytes);
    return (struct blob){w.data, w.size};
}

enum err
signer_request_decode(struct op *op, struct blob bytes, struct signer_request *out)
{
    struct wire_in w = {.rest = bytes};
    struct signer_request r = {0};

    wire_int_in(&w, SIGNER_VERSION, SIGNER_VERSION);
    r.ask = (enum signer_ask)wire_int_in(&w, 0, ASK_MAX - 1);
    if (r.ask == ASK_CERTIFICATE || r.ask == ASK_VOID || r.ask == ASK_ORDER)
        get_order(&w, op->arena, &r.order);
    if (r.ask == ASK_CERTIFICATE && profile_decode(op, wire_bytes(&w), &r.profile) != OK)
        w.broken = true;
    if (r.ask == ASK_CRL || r.ask == ASK_VOID || r.ask == ASK_SERIAL)
        r.issuer = (enum algorithm)wire_int_in(&w, 0, ALGORITHM_MAX - 1);
    if (r.ask == ASK_VOID || r.ask == ASK_SERIAL)
        wire_fixed(&w, r.serial, SERIAL_SIZE);
    if (r.ask == ASK_NEXT)
        r.seq = wire_int_in(&w, 0, INT64_MAX);
    if (r.ask == ASK_CERTIFICATE || r.ask == ASK_CRL || r.ask == ASK_STATEMENT)
        r.bytes = wire_bytes(&w);
    if (!wire_done(&w))
        return op_fail(op, E_MALFORMED, "the request cannot be read");
    *out = r;
    return OK;
}

struct blob
signer_reply_encode(struct arena *arena, const struct signer_reply *r)
{
    struct wire_out w = {.arena = arena};

    wire_put_int(&w, SIGNER_VERSION);
    wire_put_int(&w, r->refusal);
    wire_put_int(&w, r->again);
    wire_put_int(&w, r->issuer);
    wire_put_bytes(&w, (struct blob){r->serial, SERIAL_SIZE});
    wire_put_text(&w, r->order_no);
    wire_put_int(&w, r->reissue_no);
    wire_put_bytes(&w, r->tbs);
    wire_put_bytes(&w, r->signature);
    wire_put_int(&w, r->seq);
    wire_put_int(&w, r->time);
    wire_put_text(&w, r->hash);
    return (struct blob){w.data, w.size};
}

enum err
signer_reply_decode(struct op *op, struct blob bytes, struct signer_reply *out)
{
    struct wire_in w = {.rest = bytes};
    struct signer_reply r = {0};

    wire_int_in(&w, SIGNER_VERSION, SIGNER_VERSION);
    r.refusal = (enum refusal)wire_int_in(&w, 0, REFUSAL_MAX - 1);
    r.again = wire_int_in(&w, 0, 1) != 0;
    r.issuer = (enum algorithm)wire_int_in(&w, 0, ALGORITHM_MAX - 1);
    wire_fixed(&w, r.serial, SERIAL_SIZE);
    r.order_no = wire_text(&w, op->arena, ORDER_NAME_MAX);
    r.reissue_no = wire_int(&w);
    r.tbs = wire_bytes(&w);
    r.signature = wire_bytes(&w);
    r.seq = wire_int(&w);
    r.time = wire_int(&w);
    r.hash = wire_text(&w, op->arena, 64);
    if (!wire_done(&w))
        return op_fail(op, E_MALFORMED, "the signer's reply cannot be read");
    *out = r;
    return OK;
}
