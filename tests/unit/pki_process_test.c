/* The signer as a process: its powers, its manners, and kill -9 at any moment. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/secret.h"
#include "base/text.h"
#include "pki/crl.h"
#include "pki/receipt.h"
#include "pki/signed.h"
#include "pki/signer_client.h"
#include "pki_fixture.h"

enum { KILLS = 60, ORDERS_LEAST = 150, ORDERS_MOST = 4000 };

static _Atomic pid_t signer_pid;
static char program[512];
static struct fixture f;
static int64_t start_ms; /* how long it takes from fork to the first answer */

/* build/unit/x_test -> build/hall-signer */
static void
find_program(void)
{
    ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 32);
    char *slash;

    if (n <= 0)
        abort();
    program[n] = '\0';
    for (int i = 0; i < 2; i++) {
        slash = strrchr(program, '/');
        if (slash == NULL)
            abort();
        *slash = '\0';
    }
    memcpy(program + strlen(program), "/hall-signer", sizeof("/hall-signer"));
}

/* Also called by a thread that has no arena of its own. */
static void
start(void)
{
    char log[4096];
    pid_t pid;

    snprintf(log, sizeof(log), "%s/signer.log", f.dir);
    pid = fork();

    if (pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);

        dup2(fd, 2);
        setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* it would want ptrace */
        execl(program, program, f.conf_path, (char *)NULL);
        _exit(127);
    }
    signer_pid = pid;
}

/* Waits until it answers; the time is bounded by the operation's deadline. */
static bool
wait_ready(struct op *op)
{
    struct signer_reply reply;

    while (op_left_ms(op) > 0) {
        if (signer_status(op, &reply) == OK)
            return true;
        usleep(2000);
    }
    return false;
}

static void
deadline(struct op *op, int ms)
{
    op->deadline_ms = op_monotonic_ms() + ms;
}

/* The CA keys with so few rounds that a signer starts in no time; made by OpenSSL's own program. */
static void
soften_keys(void)
{
    int status = shell(&f, NULL,
        "cd %s/ca/key && cp ../../passphrase ../../new && for k in *.key; do openssl pkcs8 -topk8 "
        "-v2 aes-256-cbc -iter 1000 -in $k "
        "-passin file:../../passphrase -out $k.new -passout file:../../new && mv $k.new $k "
        "|| exit 1; done",
        f.dir);

    ok(status == 0, "openssl opens the keys and seals them again");
}

static void
test_powers(void)
{
    const char *text;
    struct stat st;

    start_ms = op_monotonic_ms();
    start();
    deadline(&f.op, 20000);
    ok(wait_ready(&f.op), "the signer answers");
    start_ms = op_monotonic_ms() - start_ms + 1;
    ok(stat(f.conf.signer, &st) == 0 && (st.st_mode & 0777) == 0660,
        "its socket is for its user and group");
    ok(stat(f.conf.journal, &st) == 0 && (st.st_mode & 0777) == 0600, "its journal is its own");
    shell(
        &f, &text, "grep -c -E '^(NoNewPrivs:\t1|Seccomp:\t2)$' /proc/%d/status", (int)signer_pid);
    is(text, "2", "it has a filter on its calls and can get no new powers");
    shell(&f, &text, "grep 'Max core file size' /proc/%d/limits", (int)signer_pid);
    ok(strstr(text, "0                    0") != NULL, "it leaves no core");
}

static int
raw_connection(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(address.sun_path, f.conf.signer, strlen(f.conf.signer) + 1);
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
        abort();
    return fd;
}

static void
test_manners(void)
{
    static const unsigned char half[] = {0, 0, 1, 0, 'x'}, large[] = {0xFF, 0xFF, 0xFF, 0xFF};
    struct signer_reply reply;
    int fd = raw_connection();

    close(fd);
    fd = raw_connection();
    ok(write(fd, half, sizeof(half)) == sizeof(half), "half a message");
    close(fd);
    fd = raw_connection();
    ok(write(fd, large, sizeof(large)) == sizeof(large), "a message of four gigabytes");
    close(fd);
    deadline(&f.op, 10000);
    ok(signer_status(&f.op, &reply) == OK && reply.seq == 0, "and it still answers");
}

static void
test_receipt(void)
{
    static const char json[] = "{\"order_no\":\"20261122000000011\",\"receipt\":1}";
    struct receipt receipt;
    const char *text;
    int status;

    deadline(&f.op, 10000);
    ok(receipt_sign(&f.op, blob_text(json), &receipt) == OK, "a receipt is signed");
    ok(receipt_verify(&f.op, blob_text(json), receipt.signature, receipt.public_key_pem) == OK,
        "it verifies");
    ok(receipt_verify(&f.op, blob_text("{\"order_no\":\"20261122000000011\",\"receipt\":2}"),
           receipt.signature, receipt.public_key_pem) == E_FORBIDDEN,
        "but not for another content");
    put_file(&f, "receipt.json", blob_text(json));
    put_file(&f, "receipt.sig", receipt.signature);
    status = shell(&f, &text,
        "cd %s && openssl pkeyutl -verify -pubin -inkey ca/public/audit.pem -rawin -in "
        "receipt.json "
        "-sigfile receipt.sig 2>&1",
        f.dir);
    ok(status == 0, "and openssl alone verifies it: %s", text);
}

