#include "domain/pin.h"

#include <string.h>

#include "domain/words.h"

const char pin_alphabet[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

_Static_assert(sizeof(pin_alphabet) == 31, "thirty characters");

bool
pin_check(const char *pin)
{
    return strlen(pin) == PIN_LENGTH && strspn(pin, pin_alphabet) == PIN_LENGTH;
}

enum err
pin_memo(struct op *op, const char *pin, const char **memo)
{
    const char *s;

    if (!pin_check(pin))
        return op_fail(op, E_INTERNAL, "a PIN that is none");
    s = arena_printf(op->arena, "PIN码%s", pin);
    if (gbk_length(s) > PIN_MEMO_GBK_MAX)
        return op_fail(op, E_INTERNAL, "the memo is longer than a bank carries");
    *memo = s;
    return OK;
}

int
gbk_length(const char *s)
{
    int n = 0;
    uint32_t c;

    while ((c = words_next(&s)) != 0) {
        if (c > 0xFFFF)
            return -1;
        n += c < 0x80 ? 1 : 2;
    }
    return n;
}
