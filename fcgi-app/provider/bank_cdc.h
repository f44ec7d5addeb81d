/*
 * The envelope of CMB's cloud direct connection: JSON signed with SM2, sealed with SM4, posted as a
 * form. bank_cmb.c knows the business inside it.
 */
#ifndef HALL_PROVIDER_BANK_CDC_H
#define HALL_PROVIDER_BANK_CDC_H

#include "provider/common.h"

enum { CDC_ID_SIZE = 16, CDC_KEY_SIZE = 16 };

struct cdc {
    const char *base, *uid;
    char id[CDC_ID_SIZE + 1]; /* the uid filled up with zeros: SM2 id of both sides, SM4 iv */
    struct key *private, *bank;
    char *sm4_key; /* CDC_KEY_SIZE bytes */
};

/* Fills c->id from c->uid. */
void cdc_name(struct cdc *c);

/* `body` is the inner object with its names sorted; reqid and sigtim as in the head. *out is the
 * signed text before sealing. */
enum err cdc_sign(struct op *op, const struct cdc *c, const char *funcode, const char *reqid,
    const char *sigtim, const char *body, const char **out) MUST_USE;
/* The base64 of the sealed text, for DATA. */
enum err cdc_seal(struct op *op, const struct cdc *c, const char *text, const char **out) MUST_USE;
/* Opens an answer and checks the bank's signature; E_FORBIDDEN or E_MALFORMED. */
struct tree;
enum err cdc_open(struct op *op, const struct cdc *c, const char *data, size_t n,
    const struct tree **out) MUST_USE;

/* One call: DONE when the bank took the call, and *out is the body of its response. */
enum outcome cdc_call(struct op *op, const struct cdc *c, const char *funcode, const char *body,
    const struct tree **out, struct reason *why);

#endif
