/* The life of an electronic invoice, and its arithmetic. */
#ifndef HALL_DOMAIN_INVOICE_H
#define HALL_DOMAIN_INVOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum invoice_state {
#define INVOICE_STATE(name, code, zh, en, life) INVOICE_##name,
#include "domain/invoice.def"
    INVOICE_STATE_MAX
};

const char *invoice_state_code(enum invoice_state s);
const char *invoice_state_label(enum invoice_state s, enum lang lang);
bool invoice_state_parse(const char *code, enum invoice_state *out);
/* False once it was taken back or given up: then the order may have another one. */
bool invoice_is_live(enum invoice_state s);
/* Whether a person may let it be tried again. */
bool invoice_may_retry(enum invoice_state s);

/* What of a price that includes the tax is the tax, in fen, rounded to the nearest; their sum is
 * always the price. */
void invoice_split(int64_t amount_fen, int64_t percent, int64_t *excluded_fen, int64_t *tax_fen);

#endif
