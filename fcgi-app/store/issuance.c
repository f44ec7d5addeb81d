#include "store/issuance.h"

#include <string.h>

#include "io/db.h"
#include "io/vault.h"
#include "store/form.h"

enum err
issuance_add(struct op *op, const struct order *o)
{
    return DO(op, Q_ISSUANCE_ADD, NULL, db_int(op, o->id), db_int(op, o->reissue_no));
}

enum err
issuance_begin(struct op *op, const struct order *o, int64_t *attempts)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_ISSUANCE_BEGIN, &r, db_int(op, o->id), db_int(op, o->reissue_no)));
    if (row_count(r) != 1)
        return op_fail(op, E_INTERNAL, "order %s is not to be made", o->order_no);
    *attempts = row_int(r, 0, "attempts");
    return OK;
}

enum err
issuance_state(struct op *op, const struct order *o, const char *state, enum issue_fault fault,
    const char *note)
{
    const char *failure = fault == ISSUE_FAULT_NONE ? note
                          : note == NULL
                              ? issue_fault_code(fault)
                              : arena_printf(op->arena, "%s: %s", issue_fault_code(fault), note);

    return DO(
        op, Q_ISSUANCE_STATE, NULL, db_int(op, o->id), db_int(op, o->reissue_no), state, failure);
}

enum err
issuance_gate(struct op *op, const struct order *o, struct issuance_gate *out)
{
    const void *sealed;
    ROWS r = NULL;
    size_t n;

    TRY(RUN(op, Q_ISSUANCE_GATE, &r, db_int(op, o->id)));
    if (row_count(r) != 1 || row_null(r, 0, "form"))
        return op_fail(op, E_INTERNAL, "order %s has no revision", o->order_no);
    *out = (struct issuance_gate){
        .is_on = row_bool(r, 0, "is_on"),
        .is_paid = row_bool(r, 0, "is_paid"),
        .is_identified = row_bool(r, 0, "is_identified"),
        .is_bank_verified = row_bool(r, 0, "is_bank_verified"),
        .reviewers = {row_int(r, 0, "first_reviewer"), row_int(r, 0, "second_reviewer")},
        .project_name = row_str(op, r, 0, "project_name"),
        .algorithm = row_str(op, r, 0, "algorithm"),
    };
    sealed = row_bytes(op, r, 0, "form_secret", &n);
    return form_join(op, o->type, o->order_no, row_str(op, r, 0, "form"), sealed, n, &out->form);
}

enum err
issuance_place(struct op *op, const char *region, const char **province, const char **city)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_ISSUANCE_PLACE, &r, region));
    *province = row_count(r) == 0 ? NULL : row_str(op, r, 0, "province");
    *city = row_count(r) == 0 ? NULL : row_str(op, r, 0, "city");
    return OK;
}

enum err
issuance_stray(struct op *op, const char *const **order_nos)
{
    const char **list;
    ROWS r = NULL;

    TRY(RUN0(op, Q_ISSUANCE_STRAY, &r));
    list = NEW_N(op->arena, (size_t)row_count(r) + 1, const char *);
    for (int i = 0; i < row_count(r); i++)
        list[i] = row_str(op, r, i, "order_no");
    *order_nos = list;
    return OK;
}

enum err
issuance_wake(struct op *op)
{
    return DO0(op, Q_ISSUANCE_WAKE, NULL);
}

enum err
issuance_next_reissue(struct op *op, struct order *o)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_ISSUANCE_NEXT_REISSUE, &r, db_int(op, o->id)));
    o->reissue_no = row_int(r, 0, "reissue_no");
    return OK;
}

enum err
setting_get(struct op *op, const char *name, struct setting *out)
{
    ROWS r = NULL;

    *out = (struct setting){.value = ""};
    TRY(RUN(op, Q_SETTING_GET, &r, name));
    if (row_count(r) == 0)
        return OK;
    *out = (struct setting){
        .value = row_str(op, r, 0, "value"),
        .changed_by = row_str(op, r, 0, "changed_by"),
        .reason = row_str(op, r, 0, "reason"),
        .changed_at = row_int(r, 0, "changed_at"),
    };
    return OK;
}

enum err
setting_set(struct op *op, const char *name, const char *value, const char *reason)
{
    return DO(op, Q_SETTING_SET, NULL, name, value, db_int(op, op->actor.id), reason);
}

static const char *
context(struct op *op, const char *what, const struct intent *i)
{
    return arena_printf(op->arena, "%s/%s", what, i->serial);
}

static enum err
seal(struct op *op, enum vault_purpose purpose, const char *what, const struct intent *i,
    const void *plain, size_t n, const char **hex)
{
    const void *sealed;
    size_t sealed_n;

    TRY(vault_seal(op, purpose, context(op, what, i), plain, n, &sealed, &sealed_n));
    *hex = db_bytes(op, sealed, sealed_n);
    return OK;
}

enum err
intent_add(struct op *op, const struct order *o, struct intent *i)
{
    const char *key;
    ROWS r = NULL;

    TRY(seal(op, VAULT_TOKEN_KEY, "intents", i, i->key, i->key_n, &key));
    TRY(RUN(op, Q_INTENT_ADD, &r, db_int(op, o->id), db_int(op, o->reissue_no), i->issuer,
        arena_printf(op->arena, "\\x%s", i->serial), i->content_sha256,
        db_bytes(op, i->tbs, i->tbs_n), arena_printf(op->arena, "\\x%s", i->spki_sha256), key,
        i->lint));
    i->id = row_int(r, 0, "id");
    i->prepared_at = row_int(r, 0, "prepared_at");
    return OK;
}

