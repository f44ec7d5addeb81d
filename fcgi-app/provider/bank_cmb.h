/*
 * Transfers of 0.01 yuan and the statement of our account through CMB's cloud direct
 * connection. No manual of the bank was at hand: check the field names with it before going live.
 */
#ifndef HALL_PROVIDER_BANK_CMB_H
#define HALL_PROVIDER_BANK_CMB_H

#include "provider/common.h"

enum { BANK_MEMO_MOST = 30 }; /* bytes in GBK */

/* Why a memo may not be sent: NULL when it may. */
const char *bank_memo_fault(const char *memo);

enum err bank_cmb_open(struct loading *l, const struct bank_provider **out) MUST_USE;
void bank_cmb_close(void);

#endif
