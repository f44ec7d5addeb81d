#include "pki/signer_client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/conf.h"
#include "pki/guard.h"

static enum err
connect_to(struct op *op, const char *path, int fd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (*path == '\0' || strlen(path) >= sizeof(address.sun_path))
        return op_fail(op, E_UNAVAILABLE, "signer: the setting `signer` names no socket");
    memcpy(address.sun_path, path, strlen(path) + 1);
    /* A full queue of a unix socket answers EAGAIN at once: the job is tried again later. */
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
        return op_fail(op, E_UNAVAILABLE, "signer: %s", strerror(errno));
    return OK;
}

static enum err
ask(struct op *op, const struct signer_request *request, struct signer_reply *out)
{
    FD(fd) = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct blob answer;
    struct signer_reply reply;

    TRY(connect_to(op, op->conf->signer, fd));
    TRY(signer_message_send(op, fd, signer_request_encode(op->arena, request)));
    TRY(signer_message_receive(op, fd, &answer));
    TRY(signer_reply_decode(op, answer, &reply));
    if (reply.refusal != REFUSAL_NONE)
        return op_fail(op, refusal_error(reply.refusal), "%s: %s", refusal_code(reply.refusal),
            refusal_text(reply.refusal, LANG_EN));
    *out = reply;
    return OK;
}

enum err
signer_certificate(struct op *op, const struct signer_order *order,
    const struct certificate_profile_input *in, struct blob tbs, struct signer_reply *out)
{
    struct signer_request r = {
        .ask = ASK_CERTIFICATE, .order = *order, .profile = *in, .bytes = tbs};

    return ask(op, &r, out);
}

enum err
signer_void(struct op *op, const struct signer_order *order, enum algorithm issuer,
    const unsigned char serial[SERIAL_SIZE], struct signer_reply *out)
{
    struct signer_request r = {.ask = ASK_VOID, .order = *order, .issuer = issuer};

    memcpy(r.serial, serial, SERIAL_SIZE);
    return ask(op, &r, out);
}

enum err
signer_find_serial(struct op *op, enum algorithm issuer, const unsigned char serial[SERIAL_SIZE],
    struct signer_reply *out)
{
    struct signer_request r = {.ask = ASK_SERIAL, .issuer = issuer};

    memcpy(r.serial, serial, SERIAL_SIZE);
    return ask(op, &r, out);
}

enum err
signer_find_order(struct op *op, const char *order_no, int64_t reissue_no, struct signer_reply *out)
{
    struct signer_request r = {
        .ask = ASK_ORDER, .order = {.order_no = order_no, .reissue_no = reissue_no}};

    return ask(op, &r, out);
}

enum err
signer_next(struct op *op, int64_t seq, struct signer_reply *out)
{
    struct signer_request r = {.ask = ASK_NEXT, .seq = seq};

    return ask(op, &r, out);
}

enum err
signer_crl(struct op *op, enum algorithm issuer, struct blob tbs, struct signer_reply *out)
{
    struct signer_request r = {.ask = ASK_CRL, .issuer = issuer, .bytes = tbs};

    return ask(op, &r, out);
}

enum err
signer_statement(struct op *op, struct blob json, struct signer_reply *out)
{
    struct signer_request r = {.ask = ASK_STATEMENT, .bytes = json};

    return ask(op, &r, out);
}

enum err
signer_status(struct op *op, struct signer_reply *out)
{
    struct signer_request r = {.ask = ASK_STATUS};

    return ask(op, &r, out);
}
