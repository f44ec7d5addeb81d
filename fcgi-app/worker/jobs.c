#include "worker/jobs.h"

#include <string.h>

#include "flow/send.h"

const struct job_kind job_kinds[] = {
    {"SMS", send_sms_job, 8, {2, 10, 30, 60, 300, 900}, 0},
    {.kind = NULL},
};

const struct job_kind *
job_kind_find(const char *kind)
{
    for (const struct job_kind *k = job_kinds; k->kind != NULL; k++)
        if (strcmp(k->kind, kind) == 0)
            return k;
    return NULL;
}
