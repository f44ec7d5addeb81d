#include "provider/bank_cdc.h"

#include <stdio.h>
#include <string.h>

#include "io/encoding.h"
#include "io/json_tree.h"
#include "provider/wire.h"

static const char placeholder[] = "__signature_sigdat__";

void
cdc_name(struct cdc *c)
{
    snprintf(c->id, sizeof(c->id), "%s%s", c->uid, "0000000000000000");
}

enum err
cdc_sign(struct op *op, const struct cdc *c, const char *funcode, const char *reqid,
    const char *sigtim, const char *body, const char **out)
{
    const char *head = arena_printf(op->arena,
        "{\"request\":{\"body\":%s,\"head\":{\"funcode\":%s,\"reqid\":%s,\"userid\":%s}},"
        "\"signature\":{\"sigdat\":\"",
        body, tree_quote(op, funcode), tree_quote(op, reqid), tree_quote(op, c->uid));
    const char *tail = arena_printf(op->arena, "\",\"sigtim\":%s}}", tree_quote(op, sigtim));
    const char *signature;

    TRY(sign_sm2(op, c->private, c->id, arena_printf(op->arena, "%s%s%s", head, placeholder, tail),
        &signature));
    *out = arena_printf(op->arena, "%s%s%s", head, signature, tail);
    return OK;
}

enum err
cdc_seal(struct op *op, const struct cdc *c, const char *text, const char **out)
{
    struct bytes sealed;

    TRY(sign_sm4_seal(op, c->sm4_key, c->id, text, strlen(text), &sealed));
    *out = encoding_base64(op->arena, sealed.data, sealed.size);
    return OK;
}

enum err
cdc_open(struct op *op, const struct cdc *c, const char *data, size_t n, const struct tree **out)
{
    const char *base64 = arena_strndup(op->arena, data, n), *text, *signature, *quoted, *at;
    struct bytes sealed, plain;
    const struct tree *t;
    const void *raw;

    if (!encoding_unbase64(op->arena, base64, &raw, &sealed.size))
        return op_fail(op, E_MALFORMED, "the bank's answer is not base64");
    sealed.data = raw;
    TRY(sign_sm4_open(op, c->sm4_key, c->id, sealed.data, sealed.size, &plain));
    TRY(tree_read(op, (const char *)plain.data, plain.size, &t));
    signature = tree_text(t, "signature.sigdat");
    if (signature == NULL || *signature == '\0')
        return op_fail(op, E_FORBIDDEN, "the bank's answer is not signed");
    /* The bank signs with sorted names, and does not promise to send them so. */
    TRY(tree_sorted(op, (const char *)plain.data, plain.size, &text));
    quoted = tree_quote(op, signature);
    at = strstr(text, quoted);
    if (at == NULL)
        return op_fail(op, E_MALFORMED, "the signature is written strangely");
    text = arena_printf(
        op->arena, "%.*s\"%s\"%s", (int)(at - text), text, placeholder, at + strlen(quoted));
    TRY(sign_sm2_verify(op, c->bank, c->id, text, signature));
    *out = t;
    return OK;
}

static enum outcome
judge(struct op *op, const struct cdc *c, const struct client_answer *a, const char *funcode,
    const char *reqid, const struct tree **out, struct reason *why)
{
    static const char gateway[] = "CDCServer:";
    const struct tree *t;
    const char *code;

    if (a->status != 200)
        return outcome_set(why, OUTCOME_UNKNOWN, "HTTP", "not the answer of the bank");
    if (strncmp(a->body, gateway, sizeof(gateway) - 1) == 0)
        return outcome_said(op, why, OUTCOME_UNKNOWN, "CDC", a->body + sizeof(gateway) - 1);
    if (cdc_open(op, c, a->body, a->size, &t) != OK)
        return outcome_unread(op, why, "SIGNATURE");
    code = tree_text(t, "response.head.resultcode");
    if (code == NULL || tree_text(t, "response.head.funcode") == NULL ||
        strcmp(tree_text(t, "response.head.funcode"), funcode) != 0 ||
        tree_text(t, "response.head.reqid") == NULL ||
        strcmp(tree_text(t, "response.head.reqid"), reqid) != 0)
        return outcome_set(why, OUTCOME_UNKNOWN, "UNREADABLE", "the answer to another call");
    if (strcmp(code, "SUC0000") != 0)
        return outcome_said(
            op, why, OUTCOME_UNKNOWN, code, tree_text(t, "response.head.resultmsg"));
    *out = tree_get(t, "response.body");
    return outcome_set(why, OUTCOME_DONE, NULL, NULL);
}

enum outcome
cdc_call(struct op *op, const struct cdc *c, const char *funcode, const char *body,
    const struct tree **out, struct reason *why)
{
    const char *sigtim = wire_format_cn(op, op->now, "%Y%m%d%H%M%S");
    const char *reqid = arena_printf(op->arena, "%s%s", sigtim, wire_nonce(op, 16));
    struct pair form[] = {
        {"UID", c->uid}, {"FUNCODE", funcode}, {"ALG", "SM"}, {"DATA", NULL}, {NULL, NULL}};
    struct client_header headers[] = {
        {"Content-Type", "application/x-www-form-urlencoded"}, {NULL, NULL}};
    struct client_request r = {
        .method = "POST",
        .url = arena_printf(op->arena, "%s/cdcserver/api/v2", c->base),
        .headers = headers,
        .connect_ms = BANK_CONNECT_MS,
        .total_ms = BANK_MS,
    };
    struct client_answer answer;
    const char *text;
    enum outcome o;

    if (cdc_sign(op, c, funcode, reqid, sigtim, body, &text) != OK ||
        cdc_seal(op, c, text, &form[3].value) != OK)
        return outcome_unsent(op, why);
    r.body = wire_form(op, form);
    r.size = strlen(r.body);
    o = provider_exchange(op, &r, &answer, why);
    return o == OUTCOME_DONE ? judge(op, c, &answer, funcode, reqid, out, why) : o;
}
