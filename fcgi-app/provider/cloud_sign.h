/* Request signatures of the two big clouds: ACS3-HMAC-SHA256 (Aliyun), TC3-HMAC-SHA256 (Tencent).
 */
#ifndef HALL_PROVIDER_CLOUD_SIGN_H
#define HALL_PROVIDER_CLOUD_SIGN_H

#include "provider/provider.h"

struct acs3 {
    const char *key_id, *secret, *method, *path;
    const char *query;          /* escaped and sorted, "" if none */
    const struct pair *headers; /* host, content-type where sent, x-acs-*: lower case, sorted */
    const char *payload_sha256; /* hex */
};
/* The value of the Authorization header, as below. */
const char *acs3_authorization(struct op *op, const struct acs3 *a);

struct tc3 {
    const char *secret_id, *secret, *service, *host, *path;
    const char *content_type, *payload;
    int64_t at; /* UTC seconds, the same as in X-TC-Timestamp */
};
const char *tc3_authorization(struct op *op, const struct tc3 *t);

#endif
