/* What an order costs. All money is in fen. */
#ifndef HALL_DOMAIN_FEE_H
#define HALL_DOMAIN_FEE_H

#include <stdint.h>

#include "base/op.h"

struct fee {
    int64_t certificate_fen, courier_fen, total_fen;
};

/* years times the yearly fee, plus the courier where the sender pays. E_INTERNAL when a price is
 * negative or the sum above 100 million yuan: then the tariff is wrong, not the applicant. */
enum err fee_total(struct op *op, int64_t yearly_fen, int64_t years, int64_t courier_fen,
    struct fee *out) MUST_USE;

#endif
