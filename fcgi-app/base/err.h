/* How failure travels: every call that can fail returns enum err, and must be looked at. */
#ifndef HALL_BASE_ERR_H
#define HALL_BASE_ERR_H

#define MUST_USE __attribute__((warn_unused_result))

enum err {
    OK = 0,
#define ERR(name, status, code, zh, en) E_##name,
#include "base/err.def"
    ERR_MAX
};

/* The languages people are answered in. */
enum lang { LANG_ZH, LANG_EN, LANG_MAX };

/* Return early with the same error; used only where there is nothing to add. */
#define TRY(call)               \
    do {                        \
        enum err try_ = (call); \
        if (try_ != OK)         \
            return try_;        \
    } while (0)

int err_status(enum err e);                       /* 409 */
const char *err_code(enum err e);                 /* "state_conflict", stable, for programs */
const char *err_text(enum err e, enum lang lang); /* the sentence for people */

#endif
