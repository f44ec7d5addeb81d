#include "store/bank_verification.h"

#include <string.h>

#include "domain/mask.h"
#include "domain/order_no.h"
#include "domain/reason.h"
#include "io/db.h"
#include "io/vault.h"
#include "store/form.h"

const char *const attempt_states[] = {
    [ATTEMPT_QUEUED] = "queued",
    [ATTEMPT_SENT] = "sent",
    [ATTEMPT_UNKNOWN] = "unknown",
    [ATTEMPT_OK] = "ok",
    [ATTEMPT_FAILED] = "failed",
    NULL,
};

static const struct field account_fields[] = {
    STR(struct bank_account, account_name, 1, 200),
    STR(struct bank_account, bank_code, 12, 12),
    STR(struct bank_account, account_number, 1, 40),
    {.type = F_END},
};

static const char *
context(struct op *op, const char *reference)
{
    return arena_printf(op->arena, "bank_verifications/%s", reference);
}

static enum err
seal(struct op *op, const char *reference, const struct bank_account *b, const char **hex)
{
    const char *text = record_text(op, account_fields, b);
    const void *sealed;
    size_t n;

    TRY(vault_seal(op, VAULT_PERSONAL, context(op, reference), text, strlen(text), &sealed, &n));
    *hex = db_bytes(op, sealed, n);
    return OK;
}

enum err
bank_verification_count(struct op *op, int64_t order_id, int64_t since, struct attempt_count *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_BANK_VERIFICATION_COUNT, &r, db_int(op, order_id), db_int(op, since)));
    *out = (struct attempt_count){
        row_int(r, 0, "total"), row_int(r, 0, "today"), row_int(r, 0, "last")};
    return OK;
}

enum err
bank_verification_add(
    struct op *op, const struct order *o, const struct bank_account *b, const char **reference)
{
    struct attempt_count count;
    const char *sealed;

    TRY(bank_verification_count(op, o->id, 0, &count));
    TRY(bank_reference_make(op, BANK_TRANSFER, o->order_no, count.last + 1, reference));
    TRY(seal(op, *reference, b, &sealed));
    return DO(op, Q_BANK_VERIFICATION_ADD, NULL, db_int(op, o->id), db_int(op, count.last + 1),
        *reference, sealed, mask_tail(op->arena, b->account_number, 4));
}

static enum attempt_state
state_of(const char *name)
{
    int s = 0;

    while (strcmp(attempt_states[s], name) != 0)
        s++;
    return (enum attempt_state)s;
}

static enum err
fill(struct op *op, rows r, struct attempt *a)
{
    const void *sealed, *plain;
    size_t n;

    if (row_count(r) != 1)
        return op_fail(op, E_NOT_FOUND, "no such bank verification");
    *a = (struct attempt){
        .id = row_int(r, 0, "id"),
        .order_id = row_int(r, 0, "order_id"),
        .order_no = row_str(op, r, 0, "order_no"),
        .number = row_int(r, 0, "attempt"),
        .reference = row_str(op, r, 0, "reference"),
        .account_tail = row_str(op, r, 0, "account_tail"),
        .state = state_of(row_str(op, r, 0, "state")),
        .is_manual = strcmp(row_str(op, r, 0, "kind"), "manual") == 0,
        .is_last = row_bool(r, 0, "is_last"),
        .pin_id = row_int(r, 0, "pin_id"),
        .submitted_at = row_int(r, 0, "submitted_at"),
        .finished_at = row_int(r, 0, "finished_at"),
        .manual_result = row_str(op, r, 0, "manual_result"),
        .first_staff = row_int(r, 0, "first_staff"),
        .second_staff = row_int(r, 0, "second_staff"),
    };
    sealed = row_bytes(op, r, 0, "account_sealed", &n);
    TRY(vault_unseal(op, VAULT_PERSONAL, context(op, a->reference), sealed, n, &plain, &n));
    return record_read(op, account_fields, plain, &a->account);
}

enum err
bank_verification_lock(struct op *op, const char *reference, struct attempt *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_BANK_VERIFICATION_LOCK, &r, reference, NULL));
    return fill(op, r, out);
}

enum err
bank_verification_lock_id(struct op *op, int64_t id, struct attempt *out)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_BANK_VERIFICATION_LOCK, &r, NULL, db_int(op, id)));
    return fill(op, r, out);
}

enum err
bank_verification_sending(struct op *op, const struct attempt *a, int64_t pin)
{
    return DO(op, Q_BANK_VERIFICATION_SENDING, NULL, db_int(op, a->id), db_int(op, pin));
}

enum err
bank_verification_state(struct op *op, const struct attempt *a, enum attempt_state state)
{
    return DO(op, Q_BANK_VERIFICATION_STATE, NULL, db_int(op, a->id), attempt_states[state]);
}

enum err
bank_verification_finish(struct op *op, const struct attempt *a, enum attempt_state state,
    const char *reason, const char *serial)
{
    return DO(op, Q_BANK_VERIFICATION_FINISH, NULL, db_int(op, a->id), attempt_states[state],
        reason, serial);
}

