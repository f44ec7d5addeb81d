#include "store/trail.h"

#include <stdio.h>
#include <string.h>

#include "domain/order.h"
#include "io/db.h"
#include "io/hash.h"

const struct field trail_event_fields[] = {
    STR(struct trail_event, stream, 1, 200),
    INT(struct trail_event, seq, 1, INT64_MAX),
    TIME(struct trail_event, at),
    STR(struct trail_event, actor_role, 1, 40),
    STR(struct trail_event, actor, 0, 40, .flags = F_OPT),
    STR(struct trail_event, ip, 0, 60),
    STR(struct trail_event, trace, 0, 100),
    STR(struct trail_event, action, 1, 60),
    STR(struct trail_event, label, 1, 100, .flags = F_OPT),
    STR(struct trail_event, order_no, 17, 17, .flags = F_OPT),
    STR(struct trail_event, from_state, 0, 40, .flags = F_OPT),
    STR(struct trail_event, to_state, 0, 40, .flags = F_OPT),
    RAW(struct trail_event, detail, NULL),
    {.type = F_END},
};

/* Where the walk stands: the last event seen. */
struct walk {
    char stream[512];
    int64_t seq, events;
    unsigned char hash[HASH_SIZE];
};

static const char *
or_dash(struct op *op, rows r, int i, const char *column)
{
    return row_null(r, i, column) ? "-" : row_str(op, r, i, column);
}

/* Must equal audit_text() in sql/schema/040_order.sql; a hash that only the database can make
 * would prove nothing about the database. */
static const char *
event_text(struct op *op, rows r, int i)
{
    return arena_printf(op->arena,
        "%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s",
        row_str(op, r, i, "stream"), row_str(op, r, i, "seq"), row_str(op, r, i, "at_us"),
        row_str(op, r, i, "actor_role"), row_str(op, r, i, "actor_id"), row_str(op, r, i, "ip"),
        row_str(op, r, i, "trace"), row_str(op, r, i, "action"), or_dash(op, r, i, "order_id"),
        or_dash(op, r, i, "move"), or_dash(op, r, i, "from_state"), or_dash(op, r, i, "to_state"),
        row_str(op, r, i, "detail"));
}

static enum err
broken(struct op *op, const char *stream, int64_t seq, const char *how)
{
    return op_fail(op, E_CONFLICT, "event %lld of %s %s", (long long)seq, stream, how);
}

static enum err
check_event(struct op *op, rows r, int i, struct walk *w)
{
    const char *stream = row_str(op, r, i, "stream"), *text = event_text(op, r, i);
    bool first = strcmp(stream, w->stream) != 0;
    int64_t seq = row_int(r, i, "seq"), due = first ? 1 : w->seq + 1;
    size_t prev_n, hash_n, text_n = strlen(text);
    const void *prev = row_bytes(op, r, i, "prev_hash", &prev_n);
    const void *hash = row_bytes(op, r, i, "hash", &hash_n);
    unsigned char *data = arena_alloc(op->arena, prev_n + text_n), want[HASH_SIZE];

    if (seq != due)
        return broken(op, stream, due, "is missing");
    if (first ? prev_n != 0 : prev_n != HASH_SIZE || memcmp(prev, w->hash, HASH_SIZE) != 0)
        return broken(op, stream, seq, "does not follow the one before");
    memcpy(data, prev, prev_n);
    memcpy(data + prev_n, text, text_n);
    hash_sha256(data, prev_n + text_n, want);
    if (hash_n != HASH_SIZE || memcmp(hash, want, HASH_SIZE) != 0)
        return broken(op, stream, seq, "was changed");
    memcpy(w->hash, want, HASH_SIZE);
    if ((size_t)snprintf(w->stream, sizeof(w->stream), "%s", stream) >= sizeof(w->stream))
        return broken(op, stream, seq, "has too long a name");
    w->seq = seq;
    w->events++;
    return OK;
}

/* One page of events; *more is false after the last. Only the walk outlives the page. */
static enum err
check_page(struct op *op, struct walk *w, bool *more)
{
    struct arena *whole = op->arena;
    struct op page = *op;
    ROWS r = NULL;
    enum err e = OK;

    page.arena = arena_new(1 << 20);
    e = RUN(&page, Q_TRAIL_PAGE, &r, w->stream, db_int(&page, w->seq));
    *more = e == OK && row_count(r) > 0;
    for (int i = 0; e == OK && i < row_count(r); i++)
        e = check_event(&page, r, i, w);
    if (e != OK)
        op->note = arena_printf(whole, "%s", page.note);
    arena_free(page.arena);
    return e;
}

