/* What the phone page does for one identity check: open it, take the card, show a living face.
 * Every act is bound to the check that the phone's session opens; E_STATE when that is over. */
#ifndef HALL_FLOW_PHONE_H
#define HALL_FLOW_PHONE_H

#include "flow/documents.h"
#include "store/identity.h"

struct phone_opened {
    int64_t check;
    const char *name_masked;
    enum certificate_type type;
    enum identity_state state;
};
/* Takes the code of the QR code. Without consent the check becomes one for staff. E_LINK_EXPIRED,
 * E_TOO_MANY for an address that guesses. */
enum err phone_open(
    struct op *op, const char *token, bool face_consent, struct phone_opened *out) MUST_USE;

/* A photograph of one side; E_IMAGE_REFUSED at once when it cannot be read. */
enum err phone_card(struct op *op, int64_t check, bool front, const struct upload *u) MUST_USE;

struct phone_challenge {
    const char *id;
    struct strings actions;
    int64_t expires_at;
};
/* What to do before the camera; the former challenge is void. */
enum err phone_challenge(struct op *op, int64_t check, struct phone_challenge *out) MUST_USE;

/* The recording; a challenge is good for one. E_NOT_FOUND for one that is not the last given,
 * E_CHALLENGE_EXPIRED. */
enum err phone_video(
    struct op *op, int64_t check, const char *challenge_id, const struct upload *u) MUST_USE;

#endif
