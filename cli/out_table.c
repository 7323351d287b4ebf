/* Tables, through libsmartcols; what is not printable is masked by it. */
#include <ctype.h>
#include <dlfcn.h>
#include <libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"

#define SONAME "libsmartcols.so.1"

/*
 * Opened when a table is printed: what is linked costs every command, and slows the
 * loading of what talks to the network behind it. The types are the header's.
 */
static struct {
    __typeof__(&scols_new_table) new_table;
    __typeof__(&scols_table_new_column) new_column;
    __typeof__(&scols_table_new_line) new_line;
    __typeof__(&scols_line_set_data) set_data;
    __typeof__(&scols_table_enable_noheadings) enable_noheadings;
    __typeof__(&scols_table_set_termforce) set_termforce;
    __typeof__(&scols_table_enable_colors) enable_colors;
    __typeof__(&scols_line_get_cell) get_cell;
    __typeof__(&scols_cell_set_color) set_color;
    __typeof__(&scols_print_table) print_table;
    __typeof__(&scols_unref_table) unref_table;
} scols;

static bool load(void)
{
    static const struct {
        const char *name;
        size_t at;
    } symbols[] = {
        {"scols_new_table", offsetof(__typeof__(scols), new_table)},
        {"scols_table_new_column", offsetof(__typeof__(scols), new_column)},
        {"scols_table_new_line", offsetof(__typeof__(scols), new_line)},
        {"scols_line_set_data", offsetof(__typeof__(scols), set_data)},
        {"scols_table_enable_noheadings", offsetof(__typeof__(scols), enable_noheadings)},
        {"scols_table_set_termforce", offsetof(__typeof__(scols), set_termforce)},
        {"scols_table_enable_colors", offsetof(__typeof__(scols), enable_colors)},
        {"scols_line_get_cell", offsetof(__typeof__(scols), get_cell)},
        {"scols_cell_set_color", offsetof(__typeof__(scols), set_color)},
        {"scols_print_table", offsetof(__typeof__(scols), print_table)},
        {"scols_unref_table", offsetof(__typeof__(scols), unref_table)},
    };
    void *library;

    setlocale(LC_CTYPE, ""); /* how wide a character is */
    library = dlopen(SONAME, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);

    for (size_t i = 0; library && i < sizeof(symbols) / sizeof(*symbols); i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol)
            return false;
        memcpy((char *)&scols + symbols[i].at, &symbol, sizeof(symbol));
    }
    return library != NULL;
}

/* "raw_state" is headed RAW STATE. */
static char *header_of(const char *name)
{
    char *text = xstrdup(name);
    for (char *p = text; *p; p++)
        *p = *p == '_' ? ' ' : (char)toupper((unsigned char)*p);
    return text;
}

static void add_columns(struct libscols_table *table, const struct out *out, const size_t *width)
{
    for (size_t i = 0; i < out->n_columns; i++) {
        const struct column *c = &out->columns[i];
        if (!width[i])
            continue;
        char *header = header_of(c->name);
        scols.new_column(table, header, 0, c->bits & COLUMN_RIGHT ? SCOLS_FL_RIGHT : 0);
        free(header);
    }
}

/* On a terminal that can show them, for a person who did not refuse: https://no-color.org. */
static bool wants_colors(void)
{
    const char *refused = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && (!refused || !*refused) && term && *term &&
           strcmp(term, "dumb") != 0;
}

/* Of a state or status: what works, what is on its way, what does not. NULL: none. */
static const char *color_of(const struct column *column, const char *word)
{
    static const struct {
        const char *word, *color;
    } colors[] = {
        {"running", "green"},   {"ok", "green"},         {"available", "green"},
        {"pending", "yellow"},  {"rebooting", "yellow"}, {"stopping", "yellow"},
        {"updating", "yellow"}, {"migrating", "yellow"}, {"error", "red"},
        {"stopped", "blue"},    {"suspended", "blue"},   {"paused", "blue"},
        {"terminated", "gray"},
    };
    if (strcmp(column->name, "state") != 0 && strcmp(column->name, "status") != 0)
        return NULL;
    for (size_t i = 0; i < sizeof colors / sizeof *colors; i++)
        if (!strcmp(colors[i].word, word))
            return colors[i].color;
    return strcmp(column->name, "status") ? NULL : "red";
}

static int add_cell(struct libscols_line *line, size_t at, const struct column *column,
                    const char *text)
{
    const char *color = color_of(column, text);
    if (scols.set_data(line, at, text))
        return -1;
    return color ? scols.set_color(scols.get_cell(line, at), color) : 0;
}

static int add_rows(struct libscols_table *table, const struct out *out, const size_t *width)
{
    for (size_t r = 0; r < out->n_rows; r++) {
        struct libscols_line *line = scols.new_line(table, NULL);
        for (size_t i = 0, at = 0; line && i < out->n_columns; i++)
            if (width[i] && add_cell(line, at++, &out->columns[i], out->rows[r].cells[i]))
                line = NULL;
        if (!line)
            return -1;
    }
    return 0;
}

void table_print(struct out *out)
{
    if (!load()) {
        app_fail(out->app, NUBE_E_SYSTEM, "a table needs " SONAME ": install it, or use -o json");
        return;
    }
    struct libscols_table *table = out->n_rows ? scols.new_table() : NULL;
    if (!table && out->n_rows)
        app_fail(out->app, NUBE_E_MEMORY, "out of memory");
    if (!table)
        return;
    size_t *width = xcalloc(out->n_columns, sizeof *width);
    table_fit(out, width);
    add_columns(table, out, width);
    scols.enable_noheadings(table, args_get(&out->app->args, "no-header") != NULL);
    scols.enable_colors(table, wants_colors());
    scols.set_termforce(table, SCOLS_TERMFORCE_NEVER); /* it would cut without a mark */
    if (add_rows(table, out, width))
        app_fail(out->app, NUBE_E_MEMORY, "out of memory");
    else if (scols.print_table(table))
        out->app->output_failed = true;
    scols.unref_table(table);
    free(width);
}