static void
test_publish(void)
{
    struct crl_input in = {
        .number = 1, .this_update = f.op.now, .next_update = f.op.now + 2 * 86400};
    struct signer_reply reply;
    struct issuer issuer;
    const char *text;
    struct blob tbs = {NULL, 0}, der;
    int status;

    deadline(&f.op, 10000);
    ok(issuer_open(&f.op, &f.conf, ALGORITHM_P256, &issuer) == OK &&
            crl_tbs(&f.op, &in, &issuer, &tbs) == OK &&
            signer_crl(&f.op, ALGORITHM_P256, tbs, &reply) == OK,
        "a revocation list is signed");
    der = crl_assemble(f.op.arena, &issuer, tbs, reply.signature);
    ok(crl_publish(&f.op, &issuer, der) == OK, "and published");
    status = shell(&f, &text,
        "cd %s && openssl crl -inform DER -in ca/public/p256-issuing.crl -CAfile "
        "ca/public/p256-issuing.crt -noout 2>&1",
        f.dir);
    ok(status == 0 && strstr(text, "verify OK") != NULL, "openssl verifies it: %s", text);
}

static void
test_drain(void)
{
    int status = 0;

    kill(signer_pid, SIGTERM);
    ok(waitpid(signer_pid, &status, 0) == signer_pid && WIFEXITED(status) &&
            WEXITSTATUS(status) == 0,
        "SIGTERM ends it in good order");
}

static _Atomic int kills;
static _Atomic bool finished;

/* Kills and starts it again, at moments that nobody planned. */
static void *
killer(void *unused)
{
    (void)unused;
    while (!finished) {
        unsigned wait;
        int status;

        secret_random(&wait, sizeof(wait));
        usleep((useconds_t)(start_ms * 1000 / 2 + wait % (start_ms * 1000 + 20000)));
        kill(signer_pid, SIGKILL);
        waitpid(signer_pid, &status, 0);
        kills++;
        start();
    }
    return NULL;
}

struct order {
    struct blob tbs, signature;
    char order_no[24];
    enum algorithm algorithm;
};
static struct order orders[ORDERS_MOST];
static int64_t give_up_at;

/* One order, asked for until it is answered; true when an earlier answer had been lost. */
static bool
sign_order(int i, const struct issuer issuer[2])
{
    struct signer_order approved = {.reviewers = {12}, .reviewer_count = 1};
    struct order *o = &orders[i];
    struct certificate_profile_input in;
    struct signer_reply reply;
    struct token_key key;
    struct op op = f.op;
    enum err e;

    o->algorithm = i % 2 == 0 ? ALGORITHM_P256 : ALGORITHM_SM2;
    snprintf(o->order_no, sizeof(o->order_no), "20261122%08d1", i);
    approved.order_no = o->order_no;
    in = organisation(&f, o->algorithm, &key);
    if (certificate_tbs(&op, &in, &issuer[i % 2], &o->tbs) != OK)
        abort();
    do {
        deadline(&op, 1000);
        e = signer_certificate(&op, &approved, &in, o->tbs, &reply);
        if (e == E_UNAVAILABLE)
            usleep(1000);
    } while (e == E_UNAVAILABLE && op_monotonic_ms() < give_up_at);
    if (e != OK) {
        printf("# order %d: %s\n", i, op.note);
        return false;
    }
    o->signature = reply.signature;
    return reply.again;
}

static void
check_orders(int n, const struct issuer issuer[2])
{
    struct journal_report report;
    int same = 0, valid = 0;

    deadline(&f.op, 20000);
    ok(wait_ready(&f.op), "the last one answers");
    for (int i = 0; i < n; i++) {
        struct order *o = &orders[i];
        struct signer_reply reply;
        struct blob der;

        deadline(&f.op, 10000);
        if (o->signature.size == 0 || signer_find_order(&f.op, o->order_no, 0, &reply) != OK)
            continue;
        same += blob_equal(reply.signature, o->signature) && blob_equal(reply.tbs, o->tbs);
        der = certificate_assemble(f.op.arena, o->algorithm, o->tbs, o->signature);
        valid += certificate_verify(&f.op, der, o->tbs, &issuer[i % 2]) == OK;
    }
    ok(same == n, "every answer is in the journal, with the same signature: %d of %d", same, n);
    ok(valid == n, "every certificate verifies: %d", valid);
    ok(journal_verify(&f.op, f.conf.journal, &report) == OK && report.certificates == n &&
            report.torn == 0,
        "the journal has %lld certificates and verifies", (long long)report.certificates);
}

static void
test_kill(void)
{
    struct issuer issuer[2];
    pthread_t thread;
    int n = 0, lost = 0;

    if (issuer_open(&f.op, &f.conf, ALGORITHM_P256, &issuer[0]) != OK ||
        issuer_open(&f.op, &f.conf, ALGORITHM_SM2, &issuer[1]) != OK)
        abort();
    give_up_at = op_monotonic_ms() + 120000;
    start();
    pthread_create(&thread, NULL, killer, NULL);
    while (n < ORDERS_MOST && op_monotonic_ms() < give_up_at && (n < ORDERS_LEAST || kills < KILLS))
        lost += sign_order(n++, issuer);
    finished = true;
    pthread_join(thread, NULL);
    ok(true, "%d orders, killed %d times, %d answers lost and found again", n, kills, lost);
    ok(kills >= KILLS, "it was killed often enough");
    check_orders(n, issuer);
}

int
main(void)
{
    find_program();
    fixture_begin_ca(&f);
    soften_keys();
    test_powers();
    test_manners();
    test_receipt();
    test_publish();
    test_drain();
    test_kill();
    test_drain();
    fixture_end(&f);
    return done();
}
