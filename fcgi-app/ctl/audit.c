/* hall-ctl audit-verify: does the trail say what it said when it was written? */
#include <stdio.h>

#include "ctl/verb.h"
#include "store/trail.h"

enum err
ctl_audit_verify(struct op *op, char *const *args)
{
    int64_t events;

    (void)args;
    TRY(trail_verify(op, &events));
    printf("%lld events, all whole\n", (long long)events);
    return OK;
}
