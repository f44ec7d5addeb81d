/* The signer's journal: what a crash leaves, what somebody changes, what is used twice. */
#include <fcntl.h>

#include "base/text.h"
#include "pki/journal.h"
#include "pki_fixture.h"

static const char issuer[] = "00112233445566778899aabbccddeeff00112233";

static struct journal_entry
certificate(struct fixture *f, int i)
{
    struct journal_entry e = {.time = 1000 + i,
        .kind = JOURNAL_CERTIFICATE,
        .issuer = issuer,
        .reissue_no = 0,
        .reviewers = {12, 13},
        .reviewer_count = 2};

    e.name = arena_printf(f->op.arena, "40%030x", (unsigned)i);
    e.order_no = arena_printf(f->op.arena, "20261122%08d1", i);
    e.tbs = blob_text(arena_printf(f->op.arena, "to be signed %d", i));
    e.signature = blob_text("signature");
    return e;
}

static void
fill(struct fixture *f, int n)
{
    JOURNAL(j);

    unlink(f->conf.journal);
    if (journal_open(&f->op, f->conf.journal, &j, NULL) != OK)
        abort();
    for (int i = 0; i < n; i++) {
        struct journal_entry e = certificate(f, i);

        if (journal_add(&f->op, j, &e) != OK)
            abort();
    }
}

static void
test_use(struct fixture *f)
{
    struct journal_entry e, found;
    struct journal *second = NULL;
    char hash[65];
    int64_t seq, time;
    JOURNAL(j);

    ok(journal_open(&f->op, f->conf.journal, &j, NULL) == OK, "a journal begins");
    e = certificate(f, 1);
    ok(journal_add(&f->op, j, &e) == OK && e.seq == 1, "an entry is added");
    ok(journal_by_name(&f->op, j, JOURNAL_CERTIFICATE, issuer, e.name, &found) == OK &&
            found.seq == 1 && blob_equal(found.tbs, e.tbs) &&
            blob_equal(found.signature, e.signature) && found.reviewer_count == 2 &&
            found.reviewers[1] == 13 && strcmp(found.order_no, e.order_no) == 0,
        "it is found by its name, whole");
    ok(journal_by_order(&f->op, j, e.order_no, 0, &found) == OK &&
            journal_by_order(&f->op, j, e.order_no, 1, &found) == E_NOT_FOUND,
        "and by its order and reissue number");
    ok(journal_add(&f->op, j, &e) == E_INVALID, "a serial number is not used twice");
    e = certificate(f, 2);
    e.order_no = "20261122000000011";
    ok(journal_add(&f->op, j, &e) == E_INVALID, "nor an order");
    e = certificate(f, 3);
    e.time = 999;
    ok(journal_add(&f->op, j, &e) == E_UNAVAILABLE, "time does not go back");
    e = (struct journal_entry){.time = 2000, .kind = JOURNAL_CRL, .issuer = issuer, .name = "7"};
    ok(journal_add(&f->op, j, &e) == OK && journal_crl_number(j, issuer) == 7, "a CRL is added");
    e.name = "6";
    ok(journal_add(&f->op, j, &e) == E_INVALID, "CRL numbers grow");
    e = certificate(f, 4);
    e.kind = JOURNAL_VOID;
    e.time = 2000;
    e.tbs = e.signature = (struct blob){NULL, 0};
    ok(journal_add(&f->op, j, &e) == OK, "a serial number is given up");
    e = certificate(f, 4);
    e.time = 2000;
    ok(journal_add(&f->op, j, &e) == E_INVALID, "and cannot be signed any more");
    journal_head(j, &seq, &time, hash);
    ok(seq == 3 && time == 2000 && strlen(hash) == 64, "the head is the last entry");
    ok(journal_signed_since(j, 1001) == 1 && journal_signed_since(j, 1002) == 0,
        "signatures of a time are counted");
    ok(journal_open(&f->op, f->conf.journal, &second, NULL) == E_CONFLICT,
        "nobody else opens it meanwhile");
}

