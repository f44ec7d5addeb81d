#include "store/pin.h"

#include <string.h>

#include "base/secret.h"
#include "domain/pin.h"
#include "io/db.h"
#include "io/vault.h"

static const char *
context(struct op *op, const struct order *o)
{
    return arena_printf(op->arena, "pins/%s", o->order_no);
}

enum err
pin_make(struct op *op, const struct order *o, const char *channel, struct pin *out)
{
    char *text = arena_alloc(op->arena, PIN_LENGTH + 1);
    const void *sealed;
    ROWS r = NULL;
    size_t n;

    secret_text(pin_alphabet, text, PIN_LENGTH);
    TRY(vault_seal(op, VAULT_PIN, context(op, o), text, PIN_LENGTH, &sealed, &n));
    TRY(RUN(op, Q_PIN_MAKE, &r, db_int(op, o->id), channel, db_bytes(op, sealed, n)));
    *out = (struct pin){
        .id = row_int(r, 0, "id"), .by_memo = strcmp(channel, "memo") == 0, .text = text};
    return OK;
}

enum err
pin_open(struct op *op, const struct order *o, struct pin *out)
{
    const void *sealed, *plain;
    ROWS r = NULL;
    size_t n;

    out->id = 0;
    TRY(RUN(op, Q_PIN_LIVE, &r, db_int(op, o->id)));
    if (row_count(r) == 0)
        return OK;
    sealed = row_bytes(op, r, 0, "sealed", &n);
    TRY(vault_unseal(op, VAULT_PIN, context(op, o), sealed, n, &plain, &n));
    *out = (struct pin){
        .id = row_int(r, 0, "id"),
        .by_memo = strcmp(row_str(op, r, 0, "channel"), "memo") == 0,
        .is_sent = strcmp(row_str(op, r, 0, "state"), "sent") == 0,
        .text = plain,
    };
    return OK;
}

enum err
pin_sent(struct op *op, const struct order *o)
{
    return DO(op, Q_PIN_SENT, NULL, db_int(op, o->id));
}

enum err
pin_burn(struct op *op, const struct order *o)
{
    return DO(op, Q_PIN_END, NULL, db_int(op, o->id), "burned");
}

enum err
pin_wipe(struct op *op, const struct order *o)
{
    return DO(op, Q_PIN_END, NULL, db_int(op, o->id), "wiped");
}
