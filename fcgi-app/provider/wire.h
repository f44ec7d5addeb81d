/* How values are written on the providers' wires: amounts, times, escapes, forms, GBK. */
#ifndef HALL_PROVIDER_WIRE_H
#define HALL_PROVIDER_WIRE_H

#include "provider/provider.h"

/* "243.00", "243.5" or "243" as fen: at most nine digits of yuan, no sign, no blank. */
bool wire_fen(const char *yuan, int64_t *fen);
/* "243.00" */
const char *wire_yuan(struct op *op, int64_t fen);

/* UTC seconds of "2024-01-15T10:41:02+08:00" (RFC 3339, also Z and fractions). */
bool wire_rfc3339(const char *s, int64_t *utc);
/* UTC seconds of "2024-01-15 10:42:00" on Chinese clocks; the digits alone ("20240115104200") are
 * taken as well, and a date alone is its midnight. */
bool wire_time_cn(const char *s, int64_t *utc);
/* strftime on Chinese clocks: "%Y-%m-%d %H:%M:%S" */
const char *wire_format_cn(struct op *op, int64_t utc, const char *format)
    __attribute__((format(strftime, 3, 0)));
/* ... and on UTC. */
const char *wire_format_utc(struct op *op, int64_t utc, const char *format)
    __attribute__((format(strftime, 3, 0)));

/* Percent escapes of RFC 3986: everything but A-Z a-z 0-9 - . _ ~ */
const char *wire_escape(struct op *op, const char *s);
/* Those of java.net.URLEncoder, which SF's digest is made over: blank is +, * stays, ~ does not. */
const char *wire_escape_java(struct op *op, const char *s);

/* "a=1&b=2" of pairs ended by name == NULL, in their order. */
const char *wire_form(struct op *op, const struct pair *pairs);
/* Reads such a form (RFC 3986 and + for blank) of at most 128 pairs; E_MALFORMED for bad escapes,
 * bad UTF-8, NUL and names that come twice. */
enum err wire_form_read(struct op *op, const char *body, size_t n, struct pair **out) MUST_USE;
/* Sorts by the bytes of the names. */
void wire_sort(struct pair *pairs);
/* The value of a name; NULL when absent. */
const char *wire_value(const struct pair *pairs, const char *name);

/* The first n code points. */
const char *wire_cut(struct op *op, const char *utf8, int n);

/* Bytes in GBK, or -1 for text that GBK cannot write. */
int wire_gbk_size(const char *utf8);

/* n random hexadecimal digits, for nonces and request numbers. */
const char *wire_nonce(struct op *op, size_t n);

#endif