enum err
trail_verify(struct op *op, int64_t *events)
{
    struct walk w = {.seq = 0};
    ROWS heads = NULL, checkpoints = NULL;
    bool more = true;

    while (more)
        TRY(check_page(op, &w, &more));
    *events = w.events;
    TRY(RUN0(op, Q_TRAIL_HEADS, &heads));
    if (row_count(heads) != 0)
        return broken(op, row_str(op, heads, 0, "stream"), row_int(heads, 0, "seq"),
            "is the head, but not the last event");
    TRY(RUN0(op, Q_TRAIL_CHECKPOINTS, &checkpoints));
    if (row_count(checkpoints) != 0)
        return op_fail(op, E_CONFLICT, "checkpoint %lld does not agree with the trail %s",
            (long long)row_int(checkpoints, 0, "id"), row_str(op, checkpoints, 0, "stream"));
    return OK;
}

/* A cursor is "MICROSECONDS.SEQ.STREAM" of the last event shown: with all three no two are equal.
 */
struct place {
    const char *at_us, *seq, *stream; /* NULL: from the newest */
};

static bool
is_number(const char *s, size_t n)
{
    return n > 0 && n <= 18 && strspn(s, "0123456789") >= n;
}

static enum err
read_cursor(struct op *op, const char *cursor, struct place *out)
{
    const char *seq = NULL, *stream = NULL;

    *out = (struct place){.at_us = NULL};
    if (cursor == NULL)
        return OK;
    if ((seq = strchr(cursor, '.')) != NULL)
        stream = strchr(seq + 1, '.');
    if (stream == NULL || !is_number(cursor, (size_t)(seq - cursor)) ||
        !is_number(seq + 1, (size_t)(stream - seq - 1))) {
        op_fault(op, "?cursor", FAULT_FORMAT);
        return op_faults(op);
    }
    *out = (struct place){
        .at_us = arena_printf(op->arena, "%.*s", (int)(seq - cursor), cursor),
        .seq = arena_printf(op->arena, "%.*s", (int)(stream - seq - 1), seq + 1),
        .stream = stream + 1,
    };
    return OK;
}

static struct trail_event
event_of(struct op *op, rows r, int i)
{
    struct trail_event e = {
        .stream = row_str(op, r, i, "stream"),
        .seq = row_int(r, i, "seq"),
        .at = row_int(r, i, "at"),
        .actor_role = row_str(op, r, i, "actor_role"),
        .actor = row_str(op, r, i, "actor"),
        .ip = row_str(op, r, i, "ip"),
        .trace = row_str(op, r, i, "trace"),
        .action = row_str(op, r, i, "action"),
        .order_no = row_str(op, r, i, "order_no"),
        .from_state = row_str(op, r, i, "from_state"),
        .to_state = row_str(op, r, i, "to_state"),
        .detail = row_str(op, r, i, "detail"),
    };
    enum order_move_id move;

    if (!row_null(r, i, "move") && order_move_parse(row_str(op, r, i, "move"), &move))
        e.label = order_move_label(move, op->lang);
    return e;
}

enum err
trail_list(struct op *op, const struct trail_query *q, struct list *out, const char **next)
{
    struct trail_event *items;
    struct place after;
    ROWS r = NULL;
    int last = (int)q->limit - 1;

    TRY(read_cursor(op, q->cursor, &after));
    TRY(RUN(op, Q_TRAIL_LIST, &r, q->stream, q->order_no, q->actor_role, q->actor, q->action,
        q->from, q->to, after.at_us, after.stream, after.seq, db_int(op, q->limit + 1)));
    items = NEW_N(op->arena, (size_t)row_count(r) + 1, struct trail_event);
    for (int i = 0; i < row_count(r); i++)
        items[i] = event_of(op, r, i);
    *out = (struct list){.items = items, .n = (size_t)row_count(r)};
    *next = NULL;
    if (row_count(r) <= last + 1)
        return OK;
    out->n = (size_t)q->limit;
    *next = arena_printf(op->arena, "%lld.%lld.%s", (long long)row_int(r, last, "at_us"),
        (long long)items[last].seq, items[last].stream);
    return OK;
}
