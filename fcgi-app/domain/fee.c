#include "domain/fee.h"

#define CEILING INT64_C(10000000000) /* 100 million yuan */

enum err
fee_total(struct op *op, int64_t yearly_fen, int64_t years, int64_t courier_fen, struct fee *out)
{
    struct fee f = {.courier_fen = courier_fen};

    if (yearly_fen < 0 || years < 1 || courier_fen < 0 || courier_fen > CEILING ||
        __builtin_mul_overflow(yearly_fen, years, &f.certificate_fen) ||
        f.certificate_fen > CEILING)
        return op_fail(op, E_INTERNAL, "no price of %lld fen a year for %lld years and %lld fen",
            (long long)yearly_fen, (long long)years, (long long)courier_fen);
    f.total_fen = f.certificate_fen + f.courier_fen;
    *out = f;
    return OK;
}
