#include "io/unicode.h"

#include "tap.h"

int
main(void)
{
    struct arena *a = arena_new(4096);

    ok(unicode_is_nfc("") && unicode_is_nfc("张三") && unicode_is_nfc("\xc3\xa9"),
        "composed is NFC");
    ok(!unicode_is_nfc("e\xcc\x81"), "a letter and a combining accent is not");
    ok(!unicode_is_nfc("\xef\xa4\x80"), "nor is U+F900, which is another spelling of U+8C48");
    ok(!unicode_is_nfc("\xff") && !unicode_is_nfc("\xc0\x80") && !unicode_is_nfc("\xed\xa0\x80"),
        "nor is what is not UTF-8");
    ok(unicode_is_plain("沈阳市（和平区）3号 Ünal·艾合买提 𠀀"), "what people write is plain");
    ok(unicode_is_plain("\xf0\xae\xaf\xb0"), "so is Extension I, younger than the library");
    ok(!unicode_is_plain("a\nb") && !unicode_is_plain("a\x7f"), "control characters are not");
    ok(!unicode_is_plain("a\xe2\x80\xae"
                         "b"),
        "nor is the right-to-left override");
    ok(!unicode_is_plain("a\xe2\x80\x8b"
                         "b"),
        "nor the zero-width space");
    ok(!unicode_is_plain("\xe2\x80\xa8"), "nor the line separator");
    ok(!unicode_is_plain("\xee\x80\x80"), "nor private use");
    ok(!unicode_is_plain("\xcd\xb8"), "nor U+0378, unassigned");
    ok(!unicode_is_plain("a\xff") && !unicode_is_plain("\xed\xa0\x80"), "nor what is not UTF-8");
    ok(!unicode_has_rare_han("张三丰 abc 㐀 龥"), "common characters are not rare");
    ok(unicode_has_rare_han("张𠀀") && unicode_has_rare_han("\xef\xa4\x80"), "others are");
    arena_free(a);
    return done();
}
