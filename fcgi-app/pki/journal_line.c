/* The text of an entry: journal_line() and journal_line_parse() of pki/journal.h. */
#include <string.h>

#include "base/text.h"
#include "pki/journal.h"

enum column {
    SEQ,
    TIME,
    KIND_NAME,
    ISSUER,
    NAME,
    ORDER,
    REISSUE,
    REVISION,
    REVIEWERS,
    TBS_SHA256,
    TBS,
    SIGNATURE,
    PREV,
    HASH,
    COLUMNS
};

static const struct {
    const char *name;
    bool order;
} kinds[JOURNAL_KIND_MAX] = {
#define KIND(id, n, o) [JOURNAL_##id] = {n, o},
#include "pki/journal_kind.def"
};

bool
journal_order_usable(const char *order_no)
{
    size_t n = strlen(order_no);

    return n >= 1 && n <= ORDER_NAME_MAX &&
           strspn(order_no, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
               n;
}

static const char *
hex_or_dash(struct arena *arena, struct blob b)
{
    return b.size > 0 ? text_hex(arena, b.data, b.size) : "-";
}

static const char *
reviewers_text(struct arena *arena, const struct journal_entry *e)
{
    const char *text = "";

    for (int i = 0; i < e->reviewer_count; i++)
        text = arena_printf(arena, "%s%s%lld", text, i == 0 ? "" : ",", (long long)e->reviewers[i]);
    return *text != '\0' ? text : "-";
}

const char *
journal_line(struct arena *arena, struct journal_entry *e)
{
    bool order = e->order_no != NULL;
    const char *text;

    text = arena_printf(arena, "%lld %lld %s %s %s %s %s %s %s %s %s %s %s", (long long)e->seq,
        (long long)e->time, kinds[e->kind].name, e->issuer, e->name, order ? e->order_no : "-",
        order ? arena_printf(arena, "%lld", (long long)e->reissue_no) : "-",
        order ? text_hex(arena, e->revision, REVISION_SIZE) : "-", reviewers_text(arena, e),
        text_hex(arena, e->tbs_sha256, HASH_SIZE), hex_or_dash(arena, e->tbs),
        hex_or_dash(arena, e->signature), e->prev);
    memcpy(e->hash, hash_sha256_hex(arena, text, strlen(text)), sizeof(e->hash));
    return arena_printf(arena, "%s %s", text, e->hash);
}

static bool
unhex(struct arena *arena, const char *s, struct blob *out)
{
    size_t n = strlen(s);
    unsigned char *data = arena_alloc(arena, n / 2 + 1);

    *out = (struct blob){NULL, 0};
    if (strcmp(s, "-") == 0)
        return true;
    if (n == 0 || n % 2 != 0 || !text_unhex(s, data, n / 2))
        return false;
    *out = (struct blob){data, n / 2};
    return true;
}

static bool
is_hex(const char *s)
{
    return *s != '\0' && strspn(s, "0123456789abcdef") == strlen(s);
}

static bool
parse_kind(const char *s, enum journal_kind *out)
{
    for (int i = 0; i < JOURNAL_KIND_MAX; i++)
        if (strcmp(s, kinds[i].name) == 0) {
            *out = (enum journal_kind)i;
            return true;
        }
    return false;
}

static bool
parse_reviewers(struct arena *arena, const char *s, struct journal_entry *e)
{
    char *text = arena_printf(arena, "%s", s), *save = NULL;

    if (strcmp(s, "-") == 0)
        return true;
    for (char *one = strtok_r(text, ",", &save); one != NULL; one = strtok_r(NULL, ",", &save))
        if (e->reviewer_count == REVIEWERS_MAX ||
            !text_int(one, &e->reviewers[e->reviewer_count++]))
            return false;
    return e->reviewer_count > 0;
}

/* Cuts the line at its spaces; false unless there are exactly COLUMNS parts. */
static bool
split(char *line, char *column[COLUMNS])
{
    int n = 0;

    for (char *p = line; p != NULL; n++) {
        if (n == COLUMNS)
            return false;
        column[n] = p;
        p = strchr(p, ' ');
        if (p != NULL)
            *p++ = '\0';
    }
    return n == COLUMNS;
}

static bool
parse_order(char *const column[COLUMNS], struct journal_entry *e)
{
    if (!kinds[e->kind].order)
        return strcmp(column[ORDER], "-") == 0;
    e->order_no = column[ORDER];
    return journal_order_usable(e->order_no) && text_int(column[REISSUE], &e->reissue_no) &&
           text_unhex(column[REVISION], e->revision, REVISION_SIZE);
}

bool
journal_line_parse(struct arena *arena, const char *line, struct journal_entry *out)
{
    size_t hashed = strlen(line) - (strlen(line) > 65 ? 65 : 0);
    struct journal_entry e = {0};
    char *column[COLUMNS];

    if (!split(arena_printf(arena, "%s", line), column) || !text_int(column[SEQ], &e.seq) ||
        !text_int(column[TIME], &e.time) || !parse_kind(column[KIND_NAME], &e.kind) ||
        !is_hex(column[ISSUER]) || !is_hex(column[NAME]) || !parse_order(column, &e) ||
        !parse_reviewers(arena, column[REVIEWERS], &e) ||
        !text_unhex(column[TBS_SHA256], e.tbs_sha256, HASH_SIZE) ||
        !unhex(arena, column[TBS], &e.tbs) || !unhex(arena, column[SIGNATURE], &e.signature) ||
        strlen(column[PREV]) + 1 != sizeof(e.prev) || strlen(column[HASH]) + 1 != sizeof(e.hash))
        return false;
    if (strcmp(column[HASH], hash_sha256_hex(arena, line, hashed)) != 0)
        return false;
    e.issuer = column[ISSUER];
    e.name = column[NAME];
    memcpy(e.prev, column[PREV], sizeof(e.prev));
    memcpy(e.hash, column[HASH], sizeof(e.hash));
    *out = e;
    return true;
}
