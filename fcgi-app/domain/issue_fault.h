/* The closed list of why a certificate cannot be made. */
#ifndef HALL_DOMAIN_ISSUE_FAULT_H
#define HALL_DOMAIN_ISSUE_FAULT_H

#include <stdbool.h>

#include "base/err.h"

enum issue_fault {
    ISSUE_FAULT_NONE,
#define ISSUE_FAULT(name, code, zh, en) ISSUE_FAULT_##name,
#include "domain/issue_fault.def"
    ISSUE_FAULT_MAX
};

const char *issue_fault_code(enum issue_fault f); /* "not_paid"; "" for NONE */
const char *issue_fault_text(enum issue_fault f, enum lang lang);
bool issue_fault_parse(const char *code, enum issue_fault *out);

#endif
