/*
 * Names and addresses as people type them (forms.md, text rule). NFKC and unassigned code points
 * are the business of io, which has the Unicode tables; this is the rest.
 */
#ifndef HALL_DOMAIN_WORDS_H
#define HALL_DOMAIN_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* The code point at *s of valid UTF-8, and *s behind it; 0 at the end, where *s stays. */
uint32_t words_next(const char **s);

/* Trims, makes each run of spaces one, and full-width digits and letters ASCII; Chinese brackets
 * and punctuation stay as typed. In the arena. s is valid UTF-8. */
const char *words_clean(struct arena *a, const char *s);

/* The same for a person's name: no spaces between Han, every kind of middle dot is U+00B7. */
const char *words_clean_name(struct arena *a, const char *s);

/* No control, format or private characters, none of < > " \ */
bool words_check(const char *s);

/* A person: Han with single · inside, or Latin letters with . - ' · and spaces inside. */
bool words_is_name(const char *s);

/* Holds a Han character that many systems cannot show, so that the certificate's subject may not
 * be displayed everywhere (outside the basic block and Extension A). */
bool words_is_rare(const char *s);

/* A street address should name a number, building, floor, room or village. */
bool words_has_place(const char *s);

/* Equal but for spaces, letter case, full-width forms and kinds of brackets and dots: 单位名称
 * against 基本户名称, a name against an ID card. */
bool words_same(const char *a, const char *b);

#endif
