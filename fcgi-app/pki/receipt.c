#include "pki/receipt.h"

#include "base/text.h"
#include "io/conf.h"
#include "pki/ca.h"
#include "pki/signed.h"
#include "pki/signer_client.h"

enum err
receipt_verify(struct op *op, struct blob json, struct blob signature, const char *public_key_pem)
{
    struct blob spki;

    TRY(pem_decode(op, "PUBLIC KEY", public_key_pem, &spki));
    return key_verify(op, ALGORITHM_ED25519, spki, json, signature);
}

enum err
receipt_sign(struct op *op, struct blob json, struct receipt *out)
{
    unsigned char id[KEY_ID_SIZE];
    struct signer_reply reply;
    const char *pem;
    struct blob spki;

    TRY(ca_audit_key(op, op->conf->ca_dir, &pem));
    TRY(pem_decode(op, "PUBLIC KEY", pem, &spki));
    TRY(signer_statement(op, json, &reply));
    TRY(receipt_verify(op, json, reply.signature, pem));
    spki_key_id(spki, id);
    out->signature = reply.signature;
    out->key_id = text_hex(op->arena, id, sizeof(id));
    out->public_key_pem = pem;
    return OK;
}
