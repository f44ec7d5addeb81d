/* The certificate's first PIN: shape and carrier. Making it (random) and keeping it is for others.
 */
#ifndef HALL_DOMAIN_PIN_H
#define HALL_DOMAIN_PIN_H

#include <stdbool.h>

#include "base/op.h"

/* Thirty characters without 0 O 1 I L U, which are misread on a bank statement; for secret_text().
 * Twelve of them are 58 bits. */
extern const char pin_alphabet[];
enum { PIN_LENGTH = 12 };

bool pin_check(const char *pin);

/* "PIN码XXXXXXXXXXXX" for the memo of the 0.01 yuan transfer: 17 bytes in GBK, of the 30 that every
 * bank carries. In the arena, which is wiped. E_INTERNAL when it is no PIN; the note never holds
 * it. */
enum { PIN_MEMO_GBK_MAX = 30 };
enum err pin_memo(struct op *op, const char *pin, const char **memo) MUST_USE;

/* Bytes of a text in GBK, where each Han or full-width character takes two; -1 for a text with
 * characters that GBK does not have at all (outside the basic plane). */
int gbk_length(const char *s);

#endif
