/* One certificate on its way, and the two steps that need no state of the order: what goes into it,
 * and the signature. Used by flow/issue. */
#ifndef HALL_FLOW_MAKING_H
#define HALL_FLOW_MAKING_H

#include "pki/certificate.h"
#include "pki/signer_client.h"
#include "store/certificate.h"
#include "store/job.h"
#include "store/pin.h"

struct making {
    const struct job *job;
    struct order order;
    struct issuance_gate gate;
    const char *content; /* hex; NULL when the revision is not what its own digest says */
    int64_t attempts;
    enum issue_fault fault; /* why it can never be made as it is; NONE while it can */
    bool is_over;           /* nothing is left to do in this try */
    struct issuer issuer;
    struct certificate_profile_input input;
    struct signer_order approvals;
    struct intent intent;
    struct pin pin;
};

/* The gate, judged: everything the certificate stands on holds for just this content. */
enum issue_fault making_judge(const struct making *m);

/* Fills input but for serial, validity and key, from the reviewed revision, and approvals.
 * ISSUE_FAULT_NO_PLACE in m->fault where the regions name no province. */
enum err making_describe(struct op *op, struct making *m) MUST_USE;

/* A new serial, validity and key; linted. Fills m->intent but for its id. E_CERTIFICATE_LINT. */
enum err making_prepare(struct op *op, struct making *m) MUST_USE;
/* Serial, validity and key of the stored intent. */
enum err making_resume(struct op *op, struct making *m) MUST_USE;

/* Signed by the signer, with the bytes of the intent, and verified up to the root. */
enum err making_sign(struct op *op, struct making *m, struct blob *der) MUST_USE;

/* What is written down about a signed certificate. With the receipt, which the signer signs. */
enum err making_record(
    struct op *op, struct making *m, struct blob der, struct certificate *out) MUST_USE;

/* PKCS#12 of key and chain under the PIN. */
enum err making_container(
    struct op *op, struct making *m, struct blob der, struct blob *out) MUST_USE;

#endif
