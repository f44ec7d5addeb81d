#include "paper/grid.h"

#include <string.h>

#define GROUP  17.0 /* widths of the columns, mm */
#define LABEL  30.0
#define VALUE  ((GRID_WIDTH - GROUP) / 2 - LABEL)
#define LONG   (GRID_WIDTH - GROUP - LABEL)
#define SIDE   1.2 /* mm left and right of the text of a cell */
#define SHADE  0.94
#define THIN   0.18
#define THICK  0.45
#define STROKE "／" /* an empty field, so that nothing can be written into it afterwards */

static const char *
value_of(const struct paper_row *row)
{
    return row->value != NULL && row->value[0] != '\0' ? row->value : STROKE;
}

static struct sheet_text
cell(const struct grid *g, double x, double y, double width, const char *text)
{
    return (struct sheet_text){
        .x = x + SIDE, .y = y, .w = width - 2 * SIDE, .pt = g->style.pt, .text = text};
}

static double
cell_height(struct sheet *s, const struct grid *g, double width, const char *text)
{
    struct sheet_text t = cell(g, 0, 0, width, text);

    return sheet_height(s, &t) + 2 * g->style.pad;
}

static bool
is_short(struct sheet *s, const struct grid *g, const struct paper_row *row)
{
    struct sheet_text t = cell(g, 0, 0, VALUE, value_of(row));

    return sheet_width(s, &t) <= t.w;
}

/* The name of a group; one that does not fit in a line breaks before 信息. */
static const char *
group_name(struct op *op, struct sheet *s, const struct grid *g, size_t group)
{
    static const char last[] = "信息";
    const char *title = g->paper->groups[group].title;
    struct sheet_text t = cell(g, 0, 0, GROUP, title);
    size_t n = strlen(title), tail = sizeof(last) - 1;

    t.bold = true;
    if (n <= tail || strcmp(title + n - tail, last) != 0 || sheet_width(s, &t) <= t.w)
        return title;
    return arena_printf(op->arena, "%.*s\n%s", (int)(n - tail), title, last);
}

static double
larger(double a, double b)
{
    return a > b ? a : b;
}

static void
measure(struct sheet *s, const struct grid *g, struct grid_line *line)
{
    double width = line->right != NULL ? VALUE : LONG;

    line->height = larger(cell_height(s, g, LABEL, line->left->label),
        cell_height(s, g, width, value_of(line->left)));
    if (line->right != NULL)
        line->height = larger(line->height, larger(cell_height(s, g, LABEL, line->right->label),
                                                cell_height(s, g, VALUE, value_of(line->right))));
}

/* A group of one line must still have room for the group's own name. */
static void
stretch(struct sheet *s, struct grid *g, size_t from)
{
    double room = grid_height(g, from, g->n);
    double need = cell_height(s, g, GROUP, g->names[g->lines[from].group]);

    for (size_t i = from; need > room && i < g->n; i++)
        g->lines[i].height += (need - room) / (double)(g->n - from);
}

void
grid_plan(struct op *op, struct sheet *s, const struct form_paper *p, struct grid_style style,
    struct grid *out)
{
    struct grid g = {.paper = p, .style = style};
    size_t rows = 0;

    for (size_t i = 0; i < p->n; i++)
        rows += p->groups[i].n;
    g.lines = NEW_N(op->arena, rows, struct grid_line);
    g.names = NEW_N(op->arena, p->n, const char *);
    for (size_t i = 0; i < p->n; i++) {
        const struct paper_row *row = p->groups[i].rows, *end = row + p->groups[i].n;
        size_t first = g.n;

        g.names[i] = group_name(op, s, &g, i);
        while (row < end) {
            struct grid_line *line = &g.lines[g.n++];

            line->group = i;
            line->left = row++;
            if (is_short(s, &g, line->left) && row < end && is_short(s, &g, row))
                line->right = row++;
            measure(s, &g, line);
        }
        if (g.n > first)
            stretch(s, &g, first);
    }
    g.height = grid_height(&g, 0, g.n);
    *out = g;
}

double
grid_height(const struct grid *g, size_t from, size_t to)
{
    double height = 0;

    for (size_t i = from; i < to; i++)
        height += g->lines[i].height;
    return height;
}

static void
draw_pair(
    struct sheet *s, const struct grid *g, const struct paper_row *row, const struct sheet_rect *r)
{
    struct sheet_rect shade = {r->x, r->y, LABEL, r->h};
    struct sheet_text label = cell(g, r->x, r->y, LABEL, row->label);
    struct sheet_text value = cell(g, r->x + LABEL, r->y, r->w - LABEL, value_of(row));

    sheet_fill(s, &shade, SHADE);
    label.align = ALIGN_CENTRE;
    sheet_tag(s, "TH");
    sheet_write_in(s, &label, r->h);
    sheet_untag(s, "TH");
    sheet_tag(s, "TD");
    sheet_write_in(s, &value, r->h);
    sheet_untag(s, "TD");
    sheet_frame(s, r, THIN, 0);
    sheet_line(s, r->x + LABEL, r->y, r->x + LABEL, r->y + r->h, THIN);
}

static void
draw_line(struct sheet *s, const struct grid *g, const struct grid_line *line, double y)
{
    double width = line->right != NULL ? LABEL + VALUE : LABEL + LONG;
    struct sheet_rect r = {GRID_LEFT + GROUP, y, width, line->height};

    draw_pair(s, g, line->left, &r);
    r.x += width;
    if (line->right != NULL)
        draw_pair(s, g, line->right, &r);
}

/* The group's name beside its lines on this page. */
static void
draw_group(struct sheet *s, const struct grid *g, size_t group, double y, double height)
{
    struct sheet_rect r = {GRID_LEFT, y, GROUP, height};
    struct sheet_text t = cell(g, GRID_LEFT, y, GROUP, g->names[group]);

    sheet_fill(s, &r, SHADE);
    t.bold = true;
    t.align = ALIGN_CENTRE;
    sheet_tag(s, "TH");
    sheet_write_in(s, &t, height);
    sheet_untag(s, "TH");
    sheet_frame(s, &r, THIN, 0);
}

double
grid_draw(struct sheet *s, const struct grid *g, size_t from, size_t to, double y)
{
    struct sheet_rect outer = {GRID_LEFT, y, GRID_WIDTH, grid_height(g, from, to)};

    if (from == to)
        return y;
    sheet_tag(s, "Table");
    for (size_t i = from, next; i < to; i++) {
        const struct grid_line *line = &g->lines[i];

        sheet_tag(s, "TR");
        if (i == from || line->group != line[-1].group) {
            for (next = i + 1; next < to && g->lines[next].group == line->group;)
                next++;
            draw_group(s, g, line->group, y, grid_height(g, i, next));
        }
        draw_line(s, g, line, y);
        sheet_untag(s, "TR");
        y += line->height;
    }
    sheet_untag(s, "Table");
    sheet_frame(s, &outer, THICK, 0);
    return y;
}
