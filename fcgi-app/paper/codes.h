/* QR codes on a grey picture. */
#ifndef HALL_PAPER_CODES_H
#define HALL_PAPER_CODES_H

#include "paper/scan.h"

/* Adds the codes found to the result, each text once; texts that are longer than its room or no
 * UTF-8 are left out. Turned and skewed codes are found too. */
void codes_find(const unsigned char *grey, int width, int height, struct scan_result *out);

#endif
