/* Small text work that needs libc only: numbers, hex, UTF-8 lengths, times in RFC 3339. */
#ifndef HALL_BASE_TEXT_H
#define HALL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Decimal digits only, no sign, no space; false on anything else or above INT64_MAX. */
bool text_int(const char *s, int64_t *out);

/* Code points of valid UTF-8. */
int64_t text_length(const char *s);

/* True for well-formed UTF-8 (RFC 3629) without NUL within n bytes. */
bool text_is_utf8(const char *s, size_t n);

const char *text_hex(struct arena *a, const void *data, size_t n); /* lower case */
/* False unless s is exactly 2 * n hex digits. */
bool text_unhex(const char *s, void *out, size_t n);

/* "2026-11-22T03:04:05Z" */
const char *text_time(struct arena *a, int64_t utc_seconds);
/* "2026-11-22", the civil date in China (UTC+8). */
const char *text_date_cn(struct arena *a, int64_t utc_seconds);
/* A real date as YYYY-MM-DD, or false; *days is counted from 1970-01-01. */
bool text_date(const char *s, int64_t *days);

/* "240.00" of 24000; only for people, never parsed back. */
const char *text_yuan(struct arena *a, int64_t fen);

#endif
