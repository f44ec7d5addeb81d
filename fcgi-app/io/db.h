/*
 * PostgreSQL: named queries, rows, and a transaction that rolls back unless committed.
 *
 * Every wait ends at op->deadline_ms. A connection that failed or timed out is dropped and opened
 * anew at the next use, so a server that went away costs each request one E_UNAVAILABLE and no
 * more. One struct db serves one thread.
 */
#ifndef HALL_IO_DB_H
#define HALL_IO_DB_H

#include <libpq-fe.h>

#include "base/op.h"

enum query {
#define QUERY(name, params, sql) Q_##name,
#include "query.def"
    Q_MAX
};

struct db;

/* Remembers where; connects at the first use. Lives until db_free. */
struct db *db_new(const char *where, int connect_ms);
void db_free(struct db *db); /* NULL is fine */

/* Prepares every query there is: one that does not fit the schema is named in op->note. */
enum err db_check(struct op *op) MUST_USE;

/* Drops an idle connection that has gone bad; cheap. For loops that wait long. */
int db_socket(struct op *op); /* descriptor to poll for notifications, -1 when not connected */

typedef PGresult *rows;
void rows_free(rows *r);
#define ROWS __attribute__((cleanup(rows_free))) rows

/*
 * Runs a query with text parameters; NULL is SQL null. Rows are the caller's: declare them ROWS
 * (NULL to begin with). E_CONFLICT for a violated constraint (its name is in the note), E_STALE
 * for a serialisation failure or deadlock, E_UNAVAILABLE when the server cannot be had in time.
 */
enum err db_run(struct op *op, enum query q, rows *out, const char *const *params, int n) MUST_USE;
/* As many parameters as the statement has: anything else ends the process, it is our mistake. */
#define PARAMS_(...)                    \
    (const char *const[]){__VA_ARGS__}, \
        (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
#define RUN(op, q, out, ...) db_run((op), (q), (out), PARAMS_(__VA_ARGS__))
#define RUN0(op, q, out)     db_run((op), (q), (out), NULL, 0)

/* The same for a statement whose rows nobody needs; *touched (may be NULL) is how many there were.
 */
enum err db_do(
    struct op *op, enum query q, int64_t *touched, const char *const *params, int n) MUST_USE;
#define DO(op, q, touched, ...) db_do((op), (q), (touched), PARAMS_(__VA_ARGS__))
#define DO0(op, q, touched)     db_do((op), (q), (touched), NULL, 0)

/* Parameters as text in the arena. */
const char *db_int(struct op *op, int64_t v);
const char *db_bool(bool v);
const char *db_bytes(struct op *op, const void *p, size_t n); /* bytea in hex */

/* Columns by name; a name the query does not have ends the process, it is our mistake. */
int row_count(rows r);
bool row_null(rows r, int row, const char *col);
int64_t row_int(rows r, int row, const char *col); /* 0 for null */
bool row_bool(rows r, int row, const char *col);
const char *row_str(struct op *op, rows r, int row, const char *col); /* in the arena */
const void *row_bytes(struct op *op, rows r, int row, const char *col, size_t *n);

/* The name of the constraint that the last E_CONFLICT of this operation met, or "". */
const char *db_constraint(const struct op *op);

/*
 * A transaction: declared, and rolled back at the end of its block unless committed. BEGIN travels
 * with the first statement. Never nested.
 */
struct tx {
    struct op *op; /* NULL once committed */
};
struct tx tx_begin(struct op *op);
void tx_end(struct tx *t);
enum err tx_commit(struct tx *t) MUST_USE;
#define TX(name, op) __attribute__((cleanup(tx_end))) struct tx name = tx_begin(op)

/* Runs a whole SQL text as it stands, within the caller's transaction if there is one. For schema
 * files and their owner; everybody else has named queries. */
enum err db_script(struct op *op, const char *sql) MUST_USE;

/* Notifications: subscribe once per connection made (again after a reconnect, which *fresh tells),
 * then wait. wait_ms may be 0. *payload is NULL when the time passed without one. */
enum err db_listen(struct op *op, const char *channel) MUST_USE;
enum err db_wait(struct op *op, int wait_ms, const char **payload) MUST_USE;

#endif
