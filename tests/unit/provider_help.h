/* What the tests of the connectors share: an operation, settings, the published vectors, and a
 * server of one thread that answers what the test tells it. */
#ifndef HALL_TESTS_PROVIDER_HELP_H
#define HALL_TESTS_PROVIDER_HELP_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/conf.h"
#include "io/json_tree.h"
#include "provider/provider.h"

#define KEYS "tests/data/vectors/keys/"
enum { VECTOR_NOW = 1705286400 }; /* the moment of the vectors */

static inline const char *
outcome_name(enum outcome o)
{
    static const char *const names[] = {
        [OUTCOME_DONE] = "done",
        [OUTCOME_REFUSED] = "refused",
        [OUTCOME_NOT_SENT] = "not_sent",
        [OUTCOME_UNKNOWN] = "unknown",
    };

    return names[o];
}

static inline struct op
op_new(int64_t now)
{
    return (struct op){
        .arena = arena_new(65536), .now = now, .deadline_ms = op_monotonic_ms() + 60000};
}

/* Settings live as long as the process, and so do these. */
static struct conf conf_pool[64];

static inline struct conf *
conf_new(void)
{
    static size_t used;

    if (used == sizeof(conf_pool) / sizeof(*conf_pool))
        exit(1);
    return &conf_pool[used++];
}

/* The whole file in the arena, with a NUL behind it. */
static inline const char *
slurp(struct op *op, const char *path, size_t *n)
{
    FILE *f = fopen(path, "re");
    char *text = arena_alloc(op->arena, 1 << 20);
    size_t size;

    if (f == NULL) {
        printf("Bail out! %s is missing: run the tests from the top of the tree\n", path);
        exit(1);
    }
    size = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    text[size] = '\0';
    if (n != NULL)
        *n = size;
    return text;
}

static inline const struct tree *
vectors(struct op *op)
{
    size_t n;
    const char *text = slurp(op, "tests/data/vectors/vectors.json", &n);
    const struct tree *t;

    if (tree_read(op, text, n, &t) != OK)
        exit(1);
    return t;
}

static inline void
file_write(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        exit(1);
    close(fd);
}

/* $ stands for the directory and @ for the address. */
static inline const char *
expand(struct op *op, const char *text, const char *dir, const char *base)
{
    const char *out = "";

    for (; *text != '\0'; text++) {
        size_t n = strcspn(text, "$@");

        out = arena_printf(op->arena, "%s%.*s%s", out, (int)n, text,
            text[n] == '$'   ? dir
            : text[n] == '@' ? base
                             : "");
        text += n;
        if (*text == '\0')
            break;
    }
    return out;
}

/* Settings of the vectors' keys with every provider at `base`; secrets lie in `dir`. The
 * lines of `more` win. */
static inline struct conf *
conf_vectors(struct op *op, const char *dir, const char *base, const char *more)
{
    struct conf *c = conf_new();
    const char *path = arena_printf(op->arena, "%s/test.conf", dir), *text;
    char why[256];

    file_write(arena_printf(op->arena, "%s/apiv3", dir), "0123456789abcdefghijklmnopqrstuv\n");
    file_write(arena_printf(op->arena, "%s/sms", dir), "sandboxAccessKeySecret00000001\n");
    file_write(arena_printf(op->arena, "%s/tc3", dir), "sandboxSecretKey000000000000001\n");
    file_write(arena_printf(op->arena, "%s/sm4", dir), "VuAzSWQhsoNqzn0K\n");
    file_write(arena_printf(op->arena, "%s/sf", dir), "sandboxCheckword0000000000000001\n");
    text = expand(op,
        "sandbox = 1\nnotify_base_url = https://hall.example.cn/callback\n"
        "wechatpay_base_url = @\nwechatpay_mchid = 1900000001\n"
        "wechatpay_appid = wx0000000000000001\n"
        "wechatpay_serial = 3775B6A45ACD588826D15E583A95F5DD12345678\n"
        "wechatpay_key_file = " KEYS "wx_merchant.key.pem\n"
        "wechatpay_public_key_id = PUB_KEY_ID_0119000000012024011500000000000001\n"
        "wechatpay_public_key_file = " KEYS "wx_platform.pub.pem\n"
        "wechatpay_apiv3_key_file = $/apiv3\n"
        "alipay_base_url = @\nalipay_app_id = 2021000000000001\n"
        "alipay_seller_id = 2088000000000099\n"
        "alipay_key_file = " KEYS "ali_app.key.pem\n"
        "alipay_public_key_file = " KEYS "ali_platform.pub.pem\n"
        "sms_base_url = @\nsms_access_key_id = LTAISANDBOX0000000000001\n"
        "sms_access_key_secret_file = $/sms\nsms_sign_name = 深圳CA\n"
        "sms_templates = N01=SMS_100000001 N03=SMS_100000003\n"
        "faceid_base_url = @\nfaceid_secret_id = AKIDSANDBOX0000000000000000000000001\n"
        "faceid_secret_key_file = $/tc3\n"
        "bank_base_url = @\nbank_uid = N003261207\nbank_account = 755900000010001\n"
        "bank_sm2_key_file = " KEYS "sm2_client.key.pem\n"
        "bank_public_key_file = " KEYS "sm2_client.pub.pem\nbank_sm4_key_file = $/sm4\n"
        "courier_base_url = @/std/service\ncourier_partner_id = SZCATEST\n"
        "courier_checkword_file = $/sf\n"
        "invoice_base_url = @/open/v1/services\ninvoice_app_key = sandboxAppKey\n"
        "invoice_app_secret_file = $/sf\ninvoice_token_file = $/sf\n"
        "invoice_seller_tax_number = 91440300MA5TEST000\ninvoice_clerk = 测试\n"
        "invoice_goods_code = 3040203000000000000\n",
        dir, base);
    file_write(path, arena_printf(op->arena, "%s%s\n", text, more));
    if (conf_read(c, path, why, sizeof(why)) != OK) {
        printf("Bail out! %s\n", why);
        exit(1);
    }
    return c;
}

