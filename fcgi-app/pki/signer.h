/*
 * The signer: what a request must be to get a signature. It trusts nobody: the profile is checked
 * anew on the bytes that are to be signed, issuer, addresses and policies are those of its own
 * settings, and its journal decides what may still be signed. hall-signer.c gives it a process.
 */
#ifndef HALL_PKI_SIGNER_H
#define HALL_PKI_SIGNER_H

#include "pki/signer_message.h"

struct signer;

/* Opens keys (with the passphrase file), certificates and journal that the settings name, and
 * checks that each key is of its certificate. *torn tells how many bytes of an unfinished entry
 * were cut off. The settings must live as long as the signer. */
enum err signer_open(
    struct op *op, const struct conf *conf, struct signer **out, size_t *torn) MUST_USE;
void signer_close(struct signer *s);

/* What happened, for the log of the process. */
struct signer_event {
    enum signer_ask ask; /* ASK_MAX when it could not be read */
    enum refusal refusal;
    bool again;
    const char *order_no, *name; /* NULL where there is none */
    const char *note;            /* NULL, or why it was refused */
};

/* Answers one request. op->now is the hall's clock, by which validities are judged; machine_now is
 * the machine's, which the journal is kept by. Never fails: what cannot be done is a reply too. */
struct blob signer_answer(struct op *op, struct signer *s, int64_t machine_now, struct blob request,
    struct signer_event *event);

/* The journal can no longer be written for sure: end the process after this answer. */
bool signer_is_broken(const struct signer *s);

#endif
