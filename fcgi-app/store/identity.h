/* The rows of identity checks. Whoever changes one holds the lock of its order. */
#ifndef HALL_STORE_IDENTITY_H
#define HALL_STORE_IDENTITY_H

#include "domain/identity.h"
#include "domain/reason.h"
#include "io/record.h"

/* One side of the card; state NULL: nothing was taken yet. */
struct identity_side {
    const char *state;  /* "checking", "accepted", "refused" */
    const char *reason; /* code, NULL for none */
    const char *sha256;
    const char *recognised; /* JSON, opened; NULL unless accepted */
};

struct identity {
    int64_t id, order_id; /* id 0: there is none */
    const char *order_no;
    enum certificate_type type;
    enum identity_state state; /* EXPIRED also where that was not written down yet */
    const char *reason;        /* code */
    int64_t expires_at;
    struct identity_side front, back;
    const char *phone_match; /* "checking", "match", "mismatch", "unknown", NULL */
    const char *challenge_id;
    struct strings challenge_actions;
    bool challenge_open;         /* its time is not over and nothing was uploaded for it */
    const char *liveness_state;  /* "checking", "passed", "failed", NULL */
    const char *liveness_reason; /* code */
    int64_t attempts_left;
    const char *video_sha256;
    const char *manual_result; /* of the first of two, NULL while there is none */
    int64_t first_staff;
};

/* The current one of an order; out->id is 0 when there is none. */
enum err identity_current(struct op *op, int64_t order_id, struct identity *out) MUST_USE;
/* The current one of an account's order; E_NOT_FOUND also when there is none. */
enum err identity_of(
    struct op *op, const char *order_no, int64_t account, struct identity *out) MUST_USE;
/* E_NOT_FOUND. */
enum err identity_get(struct op *op, int64_t id, struct identity *out) MUST_USE;

/* Whether the person in the form has passed a check that still counts. */
enum err identity_holds(struct op *op, int64_t order_id, bool *holds) MUST_USE;
/* How often this person was checked by phone within a day, and in how many seconds it is once less.
 */
enum err identity_tries(struct op *op, int64_t order_id, int64_t *n, int64_t *wait_s) MUST_USE;

/* A new check takes the place of the current one. */
enum err identity_begin(struct op *op, int64_t order_id, bool manual, int64_t *id) MUST_USE;
/* A code was given out: at least so long the check stays open. */
enum err identity_code(struct op *op, int64_t id, int64_t *expires_at) MUST_USE;
/* A phone took the code. Without consent the check is one for staff. */
enum err identity_opened(
    struct op *op, int64_t id, bool face_consent, enum identity_state *state) MUST_USE;
enum err identity_consent(struct op *op, int64_t order_id) MUST_USE;
enum err identity_manual(struct op *op, int64_t id) MUST_USE;

/* A side of the card. sha256 NULL: as before; recognised (sealed here) NULL: none. */
enum err identity_put_side(
    struct op *op, int64_t id, bool front, const struct identity_side *s) MUST_USE;
/* REASON_MAX: none. */
enum err identity_put_state(
    struct op *op, int64_t id, enum identity_state state, enum reason_code reason) MUST_USE;
enum err identity_put_phone(struct op *op, int64_t id, const char *match) MUST_USE;
/* Whether the carrier has confirmed the same person not long ago. */
enum err identity_phone_known(struct op *op, int64_t id, bool *known) MUST_USE;

enum err identity_put_challenge(struct op *op, int64_t id, const char *challenge_id,
    const char *const *actions, int64_t *expires_at) MUST_USE;
enum err identity_put_video(struct op *op, int64_t id, const char *sha256) MUST_USE;
/* The verdict on a video. */
struct identity_verdict {
    const char *state;       /* "passed", "failed" */
    enum reason_code reason; /* REASON_MAX: none */
    bool counts;             /* a try is used up */
    int score;               /* -1: none */
    const char *request;     /* the provider's number, NULL for none */
};
enum err identity_put_verdict(
    struct op *op, int64_t id, const struct identity_verdict *v, int64_t *attempts_left) MUST_USE;
/* Whether another check still waits for its verdict on the same bytes. */
enum err identity_video_needed(
    struct op *op, const char *sha256, int64_t id, bool *needed) MUST_USE;

/* Writes down what has run out of time. */
enum err identity_expire(struct op *op) MUST_USE;

/* ---- by staff ---- */
struct identity_request {
    int64_t id;
    const char *order_no, *project, *certificate_type, *order_state, *subject_name, *person_name;
    const char *id_kind, *first_result, *first_note, *first_staff;
    int64_t requested_at, first_staff_id;
};
/* Oldest first, from behind `after`; at most limit + 1. */
enum err identity_requests(struct op *op, int64_t after, int64_t limit, struct list *out) MUST_USE;
enum err identity_put_first(
    struct op *op, int64_t id, const char *result, const char *note, int64_t staff) MUST_USE;
/* Confirms what the first found. */
enum err identity_put_second(
    struct op *op, int64_t id, const char *note, int64_t staff, enum reason_code reason) MUST_USE;

#endif
