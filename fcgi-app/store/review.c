#include "store/review.h"

#include <string.h>

#include "io/db.h"

static const char *
first_text(struct op *op, rows r, const char *col)
{
    return row_count(r) == 0 ? NULL : row_str(op, r, 0, col);
}

enum err
review_alone(struct op *op, int64_t staff)
{
    return DO(op, Q_REVIEW_ALONE, NULL, db_int(op, staff));
}

enum err
review_held(struct op *op, int64_t staff, const char **order_no)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REVIEW_HELD, &r, db_int(op, staff)));
    *order_no = first_text(op, r, "order_no");
    return OK;
}

enum err
review_take_next(struct op *op, int64_t staff, bool mine, const char **order_no)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REVIEW_NEXT, &r, db_int(op, staff), db_bool(mine)));
    *order_no = first_text(op, r, "order_no");
    return OK;
}

enum err
review_lease(struct op *op, int64_t order_id, int64_t staff)
{
    return DO(op, Q_REVIEW_LEASE, NULL, db_int(op, order_id), db_int(op, staff));
}

enum err
review_unlease(struct op *op, int64_t order_id)
{
    return DO(op, Q_REVIEW_UNLEASE, NULL, db_int(op, order_id));
}

enum err
review_expired(struct op *op, const char *const **order_nos)
{
    const char **list;
    ROWS r = NULL;

    TRY(RUN0(op, Q_REVIEW_EXPIRED, &r));
    list = NEW_N(op->arena, (size_t)row_count(r) + 1, const char *);
    for (int i = 0; i < row_count(r); i++)
        list[i] = row_str(op, r, i, "order_no");
    *order_nos = list;
    return OK;
}

enum err
review_first(struct op *op, int64_t order_id, int64_t *staff, const char **content_sha256)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REVIEW_FIRST, &r, db_int(op, order_id)));
    *staff = row_count(r) == 0 ? 0 : row_int(r, 0, "staff_id");
    *content_sha256 = first_text(op, r, "content_sha256");
    return OK;
}

enum err
review_denial_asked(struct op *op, int64_t order_id, int64_t *staff)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REVIEW_DENIAL_ASKED, &r, db_int(op, order_id)));
    *staff = row_count(r) == 0 ? 0 : row_int(r, 0, "staff_id");
    return OK;
}

enum err
review_add(struct op *op, int64_t order_id, int64_t staff, const struct verdict *v)
{
    return DO(op, Q_REVIEW_ADD, NULL, db_int(op, order_id), db_int(op, v->stage), db_int(op, staff),
        v->verdict, v->content_sha256, v->reasons, v->note);
}

enum err
review_reasons_offered(struct op *op, int64_t order_id, const char **json)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REVIEW_REASONS_OFFERED, &r, db_int(op, order_id)));
    *json = row_count(r) == 1 ? row_str(op, r, 0, "reasons") : NULL;
    return OK;
}

enum err
review_mark_passed(struct op *op, int64_t order_id, const char *content_sha256)
{
    return DO(op, Q_REVIEW_PASSED, NULL, db_int(op, order_id), content_sha256);
}

enum err
review_mark_returned(struct op *op, int64_t order_id, const char *rejection)
{
    return DO(op, Q_REVIEW_RETURNED, NULL, db_int(op, order_id), rejection);
}

enum err
review_mark_closed(struct op *op, int64_t order_id, const char *reason)
{
    return DO(op, Q_REVIEW_CLOSED, NULL, db_int(op, order_id), reason);
}

enum err
review_money(struct op *op, int64_t order_id, enum money *out)
{
    const char *money;
    ROWS r = NULL;

    TRY(RUN(op, Q_REVIEW_MONEY, &r, db_int(op, order_id)));
    money = first_text(op, r, "money");
    *out = money == NULL                     ? MONEY_NONE
           : strcmp(money, "online") == 0    ? MONEY_ONLINE
           : strcmp(money, "confirmed") == 0 ? MONEY_CONFIRMED
                                             : MONEY_WAITING;
    return OK;
}

enum err
review_bank_holds(struct op *op, int64_t order_id, bool *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_REVIEW_BANK_HOLDS, &r, db_int(op, order_id)));
    *out = row_bool(r, 0, "holds");
    return OK;
}

enum err
review_bank_void(struct op *op, int64_t order_id)
{
    return DO(op, Q_REVIEW_BANK_VOID, NULL, db_int(op, order_id));
}
