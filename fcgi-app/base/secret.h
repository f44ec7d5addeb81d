/* Secrets in memory: wiping, comparing, filling. */
#ifndef HALL_BASE_SECRET_H
#define HALL_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

void secret_wipe(void *p, size_t n);

/* Constant time in the contents; lengths are no secret. */
bool secret_equal(const void *a, size_t an, const void *b, size_t bn);

/* The system's random bytes (getrandom); ends the process if it cannot have them. */
void secret_random(void *out, size_t n);

/* n characters drawn evenly from the alphabet (2 to 256 characters); out gets n + 1 bytes. */
void secret_text(const char *alphabet, char *out, size_t n);

#endif
