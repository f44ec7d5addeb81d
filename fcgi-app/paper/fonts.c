#include "paper/fonts.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-font.h>
#include <pango/pangofc-fontmap.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { FACES = 16 };

/* A font as cairo sees it. Marked as synthetic with a bit that changes no outline, which makes
 * cairo embed outlines instead of copying parts of the font program. */
#define NO_CHANGE 0x40000000U
struct face {
    char path[512];
    int index;
    FT_Face ft;
    cairo_font_face_t *cairo;
};

/* Set once by fonts_open(), faces added under the lock. One map for all threads: its caches are
 * worth more than drawing two forms at once, and Pango allows a map only one thread at a time. */
static PangoFontMap *the_map;
static FT_Library the_library;
static struct face the_faces[FACES];
static size_t the_count;
static pthread_mutex_t the_lock = PTHREAD_MUTEX_INITIALIZER;

static bool
add_file(FcConfig *fc, const char *name, size_t n, char *why, size_t why_size)
{
    char path[512];

    snprintf(path, sizeof(path), "%.*s", (int)n, name);
    if (FcConfigAppFontAddFile(fc, (const FcChar8 *)path))
        return true;
    snprintf(why, why_size, "%s: cannot be read as a font", path);
    return false;
}

enum err
fonts_open(const char *files, char *why, size_t why_size)
{
    FcConfig *fc = FcConfigCreate();
    const char *s = files;
    bool good;

    do {
        size_t n = strcspn(s, ":");

        good = add_file(fc, s, n, why, why_size);
        s += n;
    } while (good && *s++ == ':');
    if (good && FT_Init_FreeType(&the_library) != 0) {
        snprintf(why, why_size, "FreeType cannot begin");
        good = false;
    }
    if (!good) {
        FcConfigDestroy(fc);
        return E_INVALID;
    }
    /* Or Pango reads the whole machine's configuration in a thread of its own. */
    FcConfigSetCurrent(fc);
    the_map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(the_map), fc);
    FcConfigDestroy(fc);
    return OK;
}

enum err
fonts_take(struct op *op, void **map)
{
    struct timespec until = {op->deadline_ms / 1000, op->deadline_ms % 1000 * 1000000};

    if (the_map == NULL)
        return op_fail(op, E_INTERNAL, "no fonts are open");
    if (pthread_mutex_clocklock(&the_lock, CLOCK_MONOTONIC, &until) != 0)
        return op_fail(op, E_UNAVAILABLE, "other forms are being drawn");
    *map = the_map;
    return OK;
}

void
fonts_give(void)
{
    pthread_mutex_unlock(&the_lock);
}

static enum err
face_of(struct op *op, PangoFont *font, cairo_font_face_t **out)
{
    FcPattern *pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
    FcChar8 *path = NULL;
    struct face *f;
    int index = 0;

    if (FcPatternGetString(pattern, FC_FILE, 0, &path) != FcResultMatch ||
        FcPatternGetInteger(pattern, FC_INDEX, 0, &index) != FcResultMatch)
        return op_fail(op, E_INTERNAL, "a font without a file");
    for (f = the_faces; f < the_faces + the_count; f++) {
        if (f->index == index && strcmp(f->path, (const char *)path) == 0) {
            *out = f->cairo;
            return OK;
        }
    }
    if (the_count == FACES || FT_New_Face(the_library, (const char *)path, index, &f->ft) != 0)
        return op_fail(op, E_INTERNAL, "%s: cannot be opened", (const char *)path);
    snprintf(f->path, sizeof(f->path), "%s", (const char *)path);
    f->index = index;
    f->cairo = cairo_ft_font_face_create_for_ft_face(f->ft, FT_LOAD_NO_HINTING);
    cairo_ft_font_face_set_synthesize(f->cairo, NO_CHANGE);
    the_count++;
    *out = f->cairo;
    return OK;
}

/* Which bytes of the text each group of glyphs shows, for those who copy or search the text. */
static int
clusters_of(PangoGlyphItem *run, const char *text, cairo_text_cluster_t *out)
{
    PangoGlyphItemIter it;
    gboolean more;
    int n = 0;

    for (more = pango_glyph_item_iter_init_start(&it, run, text); more;
         more = pango_glyph_item_iter_next_cluster(&it)) {
        out[n].num_bytes = it.end_index - it.start_index;
        out[n].num_glyphs = 0;
        for (int i = it.start_glyph; i < it.end_glyph; i++)
            out[n].num_glyphs += run->glyphs->glyphs[i].glyph != PANGO_GLYPH_EMPTY;
        n++;
    }
    return n;
}

static enum err
draw_run(struct op *op, cairo_t *cr, PangoGlyphItem *run, const char *text, double x, double y)
{
    const PangoItem *item = run->item;
    const PangoGlyphString *string = run->glyphs;
    size_t room = (size_t)string->num_glyphs;
    cairo_glyph_t *glyphs = NEW_N(op->arena, room, cairo_glyph_t);
    cairo_text_cluster_t *clusters = NEW_N(op->arena, room, cairo_text_cluster_t);
    cairo_font_face_t *face = NULL;
    int n = 0;

    TRY(face_of(op, item->analysis.font, &face));
    for (int i = 0; i < string->num_glyphs; i++) {
        const PangoGlyphInfo *g = &string->glyphs[i];

        if (g->glyph != PANGO_GLYPH_EMPTY) {
            glyphs[n].index = (g->glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0 ? 0 : g->glyph;
            glyphs[n].x = x + (double)g->geometry.x_offset / PANGO_SCALE;
            glyphs[n++].y = y + (double)g->geometry.y_offset / PANGO_SCALE;
        }
        x += (double)g->geometry.width / PANGO_SCALE;
    }
    cairo_set_font_face(cr, face);
    cairo_show_text_glyphs(cr, text + item->offset, item->length, glyphs, n, clusters,
        clusters_of(run, text, clusters), 0);
    return OK;
}

enum err
fonts_draw(struct op *op, void *cairo, void *layout, double pt, double x, double y)
{
    PangoLayoutIter *it = pango_layout_get_iter(layout);
    const char *text = pango_layout_get_text(layout);
    enum err e = OK;

    cairo_set_font_size(cairo, pt);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(it);
        PangoRectangle r;

        if (run == NULL) /* the end of a line */
            continue;
        pango_layout_iter_get_run_extents(it, NULL, &r);
        e = draw_run(op, cairo, run, text, x + (double)r.x / PANGO_SCALE,
            y + (double)pango_layout_iter_get_baseline(it) / PANGO_SCALE);
    } while (e == OK && pango_layout_iter_next_run(it));
    pango_layout_iter_free(it);
    return e;
}
