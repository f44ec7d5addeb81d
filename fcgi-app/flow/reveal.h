/* A look at one masked member of a form: possible for those whose work needs it, and recorded. */
#ifndef HALL_FLOW_REVEAL_H
#define HALL_FLOW_REVEAL_H

#include "base/op.h"

/* pointer: "/handler/id_number"; a fault where the form has no such secret. */
enum err reveal_member(
    struct op *op, const char *order_no, const char *pointer, const char **value) MUST_USE;

#endif
