/* An inspector for tests: a process of its own in a directory of its own, and papers to show it. */
#ifndef HALL_TESTS_INSPECT_KIT_H
#define HALL_TESTS_INSPECT_KIT_H

#include <sys/types.h>

#include "io/conf.h"
#include "paper/scan.h"
#include "scan_kit.h"

#define KIT_APPLICATION "HALL1|20261122000000170|2|5c0ffee5c0ffee5c0ffee5c0ffee5c0f"
#define KIT_SEAL_SHEET  "HALL1S|20261122000000170|2|5c0ffee5c0ffee5c0ffee5c0ffee5c0f"
#define KIT_COMPANY     "辽宁春山示例科技有限公司"

/* Filled by kit_begin(): settings, the two printed forms of tests/kit/sample_forms.h. */
extern struct conf kit_conf;
extern char kit_directory[];
extern struct kit_file kit_application, kit_seal_sheet;

/* Starts the inspector and waits until it answers. */
pid_t kit_begin(void);
/* Tells it to end and cleans up; true when it ended in order and no child of it had crashed, which
 * also means that a sanitizer found nothing in the children. */
bool kit_end(pid_t inspector);

_Noreturn void kit_give_up(const char *why);
struct op kit_op(int ms);

/* What the inspector says; the test ends when it says nothing. The second frees the file. */
struct scan_result kit_ask(enum scan_kind kind, const void *data, size_t size);
struct scan_result kit_ask_file(enum scan_kind kind, struct kit_file f);
bool kit_has_code(const struct scan_result *r, const char *code);

/* The application form as an applicant returns it. */
cairo_surface_t *kit_returned_form(double dpi, double turn, bool stamped);

#endif
