#include "web/rejection.h"

#include <string.h>

static bool
is_code(const char *s)
{
    return s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static const struct field reason_fields[] = {
    STR(struct review_reason, target, 1, 60, .label = "对象"),
    STR(struct review_reason, pointer, 0, 100, .flags = F_OPT, .label = "栏目"),
    STR(struct review_reason, code, 1, 60, .check = is_code, .label = "原因代码"),
    STR(struct review_reason, text, 1, 300, .flags = F_LINES, .label = "说明"),
    {.type = F_END},
};

const struct field rejection_fields[] = {
    LIST(struct rejection, reasons, reason_fields, struct review_reason, 1, 30),
    {.type = F_END},
};
