#include "pki/failure.h"

#include <openssl/err.h>

enum err
crypto_fail(struct op *op, enum err e, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    ERR_clear_error();
    return op_fail(op, e, "%s%s%s", what, reason != NULL ? ": " : "", reason != NULL ? reason : "");
}
