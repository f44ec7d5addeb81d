#include "flow/submit.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "io/hash.h"
#include "store/submit.h"

static const char *
digest(struct op *op, const struct submit_facts *f)
{
    return hash_sha256_hex(op->arena, f->content, strlen(f->content));
}

enum err
submit_content(struct op *op, const struct order *o, const char **hex)
{
    struct submit_facts facts;

    TRY(submit_facts(op, o, &facts));
    *hex = digest(op, &facts);
    return OK;
}

/* 0 to 99 */
static int
roll(void)
{
    uint32_t n;

    secret_random(&n, sizeof(n));
    return (int)(n % 100);
}

/* When the promise ends: three working days at first; when the clock stood, what was left. */
static enum err
promise(struct op *op, const struct order *o, int64_t *due)
{
    int64_t seconds = (int64_t)PROMISE_DAYS * CALENDAR_DAY_SECONDS;
    struct calendar calendar;

    TRY(calendar_load(op, &calendar));
    if (o->submitted_at != 0)
        seconds = o->sla_left_s > CALENDAR_DAY_SECONDS ? o->sla_left_s : CALENDAR_DAY_SECONDS;
    *due = calendar_add_seconds(&calendar, op->now, seconds);
    return OK;
}

enum err
submit_prepare(struct op *op, struct order *o)
{
    bool first = o->submitted_at == 0;
    struct submit_facts facts;

    TRY(submit_facts(op, o, &facts));
    o->content_sha256 = digest(op, &facts);
    if (o->sla_due == 0)
        TRY(promise(op, o, &o->sla_due));
    /* Once asked for, a second pair of eyes stays asked for. */
    o->second_review = o->second_review || review_policy_asks(&facts.policy, o->returned_times,
                                               facts.manual_identity, first ? roll() : -1);
    return submit_write(op, o);
}

bool
submit_is_passed(const struct order *o)
{
    return o->review_passed_sha256 != NULL && o->content_sha256 != NULL &&
           strcmp(o->review_passed_sha256, o->content_sha256) == 0;
}

enum err
submit_pause(struct op *op, struct order *o)
{
    struct calendar calendar;

    if (o->sla_due == 0)
        return OK;
    TRY(calendar_load(op, &calendar));
    o->sla_left_s = calendar_working_seconds(&calendar, op->now, o->sla_due);
    o->sla_due = 0;
    return promise_write(op, o);
}

enum err
submit_resume(struct op *op, struct order *o)
{
    if (o->sla_due != 0 || o->submitted_at == 0)
        return OK;
    TRY(promise(op, o, &o->sla_due));
    return promise_write(op, o);
}

const char *
submit_promise(struct op *op, const struct order *o)
{
    return text_date_cn(op->arena, o->sla_due);
}
