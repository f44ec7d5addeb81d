/* The web server's side of FastCGI, byte by byte, so that a test can also be a broken one. */
#ifndef HALL_TESTS_FCGI_CLIENT_H
#define HALL_TESTS_FCGI_CLIENT_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FC_BEGIN = 1, FC_END = 3, FC_PARAMS = 4, FC_STDIN = 5, FC_STDOUT = 6 };

struct fc_answer {
    bool ended; /* END_REQUEST came */
    int status;
    char text[65536]; /* headers and body */
    size_t n;
};

static inline int
fc_connect(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
    if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
        return fd;
    close(fd);
    return -1;
}

static inline bool
fc_all(int fd, const void *data, size_t n)
{
    const char *p = data;

    while (n > 0) {
        ssize_t m = send(fd, p, n, MSG_NOSIGNAL);

        if (m <= 0)
            return false;
        p += m;
        n -= (size_t)m;
    }
    return true;
}

static inline bool
fc_record(int fd, int type, const void *data, size_t n)
{
    unsigned char h[8] = {1, (unsigned char)type, 0, 1, (unsigned char)(n >> 8), (unsigned char)n};

    return fc_all(fd, h, sizeof(h)) && fc_all(fd, data, n);
}

static inline size_t
fc_pair(char *out, const char *name, const char *value)
{
    size_t n = strlen(name), v = strlen(value), at = 0;

    out[at++] = (char)n;
    if (v < 128) {
        out[at++] = (char)v;
    } else {
        out[at++] = (char)(0x80 | (v >> 24));
        out[at++] = (char)(v >> 16);
        out[at++] = (char)(v >> 8);
        out[at++] = (char)v;
    }
    memcpy(out + at, name, n);
    memcpy(out + at + n, value, v);
    return at + n + v;
}

static inline bool
fc_begin(int fd, bool keep)
{
    const unsigned char body[8] = {0, 1, keep};

    return fc_record(fd, FC_BEGIN, body, sizeof(body));
}

/* more: NULL or name, value, ..., NULL. length: what is claimed of the body. */
static inline bool
fc_params(int fd, const char *method, const char *path, size_t length, const char *const *more)
{
    char p[16384], size[24];
    size_t n = 0;

    snprintf(size, sizeof(size), "%zu", length);
    n += fc_pair(p + n, "REQUEST_METHOD", method);
    n += fc_pair(p + n, "DOCUMENT_URI", path);
    n += fc_pair(p + n, "QUERY_STRING", "");
    n += fc_pair(p + n, "REMOTE_ADDR", "192.0.2.7");
    n += fc_pair(p + n, "CONTENT_LENGTH", size);
    for (; more != NULL && *more != NULL; more += 2)
        n += fc_pair(p + n, more[0], more[1]);
    return fc_record(fd, FC_PARAMS, p, n) && fc_record(fd, FC_PARAMS, NULL, 0);
}

static inline bool
fc_body(int fd, const char *body, size_t n)
{
    while (n > 0) {
        size_t part = n < 32768 ? n : 32768;

        if (!fc_record(fd, FC_STDIN, body, part))
            return false;
        body += part;
        n -= part;
    }
    return fc_record(fd, FC_STDIN, NULL, 0);
}

static inline bool
fc_get(int fd, const char *path, bool keep)
{
    return fc_begin(fd, keep) && fc_params(fd, "GET", path, 0, NULL) && fc_body(fd, NULL, 0);
}

static inline bool
fc_exactly(int fd, void *out, size_t n)
{
    return n == 0 || recv(fd, out, n, MSG_WAITALL) == (ssize_t)n;
}

/* False when the other side closed before it had answered. */
static inline bool
fc_answer(int fd, struct fc_answer *a)
{
    unsigned char h[8];
    char body[65535 + 255];
    size_t n;

    memset(a, 0, sizeof(*a));
    while (!a->ended) {
        if (!fc_exactly(fd, h, sizeof(h)))
            return false;
        n = (size_t)h[4] << 8 | h[5];
        if (!fc_exactly(fd, body, n + h[6]))
            return false;
        if (h[1] == FC_STDOUT && a->n + n < sizeof(a->text)) {
            memcpy(a->text + a->n, body, n);
            a->n += n;
        }
        a->ended = h[1] == FC_END;
    }
    if (strncmp(a->text, "Status: ", 8) == 0)
        a->status = (int)strtol(a->text + 8, NULL, 10);
    return true;
}

static inline const char *
fc_text(const struct fc_answer *a)
{
    const char *body = strstr(a->text, "\r\n\r\n");

    return body == NULL ? "" : body + 4;
}

/* Whether something, or the end, can be read within ms. */
static inline bool
fc_stirs(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, ms) == 1;
}

#endif
