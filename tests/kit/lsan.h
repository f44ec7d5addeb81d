/* Fontconfig keeps its pointers as offsets, which the leak checker takes for lost memory. */
#ifndef HALL_TESTS_LSAN_H
#define HALL_TESTS_LSAN_H

const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\n";
}

const char *__lsan_default_options(void);
const char *
__lsan_default_options(void)
{
    return "print_suppressions=0";
}

#endif
