/* The messages that people get (states.md, section 6): one row each, filled by name. */
#ifndef HALL_DOMAIN_NOTICE_H
#define HALL_DOMAIN_NOTICE_H

#include "base/op.h"

enum notice_code {
    NOTICE_NONE,
#define NOTICE(code, secret, zh, en) NOTICE_##code,
#include "domain/notice.def"
    NOTICE_MAX
};

/* Fixed words for parameters, such as the second sentence of N09. */
enum phrase {
#define PHRASE(name, zh, en) PHRASE_##name,
#include "domain/notice.def"
    PHRASE_MAX
};

const char *notice_name(enum notice_code n); /* "N03", the key of provider templates */
const char *phrase_text(enum phrase p, enum lang lang);

/*
 * params is name, value, name, value, …, NULL. Every parameter of the text must be there and
 * nothing else, or the answer is E_INTERNAL: a message is never sent with a hole.
 * The text is in the arena.
 */
enum err notice_render(struct op *op, enum notice_code n, enum lang lang, const char *const *params,
    const char **text) MUST_USE;
/* The same pairs in the order of the Chinese text, for sms_message.params. */
enum err notice_arrange(struct op *op, enum notice_code n, const char *const *params,
    const char *const **arranged) MUST_USE;
/* The same pairs with the secret value replaced by "******". */
const char *const *notice_mask(struct arena *a, enum notice_code n, const char *const *params);

#endif
