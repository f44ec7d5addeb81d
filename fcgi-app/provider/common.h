/*
 * What every connector does alike: reading its settings and keys at start, one exchange with its
 * outcome class, and tables that turn a provider's codes into outcomes.
 */
#ifndef HALL_PROVIDER_COMMON_H
#define HALL_PROVIDER_COMMON_H

#include "io/conf.h"
#include "io/http_client.h"
#include "io/sign.h"
#include "provider/provider.h"

/* The start: whoever fails says why in one sentence naming the setting. */
struct loading {
    const struct conf *conf;
    bool callbacks_only; /* no key that sends is loaded */
    char *why;
    size_t why_size;
};

/* E_INVALID, and l->why is "setting what". */
enum err load_failed(struct loading *l, const char *setting, const char *what);
/* E_INVALID unless the setting is filled. */
enum err load_text(struct loading *l, const char *setting, const char *value) MUST_USE;
/* ... and an address we may send to, without a slash at its end. */
enum err load_base(struct loading *l, const char *setting, const char *value) MUST_USE;
/* Where a provider calls back: notify_base_url and the path, at most 255 bytes. */
enum err load_notify(struct loading *l, const char *path, char **out) MUST_USE;
enum err load_private(
    struct loading *l, const char *setting, const char *path, struct key **out) MUST_USE;
enum err load_public(
    struct loading *l, const char *setting, const char *path, struct key **out) MUST_USE;
/* One line of text from a file, least to most bytes. */
enum err load_secret(struct loading *l, const char *setting, const char *path, size_t least,
    size_t most, char **out) MUST_USE;
void unload_secret(char **secret); /* wipes and frees, as it is for any text loaded here */
void unload_key(struct key **k);

/* Fills *why and returns o: return outcome_set(why, OUTCOME_UNKNOWN, "SIGNATURE", "..."). The texts
 * are kept as they are; code and text may be NULL for "". */
enum outcome outcome_set(struct reason *why, enum outcome o, const char *code, const char *text);

/* The same for what a provider wrote: copied, cut to what a log line and a staff page bear. */
enum outcome outcome_said(
    struct op *op, struct reason *why, enum outcome o, const char *code, const char *text);

/* For a process that only verifies callbacks. */
enum outcome outcome_no_key(struct reason *why);
/* For failures before anything was sent: the note of the operation is the reason. */
enum outcome outcome_unsent(struct op *op, struct reason *why);
/* For answers that do not verify or cannot be read: nobody knows what happened. */
enum outcome outcome_unread(struct op *op, struct reason *why, const char *code);

/* Milliseconds, and bytes of the answer: no honest one is larger. */
enum { CONNECT_MS = 3000, QUICK_MS = 8000, SMS_MS = 5000, SLOW_MS = 20000, PICTURE_MS = 30000 };
enum { BANK_CONNECT_MS = 5000, BANK_MS = 60000, ANSWER_MOST = 1 << 20 };

/* One exchange: DONE when a whole answer of any status came, else NOT_SENT or UNKNOWN. Connect
 * time, trust and the size of the answer are filled in where they are 0. */
enum outcome provider_exchange(
    struct op *op, struct client_request *r, struct client_answer *out, struct reason *why);

/* One row: what a code means. `as` replaces the code by one that provider.h promises. */
struct verdict {
    const char *code; /* a * at its end stands for anything; NULL ends the table */
    enum outcome outcome;
    const char *as;
};

/* The first row that fits, or NULL. */
const struct verdict *verdict_of(const struct verdict *table, const char *code);
/* Its outcome with the reason filled; UNKNOWN when there is no row. */
enum outcome outcome_by(struct op *op, struct reason *why, const struct verdict *table,
    const char *code, const char *text);

#endif
