/* SMS through Aliyun Dysmsapi 2017-05-25, signed with ACS3. */
#ifndef HALL_PROVIDER_SMS_ALIYUN_H
#define HALL_PROVIDER_SMS_ALIYUN_H

#include "provider/common.h"

enum err sms_aliyun_open(struct loading *l, const struct sms_provider **out) MUST_USE;
void sms_aliyun_close(void);

#endif