enum err
bank_verification_ask(struct op *op, const struct attempt *a, const char *result, const char *note)
{
    return DO(op, Q_BANK_VERIFICATION_ASK, NULL, db_int(op, a->id), result, note,
        db_int(op, op->actor.id));
}

enum err
bank_verification_agree(struct op *op, const struct attempt *a)
{
    return DO(op, Q_BANK_VERIFICATION_AGREE, NULL, db_int(op, a->id), db_int(op, op->actor.id));
}

enum err
bank_verification_prove(struct op *op, const struct attempt *a)
{
    const char *reference, *sealed;

    TRY(bank_reference_make(op, BANK_BY_HAND, a->order_no, a->number + 1, &reference));
    TRY(seal(op, reference, &a->account, &sealed));
    TRY(DO(op, Q_BANK_VERIFICATION_PROVE, NULL, db_int(op, a->id), reference, sealed,
        db_int(op, op->actor.id)));
    return DO(op, Q_BANK_VERIFICATION_PIN_BY_SMS, NULL, db_int(op, a->order_id));
}

enum err
bank_verification_account(struct op *op, const struct order *o, const struct form *f)
{
    const char *text, *sealed;

    TRY(form_split(op, o->type, f, o->order_no, &text, &sealed));
    return DO(op, Q_BANK_VERIFICATION_ACCOUNT, NULL, db_int(op, o->id), text, sealed);
}

const struct field attempt_row_fields[] = {
    STR(struct attempt_row, id, 1, 20),
    STR(struct attempt_row, order_no, 17, 17),
    STR(struct attempt_row, order_state, 1, 40),
    STR(struct attempt_row, subject_name, 0, 200, .flags = F_OPT),
    INT(struct attempt_row, attempt, 1, 99),
    STR(struct attempt_row, reference, 1, 20),
    STR(struct attempt_row, state, 1, 20),
    STR(struct attempt_row, reason, 1, 60, .flags = F_OPT),
    STR(struct attempt_row, reason_text, 1, 100, .flags = F_OPT),
    STR(struct attempt_row, account_tail, 0, 4),
    STR(struct attempt_row, kind, 1, 20),
    STR(struct attempt_row, bank_serial, 0, 64, .flags = F_OPT),
    STR(struct attempt_row, manual_result, 1, 10, .flags = F_OPT),
    STR(struct attempt_row, manual_note, 0, 500, .flags = F_OPT | F_LINES),
    STR(struct attempt_row, first_staff, 1, 40, .flags = F_OPT),
    INT(struct attempt_row, first_staff_id, 0, INT64_MAX, .flags = F_OPT),
    STR(struct attempt_row, second_staff, 1, 40, .flags = F_OPT),
    TIME(struct attempt_row, created_at),
    TIME(struct attempt_row, submitted_at, .flags = F_OPT),
    TIME(struct attempt_row, finished_at, .flags = F_OPT),
    {.type = F_END},
};

static struct attempt_row
row_of(struct op *op, rows r, int i)
{
    struct attempt_row a = {
        .number = row_int(r, i, "id"),
        .id = row_str(op, r, i, "id"),
        .order_no = row_str(op, r, i, "order_no"),
        .order_state = row_str(op, r, i, "order_state"),
        .subject_name = row_str(op, r, i, "subject_name"),
        .attempt = row_int(r, i, "attempt"),
        .reference = row_str(op, r, i, "reference"),
        .state = row_str(op, r, i, "state"),
        .reason = row_str(op, r, i, "reason"),
        .account_tail = row_str(op, r, i, "account_tail"),
        .kind = row_str(op, r, i, "kind"),
        .bank_serial = row_str(op, r, i, "bank_serial"),
        .manual_result = row_str(op, r, i, "manual_result"),
        .manual_note = row_str(op, r, i, "manual_note"),
        .first_staff = row_str(op, r, i, "first_staff"),
        .first_staff_id = row_int(r, i, "first_staff_id"),
        .second_staff = row_str(op, r, i, "second_staff"),
        .created_at = row_int(r, i, "created_at"),
        .submitted_at = row_int(r, i, "submitted_at"),
        .finished_at = row_int(r, i, "finished_at"),
    };
    enum reason_code code;

    if (a.reason != NULL && reason_parse(REASON_FOR_BANK, a.reason, &code))
        a.reason_text = reason_text(code, op->lang);
    return a;
}

enum err
bank_verification_list(
    struct op *op, const char *state, int64_t before, int64_t limit, int64_t id, struct list *out)
{
    struct attempt_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_BANK_VERIFICATION_LIST, &r, state, before == 0 ? NULL : db_int(op, before),
        db_int(op, limit + 1), id == 0 ? NULL : db_int(op, id)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct attempt_row);
    for (int i = 0; i < row_count(r); i++)
        items[i] = row_of(op, r, i);
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}
