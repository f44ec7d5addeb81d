#include "inspect_kit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "paper/fonts.h"
#include "paper/inspector.h"
#include "sample_forms.h"

struct conf kit_conf;
char kit_directory[] = "/tmp/hall-scan-XXXXXX";
struct kit_file kit_application, kit_seal_sheet;

static int crashes; /* in the inspector's process */

_Noreturn void
kit_give_up(const char *why)
{
    printf("Bail out! %s\n", why);
    exit(1);
}

struct op
kit_op(int ms)
{
    return (struct op){
        .arena = arena_new(4096), .conf = &kit_conf, .deadline_ms = op_monotonic_ms() + ms};
}

static void
count_death(const struct inspector_death *d)
{
    printf("# a child ended by signal %d after %lld ms\n", d->signal, (long long)d->after);
    fflush(stdout);
    crashes += !d->by_time;
}

static pid_t
kit_start(void)
{
    char why[256];
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (inspector_serve(&kit_conf, count_death, why, sizeof(why)) != OK) {
        fprintf(stderr, "inspector: %s\n", why);
        _exit(1);
    }
    _exit(crashes);
}

struct scan_result
kit_ask(enum scan_kind kind, const void *data, size_t size)
{
    struct op op = kit_op(30000);
    struct scan_result r = {0};
    enum err e = scan_inspect(&op, kind, data, size, &r);

    if (e != OK)
        kit_give_up(op.note);
    arena_free(op.arena);
    return r;
}

struct scan_result
kit_ask_file(enum scan_kind kind, struct kit_file f)
{
    struct scan_result r = kit_ask(kind, f.data, f.size);

    kit_free(&f);
    return r;
}

bool
kit_has_code(const struct scan_result *r, const char *code)
{
    for (int i = 0; i < r->codes; i++)
        if (strcmp(r->code[i], code) == 0)
            return true;
    return false;
}

static struct kit_file
copy_pdf(const struct pdf *pdf)
{
    struct kit_file f = {malloc(pdf->size), pdf->size};

    memcpy(f.data, pdf->data, pdf->size);
    return f;
}

static void
make_forms(void)
{
    struct op op = kit_op(60000);
    char why[256];
    struct pdf pdf = {NULL, 0};

    if (fonts_open(kit_conf.fonts, why, sizeof(why)) != OK)
        kit_give_up(why);
    if (form_pdf_application(&op, &sample_organisation_form, &pdf) != OK)
        kit_give_up(op.note);
    kit_application = copy_pdf(&pdf);
    if (form_pdf_seal(&op, &sample_seal_form, &pdf) != OK)
        kit_give_up(op.note);
    kit_seal_sheet = copy_pdf(&pdf);
    arena_free(op.arena);
}

cairo_surface_t *
kit_returned_form(double dpi, double turn, bool stamped)
{
    cairo_surface_t *s = kit_render(kit_application.data, kit_application.size, 0, dpi);

    if (stamped) {
        kit_seal_form(s, kit_application.data, kit_application.size, dpi, KIT_COMPANY);
        kit_sign_form(s, kit_application.data, kit_application.size, dpi);
    }
    if (turn != 0)
        kit_turn(&s, turn);
    kit_grain(s, 6);
    return s;
}

/* The first answer may take until the inspector listens. */
static void
wait_for_inspector(void)
{
    for (int i = 0; i < 300; i++) {
        struct op op = kit_op(10000);
        struct timespec pause = {0, 50000000};
        struct scan_result r;
        enum err e = scan_inspect(&op, SCAN_DOCUMENT, "x", 1, &r);

        arena_free(op.arena);
        if (e == OK)
            return;
        nanosleep(&pause, NULL);
    }
    kit_give_up("no inspector");
}

static void
read_settings(void)
{
    char why[256], path[64];
    FILE *f;

    if (mkdtemp(kit_directory) == NULL)
        kit_give_up("no kit_directory");
    snprintf(path, sizeof(path), "%s/conf", kit_directory);
    f = fopen(path, "we");
    if (f == NULL)
        kit_give_up(path);
    fprintf(f, "inspect = %s/inspect\nprocesses = 2\ninspect_ms = 4000\n", kit_directory);
    fclose(f);
    if (conf_read(&kit_conf, path, why, sizeof(why)) != OK)
        kit_give_up(why);
    unlink(path);
}

pid_t
kit_begin(void)
{
    pid_t pid;

    read_settings();
    pid = kit_start();
    make_forms();
    wait_for_inspector();
    return pid;
}

bool
kit_end(pid_t inspector)
{
    int status = -1;

    kill(inspector, SIGTERM);
    waitpid(inspector, &status, 0);
    kit_free(&kit_application);
    kit_free(&kit_seal_sheet);
    rmdir(kit_directory);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
