/*
 * The signer's journal: an append-only file of all that was ever signed, one line an entry,
 * chained by hashes, on the disk before any signature leaves the process.
 *
 * A line has these columns between single spaces, "-" for what does not apply:
 *   seq time kind issuer name order reissue revision reviewers tbs_sha256 tbs signature prev hash
 * seq counts from 1; time is UTC seconds of the machine; issuer is the key id of the signing key;
 * name is the serial number of a certificate, the number of a CRL or the SHA-256 of a statement;
 * reviewers are staff ids with commas; tbs is left out for CRLs and statements, which are large and
 * stored elsewhere; prev is the hash of the line before, zeros for the first; hash is SHA-256 of
 * the line before " hash". Bytes are hex. An entry is complete with its newline.
 *
 * One process at a time holds a journal open for writing (flock). Not for several threads.
 */
#ifndef HALL_PKI_JOURNAL_H
#define HALL_PKI_JOURNAL_H

#include "base/op.h"
#include "io/hash.h"
#include "pki/blob.h"

enum journal_kind {
#define KIND(id, name, order) JOURNAL_##id,
#include "pki/journal_kind.def"
    JOURNAL_KIND_MAX
};

enum { REVIEWERS_MAX = 2, ORDER_NAME_MAX = 40, REVISION_SIZE = 32 };

struct journal_entry {
    int64_t seq, time;
    enum journal_kind kind;
    const char *issuer, *name;
    const char *order_no; /* NULL where none is named */
    int64_t reissue_no;
    unsigned char revision[REVISION_SIZE]; /* what the approvals are about; with an order only */
    int64_t reviewers[REVIEWERS_MAX];
    int reviewer_count;
    unsigned char tbs_sha256[HASH_SIZE];
    struct blob tbs, signature; /* empty where left out */
    char prev[2 * HASH_SIZE + 1], hash[2 * HASH_SIZE + 1];
};

struct journal;

/* Opens or creates the file, locks it, checks the whole chain and cuts off a last line that a
 * crash tore: such an entry was never answered. *torn (may be NULL) tells the bytes cut off.
 * E_CONFLICT when another process has it; E_INVALID when an entry is not right (the note names
 * the line); E_UNAVAILABLE when the file cannot be used. Freed by journal_close. */
enum err journal_open(struct op *op, const char *path, struct journal **out, size_t *torn) MUST_USE;
void journal_close(struct journal *j);
void journal_drop(struct journal **j);
#define JOURNAL(name) __attribute__((cleanup(journal_drop))) struct journal *name = NULL

/* The entry about this certificate (signed or void), CRL or statement; E_NOT_FOUND. */
enum err journal_by_name(struct op *op, const struct journal *j, enum journal_kind kind,
    const char *issuer, const char *name, struct journal_entry *out) MUST_USE;
/* The certificate that was signed for an order and reissue number; E_NOT_FOUND. */
enum err journal_by_order(struct op *op, const struct journal *j, const char *order_no,
    int64_t reissue_no, struct journal_entry *out) MUST_USE;

/* The first certificate that was signed after entry number seq; E_NOT_FOUND. */
enum err journal_next(
    struct op *op, const struct journal *j, int64_t seq, struct journal_entry *out) MUST_USE;

/* Fills seq, prev, hash and tbs_sha256 (of e->tbs, unless that is empty), writes the entry and
 * waits until the disk has it. On failure nothing was added: E_UNAVAILABLE; when even that cannot
 * be made sure, every later call fails too, and the process should end and start anew. */
enum err journal_add(struct op *op, struct journal *j, struct journal_entry *e) MUST_USE;
bool journal_is_broken(const struct journal *j);

/* Seq, time and hash of the last entry; zeros for an empty journal. */
void journal_head(const struct journal *j, int64_t *seq, int64_t *time, char hash[65]);
/* Certificates signed at or after this time. */
int64_t journal_signed_since(const struct journal *j, int64_t time);
/* The highest number of a CRL of this issuer, -1 for none. */
int64_t journal_crl_number(const struct journal *j, const char *issuer);

struct journal_report {
    int64_t entries, certificates, voids, crls, statements;
    int64_t first_time, last_time;
    char head[2 * HASH_SIZE + 1];
    size_t torn; /* bytes of an unfinished last line: a signer at work, or a crash */
};
/* For auditors: reads the file alone, without a lock, and checks chain, order of times, and that
 * no serial, CRL number or order was used twice. E_INVALID names the line. */
enum err journal_verify(struct op *op, const char *path, struct journal_report *out) MUST_USE;

/* One line without its newline, and back; used by the journal itself and its tests. */
const char *journal_line(struct arena *arena, struct journal_entry *e);
bool journal_line_parse(struct arena *arena, const char *line, struct journal_entry *out);

/* Letters, digits, "-" and "_", 1 to ORDER_NAME_MAX. */
bool journal_order_usable(const char *order_no);

#endif
