#include "store/revision.h"

#include <string.h>

#include "io/db.h"

static enum err
join(struct op *op, rows r, enum certificate_type type, const char *order_no, struct form *out)
{
    size_t n;
    const void *sealed = row_bytes(op, r, 0, "form_secret", &n);

    return form_join(op, type, order_no, row_str(op, r, 0, "form"), sealed, n, out);
}

enum err
revision_read(struct op *op, int64_t order_id, enum certificate_type type, const char *order_no,
    struct revision *out)
{
    ROWS r = NULL;

    *out = (struct revision){.no = 0};
    TRY(RUN(op, Q_REVISION_READ, &r, db_int(op, order_id)));
    if (row_count(r) == 0)
        return OK;
    out->no = row_int(r, 0, "revision_no");
    out->sha256 = row_str(op, r, 0, "sha256");
    out->print_sha256 = row_str(op, r, 0, "print_sha256");
    out->confirmed_at = row_int(r, 0, "confirmed_at");
    return join(op, r, type, order_no, &out->form);
}

enum err
paper_case(struct op *op, const char *order_no, int64_t account, struct paper_case *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAPER_CASE, &r, order_no, db_int(op, account)));
    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "order %.40s", order_no);
    out->id = row_int(r, 0, "id");
    out->revision_no = row_int(r, 0, "revision_no");
    out->years = row_int(r, 0, "years");
    out->order_no = row_str(op, r, 0, "order_no");
    out->project = row_str(op, r, 0, "project");
    if (!certificate_type_parse(row_str(op, r, 0, "certificate_type"), &out->type) ||
        !order_state_parse(row_str(op, r, 0, "state"), &out->state))
        return op_fail(
            op, E_INTERNAL, "order %s is of a type or state unknown here", out->order_no);
    return join(op, r, out->type, out->order_no, &out->form);
}

enum err
paper_words(struct op *op, const char *region_code, const char *bank_code, const char **region,
    const char **bank)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_PAPER_WORDS, &r, region_code, bank_code));
    *region = row_str(op, r, 0, "region");
    *bank = row_str(op, r, 0, "bank");
    return OK;
}

struct asked {
    struct strings documents;
};
static const struct field asked_fields[] = {
    STRS(struct asked, documents, 0, 40),
    {.type = F_END},
};

enum err
correction_asked(struct op *op, int64_t order_id, struct strings *kinds)
{
    struct asked asked;
    ROWS r = NULL;

    TRY(RUN(op, Q_CORRECTION_ASKED, &r, db_int(op, order_id)));
    TRY(record_read(op, asked_fields,
        arena_printf(op->arena, "{\"documents\":%s}", row_str(op, r, 0, "documents")), &asked));
    *kinds = asked.documents;
    return OK;
}

enum err
correction_done(struct op *op, int64_t order_id)
{
    return DO(op, Q_CORRECTION_DONE, NULL, db_int(op, order_id));
}
