/*
 * order-maker CONF < orders.jsonl: brings orders to where a certificate is due, without the pages
 * and the phone. A line {"type", "method", "phone", "form"} becomes an order that is reviewed and
 * paid: bank_transfer ends in accepted, online payments in bank_verification_pending. With
 * {"until": "pending_review"} it waits for its review, and a transfer for finance. Everything goes
 * the way of the flows, with its events; only uploads, the identity check and the money are written
 * as if they had happened. Prints {"order_no", "phone"} a line. CONF needs the database's owner and
 * the data keys; the staff of hall-ctl seed-logins must be there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/apply.h"
#include "flow/bank_verify.h"
#include "flow/issue.h"
#include "flow/submit.h"
#include "io/clock.h"
#include "io/conf.h"
#include "io/db.h"
#include "io/password.h"
#include "io/vault.h"
#include "store/account.h"
#include "store/review.h"
#include "store/staff.h"

struct wish {
    const char *type, *method, *phone, *until; /* until: NULL for all the way */
    const json_t *form;
};

static void
become(struct op *op, const char *role, int64_t id)
{
    op->actor = (struct actor){.role = role, .id = id, .ip = "127.0.0.1"};
}

static enum err
begin(struct op *op, const struct wish *w, int64_t account, const char **no)
{
    struct apply_start start = {
        .project = "ccgp-liaoning",
        .certificate_type = w->type,
        .years = 1,
        .supplier_registered = true,
    };

    become(op, "applicant", account);
    TRY(apply_agreements(op, start.project, &start.agreements));
    TRY(apply_begin(op, account, &start, no));
    TRY(apply_fill(op, account, *no, "*", w->form, false));
    return apply_confirm_form(op, account, *no);
}

/* Uploads, the check on the phone, and the money, as if they had happened. */
static enum err
pretend(struct op *op, const struct wish *w, const struct order *o)
{
    bool online = strcmp(w->method, "bank_transfer") != 0, paid = online || w->until == NULL;
    long long id = (long long)o->id, fen = (long long)(o->certificate_fen + o->courier_fen);

    return db_script(
        op, arena_printf(op->arena,
                "INSERT INTO document (order_id, kind, sha256, size, content_type, revision_no, "
                "checks, blocking) "
                "SELECT %lld, kind, encode(sha256(convert_to(kind || '%s', 'UTF8')), 'hex'), 1000, "
                "'image/jpeg', 1, '[]', false "
                "FROM unnest(ARRAY['application_form', 'seal_collection_form']) AS kind;"
                "INSERT INTO identity_check (order_id, revision_no, state, subject_key, "
                "expires_at, decided_at, score) "
                "SELECT id, 1, 'passed', person_key, hall_now(), hall_now(), 90 FROM orders WHERE "
                "id = %lld;"
                "INSERT INTO payment (payment_id, order_id, attempt, method, amount_fen, state, "
                "out_trade_no, transaction_id, "
                "received_fen, paid_at, payer_name, typed_fen, transferred_on) "
                "SELECT 'P%s', id, 1, '%s', %lld, '%s', '%s01', 'T%s', "
                "%lld, %s, subject_name, %lld, '2026-11-20' FROM orders WHERE id = %lld;"
                "UPDATE orders SET pin_channel = '%s' WHERE id = %lld",
                id, o->order_no, id, o->order_no, w->method, fen,
                paid ? "paid" : "awaiting_confirmation", o->order_no, o->order_no, paid ? fen : 0,
                paid ? "hall_now()" : "NULL", fen, id, online ? "memo" : "sms", id));
}

static enum err
approve(struct op *op, struct order *o, int stage, const int64_t *reviewers, bool online)
{
    enum order_move_id last = stage == 1 ? MOVE_T18A : MOVE_T18B;
    const struct verdict v = {
        .stage = stage, .verdict = "approved", .content_sha256 = o->content_sha256};

    become(op, "reviewer", reviewers[stage - 1]);
    TRY(order_step(op, o, stage == 1 ? MOVE_T11 : MOVE_T15, NULL));
    TRY(review_add(op, o->id, reviewers[stage - 1], &v));
    if (stage == 1 && o->second_review) {
        TRY(order_step(op, o, MOVE_T14, NULL));
        return approve(op, o, 2, reviewers, online);
    }
    TRY(review_mark_passed(op, o->id, o->content_sha256));
    TRY(order_move(op, o, last, online ? ORDER_BANK_VERIFICATION_PENDING : ORDER_ACCEPTED, NULL));
    return online ? bank_verification_begin(op, o) : issue_queue(op, o);
}

