/*
 * form-maker organisation|person|seal OUT.pdf: the printed forms with synthetic data, to look at
 * and as a source of scans. With a count as third argument it draws so many and says the CPU each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/conf.h"
#include "paper/fonts.h"
#include "sample_forms.h"

static double
cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum err
make(struct op *op, const char *what, struct pdf *out)
{
    op->deadline_ms = op_monotonic_ms() + 10000;
    if (strcmp(what, "organisation") == 0)
        return form_pdf_application(op, &sample_organisation_form, out);
    if (strcmp(what, "person") == 0)
        return form_pdf_application(op, &sample_person_form, out);
    if (strcmp(what, "seal") == 0)
        return form_pdf_seal(op, &sample_seal_form, out);
    return op_fail(op, E_INVALID, "no such form: %s", what);
}

int
main(int argc, char **argv)
{
    struct op op = {.arena = arena_new(1 << 20)};
    int times = argc > 3 ? atoi(argv[3]) : 1;
    struct conf conf;
    struct pdf pdf;
    char why[512];
    FILE *f;

    if (argc < 3)
        return fprintf(stderr, "usage: form-maker organisation|person|seal OUT.pdf [TIMES]\n"), 2;
    if (conf_read(&conf, "/dev/null", why, sizeof(why)) != OK ||
        fonts_open(conf.fonts, why, sizeof(why)) != OK)
        return fprintf(stderr, "form-maker: %s\n", why), 1;
    for (int i = 0; i < times; i++) {
        double began = cpu_ms();

        arena_reset(op.arena);
        if (make(&op, argv[1], &pdf) != OK)
            return fprintf(stderr, "form-maker: %s\n", op.note), 1;
        if (argc > 3)
            printf("%zu bytes, %.1f ms CPU\n", pdf.size, cpu_ms() - began);
    }
    f = fopen(argv[2], "wb");
    if (f == NULL || fwrite(pdf.data, 1, pdf.size, f) != pdf.size || fclose(f) != 0)
        return perror(argv[2]), 1;
    arena_free(op.arena);
    return 0;
}
