/* The confirmed form: what is printed, what papers and corrections are compared with. */
#ifndef HALL_STORE_REVISION_H
#define HALL_STORE_REVISION_H

#include "io/record.h"
#include "store/form.h"
#include "store/order.h"

struct revision {
    int64_t no; /* 0: nothing was confirmed yet */
    struct form form;
    const char *sha256, *print_sha256; /* hex */
    int64_t confirmed_at;
};
/* The one in force. type and order_no tell how it is read. */
enum err revision_read(struct op *op, int64_t order_id, enum certificate_type type,
    const char *order_no, struct revision *out) MUST_USE;

/* An order as its owner may print it. E_NOT_FOUND. */
struct paper_case {
    int64_t id, revision_no, years;
    const char *order_no, *project; /* the project's Chinese name */
    enum certificate_type type;
    enum order_state state;
    struct form form; /* as saved */
};
enum err paper_case(
    struct op *op, const char *order_no, int64_t account, struct paper_case *out) MUST_USE;

/* "辽宁省沈阳市和平区" and the branch's name; NULL for codes that are not known (any more). */
enum err paper_words(struct op *op, const char *region_code, const char *bank_code,
    const char **region, const char **bank) MUST_USE;

/* Kinds of documents that the applicant of a returned order was told to hand in again. */
enum err correction_asked(struct op *op, int64_t order_id, struct strings *kinds) MUST_USE;
/* Nothing is asked for any more. */
enum err correction_done(struct op *op, int64_t order_id) MUST_USE;

#endif
