/* Tables, through libsmartcols; what is not printable is masked by it. */
#include <ctype.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"

/* "raw_state" is headed RAW STATE. */
static char *header_of(const char *name)
{
    char *text = xstrdup(name);
    for (char *p = text; *p; p++)
        *p = *p == '_' ? ' ' : (char)toupper((unsigned char)*p);
    return text;
}

static void add_columns(struct libscols_table *table, const struct out *out)
{
    for (size_t i = 0; i < out->n_columns; i++) {
        const struct column *c = &out->columns[i];
        int flags = (c->bits & COLUMN_RIGHT ? SCOLS_FL_RIGHT : 0) |
                    (c->bits & COLUMN_TRUNC ? SCOLS_FL_TRUNC : 0);
        char *header = header_of(c->name);
        scols_table_new_column(table, header, 0, flags);
        free(header);
    }
}

static int add_rows(struct libscols_table *table, const struct out *out)
{
    for (size_t r = 0; r < out->n_rows; r++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);
        for (size_t i = 0; line && i < out->n_columns; i++)
            if (scols_line_set_data(line, i, out->rows[r].cells[i]))
                line = NULL;
        if (!line)
            return -1;
    }
    return 0;
}

void table_print(const struct out *out)
{
    struct libscols_table *table = scols_new_table();
    if (!table) {
        app_fail(out->app, NUBE_E_MEMORY, "out of memory");
        return;
    }
    add_columns(table, out);
    scols_table_enable_noheadings(table, args_get(&out->app->args, "no-header") != NULL);
    if (!isatty(STDOUT_FILENO))
        scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
    bool nothing = !out->n_rows;
    if (add_rows(table, out))
        app_fail(out->app, NUBE_E_MEMORY, "out of memory");
    else if (!nothing && scols_print_table(table))
        out->app->output_failed = true;
    scols_unref_table(table);
}
