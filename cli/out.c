/* Output: collects rows, picks columns, and prints them in the form that was asked for. */
#include "out.h"

#include <stdlib.h>
#include <string.h>

bool out_is_data(const struct app *app)
{
    return app->format != FORMAT_TABLE && app->format != FORMAT_WIDE;
}

static bool wanted(const struct app *app, const struct column *c)
{
    return !(c->bits & COLUMN_WIDE) || app->format == FORMAT_WIDE || app->format == FORMAT_CSV;
}

static bool has_columns(const struct app *app)
{
    return app->format == FORMAT_TABLE || app->format == FORMAT_WIDE || app->format == FORMAT_CSV;
}

static int pick_columns(struct out *out)
{
    const char *list = args_get(&out->app->args, "columns");
    const struct column_set *set = &out->all;
    int status = list ? columns_named(&out->own, out->app, set, list) : 0;
    for (size_t i = 0; !list && i < set->count; i++)
        if (wanted(out->app, &set->at[i])) {
            out->own.at = xgrow(out->own.at, out->own.count, sizeof *out->own.at);
            out->own.at[out->own.count++] = set->at[i];
        }
    out->columns = out->own.at;
    out->n_columns = out->own.count;
    return status;
}

int out_open(struct out *out, struct app *app, const struct column_set *set)
{
    *out = (struct out){.app = app, .all = *set, .objects = set->objects};
    if (set->objects || has_columns(app))
        return pick_columns(out);
    out->columns = set->at;
    out->n_columns = set->count;
    return 0;
}

int out_open_kind(struct out *out, struct app *app, enum nube_kind kind)
{
    struct column_set set = columns_of(kind);
    return out_open(out, app, &set);
}

int out_open_verb(struct out *out, struct app *app)
{
    struct column_set set = columns_of_verb(app->args.verb, out_is_data(app));
    return out_open(out, app, &set);
}

static struct row *row_new(struct out *out, size_t n_cells)
{
    out->rows = xgrow(out->rows, out->n_rows, sizeof *out->rows);
    struct row *row = &out->rows[out->n_rows++];
    *row = (struct row){.cells = xcalloc(n_cells, sizeof *row->cells), .n_cells = n_cells};
    return row;
}

static char *dup_or_empty(const char *text)
{
    return xstrdup(text ? text : "");
}

static char *obj_json(const nube_obj *obj, unsigned flags)
{
    char *json = nube_obj_json(obj, flags);
    char *copy = xstrdup(json ? json : "{}");
    nube_free(json);
    return copy;
}

static void print_line(const char *text)
{
    progress_clear();
    puts(text);
}

void out_obj(struct out *out, const nube_obj *obj, unsigned flags)
{
    enum format format = out->app->format;
    if (format == FORMAT_NDJSON) {
        char *json = obj_json(obj, flags);
        print_line(json);
        free(json);
        return;
    }
    bool cells = has_columns(out->app);
    struct row *row = row_new(out, cells ? out->n_columns : 1);
    row->backend = dup_or_empty(nube_str(obj, NUBE_BACKEND));
    row->name = dup_or_empty(nube_name(obj));
    row->id = dup_or_empty(nube_id(obj));
    int64_t star = 0;
    row->star = nube_int(obj, NUBE_STAR, &star) && star;
    for (size_t i = 0; cells && i < out->n_columns; i++)
        row->cells[i] = cell_text(obj, out->columns[i].name, format == FORMAT_TABLE);
    if (format == FORMAT_ID)
        row->cells[0] = dup_or_empty(nube_id(obj) ? nube_id(obj) : nube_name(obj));
    else if (!cells)
        row->cells[0] = obj_json(obj, flags);
}

static char *record_json(const struct out *out, const char *const *values)
{
    struct text t;
    text_open(&t);
    for (size_t i = 0; i < out->n_columns; i++) {
        fputs(i ? ", " : "{", t.file);
        put_json(t.file, out->columns[i].name, strlen(out->columns[i].name));
        fputs(": ", t.file);
        if (values[i] && (out->columns[i].bits & (COLUMN_RAW | COLUMN_RIGHT)))
            fputs(values[i], t.file);
        else
            put_json(t.file, values[i], values[i] ? strlen(values[i]) : 0);
    }
    putc('}', t.file);
    return text_take(&t);
}

