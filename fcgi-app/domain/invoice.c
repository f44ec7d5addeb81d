#include "domain/invoice.h"

#include <string.h>

enum life { OVER, LIVE };

static const struct {
    const char *code, *label[LANG_MAX];
    enum life life;
} states[INVOICE_STATE_MAX] = {
#define INVOICE_STATE(name, word, zh, en, life_) \
    [INVOICE_##name] = {word, {[LANG_ZH] = zh, [LANG_EN] = en}, life_},
#include "domain/invoice.def"
};

const char *
invoice_state_code(enum invoice_state s)
{
    return states[s].code;
}

const char *
invoice_state_label(enum invoice_state s, enum lang lang)
{
    return states[s].label[lang];
}

bool
invoice_state_parse(const char *code, enum invoice_state *out)
{
    for (int s = 0; s < INVOICE_STATE_MAX; s++)
        if (strcmp(states[s].code, code) == 0) {
            *out = (enum invoice_state)s;
            return true;
        }
    return false;
}

bool
invoice_is_live(enum invoice_state s)
{
    return states[s].life == LIVE;
}

bool
invoice_may_retry(enum invoice_state s)
{
    return s == INVOICE_BY_HAND || s == INVOICE_FAILED || s == INVOICE_RED_FAILED;
}

void
invoice_split(int64_t amount_fen, int64_t percent, int64_t *excluded_fen, int64_t *tax_fen)
{
    int64_t whole = 100 + percent;

    *excluded_fen = (amount_fen * 100 + whole / 2) / whole;
    *tax_fen = amount_fen - *excluded_fen;
}
