#include "io/db.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct {
    const char *name;
    int params;
    const char *sql;
} queries[Q_MAX] = {
#define QUERY(name, params, sql) [Q_##name] = {#name, params, sql},
#include "query.def"
};

struct db {
    PGconn *conn;
    const char *where;
    int connect_ms;
    bool in_tx; /* a struct tx is open */
    bool begun; /* and BEGIN has been sent */
    char listening[64];
    char constraint[128];
    bool prepared[Q_MAX];
};

struct db *
db_new(const char *where, int connect_ms)
{
    struct db *db = calloc(1, sizeof(*db));

    if (db == NULL)
        abort();
    db->where = where;
    db->connect_ms = connect_ms;
    return db;
}

static void
drop(struct db *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
    db->begun = false;
    db->listening[0] = 0;
    memset(db->prepared, 0, sizeof(db->prepared));
}

void
db_free(struct db *db)
{
    if (db == NULL)
        return;
    drop(db);
    free(db);
}

void
rows_free(rows *r)
{
    PQclear(*r);
}

/* Waits until the socket can do what is wanted; false when the time is up. */
static bool
wait_for(PGconn *conn, short events, int ms)
{
    int64_t end = op_monotonic_ms() + ms;

    for (;;) {
        struct pollfd p = {.fd = PQsocket(conn), .events = events};
        int64_t left = end - op_monotonic_ms();
        int n = poll(&p, 1, left < 0 ? 0 : (int)left);

        if (n > 0)
            return true;
        if (n == 0 || errno != EINTR)
            return false;
    }
}

static enum err
unavailable(struct op *op, const char *doing)
{
    struct db *db = op->db;
    enum err e = op_fail(op, E_UNAVAILABLE, "database: %s: %.200s", doing,
        db->conn == NULL ? "not connected" : PQerrorMessage(db->conn));

    drop(db);
    return e;
}

static enum err
connect_now(struct op *op)
{
    struct db *db = op->db;
    int64_t end = op_monotonic_ms() + db->connect_ms;
    PostgresPollingStatusType s = PGRES_POLLING_WRITING;

    db->conn = PQconnectStart(db->where);
    if (db->conn == NULL)
        abort();
    while (PQstatus(db->conn) != CONNECTION_BAD && s != PGRES_POLLING_OK) {
        int left = (int)(end - op_monotonic_ms());

        if (left > op_left_ms(op))
            left = op_left_ms(op);
        if (s == PGRES_POLLING_FAILED || left <= 0 ||
            !wait_for(db->conn, s == PGRES_POLLING_READING ? POLLIN : POLLOUT, left))
            return unavailable(op, "connecting");
        s = PQconnectPoll(db->conn);
    }
    if (PQstatus(db->conn) != CONNECTION_OK || PQsetnonblocking(db->conn, 1) != 0)
        return unavailable(op, "connecting");
    return OK;
}

static enum err
flush(struct op *op)
{
    struct db *db = op->db;
    int r;

    while ((r = PQflush(db->conn)) == 1) {
        if (!wait_for(db->conn, POLLIN | POLLOUT, op_left_ms(op)))
            return unavailable(op, "sending");
        if (PQconsumeInput(db->conn) == 0)
            return unavailable(op, "sending");
    }
    return r == 0 ? OK : unavailable(op, "sending");
}

/* The next result, NULL at the end of one command's results. */
static enum err
next_result(struct op *op, PGresult **out)
{
    struct db *db = op->db;

    TRY(flush(op));
    while (PQisBusy(db->conn)) {
        if (!wait_for(db->conn, POLLIN, op_left_ms(op)))
            return unavailable(op, "no answer in time");
        if (PQconsumeInput(db->conn) == 0)
            return unavailable(op, "reading");
    }
    *out = PQgetResult(db->conn);
    return OK;
}

