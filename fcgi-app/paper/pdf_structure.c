/* Walks the objects of a PDF with qpdf: pages, protection, and whatever would act by itself. */
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#include "paper/inspect.h"

enum { IDS = 1 << 20, STACK = 1 << 18, VISITS = 1 << 20, KEYS = 4096, KEY_MAX = 31 };

struct walk {
    qpdf_data q;
    unsigned char *seen; /* by object number */
    qpdf_oh *stack;
    size_t n, visits;
    double image_pixels;
    enum scan_problem problem;
};

/* Entries that make a viewer act, or carry files (ISO 32000-1: 12.6, 7.11.4, 12.7.8). */
static bool
is_active_key(const char *key)
{
    static const char *const keys[] = {
        "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/Launch"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* Values of /S (actions) and /Subtype (annotations) of the same sort. */
static bool
is_active_name(const char *name)
{
    static const char *const names[] = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData",
        "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/RichMedia",
        "/FileAttachment", "/Screen", "/3D"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool
name_is_active(struct walk *w, qpdf_oh value)
{
    return qpdf_oh_is_name(w->q, value) && is_active_name(qpdf_oh_get_name(w->q, value));
}

/* Office programs write "open at the first page", which is no harm; an action with any other verb
 * is. */
static bool
opens_a_page(struct walk *w, qpdf_oh value)
{
    qpdf_oh verb;

    if (qpdf_oh_is_array(w->q, value))
        return true;
    if (!qpdf_oh_is_dictionary(w->q, value))
        return false;
    verb = qpdf_oh_get_key(w->q, value, "/S");
    return qpdf_oh_is_name(w->q, verb) && strcmp(qpdf_oh_get_name(w->q, verb), "/GoTo") == 0;
}

static bool
is_empty(struct walk *w, qpdf_oh value)
{
    if (qpdf_oh_is_array(w->q, value))
        return qpdf_oh_get_array_n_items(w->q, value) == 0;
    if (!qpdf_oh_is_dictionary(w->q, value))
        return qpdf_oh_is_null(w->q, value);
    qpdf_oh_begin_dict_key_iter(w->q, value);
    return !qpdf_oh_dict_more_keys(w->q);
}

/* Additional actions: any entry that is an action. A font may be named AA too. */
static bool
has_action(struct walk *w, qpdf_oh value)
{
    static const char *const events[] = {"/E", "/X", "/D", "/U", "/Fo", "/Bl", "/PO", "/PC", "/PV",
        "/PI", "/O", "/C", "/K", "/F", "/V", "/WC", "/WS", "/DS", "/WP", "/DP"};

    for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
        qpdf_oh action = qpdf_oh_is_dictionary(w->q, value)
                             ? qpdf_oh_get_key(w->q, value, events[i])
                             : qpdf_oh_new_null(w->q);

        if (qpdf_oh_is_dictionary(w->q, action) && qpdf_oh_has_key(w->q, action, "/S"))
            return true;
    }
    return false;
}

static void
push(struct walk *w, qpdf_oh o)
{
    if (w->n == STACK) {
        w->problem = SCAN_UNREADABLE;
        return;
    }
    w->stack[w->n++] = o;
}

static void
measure_image(struct walk *w, qpdf_oh dict)
{
    qpdf_oh width, height;
    double n;

    if (!qpdf_oh_is_name_and_equals(w->q, qpdf_oh_get_key(w->q, dict, "/Subtype"), "/Image"))
        return;
    width = qpdf_oh_get_key(w->q, dict, "/Width");
    height = qpdf_oh_get_key(w->q, dict, "/Height");
    if (!qpdf_oh_is_integer(w->q, width) || !qpdf_oh_is_integer(w->q, height))
        return;
    n = (double)qpdf_oh_get_int_value(w->q, width) * (double)qpdf_oh_get_int_value(w->q, height);
    if (n > w->image_pixels)
        w->image_pixels = n;
    if (n > INSPECT_PIXELS)
        w->problem = SCAN_TOO_MANY_PIXELS;
}

static void
look_at_key(struct walk *w, const char *key, qpdf_oh value)
{
    if ((is_active_key(key) && !is_empty(w, value)) ||
        ((strcmp(key, "/S") == 0 || strcmp(key, "/Subtype") == 0) && name_is_active(w, value)) ||
        (strcmp(key, "/AA") == 0 && has_action(w, value)) ||
        (strcmp(key, "/OpenAction") == 0 && !opens_a_page(w, value)))
        w->problem = SCAN_ACTIVE_CONTENT;
}

/* Keys are copied first: the library has one iterator and one string at a time. */
static void
look_at_dictionary(struct walk *w, qpdf_oh dict)
{
    char keys[KEYS][KEY_MAX + 1];
    size_t n = 0;

    qpdf_oh_begin_dict_key_iter(w->q, dict);
    while (qpdf_oh_dict_more_keys(w->q)) {
        const char *key = qpdf_oh_dict_next_key(w->q);

        if (n == KEYS) {
            w->problem = SCAN_UNREADABLE;
            return;
        }
        if (strlen(key) <= KEY_MAX) /* none of the names looked for is longer */
            memcpy(keys[n++], key, strlen(key) + 1);
    }
    for (size_t i = 0; i < n && w->problem == SCAN_FINE; i++) {
        qpdf_oh value = qpdf_oh_get_key(w->q, dict, keys[i]);

        look_at_key(w, keys[i], value);
        push(w, value);
    }
    measure_image(w, dict);
}

/* True when the object was met before. */
static bool
met(struct walk *w, qpdf_oh o)
{
    int id = qpdf_oh_get_object_id(w->q, o);

    if (id <= 0)
        return false;
    if (id >= IDS) {
        w->problem = SCAN_UNREADABLE;
        return true;
    }
    if (w->seen[id] != 0)
        return true;
    w->seen[id] = 1;
    return false;
}

static void
visit(struct walk *w, qpdf_oh o)
{
    if (++w->visits > VISITS)
        w->problem = SCAN_UNREADABLE;
    if (met(w, o))
        return;
    if (qpdf_oh_is_array(w->q, o)) {
        int n = qpdf_oh_get_array_n_items(w->q, o);

        for (int i = 0; i < n && w->problem == SCAN_FINE; i++)
            push(w, qpdf_oh_get_array_item(w->q, o, i));
    } else if (qpdf_oh_is_stream(w->q, o)) {
        look_at_dictionary(w, qpdf_oh_get_dict(w->q, o));
    } else if (qpdf_oh_is_dictionary(w->q, o)) {
        look_at_dictionary(w, o);
    }
}

static enum scan_problem
walk(qpdf_data q, struct pdf_structure *out)
{
    struct walk w = {.q = q, .seen = calloc(IDS, 1), .stack = calloc(STACK, sizeof(*w.stack))};

    if (w.seen == NULL || w.stack == NULL)
        w.problem = SCAN_UNREADABLE;
    else
        push(&w, qpdf_get_trailer(q));
    while (w.problem == SCAN_FINE && w.n > 0) {
        qpdf_oh o = w.stack[--w.n];

        visit(&w, o);
        qpdf_oh_release(q, o);
    }
    free(w.seen);
    free(w.stack);
    out->image_pixels = w.image_pixels;
    return w.problem;
}

/* A file cut off in transit has lost its end; readers then guess, and show what is left. */
static bool
has_end(const void *data, size_t size)
{
    size_t tail = size < 1024 ? size : 1024;

    return memmem((const char *)data + size - tail, tail, "%%EOF", 5) != NULL;
}

enum scan_problem
pdf_structure_read(const void *data, size_t size, struct pdf_structure *out)
{
    __attribute__((cleanup(qpdf_cleanup))) qpdf_data q = qpdf_init();
    int status;

    *out = (struct pdf_structure){0};
    qpdf_silence_errors(q);
    qpdf_set_suppress_warnings(q, QPDF_TRUE);
    if (!has_end(data, size))
        return SCAN_TRUNCATED;
    status = qpdf_read_memory(q, "upload", data, size, NULL);
    if (qpdf_has_error(q))
        return qpdf_get_error_code(q, qpdf_get_error(q)) == qpdf_e_password ? SCAN_ENCRYPTED
                                                                            : SCAN_UNREADABLE;
    if ((status & (QPDF_ERRORS)) != 0)
        return SCAN_UNREADABLE;
    if (qpdf_is_encrypted(q))
        return SCAN_ENCRYPTED;
    out->pages = qpdf_get_num_pages(q);
    if (out->pages < 1)
        return SCAN_UNREADABLE;
    if (out->pages > SCAN_PAGES)
        return SCAN_TOO_MANY_PAGES;
    return walk(q, out);
}
