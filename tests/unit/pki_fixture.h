/* What the tests of pki share: an operation, settings, a directory with fresh CAs, and a shell for
 * second opinions by other programs. */
#ifndef HALL_TESTS_PKI_FIXTURE_H
#define HALL_TESTS_PKI_FIXTURE_H

#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/conf.h"
#include "pki/ca.h"
#include "pki/certificate.h"
#include "pki/disk.h"
#include "pki/lint.h"
#include "pki/token.h"
#include "tap.h"

static const char passphrase[] = "correct-horse-battery";

struct fixture {
    struct op op;
    struct conf conf;
    char dir[64], conf_path[96];
};

/* Runs a command; its output, without the last newline, goes to the
 * operation's memory. The exit status, or -1. */
__attribute__((format(printf, 3, 4))) static inline int
shell(struct fixture *f, const char **output, const char *fmt, ...)
{
    char command[2048], text[65536];
    va_list ap;
    size_t n;
    FILE *p;
    int status;

    va_start(ap, fmt);
    n = (size_t)vsnprintf(command, sizeof(command), fmt, ap);
    va_end(ap);
    if (n >= sizeof(command))
        return -1;
    p = popen(command, "r");
    if (p == NULL)
        return -1;
    n = fread(text, 1, sizeof(text) - 1, p);
    while (n > 0 && text[n - 1] == '\n')
        n--;
    text[n] = '\0';
    status = pclose(p);
    if (output != NULL)
        *output = arena_printf(f->op.arena, "%s", text);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline const char *
path_of(struct fixture *f, const char *name)
{
    return arena_printf(f->op.arena, "%s/%s", f->dir, name);
}

static inline void
put_file(struct fixture *f, const char *name, struct blob data)
{
    if (disk_replace(&f->op, path_of(f, name), 0600, data) != OK)
        abort();
}

/* Settings of a sandbox in a new directory under /tmp. */
static inline void
fixture_begin(struct fixture *f)
{
    const char *text;
    char why[256];

    memset(f, 0, sizeof(*f));
    snprintf(f->dir, sizeof(f->dir), "/tmp/hall-pki-XXXXXX");
    if (mkdtemp(f->dir) == NULL)
        abort();
    f->op.arena = arena_new(65536);
    f->op.now = (int64_t)time(NULL);
    f->op.deadline_ms = op_monotonic_ms() + 600000;
    text = arena_printf(f->op.arena,
        "sandbox = 1\nca_dir = %s/ca\nca_passphrase_file = %s/passphrase\njournal = %s/journal\n"
        "signer = %s/signer.sock\npki_url = http://pki.example.test/pki\n"
        "cps_url = http://pki.example.test/cps\nca_organisation = Hall Test CA\n"
        "signer_per_hour = 1000000\n",
        f->dir, f->dir, f->dir, f->dir);
    put_file(f, "conf", blob_text(text));
    put_file(f, "passphrase", blob_text(arena_printf(f->op.arena, "%s\n", passphrase)));
    snprintf(f->conf_path, sizeof(f->conf_path), "%s/conf", f->dir);
    if (conf_read(&f->conf, f->conf_path, why, sizeof(why)) != OK)
        abort();
    f->op.conf = &f->conf;
}

/* The same with both CAs. */
static inline void
fixture_begin_ca(struct fixture *f)
{
    char why[256] = "";
    enum err e;

    fixture_begin(f);
    e = ca_init(&f->op, f->conf.ca_dir, passphrase, why, sizeof(why));
    ok(e == OK, "the CAs are made %s", why);
    if (e != OK)
        exit(1);
}

static inline void
fixture_end(struct fixture *f)
{
    shell(f, NULL, "rm -rf %s", f->dir);
    arena_free(f->op.arena);
}

/* A reviewed organisation with a new key. */
static inline struct certificate_profile_input
organisation(struct fixture *f, enum algorithm a, struct token_key *key)
{
    struct certificate_profile_input in = {
        .algorithm = a,
        .kind = PROFILE_ORGANISATION,
        .country = "CN",
        .province = "辽宁省",
        .locality = "沈阳市",
        .organisation = "沈阳示例科技有限公司",
        .unit = "辽宁政府采购",
        .common_name = "沈阳示例科技有限公司",
        .uscc = "91210100MA0000000D",
    };

    if (token_soft()->keygen(&f->op, a, key) != OK)
        abort();
    in.spki = key->spki;
    certificate_serial(in.serial);
    certificate_validity(f->op.now, 1, &in.not_before, &in.not_after);
    return in;
}

static inline struct certificate_profile_input
person(struct fixture *f, enum algorithm a, struct token_key *key)
{
    struct certificate_profile_input in = organisation(f, a, key);

    in.kind = PROFILE_PERSON;
    in.unit = NULL;
    in.uscc = NULL;
    in.common_name = "测试甲";
    in.serial_number = "p-3f2a9c517be0d846";
    return in;
}

/* The issuing key itself, as only a test may have it. */
static inline struct blob
sign_directly(struct fixture *f, enum algorithm a, struct blob tbs)
{
    struct blob signature;
    KEY(key);

    if (ca_key_open(&f->op, f->conf.ca_dir, a, passphrase, &key) != OK ||
        key_sign(&f->op, key, tbs, &signature) != OK)
        abort();
    return signature;
}

#endif
