/* Handing in a returned order again. */
#include "flow/correct.h"
#include "store/order_view.h"
#include "web/page.h"
#include "web/routes.h"

static enum err
h_resubmit(struct call *c, const void *in, void *out)
{
    (void)in;
    TRY(correct_resubmit(c->op, c->who.account, c->args[0]));
    return answer_order(c, c->args[0], out);
}

const struct route h_correct_routes[] = {
    {"POST", "/api/v1/orders/{order_no}/resubmission", POOL_APPLICANT, SIGNED_IN,
        BODY(out, order_view), .run = h_resubmit, .summary = "修改后重新提交",
        REFUSES(E_STATE, E_DUPLICATE_ORDER)},
    {.method = NULL},
};