static enum err
classify(struct op *op, const char *name, const PGresult *r)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *constraint = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    struct db *db = op->db;
    enum err e = E_INTERNAL;

    if (state == NULL || PQstatus(db->conn) != CONNECTION_OK || strncmp(state, "57P", 3) == 0 ||
        strncmp(state, "08", 2) == 0 || strncmp(state, "53", 2) == 0)
        return unavailable(op, name);
    if (strcmp(state, "57014") == 0 || strcmp(state, "55P03") == 0)
        e = E_UNAVAILABLE; /* statement or lock time-out */
    else if (strncmp(state, "40", 2) == 0)
        e = E_STALE;
    else if (strncmp(state, "23", 2) == 0)
        e = E_CONFLICT;
    snprintf(db->constraint, sizeof(db->constraint), "%s", constraint == NULL ? "" : constraint);
    /* Never the detail: it quotes values. */
    return op_fail(op, e, "%s: %s %s %s", name, state, text, db->constraint);
}

/* Reads one command's results to the end; the last one that is no error is handed out. */
static enum err
collect(struct op *op, const char *name, rows *out)
{
    enum err e = OK;
    PGresult *r = NULL;

    for (;;) {
        TRY(next_result(op, &r));
        if (r == NULL)
            return e;
        switch (PQresultStatus(r)) {
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
            if (out != NULL) {
                PQclear(*out);
                *out = r;
                continue;
            }
            break;
        case PGRES_PIPELINE_SYNC:
            PQclear(r);
            return e;
        case PGRES_PIPELINE_ABORTED:
            break;
        default:
            if (e == OK)
                e = classify(op, name, r);
            if (op->db->conn == NULL) {
                PQclear(r);
                return e;
            }
        }
        PQclear(r);
    }
}

static enum err
send_failed(struct op *op, const char *name)
{
    return unavailable(op, name);
}

static enum err
ensure_prepared(struct op *op, enum query q)
{
    struct db *db = op->db;

    if (db->prepared[q])
        return OK;
    if (PQsendPrepare(db->conn, queries[q].name, queries[q].sql, 0, NULL) != 1)
        return send_failed(op, queries[q].name);
    TRY(collect(op, queries[q].name, NULL));
    db->prepared[q] = true;
    return OK;
}

/* BEGIN and the first statement in one round trip, by pipeline mode. */
static enum err
begin_and_run(struct op *op, enum query q, rows *out, const char *const *params)
{
    struct db *db = op->db;
    enum err begin, run, sync;

    if (PQenterPipelineMode(db->conn) != 1 ||
        PQsendQueryParams(db->conn, "BEGIN", 0, NULL, NULL, NULL, NULL, 0) != 1 ||
        PQsendQueryPrepared(db->conn, queries[q].name, queries[q].params, params, NULL, NULL, 0) !=
            1 ||
        PQpipelineSync(db->conn) != 1)
        return send_failed(op, queries[q].name);
    db->begun = true;
    begin = collect(op, "BEGIN", NULL);
    if (db->conn == NULL)
        return begin;
    run = collect(op, queries[q].name, out);
    if (db->conn == NULL)
        return run;
    sync = collect(op, "sync", NULL);
    if (db->conn == NULL)
        return sync;
    if (PQexitPipelineMode(db->conn) != 1)
        return send_failed(op, queries[q].name);
    return begin != OK ? begin : run;
}

static enum err
run_once(struct op *op, enum query q, rows *out, const char *const *params)
{
    struct db *db = op->db;

    if (db->conn == NULL)
        TRY(connect_now(op));
    TRY(ensure_prepared(op, q));
    if (db->in_tx && !db->begun)
        return begin_and_run(op, q, out, params);
    if (PQsendQueryPrepared(db->conn, queries[q].name, queries[q].params, params, NULL, NULL, 0) !=
        1)
        return send_failed(op, queries[q].name);
    return collect(op, queries[q].name, out);
}

/* An idle connection may have died unseen: libpq learns of it by reading. */
static void
notice_death(struct db *db)
{
    struct pollfd p;

    if (db->conn == NULL || db->begun)
        return;
    p = (struct pollfd){.fd = PQsocket(db->conn), .events = POLLIN};
    if (poll(&p, 1, 0) > 0 &&
        (PQconsumeInput(db->conn) == 0 || PQstatus(db->conn) != CONNECTION_OK))
        drop(db);
}

enum err
db_run(struct op *op, enum query q, rows *out, const char *const *params, int n)
{
    struct db *db = op->db;

    if (n != queries[q].params) {
        fprintf(stderr, "%s takes %d parameters\n", queries[q].name, queries[q].params);
        abort();
    }

    if (db->in_tx && db->begun && db->conn == NULL)
        return op_fail(op, E_UNAVAILABLE, "database: the transaction was lost");
    db->constraint[0] = '\0';
    notice_death(db);
    return run_once(op, q, out, params);
}

