/* Where the entries of a journal are in its file: two hash tables in memory, some 120 bytes an
 * entry. It also is where double use shows. */
#ifndef HALL_PKI_JOURNAL_INDEX_H
#define HALL_PKI_JOURNAL_INDEX_H

#include <sys/types.h>

#include "pki/journal.h"

struct journal_index;

struct journal_index *journal_index_new(void);
void journal_index_free(struct journal_index *x);

/* E_INVALID when the name or the order was used before, or the CRL number does not grow. */
enum err journal_index_check(
    struct op *op, const struct journal_index *x, const struct journal_entry *e) MUST_USE;
/* Takes in an entry that passed the check. */
void journal_index_add(
    struct journal_index *x, const struct journal_entry *e, off_t at, size_t size);
bool journal_index_name(const struct journal_index *x, enum journal_kind kind, const char *issuer,
    const char *name, off_t *at, size_t *size);
bool journal_index_order(const struct journal_index *x, const char *order_no, int64_t reissue_no,
    off_t *at, size_t *size);
/* The first certificate behind the seq entries at the front. */
bool journal_index_next(const struct journal_index *x, int64_t seq, off_t *at, size_t *size);

void journal_index_count(const struct journal_index *x, struct journal_report *out);
int64_t journal_index_since(const struct journal_index *x, int64_t time);
int64_t journal_index_crl_number(const struct journal_index *x, const char *issuer);

#endif