/* A crash at any byte of the last entry: the entries before it stay, and it can be added again. */
static void
test_torn(struct fixture *f)
{
    struct blob whole, two;
    int right = 0, again = 0, tried = 0;

    fill(f, 2);
    if (disk_read(&f->op, f->conf.journal, 65536, &two) != OK)
        abort();
    fill(f, 3);
    if (disk_read(&f->op, f->conf.journal, 65536, &whole) != OK)
        abort();
    for (size_t cut = two.size + 1; cut < whole.size; cut++, tried++) {
        struct journal_entry e = certificate(f, 2), found;
        struct journal_report report;
        size_t torn = 0;
        JOURNAL(j);

        put_file(f, "journal", (struct blob){whole.data, cut});
        right += journal_verify(&f->op, f->conf.journal, &report) == OK && report.entries == 2 &&
                 report.torn == cut - two.size;
        if (journal_open(&f->op, f->conf.journal, &j, &torn) != OK || torn != cut - two.size)
            continue;
        again += journal_by_order(&f->op, j, e.order_no, 0, &found) == E_NOT_FOUND &&
                 journal_add(&f->op, j, &e) == OK && e.seq == 3;
    }
    ok(right == tried, "an auditor sees an unfinished line at every of %d lengths", tried);
    ok(again == tried, "it is cut off and the entry can be added again");
    ok(disk_read(&f->op, f->conf.journal, 65536, &two) == OK && blob_equal(two, whole),
        "with the very same bytes");
}

static void
test_power_cut(struct fixture *f)
{
    unsigned char *zeros;
    struct blob whole;
    size_t torn = 0;
    JOURNAL(j);

    fill(f, 2);
    if (disk_read(&f->op, f->conf.journal, 65536, &whole) != OK)
        abort();
    zeros = arena_zalloc(f->op.arena, whole.size + 500, 1);
    memcpy(zeros, whole.data, whole.size);
    zeros[whole.size + 499] = '\n'; /* the end of the entry reached the disk, its middle did not */
    put_file(f, "journal", (struct blob){zeros, whole.size + 500});
    ok(journal_open(&f->op, f->conf.journal, &j, &torn) == OK && torn == 500,
        "zeros left by a power cut are cut off");
}

static void
test_tampering(struct fixture *f)
{
    struct journal_report report;
    struct blob whole;
    int found = 0, tried = 0;

    fill(f, 3);
    if (disk_read(&f->op, f->conf.journal, 65536, &whole) != OK)
        abort();
    for (size_t i = 0; i < whole.size; i += 7, tried++) {
        struct blob changed = blob_copy(f->op.arena, whole.data, whole.size);
        unsigned char *p = arena_alloc(f->op.arena, whole.size);

        memcpy(p, changed.data, changed.size);
        p[i] = p[i] == '1' ? '2' : '1';
        put_file(f, "journal", (struct blob){p, whole.size});
        found += journal_verify(&f->op, f->conf.journal, &report) == E_INVALID || report.torn > 0;
    }
    ok(found == tried, "each of %d changed bytes is found", tried);
}

/* Whole lines taken out or put elsewhere. */
static void
test_lines(struct fixture *f)
{
    struct journal_report report;
    struct journal *j = NULL;

    fill(f, 4);
    shell(f, NULL, "cd %s && sed -i 2d journal", f->dir);
    ok(journal_verify(&f->op, f->conf.journal, &report) == E_INVALID &&
            strstr(f->op.note, "line 2") != NULL,
        "a missing line is found: %s", f->op.note);
    ok(journal_open(&f->op, f->conf.journal, &j, NULL) == E_INVALID,
        "and the signer does not start on it");
    fill(f, 4);
    shell(f, NULL, "cd %s && sed -n 1p journal >>journal", f->dir);
    ok(journal_verify(&f->op, f->conf.journal, &report) == E_INVALID, "a repeated line is found");
    fill(f, 4);
    shell(f, NULL, "cd %s && tail -n 2 journal >x && mv x journal", f->dir);
    ok(journal_verify(&f->op, f->conf.journal, &report) == E_INVALID, "a missing beginning too");
    fill(f, 4);
    ok(journal_verify(&f->op, f->conf.journal, &report) == OK && report.certificates == 4 &&
            report.first_time == 1000 && report.last_time == 1003,
        "and an untouched one is right");
}

static void
test_many(struct fixture *f)
{
    struct journal_entry e, found;
    int right = 0;
    JOURNAL(j);

    fill(f, 3000);
    if (journal_open(&f->op, f->conf.journal, &j, NULL) != OK)
        abort();
    for (int i = 0; i < 3000; i++) {
        e = certificate(f, i);
        right += journal_by_name(&f->op, j, e.kind, issuer, e.name, &found) == OK &&
                 found.seq == i + 1 && journal_by_order(&f->op, j, e.order_no, 0, &found) == OK &&
                 found.seq == i + 1;
    }
    ok(right == 3000, "each of many entries is found after opening again: %d", right);
}

int
main(void)
{
    static struct fixture f;

    fixture_begin(&f);
    test_use(&f);
    test_torn(&f);
    test_power_cut(&f);
    test_tampering(&f);
    test_lines(&f);
    test_many(&f);
    fixture_end(&f);
    return done();
}