enum err
intent_live(struct op *op, const struct order *o, struct intent *out)
{
    const void *sealed;
    ROWS r = NULL;
    size_t n;

    out->id = 0;
    TRY(RUN(op, Q_INTENT_LIVE, &r, db_int(op, o->id), db_int(op, o->reissue_no)));
    if (row_count(r) == 0)
        return OK;
    *out = (struct intent){
        .id = row_int(r, 0, "id"),
        .issuer = row_str(op, r, 0, "issuer"),
        .serial = row_str(op, r, 0, "serial"),
        .content_sha256 = row_str(op, r, 0, "content_sha256"),
        .prepared_at = row_int(r, 0, "prepared_at"),
        .is_released = row_bool(r, 0, "is_released"),
    };
    out->tbs = row_bytes(op, r, 0, "tbs", &out->tbs_n);
    sealed = row_bytes(op, r, 0, "key_sealed", &n);
    if (sealed == NULL)
        return OK;
    return vault_unseal(
        op, VAULT_TOKEN_KEY, context(op, "intents", out), sealed, n, &out->key, &out->key_n);
}

enum err
intent_release(struct op *op, const struct intent *i, const void *der, size_t der_n,
    const void *container, size_t container_n)
{
    const char *sealed = NULL;
    int64_t n;

    if (container != NULL)
        TRY(seal(op, VAULT_PERSONAL, "containers", i, container, container_n, &sealed));
    TRY(DO(op, Q_INTENT_RELEASE, &n, db_int(op, i->id), db_bytes(op, der, der_n), sealed));
    return n == 1 ? OK : op_fail(op, E_CONFLICT, "intent %lld has ended", (long long)i->id);
}

enum err
intent_void(struct op *op, const struct intent *i, const char *reason)
{
    return DO(op, Q_INTENT_VOID, NULL, db_int(op, i->id), reason);
}

enum err
intent_known(
    struct op *op, const char *issuer, const char *serial, const char *tbs_sha256, bool *known)
{
    ROWS r = NULL;

    TRY(RUN(op, Q_INTENT_KNOWN, &r, issuer, serial, tbs_sha256));
    *known = row_bool(r, 0, "known");
    return OK;
}

const struct field issuance_row_fields[] = {
    STR(struct issuance_row, order_no, 17, 17),
    STR(struct issuance_row, order_state, 1, 40),
    STR(struct issuance_row, subject_name, 0, 200, .flags = F_OPT),
    STR(struct issuance_row, project, 1, 40),
    STR(struct issuance_row, certificate_type, 1, 20),
    INT(struct issuance_row, reissue_no, 0, 1000),
    STR(struct issuance_row, state, 1, 20),
    INT(struct issuance_row, attempts, 0, 1000),
    STR(struct issuance_row, failure, 0, 60, .flags = F_OPT),
    STR(struct issuance_row, failure_text, 0, 200, .flags = F_OPT),
    STR(struct issuance_row, failure_note, 0, 1000, .flags = F_OPT),
    RAW(struct issuance_row, lint, NULL),
    STR(struct issuance_row, refusal_asked_by, 0, 40, .flags = F_OPT),
    INT(struct issuance_row, refusal_asked_by_id, 0, INT64_MAX, .flags = F_OPT),
    STR(struct issuance_row, refusal_reason, 0, 500, .flags = F_OPT),
    TIME(struct issuance_row, changed_at),
    {.type = F_END},
};

/* "not_paid: what was noted" in its parts. */
static void
take_apart(struct op *op, struct issuance_row *row, const char *failure)
{
    const char *colon = failure == NULL ? NULL : strstr(failure, ": ");
    enum issue_fault fault;

    if (failure == NULL)
        return;
    row->failure =
        colon == NULL ? failure : arena_strndup(op->arena, failure, (size_t)(colon - failure));
    if (issue_fault_parse(row->failure, &fault)) {
        row->failure_text = issue_fault_text(fault, op->lang);
        row->failure_note = colon == NULL ? NULL : colon + 2;
    } else {
        row->failure = NULL;
        row->failure_note = failure;
    }
}

enum err
issuance_list(struct op *op, const char *state, int64_t before, int64_t limit, struct list *out)
{
    struct issuance_row *items;
    ROWS r = NULL;

    TRY(RUN(op, Q_ISSUANCE_LIST, &r, state, before == 0 ? NULL : db_int(op, before),
        db_int(op, limit + 1)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct issuance_row);
    for (int i = 0; i < row_count(r); i++) {
        items[i] = (struct issuance_row){
            .number = row_int(r, i, "id"),
            .order_no = row_str(op, r, i, "order_no"),
            .order_state = row_str(op, r, i, "order_state"),
            .subject_name = row_str(op, r, i, "subject_name"),
            .project = row_str(op, r, i, "project"),
            .certificate_type = row_str(op, r, i, "certificate_type"),
            .reissue_no = row_int(r, i, "reissue_no"),
            .state = row_str(op, r, i, "state"),
            .attempts = row_int(r, i, "attempts"),
            .lint = row_str(op, r, i, "lint"),
            .refusal_asked_by = row_str(op, r, i, "refusal_asked_by"),
            .refusal_asked_by_id = row_int(r, i, "refusal_asked_by_id"),
            .refusal_reason = row_str(op, r, i, "refusal_reason"),
            .changed_at = row_int(r, i, "changed_at"),
        };
        take_apart(op, &items[i], row_str(op, r, i, "failure"));
    }
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    return OK;
}
