/* Tables, through libsmartcols; what is not printable is masked by it. */
#include <ctype.h>
#include <dlfcn.h>
#include <libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

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

static int add_rows(struct libscols_table *table, const struct out *out, const size_t *width)
{
    for (size_t r = 0; r < out->n_rows; r++) {
        struct libscols_line *line = scols.new_line(table, NULL);
        for (size_t i = 0, at = 0; line && i < out->n_columns; i++)
            if (width[i] && scols.set_data(line, at++, out->rows[r].cells[i]))
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
    scols.set_termforce(table, SCOLS_TERMFORCE_NEVER); /* it would cut without a mark */
    if (add_rows(table, out, width))
        app_fail(out->app, NUBE_E_MEMORY, "out of memory");
    else if (scols.print_table(table))
        out->app->output_failed = true;
    scols.unref_table(table);
    free(width);
}
