/* The inspector as a process, its cage, and its client when things go wrong. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inspect_kit.h"
#include "lsan.h"
#include "paper/cage.h"
#include "paper/wire.h"
#include "tap.h"

static void *
ask_from_a_thread(void *arg)
{
    struct op op = kit_op(20000);
    struct scan_result r;
    bool *good = arg;

    *good = true;
    for (int i = 0; i < 4; i++)
        *good &= scan_inspect(&op, SCAN_DOCUMENT, kit_application.data, kit_application.size, &r) ==
                     OK &&
                 kit_has_code(&r, KIT_APPLICATION);
    arena_free(op.arena);
    return NULL;
}

static void
test_many_at_once(void)
{
    pthread_t threads[6];
    bool good[6], all = true;

    for (int i = 0; i < 6; i++)
        pthread_create(&threads[i], NULL, ask_from_a_thread, &good[i]);
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        all &= good[i];
    }
    ok(all, "more clients than children are all answered");
}

static void
test_silent_client(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fds[3];
    struct scan_result r;

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", kit_conf.inspect);
    for (int i = 0; i < 3; i++) {
        fds[i] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (connect(fds[i], (struct sockaddr *)&address, sizeof(address)) != 0)
            exit(1);
    }
    (void)!send(fds[1], "nonsense", 8, MSG_NOSIGNAL);
    r = kit_ask(SCAN_DOCUMENT, kit_application.data, kit_application.size);
    ok(kit_has_code(&r, KIT_APPLICATION),
        "clients that connect and say nothing do not stop the others");
    for (int i = 0; i < 3; i++)
        close(fds[i]);
}

static void
test_absent(void)
{
    struct op op = kit_op(3000);
    struct scan_result r = {.pages = 77};
    struct conf other = kit_conf;
    const char *path = arena_printf(op.arena, "%s/nobody", kit_directory);

    op.conf = &other;
    other.inspect = path;
    ok(scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r) == E_UNAVAILABLE && r.pages == 77,
        "no inspector is not the file's fault");
    other.inspect = "";
    ok(scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r) == E_UNAVAILABLE, "nor is no setting");
    op.conf = &kit_conf;
    op.deadline_ms = op_monotonic_ms() - 1;
    ok(scan_inspect(&op, SCAN_DOCUMENT, kit_application.data, kit_application.size, &r) ==
            E_UNAVAILABLE,
        "a deadline that has passed is kept");
    ok(scan_inspect(&op, SCAN_DOCUMENT, kit_application.data, 17 << 20, &r) == E_TOO_LARGE,
        "more than 16 MiB are not sent");
    arena_free(op.arena);
}

/* An inspector that the file has taken over answers what it likes. */
static void
test_lies(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    static struct wire_reply reply = {WIRE_MAGIC, {.type = SCAN_PDF, .codes = SCAN_CODES}, 0};
    struct conf other = kit_conf;
    int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), lies = 0;

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/liar", kit_directory);
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener, 4) != 0)
        exit(1);
    for (int i = 0; i < 6; i++) {
        struct op op = kit_op(5000);
        struct scan_result r;
        struct scan_picture p;
        pid_t pid = fork();

        if (pid == 0) {
            int c = accept(listener, NULL, NULL);

            if (i == 1)
                memset(reply.result.code, 'A', sizeof(reply.result.code));
            if (i == 2)
                memset(&reply.result.problem, 0x7F, 4);
            if (i == 3)
                memset(&reply.result.seal.round, 0x55, 1);
            if (i == 4)
                reply.picture = WIRE_PICTURE_MAX + 1;
            if (i == 5)
                reply.picture = 100; /* and then sends none */
            _exit(send(c, &reply, i == 0 ? 9 : sizeof(reply), MSG_NOSIGNAL) > 0 ? 0 : 1);
        }
        op.conf = &other;
        other.inspect = address.sun_path;
        lies += (i < 4 ? scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r)
                       : scan_show(&op, "x", 1, 1, &p)) == E_UNAVAILABLE;
        waitpid(pid, NULL, 0);
        arena_free(op.arena);
    }
    close(listener);
    unlink(address.sun_path);
    ok(lies == 6, "answers that cannot be are none (%d of 6)", lies);
}

static void
test_end(pid_t inspector)
{
    struct op op = kit_op(3000);
    struct scan_result r;
    struct stat st;

    ok(stat(kit_conf.inspect, &st) == 0 && (st.st_mode & 07777) == 0660,
        "the socket is for the group and nobody else");
    ok(kit_end(inspector), "the inspector ends when it is told to, and no child has crashed");
    ok(scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r) == E_UNAVAILABLE, "and then nobody answers");
    arena_free(op.arena);
}

int
main(void)
{
    struct cage cage = {512 << 20, 5};
    pid_t inspector;

    ok(cage_self_test(&cage), "the cage allows nothing that it should not");
    inspector = kit_begin();
    test_many_at_once();
    test_silent_client();
    test_absent();
    test_lies();
    test_end(inspector);
    return done();
}
