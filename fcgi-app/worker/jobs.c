#include "worker/jobs.h"

#include <string.h>

#include "flow/bank_send.h"
#include "flow/crl.h"
#include "flow/expire.h"
#include "flow/identify.h"
#include "flow/invoice.h"
#include "flow/issue.h"
#include "flow/notify.h"
#include "flow/reconcile.h"
#include "flow/refund.h"
#include "flow/review.h"
#include "flow/send.h"
#include "flow/settle.h"
#include "flow/track.h"
#include "flow/upkeep.h"

const struct job_kind job_kinds[] = {
    {"SMS", send_sms_job, 8, {2, 10, 30, 60, 300, 900}, 0},
    {"PAY_OPEN", pay_open_job, 60, {1, 2, 5, 10, 30, 60}, 0},
    {"PAY_QUERY", pay_query_job, 30, {5, 10, 30, 60}, 0},
    {"PAY_CLOSE", pay_close_job, 30, {2, 5, 15, 60, 300}, 0},
    {"INBOX", notify_job, 12, {1, 5, 30, 60, 300, 900}, 0},
    {"REFUND", refund_job, 20, {5, 15, 60, 300, 900, 3600}, 0},
    {"BANK_STATEMENT", bank_statement_job, 1, {60}, 300},
    {"RESCUE", rescue_job, 1, {60}, 900},
    {"LEDGER", ledger_job, 1, {300}, 600},
    {"BANK_SEND", bank_send_job, 8, {2, 10, 30, 60, 300, 900}, 0},
    {"BANK_WATCH", bank_watch_job, 8, {60, 300, 900, 3600}, 0},
    {"ISSUE", issue_job, 8, {5, 30, 60, 300, 900}, 0},
    {"INVOICE", invoice_job, 20, {5, 15, 60, 300, 900, 3600}, 0},
    {"INTENT_DROP", issue_drop_job, 100, {60, 300, 900, 3600}, 0},
    {"ISSUE_SWEEP", issue_sweep_job, 8, {60}, EVERY_TICK},
    {"TRACK", track_job, 100, {60, 300, 900, 1800}, 0},
    {"EXPIRE", expire_job, 8, {60}, EVERY_TICK},
    {"REMIND", remind_job, 8, {60}, EVERY_TICK},
    {"LEASES", review_leases_job, 8, {60}, EVERY_TICK},
    {"ANCHOR", anchor_job, 8, {60}, EVERY_TICK},
    {"FORGET", forget_job, 8, {60}, EVERY_TICK},
    {"SWEEP", sweep_job, 8, {60}, 3600},
    {"CRL", crl_job, 8, {10, 60}, EVERY_TICK},
    {"IDCARD", identify_card_job, IDENTIFY_TRIES, {1, 2, 5, 10}, 0},
    {"PHONE_MATCH", identify_phone_job, IDENTIFY_TRIES, {1, 2, 5, 10}, 0},
    {"LIVENESS", identify_liveness_job, IDENTIFY_TRIES, {1, 2, 5, 10}, 0},
    {"VIDEO_DROP", identify_video_job, 20, {60, 3600}, 0},
    {"IDENTITY_EXPIRY", identify_expiry_job, 1, {60}, 30},
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
