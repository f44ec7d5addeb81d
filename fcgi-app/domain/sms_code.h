/* Limits of SMS codes (forms.md 4.7). */
#ifndef HALL_DOMAIN_SMS_CODE_H
#define HALL_DOMAIN_SMS_CODE_H

enum {
    SMS_CODE_DIGITS = 6,
    SMS_CODE_SECONDS = 300,         /* valid for */
    SMS_CODE_TRIES = 5,             /* wrong entries before it is void */
    SMS_CODE_GAP_SECONDS = 60,      /* between two messages to one number */
    SMS_CODE_PER_HOUR = 5,          /* messages per number */
    SMS_CODE_PER_DAY = 10,          /* messages per number */
    SMS_CODE_PER_ADDRESS_HOUR = 20, /* messages per IP address */
    SMS_CODE_FREE = 2               /* messages per number before a challenge is asked for */
};

#endif