enum err
db_do(struct op *op, enum query q, int64_t *touched, const char *const *params, int n)
{
    ROWS r = NULL;
    int64_t count = 0;

    TRY(db_run(op, q, &r, params, n));
    if (touched != NULL) {
        if (PQresultStatus(r) == PGRES_TUPLES_OK)
            count = PQntuples(r);
        else if (!text_int(PQcmdTuples(r), &count))
            count = 0;
        *touched = count;
    }
    return OK;
}

enum err
db_check(struct op *op)
{
    struct db *db = op->db;

    if (db->conn == NULL)
        TRY(connect_now(op));
    for (int q = 0; q < Q_MAX; q++)
        TRY(ensure_prepared(op, (enum query)q));
    return OK;
}

int
db_socket(struct op *op)
{
    return op->db->conn == NULL ? -1 : PQsocket(op->db->conn);
}

const char *
db_constraint(const struct op *op)
{
    return op->db->constraint;
}

struct tx
tx_begin(struct op *op)
{
    if (op->db->in_tx)
        abort();
    op->db->in_tx = true;
    op->db->begun = false;
    return (struct tx){.op = op};
}

static enum err
command(struct op *op, const char *sql, rows *out)
{
    if (PQsendQuery(op->db->conn, sql) != 1)
        return send_failed(op, sql);
    return collect(op, sql, out);
}

void
tx_end(struct tx *t)
{
    struct op *op = t->op;
    struct db *db;

    if (op == NULL)
        return;
    db = op->db;
    if (db->begun && db->conn != NULL) {
        const char *note = op->note;

        if (op_left_ms(op) < 200) /* a late operation still gets to clean up */
            op->deadline_ms = op_monotonic_ms() + 200;
        if (command(op, "ROLLBACK", NULL) != OK)
            drop(db);
        op->note = note;
    }
    db->in_tx = db->begun = false;
}

enum err
tx_commit(struct tx *t)
{
    struct op *op = t->op;
    struct db *db = op->db;
    bool begun = db->begun;
    ROWS r = NULL;
    enum err e;

    t->op = NULL;
    db->in_tx = db->begun = false;
    if (!begun)
        return OK;
    if (db->conn == NULL)
        return op_fail(op, E_UNAVAILABLE, "database: the transaction was lost");
    e = command(op, "COMMIT", &r);
    if (e != OK)
        return e;
    if (strcmp(PQcmdStatus(r), "COMMIT") != 0)
        return op_fail(op, E_INTERNAL, "commit answered %s", PQcmdStatus(r));
    return OK;
}

enum err
db_script(struct op *op, const char *sql)
{
    struct db *db = op->db;

    if (db->conn == NULL)
        TRY(connect_now(op));
    if (db->in_tx && !db->begun) {
        TRY(command(op, "BEGIN", NULL));
        db->begun = true;
    }
    if (PQsendQuery(db->conn, sql) != 1)
        return send_failed(op, "script");
    return collect(op, "script", NULL);
}

enum err
db_listen(struct op *op, const char *channel)
{
    struct db *db = op->db;
    char sql[96];

    notice_death(db);
    if (db->conn != NULL && strcmp(db->listening, channel) == 0)
        return OK;
    if (db->conn == NULL)
        TRY(connect_now(op));
    snprintf(sql, sizeof(sql), "LISTEN %s", channel);
    TRY(command(op, sql, NULL));
    snprintf(db->listening, sizeof(db->listening), "%s", channel);
    return OK;
}

enum err
db_wait(struct op *op, int wait_ms, const char **payload)
{
    struct db *db = op->db;
    PGnotify *n;

    *payload = NULL;
    if (db->conn == NULL)
        return op_fail(op, E_UNAVAILABLE, "database: not connected");
    if ((n = PQnotifies(db->conn)) == NULL && wait_for(db->conn, POLLIN, wait_ms)) {
        if (PQconsumeInput(db->conn) == 0)
            return unavailable(op, "waiting");
        n = PQnotifies(db->conn);
    }
    if (n != NULL) {
        *payload = arena_printf(op->arena, "%s", n->extra);
        PQfreemem(n);
    }
    return OK;
}
