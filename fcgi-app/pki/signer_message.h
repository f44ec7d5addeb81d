/*
 * What worker and signer say to each other over a unix socket: one request and one reply a
 * connection, each with its length in four bytes before it. Both sides refuse another version.
 */
#ifndef HALL_PKI_SIGNER_MESSAGE_H
#define HALL_PKI_SIGNER_MESSAGE_H

#include "pki/journal.h"
#include "pki/profile.h"

enum { SIGNER_VERSION = 1, SIGNER_MESSAGE_MAX = 16 * 1024 * 1024 };

enum signer_ask {
    ASK_CERTIFICATE, /* sign this profile */
    ASK_CRL,         /* sign this revocation list */
    ASK_STATEMENT,   /* sign these bytes with the audit key */
    ASK_VOID,        /* never sign this serial number */
    ASK_SERIAL,      /* what was signed under this serial number? */
    ASK_ORDER,       /* what was signed for this order? */
    ASK_NEXT,        /* which certificate was signed after this entry? */
    ASK_STATUS,      /* are you well? */
    ASK_MAX
};

/* What an approval is about and who gave it. The worker vouches for it; the signer enforces that
 * the people are enough and different, and writes them into its journal. */
struct signer_order {
    const char *order_no;                  /* letters, digits, "-", "_"; at most 40 */
    int64_t reissue_no;                    /* 0 for the first certificate of an order */
    unsigned char revision[REVISION_SIZE]; /* SHA-256 of the reviewed revision */
    int64_t reviewers[REVIEWERS_MAX];      /* staff ids, all different */
    int reviewer_count;
};

struct signer_request {
    enum signer_ask ask;
    struct signer_order order;                /* CERTIFICATE, VOID, ORDER */
    struct certificate_profile_input profile; /* CERTIFICATE */
    enum algorithm issuer;                    /* CRL, VOID, SERIAL */
    unsigned char serial[SERIAL_SIZE];        /* VOID, SERIAL */
    int64_t seq;                              /* NEXT */
    struct blob bytes;                        /* CERTIFICATE and CRL: what is to be signed;
                                                 STATEMENT: the statement */
};

enum refusal {
#define REFUSAL(id, code, error, alarm, zh, en) REFUSAL_##id,
#include "pki/refusal.def"
    REFUSAL_MAX
};

struct signer_reply {
    enum refusal refusal; /* NONE: it was done, and the rest is filled */
    bool again;           /* it had been signed before; the signature is the one of then */
    enum algorithm issuer;
    unsigned char serial[SERIAL_SIZE]; /* of a certificate, else zeros */
    const char *order_no;              /* and reissue_no: of a certificate, else NULL */
    int64_t reissue_no;
    struct blob tbs; /* of a certificate that was found */
    struct blob signature;
    int64_t seq; /* of the entry, or of the last one for STATUS */
    int64_t time;
    const char *hash; /* of that entry: keep it, and a journal cut short will show */
};

const char *refusal_code(enum refusal r);
enum err refusal_error(enum refusal r);
bool refusal_alarms(enum refusal r);
const char *refusal_text(enum refusal r, enum lang lang);
const char *signer_ask_name(enum signer_ask a); /* "certificate" */

struct blob signer_request_encode(struct arena *arena, const struct signer_request *r);
/* E_MALFORMED; what it points to are the bytes and the arena. */
enum err signer_request_decode(
    struct op *op, struct blob bytes, struct signer_request *out) MUST_USE;
struct blob signer_reply_encode(struct arena *arena, const struct signer_reply *r);
enum err signer_reply_decode(struct op *op, struct blob bytes, struct signer_reply *out) MUST_USE;

/* One message over a connected socket, until op->deadline_ms. E_UNAVAILABLE when the other side is
 * gone or too slow, E_TOO_LARGE above SIGNER_MESSAGE_MAX. */
enum err signer_message_send(struct op *op, int fd, struct blob message) MUST_USE;
enum err signer_message_receive(struct op *op, int fd, struct blob *out) MUST_USE;

#endif
