#include "provider/common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

enum { REASON_MOST = 200, NOTIFY_MOST = 255 };

enum err
load_failed(struct loading *l, const char *setting, const char *what)
{
    snprintf(l->why, l->why_size, "%s %s", setting, what);
    return E_INVALID;
}

enum err
load_text(struct loading *l, const char *setting, const char *value)
{
    if (value == NULL || *value == '\0')
        return load_failed(l, setting, "is not set");
    return OK;
}

enum err
load_base(struct loading *l, const char *setting, const char *value)
{
    TRY(load_text(l, setting, value));
    if (!client_url_ok(value, l->conf->sandbox != 0))
        return load_failed(l, setting,
            l->conf->sandbox ? "is neither https nor http to a loopback address"
                             : "is not an https address");
    if (strchr(value, '?') != NULL || value[strlen(value) - 1] == '/')
        return load_failed(l, setting, "must have no query and no slash at its end");
    return OK;
}

enum err
load_notify(struct loading *l, const char *path, char **out)
{
    TRY(load_base(l, "notify_base_url", l->conf->notify_base_url));
    if (asprintf(out, "%s%s", l->conf->notify_base_url, path) < 0)
        abort();
    if (strlen(*out) > NOTIFY_MOST)
        return load_failed(l, "notify_base_url", "is too long");
    return OK;
}

enum err
load_private(struct loading *l, const char *setting, const char *path, struct key **out)
{
    TRY(load_text(l, setting, path));
    if (key_read_private(path, out) != OK)
        return load_failed(l, setting, "is not a private key in PEM (RSA from 2048 bit, or SM2)");
    return OK;
}

enum err
load_public(struct loading *l, const char *setting, const char *path, struct key **out)
{
    TRY(load_text(l, setting, path));
    if (key_read_public(path, out) != OK)
        return load_failed(l, setting, "is not a public key in PEM (RSA from 2048 bit, or SM2)");
    return OK;
}

enum err
load_secret(
    struct loading *l, const char *setting, const char *path, size_t least, size_t most, char **out)
{
    char line[512];
    FILE *f;
    size_t n;

    TRY(load_text(l, setting, path));
    f = fopen(path, "re");
    if (f == NULL)
        return load_failed(l, setting, "cannot be read");
    setvbuf(f, NULL, _IONBF, 0); /* no copy of the secret in a buffer we cannot wipe */
    n = fread(line, 1, sizeof(line) - 1, f);
    fclose(f);
    while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r' || line[n - 1] == ' '))
        n--;
    line[n] = '\0';
    if (n >= least && n <= most && strlen(line) == n && strpbrk(line, "\r\n") == NULL)
        *out = strdup(line);
    secret_wipe(line, sizeof(line));
    if (*out == NULL)
        return load_failed(l, setting, "does not hold one line of the right length");
    return OK;
}

void
unload_secret(char **secret)
{
    if (*secret != NULL)
        secret_wipe(*secret, strlen(*secret));
    free(*secret);
    *secret = NULL;
}

void
unload_key(struct key **k)
{
    sign_key_free(*k);
    *k = NULL;
}

enum outcome
outcome_set(struct reason *why, enum outcome o, const char *code, const char *text)
{
    *why = (struct reason){code == NULL ? "" : code, text == NULL ? "" : text};
    return o;
}

/* At most REASON_MOST bytes, cut between characters, without control characters. */
static const char *
tidy(struct op *op, const char *s)
{
    char *copy;
    size_t n;

    if (s == NULL)
        return "";
    n = strnlen(s, REASON_MOST + 1);
    if (n > REASON_MOST) {
        n = REASON_MOST;
        while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
            n--;
    }
    copy = arena_strndup(op->arena, s, n);
    for (char *p = copy; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    }
    return copy;
}

enum outcome
outcome_said(struct op *op, struct reason *why, enum outcome o, const char *code, const char *text)
{
    return outcome_set(why, o, tidy(op, code), tidy(op, text));
}

enum outcome
outcome_no_key(struct reason *why)
{
    return outcome_set(why, OUTCOME_NOT_SENT, "PREPARE", "this process holds no key that sends");
}

enum outcome
outcome_unsent(struct op *op, struct reason *why)
{
    return outcome_set(why, OUTCOME_NOT_SENT, "PREPARE", op->note);
}

enum outcome
outcome_unread(struct op *op, struct reason *why, const char *code)
{
    return outcome_set(why, OUTCOME_UNKNOWN, code, op->note);
}

enum outcome
provider_exchange(
    struct op *op, struct client_request *r, struct client_answer *out, struct reason *why)
{
    const char *fault = "";

    if (r->connect_ms == 0)
        r->connect_ms = CONNECT_MS;
    if (r->most == 0)
        r->most = ANSWER_MOST;
    r->trust_file = op->conf == NULL ? NULL : op->conf->providers_trust_file;
    switch (client_exchange(op, r, out, &fault)) {
    case CLIENT_ANSWERED:
        return outcome_set(why, OUTCOME_DONE, NULL, NULL);
    case CLIENT_NOT_SENT:
        return outcome_set(why, OUTCOME_NOT_SENT, "NOT_SENT", fault);
    case CLIENT_UNCLEAR:
        break;
    }
    return outcome_set(why, OUTCOME_UNKNOWN, "NO_ANSWER", fault);
}

const struct verdict *
verdict_of(const struct verdict *table, const char *code)
{
    for (const struct verdict *v = table; v->code != NULL; v++) {
        size_t n = strlen(v->code);

        if (n > 0 && v->code[n - 1] == '*' ? strncmp(v->code, code, n - 1) == 0
                                           : strcmp(v->code, code) == 0)
            return v;
    }
    return NULL;
}

enum outcome
outcome_by(struct op *op, struct reason *why, const struct verdict *table, const char *code,
    const char *text)
{
    const struct verdict *v = code == NULL ? NULL : verdict_of(table, code);

    if (v == NULL)
        return outcome_said(op, why, OUTCOME_UNKNOWN, code, text);
    return outcome_said(op, why, v->outcome, v->as != NULL ? v->as : code, text);
}
