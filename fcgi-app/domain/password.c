#include "domain/password.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

/* What lists of leaked passwords begin with, as far as it has eight characters; one character
 * repeated and runs such as 12345678 or hgfedcba are found by rule. */
static const char *const common[] = {
    "0987654321",
    "11223344",
    "1122334455",
    "112233445566",
    "12341234",
    "123123123",
    "123321123",
    "123456654321",
    "12345678a",
    "123456abc",
    "123456aa",
    "1234567890",
    "123456789a",
    "123456789q",
    "123456qq",
    "12345qwert",
    "1234qwer",
    "147258369",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "31415926",
    "520131488",
    "5201314520",
    "66668888",
    "87654321a",
    "88886666",
    "a1234567",
    "a12345678",
    "a123456789",
    "aa123456",
    "aa12345678",
    "abc12345",
    "abc123456",
    "abcd1234",
    "abcd123456",
    "admin123",
    "admin1234",
    "administrator",
    "asd123456",
    "asdf1234",
    "asdfasdf",
    "asdfghjk",
    "asdfghjkl",
    "baseball",
    "changeme",
    "computer",
    "football",
    "iloveyou",
    "iloveyou1",
    "internet",
    "letmein1",
    "p@ssw0rd",
    "p@ssword",
    "pass1234",
    "passw0rd",
    "password",
    "password1",
    "password12",
    "password123",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "qazwsx123",
    "qazwsxedc",
    "qq123456",
    "qq123456789",
    "qwe12345",
    "qwe123456",
    "qwer1234",
    "qwer123456",
    "qwerasdf",
    "qwert123",
    "qwerty12",
    "qwerty123",
    "qwertyui",
    "qwertyuiop",
    "sunshine",
    "superman",
    "szca1234",
    "szca123456",
    "test1234",
    "trustno1",
    "welcome1",
    "woaini123",
    "woaini1314",
    "woaini520",
    "woaini521",
    "woaiwojia",
    "wodemima",
    "x1234567",
    "zaq12wsx",
    "zxcvbnm1",
    "zxcvbnm123",
    "zz123456",
};

/* All steps from one character to the next are the same, and none is more than one. */
static bool
is_run(const char *s)
{
    int step = (unsigned char)s[1] - (unsigned char)s[0];

    for (; s[1] != '\0'; s++)
        if ((unsigned char)s[1] - (unsigned char)s[0] != step)
            return false;
    return step >= -1 && step <= 1;
}

bool
password_check(const char *password, const char *phone, enum fault_code *why)
{
    int64_t n = text_length(password);

    *why = FAULT_PASSWORD_LENGTH;
    if (n < PASSWORD_LEAST || n > PASSWORD_MOST)
        return false;
    *why = FAULT_PASSWORD_PHONE;
    if (phone != NULL && *phone != '\0' && strcasestr(password, phone) != NULL)
        return false;
    *why = FAULT_PASSWORD_COMMON;
    for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
        if (strcasecmp(common[i], password) == 0)
            return false;
    return !is_run(password);
}
