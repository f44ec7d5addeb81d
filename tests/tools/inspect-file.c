/* inspect-file document|seal|id_card|video FILE…: what an inspection finds, in this process and
 * without a cage; for files of one's own, to see measures and CPU time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lsan.h"
#include "paper/codes.h"
#include "paper/inspect.h"
#include "paper/jpeg.h"

static double
cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Cards have none; test pictures of cards say in one what is on them. */
static void
find_codes(const void *data, size_t size, struct scan_result *r)
{
    PICTURE p = {0};
    unsigned char *grey = NULL;
    int halved;

    if (jpeg_read(data, size, 4000, &p, &halved) == SCAN_FINE)
        grey = picture_grey(&p);
    if (grey != NULL)
        codes_find(grey, p.width, p.height, r);
    free(grey);
}

static void
show(enum scan_kind kind, const char *path, const void *data, size_t size)
{
    struct scan_result r;
    double began = cpu_ms();

    inspect(kind, data, size, &r);
    printf("%s: %s %s %dx%d %d pages %d dpi, red %.3f%% ink %.3f%%, seal %dx%d%s%s, %.0f ms\n",
        path, scan_type_name(r.type), scan_problem_name(r.problem), r.width, r.height, r.pages,
        r.dpi, r.red_share * 100, r.ink_share * 100, r.seal.width, r.seal.height,
        r.seal.round ? " round" : "", r.seal.cut_off ? " cut off" : "", cpu_ms() - began);
    if (kind == SCAN_ID_CARD) {
        find_codes(data, size, &r);
        printf("  luminance %.1f, sharpness %.1f, glare %.3f\n", r.luminance, r.sharpness, r.glare);
    }
    for (int i = 0; i < r.codes; i++)
        printf("  code %s\n", r.code[i]);
}

int
main(int argc, char **argv)
{
    static const char *const kinds[SCAN_KIND_MAX] = {"document", "seal", "id_card", "video"};
    enum scan_kind kind = SCAN_DOCUMENT;
    unsigned char *data = malloc(16 << 20);

    while (argc > 2 && kind < SCAN_KIND_MAX && strcmp(argv[1], kinds[kind]) != 0)
        kind++;
    if (argc < 3 || kind == SCAN_KIND_MAX || data == NULL)
        return fprintf(stderr, "usage: inspect-file document|seal|id_card|video FILE...\n"), 2;
    for (int i = 2; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");

        if (f == NULL)
            return perror(argv[i]), 1;
        show(kind, argv[i], data, fread(data, 1, 16 << 20, f));
        fclose(f);
    }
    free(data);
    return 0;
}