static enum err
bring(
    struct op *op, const struct wish *w, int64_t account, const char *no, const int64_t *reviewers)
{
    bool online = strcmp(w->method, "bank_transfer") != 0;
    struct order o;
    TX(tx, op);

    TRY(order_lock(op, no, account, &o));
    TRY(pretend(op, w, &o));
    become(op, "applicant", account);
    TRY(order_step(op, &o, MOVE_T05, NULL));
    become(op, "system", 0);
    TRY(order_step(op, &o, MOVE_T06, NULL));
    TRY(submit_prepare(op, &o));
    become(op, online ? "provider" : "applicant", online ? 0 : account);
    TRY(order_step(op, &o, online ? MOVE_T09 : MOVE_T10, NULL));
    if (w->until == NULL)
        TRY(approve(op, &o, 1, reviewers, online));
    return tx_commit(&tx);
}

static enum err
make(struct op *op, const struct wish *w, const char *hash, const int64_t *reviewers)
{
    struct account account;
    const char *no;

    become(op, "applicant", 0);
    TRY(account_create(op, w->phone, "测试账号", hash, &account));
    TRY(begin(op, w, account.id, &no));
    TRY(bring(op, w, account.id, no, reviewers));
    printf("{\"order_no\":\"%s\",\"phone\":\"%s\"}\n", no, w->phone);
    return OK;
}

static enum err
find_reviewers(struct op *op, int64_t *reviewers)
{
    static const char *const names[] = {"reviewer", "reviewer2"};

    for (int i = 0; i < 2; i++) {
        struct staff s;

        TRY(staff_by_username(op, names[i], &s));
        if (s.id == 0)
            return op_fail(op, E_NOT_FOUND, "no member of staff is called %s", names[i]);
        reviewers[i] = s.id;
    }
    return OK;
}

static enum err
run(struct op *op)
{
    int64_t reviewers[2];
    const char *hash;
    char *line = NULL;
    size_t room = 0;

    op->deadline_ms = op_monotonic_ms() + 60000;
    TRY(password_hash(op, "order-maker-pass", &hash));
    hash = strdup(hash);
    TRY(find_reviewers(op, reviewers));
    while (getline(&line, &room, stdin) > 0) {
        json_auto_t *in = NULL;
        struct wish w;

        arena_reset(op->arena);
        op->now = clock_now();
        op->deadline_ms = op_monotonic_ms() + 30000;
        op->trace = "order-maker";
        TRY(record_parse(op, line, strlen(line), &in));
        w = (struct wish){
            json_string_value(json_object_get(in, "type")),
            json_string_value(json_object_get(in, "method")),
            json_string_value(json_object_get(in, "phone")),
            json_string_value(json_object_get(in, "until")),
            json_object_get(in, "form"),
        };
        TRY(make(op, &w, hash, reviewers));
    }
    free(line);
    return OK;
}

int
main(int argc, char **argv)
{
    struct op op = {.arena = arena_new(1 << 20), .lang = LANG_ZH};
    struct conf conf;
    char why[512];

    if (argc != 2)
        return fprintf(stderr, "usage: order-maker CONF < orders.jsonl\n"), 2;
    record_init();
    if (conf_read(&conf, argv[1], why, sizeof(why)) != OK)
        return fprintf(stderr, "%s\n", why), 1;
    clock_open(conf.sandbox ? conf.clock_file : "");
    op.conf = &conf;
    op.vault = vault_open(conf.data_keys, conf.pin_keys, why, sizeof(why));
    if (op.vault == NULL)
        return fprintf(stderr, "%s\n", why), 1;
    op.db = db_new(conf.database, (int)conf.database_connect_ms);
    if (run(&op) != OK) {
        fprintf(stderr, "order-maker: %s\n", op.note != NULL ? op.note : "refused");
        for (const struct fault *f = op.faults; f != NULL; f = f->next)
            fprintf(stderr, "  %s %s\n", f->pointer, f->code);
        return 1;
    }
    return 0;
}
