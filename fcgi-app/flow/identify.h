/*
 * Guide, 在线认证: who the handler or applicant is. The check is begun on the computer, done on the
 * phone (flow/phone.h) and judged by jobs; staff can do it without a face (states.md T06, T06b).
 */
#ifndef HALL_FLOW_IDENTIFY_H
#define HALL_FLOW_IDENTIFY_H

#include "store/identity.h"
#include "store/job.h"
#include "store/order.h"

struct identify_started {
    const char *token; /* good once, for five minutes; the former one is void */
    int64_t expires_at;
    enum identity_state state;
};
/* A code for the check that is open, or for a new one. E_TOO_MANY after five in a day,
 * E_FACE_UNAVAILABLE for documents that staff have to look at, E_STATE where none is needed. */
enum err identify_start(
    struct op *op, int64_t account, const char *order_no, struct identify_started *out) MUST_USE;

/* The way without a face; asking twice is asking once. */
enum err identify_by_hand(struct op *op, int64_t account, const char *order_no) MUST_USE;

/*
 * T06b: what op->actor, a member of staff, found out; result "passed" or "failed". The first is
 * written down, a second person confirms: *done. Who disagrees becomes the first. E_SECOND_PERSON
 * for the same person again.
 */
enum err identify_record(
    struct op *op, const char *order_no, const char *result, const char *note, bool *done) MUST_USE;

/* Within a transaction, on a locked order: ends a check whose parts have all passed (T06), or
 * nothing yet. */
enum err identify_conclude(struct op *op, struct order *o, const struct identity *check) MUST_USE;

/* Tries after which a job tells the person on the phone to come back later. */
enum { IDENTIFY_TRIES = 5 };
/* Jobs IDCARD, PHONE_MATCH, LIVENESS, VIDEO_DROP, and the clock IDENTITY_EXPIRY. */
enum err identify_card_job(struct op *op, const struct job *j) MUST_USE;
enum err identify_phone_job(struct op *op, const struct job *j) MUST_USE;
enum err identify_liveness_job(struct op *op, const struct job *j) MUST_USE;
enum err identify_video_job(struct op *op, const struct job *j) MUST_USE;
enum err identify_expiry_job(struct op *op, const struct job *j) MUST_USE;

/* What the jobs are told; a job of another check, photograph or video than the present one does
 * nothing. */
struct identify_task {
    int64_t check;
    const char *side, *sha256; /* "front", "back"; NULL where not meant */
};
enum err identify_add(struct op *op, const char *kind, int64_t order_id,
    const struct identify_task *t, int64_t in_s) MUST_USE;

#endif
