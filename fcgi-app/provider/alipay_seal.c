#include <string.h>

#include "io/json_tree.h"
#include "provider/alipay.h"

const char *
alipay_signed_text(struct op *op, const struct pair *sorted, bool by_alipay)
{
    size_t size = 1;
    char *out, *q;

    for (const struct pair *p = sorted; p->name != NULL; p++)
        size += strlen(p->name) + strlen(p->value) + 2;
    q = out = arena_alloc(op->arena, size);
    *q = '\0';
    for (const struct pair *p = sorted; p->name != NULL; p++) {
        if (strcmp(p->name, "sign") == 0 || *p->value == '\0' ||
            (by_alipay && strcmp(p->name, "sign_type") == 0))
            continue;
        if (q > out)
            *q++ = '&';
        q = stpcpy(stpcpy(stpcpy(q, p->name), "="), p->value);
    }
    return out;
}

/* "alipay.trade.query" -> "alipay_trade_query_response" */
static const char *
node_name(struct op *op, const char *method)
{
    char *name = arena_printf(op->arena, "%s_response", method);

    for (char *p = name; *p != '\0'; p++) {
        if (*p == '.')
            *p = '_';
    }
    return name;
}

enum err
alipay_open_answer(struct op *op, const struct key *public_key, const char *method,
    const char *body, size_t n, const struct tree **node)
{
    const char *sign, *raw;
    const struct tree *t;
    size_t size;

    TRY(tree_read(op, body, n, &t));
    sign = tree_text(t, "sign");
    if (!tree_span(body, node_name(op, method), &raw, &size) || *raw != '{')
        return op_fail(op, E_MALFORMED, "%s has not answered", method);
    if (sign == NULL)
        return op_fail(op, E_FORBIDDEN, "the answer is not signed");
    TRY(sign_rsa_verify(op, public_key, raw, size, sign));
    return tree_read(op, raw, size, node);
}