/* ---- A server of one thread ---- */

enum { STUB_REQUEST_MOST = 1 << 20 };
enum stub_mode {
    STUB_ANSWER,  /* sends `answer` whole and closes */
    STUB_HANG,    /* reads the request and says nothing until the client goes */
    STUB_CLOSE,   /* reads the request and closes */
    STUB_PARTIAL, /* sends `answer` without its last byte and closes */
};
struct stub {
    enum stub_mode mode;
    const void *answer; /* with status line and headers */
    size_t size;
    int fd, port;
    pthread_t thread;
    char *request;                  /* the last one, whole */
    _Atomic int count;              /* requests read so far */
    void (*before)(struct stub *s); /* runs in the server's thread, may set the answer */
};

/* Reads head and body by Content-Length; false when the client goes first. */
static inline bool
stub_read(int fd, char *buf)
{
    size_t n = 0, wanted = 0;

    for (;;) {
        ssize_t got = read(fd, buf + n, STUB_REQUEST_MOST - 1 - n);
        char *end, *length;

        if (got <= 0)
            return false;
        n += (size_t)got;
        buf[n] = '\0';
        end = strstr(buf, "\r\n\r\n");
        if (end == NULL)
            continue;
        length = strcasestr(buf, "\r\nContent-Length:");
        wanted = (size_t)(end + 4 - buf) +
                 (length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0);
        if (n >= wanted)
            return true;
    }
}

static inline void *
stub_run(void *arg)
{
    struct stub *s = arg;

    for (;;) {
        int c = accept(s->fd, NULL, NULL);
        size_t sent = 0, size;
        char byte;

        if (c < 0)
            return NULL;
        if (!stub_read(c, s->request)) {
            close(c);
            continue;
        }
        if (s->before != NULL)
            s->before(s);
        s->count++;
        size = s->mode == STUB_ANSWER ? s->size : s->mode == STUB_PARTIAL ? s->size - 1 : 0;
        while (sent < size) {
            ssize_t n = send(c, (const char *)s->answer + sent, size - sent, MSG_NOSIGNAL);

            if (n <= 0)
                break;
            sent += (size_t)n;
        }
        if (s->mode == STUB_HANG) {
            while (read(c, &byte, 1) > 0)
                ;
        } else {
            shutdown(c, SHUT_WR);
            while (read(c, &byte, 1) > 0)
                ;
        }
        close(c);
    }
}

/* port 0: any free one. */
static inline void
stub_start(struct stub *s, int port)
{
    int one = 1;
    struct sockaddr_in a = {.sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons((uint16_t)port)};
    socklen_t n = sizeof(a);

    *s = (struct stub){.before = s->before, .request = malloc(STUB_REQUEST_MOST)};
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (s->request == NULL || s->fd < 0 || bind(s->fd, (struct sockaddr *)&a, n) != 0 ||
        listen(s->fd, 16) != 0 || getsockname(s->fd, (struct sockaddr *)&a, &n) != 0 ||
        pthread_create(&s->thread, NULL, stub_run, s) != 0)
        exit(1);
    s->port = ntohs(a.sin_port);
}

static inline void
stub_stop(struct stub *s)
{
    shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->fd);
    free(s->request);
}

/* A whole HTTP answer around a body. */
static inline void
stub_say(struct op *op, struct stub *s, int status, const char *headers, const char *body)
{
    s->mode = STUB_ANSWER;
    s->answer = arena_printf(op->arena,
        "HTTP/1.1 %d X\r\n%sContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status, headers,
        strlen(body), body);
    s->size = strlen(s->answer);
}

#endif