/* Where the value of a printed column stands among those of a record. */
static size_t place_of(const struct out *out, const char *name)
{
    return (size_t)(column_in(&out->all, name) - out->all.at);
}

void out_record(struct out *out, const char *const *values)
{
    enum format format = out->app->format;
    if (format == FORMAT_JSON || format == FORMAT_NDJSON || format == FORMAT_YAML) {
        char *json = record_json(out, values);
        if (format == FORMAT_NDJSON)
            print_line(json);
        else
            row_new(out, 1)->cells[0] = xstrdup(json);
        free(json);
        return;
    }
    if (format == FORMAT_ID) {
        row_new(out, 1)->cells[0] = dup_or_empty(values[0]);
        return;
    }
    struct row *row = row_new(out, out->n_columns);
    for (size_t i = 0; i < out->n_columns; i++)
        row->cells[i] = dup_or_empty(values[place_of(out, out->columns[i].name)]);
}

static int by_backend_and_name(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = (int)y->star - (int)x->star;
    if (!order)
        order = strcmp(x->backend, y->backend);
    if (!order)
        order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->id, y->id);
}

static void print_csv(const struct out *out)
{
    bool header = !args_get(&out->app->args, "no-header");
    for (size_t i = 0; header && i < out->n_columns; i++)
        printf("%s%s", i ? "," : "", out->columns[i].name);
    if (header)
        fputs("\r\n", stdout);
    for (size_t r = 0; r < out->n_rows; r++) {
        for (size_t i = 0; i < out->n_columns; i++) {
            if (i)
                putchar(',');
            csv_cell(stdout, out->rows[r].cells[i]);
        }
        fputs("\r\n", stdout);
    }
}

static void print_json(const struct out *out)
{
    putchar('[');
    for (size_t i = 0; i < out->n_rows; i++)
        printf("%s%s", i ? ",\n " : "", out->rows[i].cells[0]);
    puts("]");
}

static void print_yaml(const struct out *out)
{
    if (!out->n_rows)
        puts("[]");
    for (size_t i = 0; i < out->n_rows; i++) {
        putchar('-');
        yaml_print(stdout, out->rows[i].cells[0], 2);
    }
}

static void print_rows(struct out *out)
{
    switch (out->app->format) {
    case FORMAT_TABLE:
    case FORMAT_WIDE:
        table_print(out);
        break;
    case FORMAT_CSV:
        print_csv(out);
        break;
    case FORMAT_JSON:
        print_json(out);
        break;
    case FORMAT_YAML:
        print_yaml(out);
        break;
    case FORMAT_ID:
        for (size_t i = 0; i < out->n_rows; i++)
            puts(out->rows[i].cells[0]);
        break;
    case FORMAT_NDJSON:
        break;
    }
}

void out_drop(struct out *out)
{
    for (size_t i = 0; i < out->n_rows; i++) {
        struct row *row = &out->rows[i];
        for (size_t c = 0; c < row->n_cells; c++)
            free(row->cells[c]);
        free(row->cells);
        free(row->backend);
        free(row->name);
        free(row->id);
    }
    free(out->rows);
    columns_free(&out->own);
    *out = (struct out){.app = out->app};
}

void out_close(struct out *out)
{
    progress_clear();
    if (out->objects && !out->keep_order && out->n_rows)
        qsort(out->rows, out->n_rows, sizeof *out->rows, by_backend_and_name);
    print_rows(out);
    out_drop(out);
}

int out_show_all(struct app *app, nube_obj *const *objs, size_t count, unsigned flags)
{
    if (out_is_data(app) || args_get(&app->args, "columns")) {
        struct out out;
        int status = out_open_kind(&out, app, count ? nube_obj_kind(objs[0]) : NUBE_KIND_NODE);
        for (size_t i = 0; !status && i < count; i++)
            out_obj(&out, objs[i], flags);
        out_close(&out);
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        char *json = obj_json(objs[i], flags);
        if (i)
            putchar('\n');
        progress_clear();
        plain_print(stdout, json);
        free(json);
    }
    return 0;
}

int out_show(struct app *app, const nube_obj *obj, unsigned flags)
{
    nube_obj *one = (nube_obj *)obj;
    return out_show_all(app, &one, 1, flags);
}
