/* What Unicode knows about a text (utf8proc). Texts are UTF-8; on anything else the answer is no.
 */
#ifndef HALL_IO_UNICODE_H
#define HALL_IO_UNICODE_H

#include <stdbool.h>

#include "base/arena.h"

/* In normalisation form C already (UAX 15)? Two spellings of one name must not be two names. */
bool unicode_is_nfc(const char *s);

/* Only characters that people can see: no control or format characters (U+202E would turn a name
 * round), no line or paragraph separators, nothing unassigned or for private use. */
bool unicode_is_plain(const char *s);

/* Has a Han character beyond U+3400-4DBF and U+4E00-9FFF, which GB 18030-2022 asks of every system
 * at level 1? Some of them are in use in names (level 2), but a font may lack them: a hint to look
 * at the print, never a reason to refuse. */
bool unicode_has_rare_han(const char *s);

#endif
