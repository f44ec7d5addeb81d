/* Messages over a socket: signer_message_send() and _receive() of pki/signer_message.h. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "pki/signer_message.h"

/* Waits until the socket is ready for it, or the deadline has passed. */
static enum err
wait_for(struct op *op, int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};
    int n;

    do
        n = poll(&p, 1, op_left_ms(op));
    while (n < 0 && errno == EINTR);
    if (n == 0)
        return op_fail(op, E_UNAVAILABLE, "signer: no answer in time");
    return n > 0 ? OK : op_fail(op, E_UNAVAILABLE, "signer: %s", strerror(errno));
}

static enum err
send_all(struct op *op, int fd, struct blob b)
{
    while (b.size > 0) {
        ssize_t n;

        TRY(wait_for(op, fd, POLLOUT));
        n = send(fd, b.data, b.size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return op_fail(op, E_UNAVAILABLE, "signer: %s", strerror(errno));
        b.data += n;
        b.size -= (size_t)n;
    }
    return OK;
}

static enum err
receive_all(struct op *op, int fd, unsigned char *data, size_t size)
{
    while (size > 0) {
        ssize_t n;

        TRY(wait_for(op, fd, POLLIN));
        n = recv(fd, data, size, MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return op_fail(op, E_UNAVAILABLE, "signer: %s", strerror(errno));
        if (n == 0)
            return op_fail(op, E_UNAVAILABLE, "signer: the connection ended");
        data += n;
        size -= (size_t)n;
    }
    return OK;
}

enum err
signer_message_send(struct op *op, int fd, struct blob message)
{
    unsigned char head[4];

    if (message.size > SIGNER_MESSAGE_MAX)
        return op_fail(op, E_TOO_LARGE, "signer: a message of %zu bytes", message.size);
    for (int i = 0; i < 4; i++)
        head[i] = (unsigned char)(message.size >> (8 * (3 - i)));
    TRY(send_all(op, fd, (struct blob){head, sizeof(head)}));
    return send_all(op, fd, message);
}

enum err
signer_message_receive(struct op *op, int fd, struct blob *out)
{
    unsigned char head[4], *data;
    size_t size = 0;

    TRY(receive_all(op, fd, head, sizeof(head)));
    for (int i = 0; i < 4; i++)
        size = size << 8 | head[i];
    if (size > SIGNER_MESSAGE_MAX)
        return op_fail(op, E_TOO_LARGE, "signer: a message of %zu bytes", size);
    data = arena_alloc(op->arena, size + 1);
    TRY(receive_all(op, fd, data, size));
    *out = (struct blob){data, size};
    return OK;
}
